"""What the bot makes of single lines: blunt, happy, frustrated or about something else."""

from __future__ import annotations

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from handoff.errors import InputError
from handoff.evaluation.labelled import one_of, table, unreadable
from handoff.evaluation.passing import interval
from handoff.evaluation.rig import Rig
from handoff.records import Answer
from handoff.tokens import new_id
from handoff.validation.examples import VARIETIES

COLUMNS = ("id", "variety", "label", "text")
AT_ONCE = 4
OPENING = ("Hei", "Når åpner dere?")
"""What comes before a line that is judged as the third of a calm conversation."""

FRUSTRATION = "frustration"
Outcome = Literal["handed_over", "offered", "kept"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line, and what the bot did on it; `reason` is why a person came or was offered."""

    id: str
    variety: str
    label: str
    text: str
    outcome: Outcome = "kept"
    reason: str | None = None

    @property
    def flagged(self) -> bool:
        """Handed over, or offered a person, because of frustration."""
        return self.outcome != "kept" and self.reason == FRUSTRATION


def read_lines(path: Path) -> list[Line]:
    """Lines of a tab-separated file with a header, or of NorSID's `.conll`, labelled neutral.

    Raises InputError naming file and line.
    """
    if path.suffix == ".conll":
        return _norsid(path)
    found = []
    for place, row in table(path, COLUMNS):
        one_of(place, "variety", row["variety"], VARIETIES)
        found.append(Line(row["id"], row["variety"], row["label"], row["text"]))
    return found


def _norsid(path: Path) -> list[Line]:
    """Its varieties are its own dialect areas."""
    try:
        with path.open(encoding="utf-8") as file:
            found = list(_sentences(path, file))
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, error) from None
    if not found:
        raise InputError(f"{path} holds no sentence.", cure="Give it one of NorSID's files.")
    return found


def _sentences(path: Path, file: Iterable[str]) -> Iterator[Line]:
    """Only the comments over each sentence: `# id = 300/8`, `# text = ...`, `# dialect = V`.

    A sentence without words is left out; NorSID has one.
    """
    told: dict[str, str] = {}
    for number, raw in enumerate(itertools.chain(file, [""]), start=1):
        name, found, value = raw.removeprefix("#").partition("=")
        if raw.startswith("#") and found:
            told[name.strip()] = value.strip()
        elif not raw.strip() and told:
            if not {"id", "text"} <= told.keys():
                raise InputError(
                    f"{path}:{number}: the sentence before has no id or no text.",
                    cure="Write `# id = ...` and `# text = ...` over it.",
                )
            if told["text"]:
                yield Line(told["id"], told.get("dialect", "-"), "neutral", told["text"])
            told = {}


async def evaluate_lines(
    rig: Rig, lines: Sequence[Line], third: bool, tick: Callable[[], None]
) -> list[Line]:
    """Every line as the first of a conversation with the first client company, or as the third."""
    gate, client = asyncio.Semaphore(AT_ONCE), rig.first

    async def one(line: Line) -> Line:
        async with gate:
            conversation = new_id()
            for opening in OPENING if third else ():
                await rig.turn(client, conversation, opening)
            answer = await rig.turn(client, conversation, line.text)
            tick()
            outcome, reason = _done(answer)
            return replace(line, outcome=outcome, reason=reason)

    return list(await asyncio.gather(*(one(line) for line in lines)))


def _done(answer: Answer) -> tuple[Outcome, str | None]:
    assessment: Mapping[str, Any] = answer.assessment or {}
    if answer.signal is not None:
        return "handed_over", str(answer.signal["reason"])
    if assessment.get("decision") == "offer":
        return "offered", assessment.get("reason")
    return "kept", None


def report(results: Sequence[Line], client: str, third: bool) -> dict[str, Any]:
    """Shares `handed_over`, `offered` and `flagged` with 95 % intervals, by label and variety."""
    return {
        "client": client,
        "third": third,
        "n": len(results),
        "by_label": _by(results, lambda line: line.label),
        "by_variety": _by(results, lambda line: line.variety),
        "rows": [
            {
                "id": line.id,
                "label": line.label,
                "outcome": line.outcome,
                "reason": line.reason,
                "text": line.text,
            }
            for line in results
        ],
    }


def _by(
    results: Sequence[Line], key: Callable[[Line], str]
) -> Mapping[str, Mapping[str, float | int | tuple[float, float] | None]]:
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in results:
        groups[key(line)].append(line)
    return {name: _shares(group) for name, group in sorted(groups.items())}


def _shares(group: Sequence[Line]) -> dict[str, Any]:
    counts = {
        "handed_over": sum(line.outcome == "handed_over" for line in group),
        "offered": sum(line.outcome == "offered" for line in group),
        "flagged": sum(line.flagged for line in group),
    }
    found: dict[str, Any] = {"n": len(group)}
    for name, count in counts.items():
        found[name] = round(count / len(group), 4)
        found[f"{name}_interval"] = interval(count, len(group))
    return found
