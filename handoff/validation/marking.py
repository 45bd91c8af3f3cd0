"""Whether entities are marked alike in all lines, and as the bot reads them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from handoff.validation.examples import Block, Line, quoted, where
from handoff.validation.findings import Report
from handoff.validation.inside import Reading, read_exactly
from handoff.validation.marks import Mark

UNMARKED = "Marked in one line and not in another"
RENAMED = "Marked with another name elsewhere"
MISREAD = "Marked as something the bot does not read there"

# An intent that marks an entity in so many lines is one in which it matters.
LEAST_MARKED = 3
# What the bot reads by an exact format, and which of them a bare run of digits may be.
EXACT = frozenset({
    "tracking_number", "subscription_number", "invoice_number", "policy_number", "claim_number",
    "number", "postcode", "amount", "email", "phone",
})  # fmt: skip
_TIMES = frozenset({"date", "period"})
_BARE = {"subscription_number": (6, 7), "invoice_number": (7,), "policy_number": (7,),
         "claim_number": (6,), "postcode": (4,), "number": (4, 5, 6, 7, 8),
         "phone": (8,)}  # fmt: skip

_WORD = re.compile(r"[\w']+")
_EDGES = " .,;:-"
_SENTENCE_ENDS = re.compile(r"[^\W\d_]\s*[.,!?;:]")
# A word with a capital that does not begin a sentence, right before or behind.
_NAME_BEFORE = re.compile(r"[^\s.!?:]\s+[A-ZÆØÅ][\w-]*\s$")
_NAME_AFTER = re.compile(r"\s[A-ZÆØÅ][\w-]+")
_LONGEST = 6
# A day or stretch that such a word comes before or after is none that could be filled in.
_ANY_DAY = frozenset("en ein ei hver kvar eneste a an every each i på".split())
_AGO = frozenset("siden sidan sia sea ago av".split())


@dataclass(frozen=True, slots=True)
class _Marked:
    """Where words were first marked as an entity, and in how many lines."""

    line: Line
    count: int


@dataclass(frozen=True, slots=True)
class _Bare:
    """Characters `start` to before `end` of a line, not marked; in line `first` they are."""

    line: Line
    start: int
    end: int
    entity: str
    first: Line


def advise_on_marks(blocks: Sequence[Block], python: Path, report: Report) -> None:
    """Words marked as an entity in one line and not, or as another, in others.

    `python` is the bot environment's: days and stretches that the bot itself does not read in a
    line are rightly left unmarked there.
    """
    marked: dict[str, dict[str, _Marked]] = defaultdict(dict)
    wanted: Counter[tuple[str, str]] = Counter()
    for block in blocks:
        for line in block.lines:
            wanted.update({(block.intent, mark.entity) for mark in line.marks})
            for mark in line.marks:
                words = _key(line.plain[mark.start : mark.end])
                if any(letter.isalpha() for letter in words) and mark.entity not in EXACT:
                    known = marked[words].get(mark.entity)
                    marked[words][mark.entity] = (
                        _Marked(known.line, known.count + 1) if known else _Marked(line, 1)
                    )
    bare: list[_Bare] = []
    for block in blocks:
        for line in block.lines:
            for mark in line.marks:
                words = _key(line.plain[mark.start : mark.end])
                _renamed(line, mark, marked.get(words, {}), report)
            for start, end in _unmarked(line, marked):
                names = marked[_key(line.plain[start:end])]
                entity = max(names, key=lambda name: names[name].count)
                enough = wanted[block.intent, entity] >= LEAST_MARKED
                if enough and not _idle(line, start, end, entity):
                    bare.append(_Bare(line, start, end, entity, names[entity].line))
    for one in _read_by_the_bot(bare, python):
        words = one.line.plain[one.start : one.end]
        report.advise(
            UNMARKED,
            one.line.place,
            f"“{words}” is not marked in {quoted(one.line.plain)}, but is `{one.entity}` "
            f"{where(one.first.place, one.line.place)}.",
            f"Write [{words}]({one.entity}), or take the mark away there.",
        )


def _read_by_the_bot(bare: Sequence[_Bare], python: Path) -> Iterator[_Bare]:
    """Those of `bare` that the bot marks by itself, or that only the marks can teach it."""
    timed = [one for one in bare if one.entity in _TIMES]
    readings = read_exactly([one.line.plain for one in timed], python) if timed else []
    for one, read in zip(timed, readings, strict=True):
        if any(r.entity in _TIMES and r.start < one.end and one.start < r.end for r in read):
            yield one
    yield from (one for one in bare if one.entity not in _TIMES)


def _renamed(line: Line, mark: Mark, names: dict[str, _Marked], report: Report) -> None:
    others = [name for name in names if name != mark.entity]
    if mark.entity not in names or not others:
        return
    other = max(others, key=lambda name: names[name].count)
    # Told once, at the rarer of the two.
    if (names[other].count, other) > (names[mark.entity].count, mark.entity):
        words = line.plain[mark.start : mark.end]
        report.advise(
            RENAMED,
            line.place,
            f"“{words}” is `{mark.entity}` in {quoted(line.plain)}, but `{other}` "
            f"{where(names[other].line.place, line.place)}.",
            f"If both mean the same, write [{words}]({other}).",
        )


def _unmarked(line: Line, marked: dict[str, dict[str, _Marked]]) -> Iterator[tuple[int, int]]:
    """Where the longest stretches stand that are marked in other lines and not in this one."""
    words = [
        found
        for found in _WORD.finditer(line.plain)
        if not any(mark.start < found.end() and found.start() < mark.end for mark in line.marks)
    ]
    at = 0
    while at < len(words):
        for count in range(min(_LONGEST, len(words) - at), 0, -1):
            start, end = words[at].start(), words[at + count - 1].end()
            text = line.plain[start:end]
            if _key(text) in marked and not _SENTENCE_ENDS.search(text):
                yield start, end
                at += count - 1
                break
        at += 1


def _idle(line: Line, start: int, end: int, entity: str) -> bool:
    """Whether these words are, for all one can see, not what they are elsewhere."""
    words = line.plain[start:end]
    if entity == "place":  # many are words as well in small letters, and names of firms in large
        shouted = words.isupper() and len(words) > 3
        return not words[0].isupper() or shouted or _in_a_name(line, start, end)
    before, after = _WORD.findall(line.plain[:start].lower()), _WORD.findall(line.plain[end:])
    if before and before[-1] in _ANY_DAY and entity == "period":
        return True
    if before and before[-1] in _ANY_DAY - {"på"} and entity == "date":
        return True
    return bool(after) and after[0].lower() in _AGO


def _in_a_name(line: Line, start: int, end: int) -> bool:
    """Whether the word belongs to a longer name, such as a shop's: Kiwi Madla, Åsane Senter."""
    return bool(_NAME_BEFORE.search(line.plain[:start]) or _NAME_AFTER.match(line.plain[end:]))


