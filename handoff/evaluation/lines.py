"""What the bot makes of single lines: blunt, happy, frustrated or about something else."""

from __future__ import annotations

import asyncio
import csv
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from handoff.errors import InputError
from handoff.evaluation.labelled import unreadable
from handoff.evaluation.passing import interval
from handoff.evaluation.rig import Rig
from handoff.records import Answer
from handoff.tokens import new_id

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
    try:
        with path.open(encoding="utf-8", newline="") as file:
            read = _conll if path.suffix == ".conll" else _table
            found = list(read(path, file))
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, error) from None
    if not found:
        raise InputError(f"{path} holds no line.")
    return found


def _table(path: Path, file: Any) -> Iterator[Line]:
    reader = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    if tuple(next(reader, ())) != COLUMNS:
        raise InputError(f"{path}:1: the header must be {', '.join(COLUMNS)}.")
    for number, row in enumerate(reader, start=2):
        if len(row) != len(COLUMNS) or not all(row):
            raise InputError(
                f"{path}:{number}: is no such line.",
                cure="Write id, variety, label and text with tabs between.",
            )
        yield Line(row[0], row[1], row[2], row[3])


def _conll(path: Path, file: Any) -> Iterator[Line]:
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
    """Every line as the first of a conversation with the first client, or as the third."""
    gate, client = asyncio.Semaphore(AT_ONCE), min(rig.clients)

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


def report(results: Sequence[Line]) -> dict[str, Any]:
    """Shares `handed_over`, `offered` and `flagged` with 95 % intervals, by label and variety."""
    return {
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
