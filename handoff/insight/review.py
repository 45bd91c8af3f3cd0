"""Customers' lines for designers to read, as a file of training data that nothing is trained on."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from handoff.disguise import disguised
from handoff.insight.doubt import Heard, doubtful
from handoff.insight.stream import staff_stream
from handoff.ports import Store, Unit

UNSORTED = "unsorted"
"""Stands for the intent of lines the bot had no guess about."""

READ = "lines"
"""What the access log calls such a reading."""

_AT_ONCE = 25
_LONGEST = 500
_INTENT = re.compile(r"[a-z][a-z0-9_]*")
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines: `since` is epoch seconds, `limit` the most different lines of one company."""

    uncertain: bool
    handed_over: bool
    since: float
    limit: int


@dataclass(slots=True)
class Line:
    """One disguised line, however many wrote it. Names no conversation."""

    text: str
    intent: str
    confidence: float | None
    why: Counter[str] = field(default_factory=Counter)
    clients: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Review:
    """Lines by what is compared of them; at most `Wanted.limit` for each client company."""

    lines: dict[str, Line] = field(default_factory=dict)
    conversations: int = 0

    async def gather(self, store: Store, client: str, wanted: Wanted, reader: str) -> None:
        """Add the newest lines of a client company, a few conversations at a time.

        Each conversation a line is taken from gets a row in the access log, in the name of
        `reader`; one that was erased meanwhile gives none.
        """
        before: tuple[float, str] | None = None
        taken = 0
        while taken < wanted.limit:
            page, heard = await store.read(
                lambda unit, at=before: _heard(unit, client, wanted, at)  # type: ignore[misc]
            )
            if not page:
                return
            before = page[-1]
            kept: dict[str, list[tuple[str, Line]]] = {}
            counted: set[str] = set()
            for conversation, lines in heard.items():
                for key, line in lines:
                    if key not in self.lines and key not in counted:
                        if taken == wanted.limit:
                            continue
                        counted.add(key)
                        taken += 1
                    kept.setdefault(conversation, []).append((key, line))
            there = await store.write(
                lambda unit, of=tuple(kept): _noted(unit, client, of, reader)  # type: ignore[misc]
            )
            for conversation in there:
                self.conversations += 1
                self._take(client, kept[conversation])

    def _take(self, client: str, lines: list[tuple[str, Line]]) -> None:
        for key, line in lines:
            known = self.lines.setdefault(key, line)
            known.clients[client] += 1
            if known is not line:
                known.why |= line.why

    def as_nlu(self, told: str) -> str:
        """The file's text; `told` is a sentence for its top."""
        by_intent: dict[str, list[Line]] = defaultdict(list)
        for line in self.lines.values():
            by_intent[line.intent].append(line)
        parts = [f"# {told}\n{_TOP}" if by_intent else f"# {told}\n{_EMPTY}"]
        for intent, lines in sorted(by_intent.items(), key=lambda one: (-len(one[1]), one[0])):
            lines.sort(key=lambda line: (-line.clients.total(), line.confidence or 0.0, line.text))
            guess = "no guess" if intent == UNSORTED else f"guessed `{intent}`"
            parts.append(f"\n# {guess}\n")
            parts += [f"#   {at}. {_described(line)}\n" for at, line in enumerate(lines, 1)]
            parts.append(f"- intent: {intent}\n  metadata: {{variety: unknown}}\n  examples: |\n")
            parts += [f"    - {line.text}\n" for line in lines]
        return "".join(parts)


_TOP = """\
# Customers wrote these. What pointed to a person was replaced, as far as rules can see: read every
# line before you pass it on, and delete the file when you are done. The intent is the bot's guess.
# Move a line below the right intent in data/nlu/, with its variety in place of `unknown`.
version: "3.1"
nlu:
"""
_EMPTY = """\
# No such line was found.
version: "3.1"
nlu: []
"""


def _heard(
    unit: Unit, client: str, wanted: Wanted, before: tuple[float, str] | None
) -> tuple[list[tuple[float, str]], Mapping[str, list[tuple[str, Line]]]]:
    """The next conversations, and the lines wanted of those that have some."""
    page = list(unit.archive.recent(client, wanted.since, before, _AT_ONCE))
    found = {}
    for _, conversation in page:
        lines: dict[str, Line] = {}
        for heard in doubtful(
            staff_stream(unit, conversation),
            uncertain=wanted.uncertain,
            handed_over=wanted.handed_over,
        ):
            line = _line(heard)
            if line is not None:
                lines.setdefault(_key(line.text), line)
                if len(lines) >= wanted.limit:
                    break
        if lines:
            found[conversation] = list(lines.items())
    return page, found


def _noted(unit: Unit, client: str, conversations: tuple[str, ...], reader: str) -> list[str]:
    """Those of `conversations` that are still there, each noted in the access log."""
    there = [one for one in conversations if unit.conversations.get(client, one) is not None]
    for conversation in there:
        unit.ledger.log_access(reader, conversation, READ, unit.now())
    return there


def _line(heard: Heard) -> Line | None:
    text = disguised(heard.text, heard.found)
    if not text or len(text) > _LONGEST:
        return None
    guess = heard.intent or ""
    intent = guess if _INTENT.fullmatch(guess) else UNSORTED
    why = [*heard.unsure, *(f"handed over: {reason}" for reason in heard.handed)]
    return Line(text, intent, heard.confidence, Counter(why))


def _key(text: str) -> str:
    return " ".join(_WORDS.findall(text.casefold())) or text


def _described(line: Line) -> str:
    sure = "no confidence" if line.confidence is None else f"confidence {line.confidence:.2f}"
    many = line.clients.total()
    of = ", ".join(f"{client} {count}" for client, count in sorted(line.clients.items()))
    why = "; ".join(line.why)
    return f"{sure}; {many} conversation{'' if many == 1 else 's'} ({of}); {why}"