def advise_on_numbers(blocks: Sequence[Block], python: Path, report: Report) -> None:
    """Numbers and the like that are marked as what the bot's exact formats do not read there."""
    lines = [
        line
        for block in blocks
        for line in block.lines
        if any(mark.entity in EXACT for mark in line.marks)
    ]
    if not lines:
        return
    for line, readings in zip(
        lines, read_exactly([line.plain for line in lines], python), strict=True
    ):
        for mark in line.marks:
            if mark.entity in EXACT and not _read_so(line, mark, readings):
                report.advise(
                    MISREAD,
                    line.place,
                    f"“{line.plain[mark.start : mark.end]}” is marked `{mark.entity}` in "
                    f"{quoted(line.plain)}, but the bot {_read_instead(mark, readings)}.",
                    "Write the number in its format, or mark it as what it is.",
                )


def _read_instead(mark: Mark, readings: Sequence[Reading]) -> str:
    read = {one.entity for one in readings if one.start < mark.end and mark.start < one.end}
    if mark.entity in read:
        return "reads more or less of the line so"
    names = " and ".join(f"`{name}`" for name in sorted(read))
    return f"reads {names} there" if read else "reads nothing there"


def _read_so(line: Line, mark: Mark, readings: Sequence[Reading]) -> bool:
    words = line.plain[mark.start : mark.end].strip(_EDGES)
    here = {
        one.entity
        for one in readings
        if one.start < mark.end
        and mark.start < one.end
        and line.plain[one.start : one.end].strip(_EDGES) == words
    }
    if mark.entity in here:
        return True
    digits = sum(letter.isdigit() for letter in line.plain[mark.start : mark.end])
    # Which number bare digits are, only the question that was asked can tell.
    return "number" in here and digits in _BARE.get(mark.entity, ())


def _key(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
