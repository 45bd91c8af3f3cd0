"""What is wrong with a file that is no YAML, in a writer's words instead of the parser's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ruamel.yaml.error import MarkedYAMLError, StringMark

_LEADING_TAB = re.compile(r"[ ]*\t")
_OPENS_BLOCK = re.compile(r"(?::\s+|-\s+)[|>][+-]?\d?\s*(?:#.*)?")
_NEEDS_BLANK = re.compile(r"\s*-(?=[A-Za-z_])")
_KEY = re.compile(r"(?P<before>\s*(?:- )*)(?P<key>[\w-]+):(?:\s|$)")
_KEYLESS = re.compile(r"\s*(?:- )*[\w-]+(?:\s+[^:#]*|:\S.*)?")
_SINGLE = re.compile(r"(?:^|[\s\[,{])'(?=[^'\s])")
_CLOSING = {"{": "}", "[": "]"}
_FIRST_LETTER = re.compile(r"found character (?P<letter>.+) that cannot start any token")


class Slip(NamedTuple):
    """`line` and `column` count from 1."""

    line: int
    column: int
    message: str
    cure: str


def slip(error: MarkedYAMLError, text: str) -> Slip:
    """What a writer did wrong in `text`, of which YAML says `error`."""
    lines = text.splitlines()
    mark, began = error.problem_mark or error.context_mark, error.context_mark
    at = min(mark.line, len(lines) - 1) if mark else 0
    said = str(error.problem or error.context)
    for found in (_tab(lines, at), _quote(error, lines, at), _bracket(error, lines, at)):
        if found is not None:
            return found
    if "could not find expected ':'" in said and began is not None:
        return _keyless(lines, began.line)
    if mark is not None and "mapping values are not allowed" in said:
        return _colon(lines, at, mark.column)
    if mark is not None and "expected <block end>" in said:
        return _uneven(lines, at, mark.column, said)
    if match := _FIRST_LETTER.search(said):
        letter = match["letter"].strip("'\"")
        return _at(mark, f"No text can begin with `{letter}`.", "Put the whole text in quotes.")
    return _at(
        mark,
        f"This is not YAML: {said}.",
        "Check indentation, quotes and colons on this line and the one before.",
    )


def _at(mark: StringMark | None, message: str, cure: str) -> Slip:
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return Slip(line, column, message, cure)


def _tab(lines: Sequence[str], at: int) -> Slip | None:
    for number, line in (*_outside_blocks(lines[:at]), (at + 1, lines[at])):
        if match := _LEADING_TAB.match(line):
            message = "A tab stands here, and YAML knows only blanks."
            return Slip(number, match.end(), message, "Put blanks in its place.")
    return None


def _quote(error: MarkedYAMLError, lines: Sequence[str], at: int) -> Slip | None:
    """A quote that is open at the end of its line, before or where the parser stumbled."""
    message, cure = "A quote is opened here and not closed.", "Close it on the same line."
    for number, line in _outside_blocks(lines[: at + 1]):
        bare = re.sub(r"(?:^|\s)#.*", "", line.replace('\\"', ""))
        if bare.count('"') % 2:
            return Slip(number, line.rindex('"') + 1, message, cure)
        if (match := _SINGLE.search(bare)) and bare.count("'") % 2:
            return Slip(number, match.end(), message, cure)
    if "quoted scalar" in str(error.context):
        return _at(error.context_mark, message, cure)
    return None


def _outside_blocks(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Lines with their numbers, but those of `key: |`, in which quotes are letters like others."""
    inside: int | None = None
    for number, line in enumerate(lines, 1):
        indent = len(line) - len(line.lstrip())
        if inside is not None and (not line.strip() or indent > inside):
            continue
        inside = indent if _OPENS_BLOCK.search(line) else None
        yield number, line


def _bracket(error: MarkedYAMLError, lines: Sequence[str], at: int) -> Slip | None:
    began = error.context_mark
    if began is None or "flow" not in str(error.context):
        return None
    opening = lines[began.line][began.column : began.column + 1]
    above = lines[at - 1].rstrip() if at else ""
    if opening not in _CLOSING and above[-1:] in _CLOSING:
        closing = _CLOSING[above[-1]]
        message, cure = f"The `{above[-1]}` here is not closed.", f"Close it with `{closing}`."
        return Slip(at, len(above), message, cure)
    if opening not in _CLOSING:
        return None
    closing = _CLOSING[opening]
    if closing in lines[began.line][began.column :] and began.line == at:
        return _at(
            error.problem_mark,
            f"Between `{opening}` and `{closing}` something is not written right here.",
            "Part with commas, write `key: value`, and put a text with other signs in quotes.",
        )
    return _at(began, f"The `{opening}` here is not closed.", f"Close it with `{closing}`.")


def _keyless(lines: Sequence[str], at: int) -> Slip:
    line = lines[at]
    return Slip(
        at + 1,
        len(line) - len(line.lstrip()) + 1,
        "This line has no colon and blank after its first word.",
        "Write `key: value`; if it is an example, write `- ` before it, in the column of the "
        "others.",
    )


def _colon(lines: Sequence[str], at: int, column: int) -> Slip:
    line, before = lines[at], lines[at - 1] if at else ""
    key = _KEY.match(line)
    if key is None or key.end("key") != column:
        return Slip(
            at + 1,
            column + 1,
            "A colon with a blank after it stands inside a text.",
            "Put the whole text in quotes.",
        )
    if match := _NEEDS_BLANK.match(before):
        return Slip(at, match.end(), "A dash stands here without a blank.", "Write `- `.")
    above = _KEY.match(before)
    if above is None and _KEYLESS.fullmatch(before):
        return _keyless(lines, at - 1)
    if above is None:
        return _uneven(lines, at, key.start("key"), "")
    return Slip(
        at + 1,
        key.start("key") + 1,
        f"`{key['key']}` begins in column {key.start('key') + 1}, and `{above['key']}` above it "
        f"in column {above.start('key') + 1}.",
        "Begin both in the same column. The first key of a list's item has `- ` before it.",
    )


def _uneven(lines: Sequence[str], at: int, column: int, said: str) -> Slip:
    if "'<scalar>'" in said:
        return Slip(
            at + 1,
            column + 1,
            "A text goes on behind its closing quote.",
            'Put all of it between the quotes; write a quote inside as \\".',
        )
    above = next((n for n in range(at - 1, -1, -1) if lines[n].strip()), None)
    line = lines[at]
    indent = len(line) - len(line.lstrip())
    message = f"This line begins in column {indent + 1}, which fits no line above it."
    if above is not None:
        other = len(lines[above]) - len(lines[above].lstrip())
        if other == indent:
            return Slip(
                at + 1,
                indent + 1,
                f"This line begins in the column of line {above + 1} above it, but is none of its "
                "kind.",
                "Begin it two blanks further in, if it belongs to that line.",
            )
        message = (
            f"This line begins in column {indent + 1}, and line {above + 1} above it in column "
            f"{other + 1}: it fits neither beside it nor below it."
        )
    return Slip(at + 1, indent + 1, message, "Begin it in the column of its neighbours.")
