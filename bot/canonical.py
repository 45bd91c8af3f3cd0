"""From how people write to one spelling: dialect, Nynorsk and chat forms to Bokmål.

The rules are data (``bot/data/canonical.yml``), applied token by token. The result is for the
classifier alone: it is never shown, and what a customer wrote is kept as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from bot.rule_files import RuleFile, Word

RULES_FILE = Path(__file__).parent / "data" / "canonical.yml"
_TOKEN = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*|\d+|[^\w\s]+|_")
_STRETCHED = re.compile(r"(\w)\1{2,}")


class Canonicaliser:
    """Rewrites text by the rules; pure and deterministic."""

    def __init__(self, rules: dict[str, str]) -> None:
        self._rules = rules

    def plain(self, text: str) -> list[str]:
        """Lower-cased words of ``text`` as they were written; runs of digits become ``0``."""
        found = _TOKEN.findall(_STRETCHED.sub(r"\1\1", text.lower().replace("’", "'")))
        return ["0" * min(len(token), 9) if token.isdigit() else token for token in found]

    def rewritten(self, words: Iterable[str]) -> str:
        """Words of `plain` in canonical spelling, parted by one space."""
        return " ".join(self._rules.get(word, word) for word in words)

    def __call__(self, text: str) -> str:
        """``text`` in canonical spelling, words parted by one space."""
        return self.rewritten(self.plain(text))


def read_rules(path: Path = RULES_FILE) -> dict[str, str]:
    """Spelling -> canonical word. Raises RuleError for the file's first mistake."""
    file = RuleFile(path)
    rules = gather(file)
    file.raise_first()
    return rules


def gather(file: RuleFile) -> dict[str, str]:
    """Spelling -> canonical word; what is wrong is kept in ``file``."""
    node = file.top()
    groups = file.keys(node, "the file", ("bokmaal", "groups")) if node is not None else {}
    found: dict[str, tuple[Word, Word]] = {}
    common = file.word(groups["bokmaal"][1], "the Bokmål words") if "bokmaal" in groups else None
    bokmaal = frozenset(common.text.split() if common is not None else ())
    if "groups" in groups:
        for item in file.items(groups["groups"][1], "`groups`"):
            group = file.keys(item, "a group", ("name", "source", "words"))
            for key in ("name", "source"):
                if key in group:
                    file.word(group[key][1], f"the {key}")
            for canonical, value in (
                file.pairs(group["words"][1], "`words`") if "words" in group else ()
            ):
                spellings = file.word(value, f"the spellings of `{canonical.text}`")
                if spellings is not None:
                    _take(file, canonical, spellings, found, bokmaal)
    _refuse_chains(file, found)
    return {spelling: canonical.text for spelling, (canonical, _) in found.items()}


def _take(
    file: RuleFile,
    canonical: Word,
    spellings: Word,
    found: dict[str, tuple[Word, Word]],
    bokmaal: frozenset[str],
) -> None:
    plain = Canonicaliser({}).plain
    if plain(canonical.text) != canonical.text.split():
        file.wrong(canonical.line, f"`{canonical.text}` is no canonical word: lines are read as "
                   f"`{' '.join(plain(canonical.text))}`.",
                   "Write it in small letters, without quotes and other signs.")  # fmt: skip
    if not spellings.text.split():
        file.wrong(spellings.line, f"`{canonical.text}` has no other spellings.",
                   "Write some after the colon, or delete the line.")  # fmt: skip
    for spelling in spellings.text.split():
        read = plain(spelling)
        if spelling in bokmaal:
            file.wrong(
                spellings.line,
                f"`{spelling}` is a common Bokmål word itself, and every sentence with it would be "
                f"read with `{canonical.text}` instead.",
                "Delete it here; or, if it is none, under `bokmaal:` at the top.",
            )
        elif read != [spelling] and set(spelling[:1] + spelling[-1:]) & set("\"'"):
            file.wrong(
                spellings.line,
                f"The quote in `{spelling}` belongs to no other.",
                "Take it away, or put all spellings of the line between two quotes.",
            )
        elif read != [spelling]:
            file.wrong(
                spellings.line,
                f"`{spelling}` is never found: lines are compared in small letters, word by word, "
                f"a letter at most twice in a row, and it is read as `{' '.join(read)}`.",
                "Write it so, or delete it.",
            )
        elif spelling in found and found[spelling][0].text != canonical.text:
            first = found[spelling][0]
            file.wrong(
                canonical.line,
                f"`{spelling}` stands for `{canonical.text}` here and for `{first.text}` on line "
                f"{first.line}.",
                "Keep one of them.",
            )
        else:
            found.setdefault(spelling, (canonical, spellings))


def _refuse_chains(file: RuleFile, found: dict[str, tuple[Word, Word]]) -> None:
    """No rule may rewrite what another writes: reading is one step, and would stop half-way."""
    made: dict[str, Word] = {}
    for canonical, _ in found.values():
        for word in canonical.text.split():
            made.setdefault(word, canonical)
    for spelling, (canonical, spellings) in found.items():
        if spelling in made:
            by = made[spelling]
            where = "this same line" if by.line == canonical.line else f"the rule on line {by.line}"
            file.wrong(
                spellings.line,
                f"`{spelling}` is rewritten to `{canonical.text}` here, but {where} writes it, in "
                f"`{by.text}`.",
                f"Delete `{spelling}` here, or let that rule write `{canonical.text}`.",
            )
