"""What would make the examples better, though nothing is wrong with them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from handoff.validation.examples import VARIETIES, Block, Line, meet, quoted, where
from handoff.validation.findings import Report
from handoff.validation.likeness import groups_alike, pairs_alike
from handoff.validation.marking import (
    MISREAD,
    RENAMED,
    UNMARKED,
    advise_on_marks,
    advise_on_numbers,
)
from handoff.validation.project import Checked
from handoff.validation.spelling import read_spelling

# Two lines are nearly the same from this likeness on; below it they begin to say other things.
NEARLY = 0.75
# Shorter lines are alike for want of letters, and spelling is all that they teach.
LEAST_WORDS = 4
# So many different things at least should be said in an intent, however they are spelt.
LEAST_CONTENTS = 20
# And so many lines in each variety.
LEAST_IN_VARIETY = 3

TWICE = "Nearly the same line twice in an intent"
CONFLICT = "Nearly the same line in two intents"
THIN = "Thin intents"
# As they are shown: what most confuses the bot first.
GROUPS = (CONFLICT, MISREAD, RENAMED, UNMARKED, TWICE, THIN)


@dataclass(frozen=True, slots=True)
class _Spelt:
    block: Block
    line: Line
    words: tuple[str, ...]


def advise(root: Path, checked: Checked, python: Path, report: Report) -> None:
    """Add advice on the examples that were `checked`; `python` is the bot environment's.

    Raises StartError when the bot's code cannot be asked how it reads numbers.
    """
    spelling = read_spelling(root)
    lines = [
        _Spelt(block, line, tuple(spelling.words(_told(line))))
        for block in checked.blocks
        for line in block.lines
    ]
    pairs = sorted(pairs_alike([" ".join(one.words) for one in lines], NEARLY))
    _doubles(lines, pairs, checked.companies, report)
    _thin(lines, [(one, other) for one, other, _ in pairs], report)
    advise_on_marks(checked.blocks, python, report)
    advise_on_numbers(checked.blocks, python, report)


def _told(line: Line) -> str:
    return line.named().replace("_", "-")


def _doubles(
    lines: Sequence[_Spelt],
    pairs: Sequence[tuple[int, int, float]],
    companies: Sequence[Collection[str]],
    report: Report,
) -> None:
    """Each line once in each group, held against the one it is most like."""
    nearest: dict[tuple[str, int], tuple[float, int]] = {}
    for first, last, likeness in pairs:
        one, other = lines[first], lines[last]
        if min(len(one.words), len(other.words)) < LEAST_WORDS:
            continue
        if one.block.intent == other.block.intent:
            group = TWICE
        elif meet(one.block.skill, other.block.skill, companies):
            group = CONFLICT
        else:
            continue
        known = nearest.get((group, last))
        if known is None or likeness > known[0]:
            nearest[group, last] = (likeness, first)
    for (group, last), (_, first) in nearest.items():
        one, other = lines[first], lines[last]
        at = where(one.line.place, other.line.place)
        if group == TWICE:
            report.advise(
                group,
                other.line.place,
                f"{quoted(other.line.plain)} says what {quoted(one.line.plain)} says {at}, under "
                f"`{one.block.intent}`.",
                "Write what another customer would say instead. Other spellings of a line need no "
                "line of their own: training makes them.",
            )
        else:
            report.advise(
                group,
                other.line.place,
                f"{quoted(other.line.plain)} under `{other.block.intent}` is nearly "
                f"{quoted(one.line.plain)} under `{one.block.intent}` {at}.",
                "Keep it where it belongs, or write in both what tells them apart.",
            )


def _thin(lines: Sequence[_Spelt], pairs: Sequence[tuple[int, int]], report: Report) -> None:
    of_intent: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(lines):
        of_intent[one.block.intent].append(number)
    same = [pair for pair in pairs if len({lines[n].block.intent for n in pair}) == 1]
    groups = groups_alike(len(lines), same)
    contents = Counter(lines[group[0]].block.intent for group in groups)
    for intent, numbers in of_intent.items():
        place = lines[numbers[0]].block.place
        if contents[intent] < LEAST_CONTENTS:
            report.advise(
                THIN,
                place,
                f"The {len(numbers)} lines of `{intent}` say {contents[intent]} different things, "
                f"fewer than {LEAST_CONTENTS}.",
                "Write lines that say something else: other words, reasons, feelings, lengths.",
            )
        written = Counter(lines[n].block.variety for n in numbers)
        few = [f"{v} ({written[v]})" for v in VARIETIES if 0 < written[v] < LEAST_IN_VARIETY]
        if few:
            report.advise(
                THIN,
                place,
                f"`{intent}` has fewer than {LEAST_IN_VARIETY} lines in: {', '.join(few)}.",
                "Add some, as people who write so would put it.",
            )
