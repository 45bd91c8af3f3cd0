"""The training lines of `data/nlu/`: one file for each skill, its intents inside."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from handoff.nearest import meant
from handoff.validation.findings import Place, Report
from handoff.validation.marks import NAME, Mark, read_marks
from handoff.validation.tree import Keys, Text, read_tree

# What a block of lines may say it is written in; docs/howto/edit-training-data.md tells which is
# which.
VARIETIES = (
    "bokmaal", "nynorsk", "bergen", "stavanger", "troendersk", "nordnorsk", "innlandet", "sms",
    "english",
)  # fmt: skip
LEAST_LINES = 25
LONGEST_LINE = 500

_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Line:
    """One example. `plain` is what the customer would write, without the annotations."""

    plain: str
    marks: tuple[Mark, ...]
    place: Place

    def named(self) -> str:
        """The line with the entity's name where words are marked: values do not matter."""
        parts, end = [], 0
        for mark in self.marks:
            parts += [self.plain[end : mark.start], mark.entity]
            end = mark.end
        return "".join([*parts, self.plain[end:]])


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of one intent in one variety."""

    skill: str
    intent: str
    variety: str | None
    lines: tuple[Line, ...]
    place: Place


def read_examples(folder: Path, root: Path, report: Report) -> list[Block] | None:
    """Every block of `folder`; None when a file could not be read, so the picture is not whole."""
    blocks: list[Block] = []
    whole = True
    for path in sorted(folder.glob("*.yml")):
        tree = read_tree(path, root, report)
        if tree is None:
            whole = False
            continue
        raw = path.read_text("utf-8").splitlines()
        tree.only(report, ("version", "nlu"))
        if "nlu" not in tree.values:
            report.error(tree.place, "The file has no `nlu:`.", "Write `nlu:` and intents below.")
        for item in tree.items("nlu", report):
            block = _block(item, path.stem, raw, report)
            if block is not None:
                blocks.append(block)
    return blocks if whole else None


def check_examples(
    blocks: Sequence[Block],
    entities: Iterable[str],
    companies: Sequence[Collection[str]],
    report: Report,
) -> None:
    """What can be said of the lines together. `companies` are the skills of each client company."""
    known = set(entities)
    _check_homes(blocks, report)
    _check_twice(blocks, report)
    _check_conflicts(blocks, companies, report)
    _check_amount(blocks, report)
    for block in blocks:
        for line in block.lines:
            for mark in line.marks:
                if mark.entity not in known:
                    report.error(
                        line.place,
                        f"`{mark.entity}` is no entity of domain.yml.",
                        meant(mark.entity, known, f"Use one of: {', '.join(sorted(known))}."),
                    )


def skills_of(blocks: Iterable[Block]) -> dict[str, frozenset[str]]:
    """Skill -> its intents."""
    found: dict[str, set[str]] = defaultdict(set)
    for block in blocks:
        found[block.skill].add(block.intent)
    return {skill: frozenset(intents) for skill, intents in found.items()}


# --- reading ----------------------------------------------------------------------------------


def _block(item: object, skill: str, raw: Sequence[str], report: Report) -> Block | None:
    if not isinstance(item, Keys):
        if isinstance(item, Text):
            report.error(
                item.place, "Here must stand an intent.", "Write `- intent: name` and its examples."
            )
        return None
    item.only(report, ("intent", "metadata", "examples"))
    intent = item.text("intent")
    if not intent:
        report.error(item.place, "This block names no intent.", "Begin it with `- intent: name`.")
        return None
    if not NAME.fullmatch(intent):
        report.error(
            item.places["intent"],
            f"`{intent}` cannot be an intent's name.",
            "Use small letters a to z, digits and _: track_parcel.",
        )
        return None
    return Block(skill, intent, _variety(item, report), _lines(item, raw, report), item.place)


def _variety(item: Keys, report: Report) -> str | None:
    metadata = item.section("metadata", report)
    if metadata is None:
        if "metadata" not in item.values:
            report.warn(
                item.place,
                "This block does not say what variety it is written in.",
                "Add a line below the intent: `metadata: {variety: bokmaal}`.",
            )
        return None
    metadata.only(report, ("variety",))
    variety = metadata.text("variety")
    if variety not in VARIETIES:
        place = metadata.places.get("variety", metadata.place)
        report.error(
            place,
            f"`{variety}` is no variety." if variety else "The variety is missing.",
            meant(variety or "", VARIETIES, f"Use one of: {', '.join(VARIETIES)}."),
        )
        return None
    return variety


def _lines(item: Keys, raw: Sequence[str], report: Report) -> tuple[Line, ...]:
    examples = item.values.get("examples")
    if examples is None:
        report.error(item.place, "This intent has no `examples:`.", "Add `examples: |` and lines.")
        return ()
    if not isinstance(examples, Text) or not examples.is_block or examples.value is None:
        report.error(
            item.places["examples"],
            "The examples are not a block of lines.",
            "Write `examples: |`, and below it each line with `- ` before it.",
        )
        return ()
    found = []
    for number in range(
        examples.place.line, examples.place.line + len(examples.value.splitlines())
    ):
        written = raw[number] if number < len(raw) else ""
        text = written.strip()
        place = Place(examples.place.path, number + 1, len(written) - len(written.lstrip()) + 1)
        if not text:
            continue
        if not text.startswith("- ") and text != "-":
            report.error(
                place,
                f"{quoted(text)} would not be read: each example begins with a dash.",
                "Write `- ` before it.",
            )
            continue
        inner = text[2:].strip()
        line = _line(inner, Place(place.path, place.line, place.column + 2), report)
        if line is not None:
            found.append(line)
    return tuple(found)


def _line(text: str, place: Place, report: Report) -> Line | None:
    if not text:
        report.error(place, "This example is empty.", "Write a line, or delete the dash.")
        return None
    if text.startswith("/"):
        report.error(
            place,
            f"{quoted(text)} begins with /, which only buttons do.",
            "Write it as a customer would, or delete it.",
        )
        return None
    if len(text) > LONGEST_LINE:
        report.error(
            place,
            f"This line has {len(text)} characters.",
            f"Keep it to {LONGEST_LINE}: customers write shorter.",
        )
    bare, marks = read_marks(text, place, report)
    return Line(bare, marks, place)


# --- checking ---------------------------------------------------------------------------------


def _check_homes(blocks: Sequence[Block], report: Report) -> None:
    homes: dict[str, Block] = {}
    for block in blocks:
        home = homes.setdefault(block.intent, block)
        if home.skill != block.skill:
            report.error(
                block.place,
                f"The intent `{block.intent}` stands in two skills: here and in {home.place.path}.",
                "Keep its lines in one file.",
            )


def _check_twice(blocks: Sequence[Block], report: Report) -> None:
    exact: dict[tuple[str, str], Line] = {}
    for block in blocks:
        for line in block.lines:
            first = exact.setdefault((block.intent, line.plain), line)
            if first is not line:
                report.error(
                    line.place,
                    f"{quoted(line.plain)} is there twice under `{block.intent}`; the first is "
                    f"{where(first.place, line.place)}.",
                    "Delete one of the two.",
                )


def _check_conflicts(
    blocks: Sequence[Block], companies: Sequence[Collection[str]], report: Report
) -> None:
    # As written and as marked: a mark in one of two equal lines must not hide the other.
    written: dict[str, list[tuple[Block, Line]]] = defaultdict(list)
    marked: dict[str, list[tuple[Block, Line]]] = defaultdict(list)
    for block in blocks:
        for line in block.lines:
            homes = (written[alike(line.plain)], marked[alike(line.named())])
            for other, first in (*homes[0], *homes[1]):
                if other.intent == block.intent or not meet(other.skill, block.skill, companies):
                    continue
                same = alike(line.plain) == alike(first.plain)
                report.error(
                    line.place,
                    f"{quoted(line.plain)} stands under `{block.intent}` here and"
                    f"{'' if same else ', but for what is marked,'} under `{other.intent}` "
                    f"{where(first.place, line.place)}.",
                    "Keep it where it belongs and delete the other: one line cannot teach both.",
                )
                break
            for home in homes:
                home.append((block, line))


def meet(one: str, other: str, companies: Sequence[Collection[str]]) -> bool:
    """Whether some client company has both skills, and so the bot must tell them apart."""
    return one == other or any(one in skills and other in skills for skills in companies)


def alike(text: str) -> str:
    """A line as the comparison between intents sees it: small letters, no punctuation."""
    words = " ".join(_WORDS.findall(text.casefold()))
    return words or text


def _check_amount(blocks: Sequence[Block], report: Report) -> None:
    by_intent: dict[str, list[Block]] = defaultdict(list)
    for block in blocks:
        by_intent[block.intent].append(block)
    for intent, group in by_intent.items():
        lines = sum(len(block.lines) for block in group)
        place = group[0].place
        if lines < LEAST_LINES:
            report.error(
                place,
                f"The intent `{intent}` has {lines} lines, fewer than {LEAST_LINES}.",
                f"Write {LEAST_LINES - lines} more, each as another customer would put it.",
            )
        missing = [v for v in VARIETIES if not any(b.variety == v and b.lines for b in group)]
        if missing:
            report.warn(
                place,
                f"The intent `{intent}` has no line in: {', '.join(missing)}.",
                "Add a few: people who write so are understood worse.",
            )


def where(place: Place, seen_from: Place) -> str:
    """The words for a place in a message that stands at another."""
    if place.path == seen_from.path:
        return f"on line {place.line}"
    return f"in {place.path} on line {place.line}"


def quoted(text: str) -> str:
    """A line in quotes, cut where it is long."""
    return f"“{text if len(text) <= 60 else text[:57] + '...'}”"


def line_count(blocks: Iterable[Block]) -> int:
    return sum(len(block.lines) for block in blocks)


def places_of(blocks: Iterable[Block]) -> dict[str, Place]:
    """Intent -> where its first block stands."""
    found: dict[str, Place] = {}
    for block in blocks:
        found.setdefault(block.intent, block.place)
    return found
