"""Marked entities in a training line: read, or told what is wrong with this one."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from handoff.validation.findings import Place, Report

NAME = re.compile(r"[a-z][a-z0-9_]*")
_MARK = re.compile(r"\[([^\[\]]+)\](?:\(([^()]*)\)|(\{[^{}]*\}))")
_NESTED = re.compile(r"\[[^\[\]]*\[[^\[\]]*\]\([^()]*\)[^\[\]]*\]")
_TURNED = re.compile(r"\(([^()\[\]]+)\)\[([a-z_]+)\]")
_PARTED = re.compile(r"\[([^\[\]]+)\]\s+\(([a-z_]+)\)")
_EMPTY = re.compile(r"\[\s*\](?:\(([^()]*)\))?")
_ENDLESS = re.compile(r"\[([^\[\]]+)\]\(([^()\s]*)")
_BRACKETED = re.compile(r"\[([^\[\]]+)\]")
_UNCLOSED = re.compile(r"\[([^\[\]()]*)(?:\(([a-z_]+)\))?")
_SIGNS = ".,;:!?"


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters `start` to before `end` of a plain line, marked as `entity`."""

    entity: str
    start: int
    end: int


def read_marks(text: str, place: Place, report: Report) -> tuple[str, tuple[Mark, ...]]:
    """The line as the customer would write it, and what is marked in it.

    `place` is where `text` begins. What is no mark is reported where it stands.
    """
    bare, end = "", 0
    marks: list[Mark] = []
    nested = _NESTED.search(text)
    if nested is not None:
        _wrong(
            place, nested, "has one mark inside another",
            "Mark the longer words or the shorter, not both.", report,
        )  # fmt: skip
    for match in _MARK.finditer(text):
        between = text[end : match.start()]
        bare += between
        if nested is None:
            _stray(between, _moved(place, end), report)
        words, name = match.group(1), _entity(match)
        if name is None:
            _nameless(match, place, report)
        else:
            marks.append(Mark(name, len(bare), len(bare) + len(words)))
            _edges(text, match, place, report)
        bare += words
        end = match.end()
    if nested is None:
        _stray(text[end:], _moved(place, end), report)
    return bare + text[end:], tuple(marks)


def _entity(match: re.Match[str]) -> str | None:
    """The entity an annotation names; None when it is not written right."""
    if match.group(2) is not None:
        name = match.group(2).partition(":")[0].strip()
    else:
        try:
            told = json.loads(match.group(3))
        except ValueError:
            return None
        name = told.get("entity", "") if isinstance(told, dict) else ""
    return name if isinstance(name, str) and NAME.fullmatch(name) else None


def _nameless(match: re.Match[str], place: Place, report: Report) -> None:
    words, name = match.group(1).strip(), match.group(2)
    if name is None:
        wrong = "names no entity in its braces"
    elif not name.strip():
        wrong = "names no entity"
    else:
        wrong = f"names `{name}`, which cannot be an entity's name"
    cure = f"Write the name in small letters in round brackets: [{words}](entity)."
    _wrong(place, match, wrong, cure, report)


def _edges(text: str, match: re.Match[str], place: Place, report: Report) -> None:
    """A mark covers whole words, and neither blanks nor punctuation around them."""
    words, target = match.group(1), match.group()[len(match.group(1)) + 2 :]
    before = re.findall(r"\w*$", text[: match.start()])[0]
    after = re.findall(r"^\w*", text[match.end() :])[0]
    core = words.strip()
    if words != core or not core:
        side = "begins" if words[:1].isspace() else "ends"
        _wrong(place, match, f"{side} with a blank",
               f"Put the blank outside: [{core}]{target}.", report)  # fmt: skip
    elif core[0] in _SIGNS or (core[-1] in _SIGNS and not core[-2:-1].isdigit()):
        side, sign = ("begins", core[0]) if core[0] in _SIGNS else ("ends", core[-1])
        _wrong(place, match, f"{side} with `{sign}`",
               f"Put it outside: [{core.strip(_SIGNS)}]{target}.", report)  # fmt: skip
    elif before or after:
        whole = before + words + after
        where = "begins and ends" if before and after else "begins" if before else "ends"
        _wrong(
            place, match, f"{where} inside the word “{_word(whole, before, after)}”",
            f"Mark whole words: [{whole}]{target}.", report,
        )  # fmt: skip


def _word(whole: str, before: str, after: str) -> str:
    """Of words that are marked together, the one that is cut."""
    parts = whole.split()
    return whole if before and after else parts[0] if before else parts[-1]


def _stray(text: str, place: Place, report: Report) -> None:
    """Report the first bracket of `text`, in which no mark stands, by what was meant."""
    if "[" not in text and "]" not in text:
        return
    if match := _TURNED.search(text):
        wrong, cure = "is the wrong way round", f"Write [{match.group(1)}]({match.group(2)})."
    elif match := _PARTED.search(text):
        wrong = "has a blank between its brackets"
        cure = f"Write [{match.group(1)}]({match.group(2)})."
    elif match := _EMPTY.search(text):
        wrong, cure = "marks nothing", "Write the customer's words in it, or delete it."
    elif match := _ENDLESS.search(text):
        wrong = "has no `)` at its end"
        cure = f"Write [{match.group(1)}]({match.group(2) or 'entity'})."
    elif match := _BRACKETED.search(text):
        wrong = "does not say which entity it is"
        cure = (
            f"Write its name right behind, [{match.group(1).strip()}](entity), or take the square "
            "brackets away."
        )
    elif match := _UNCLOSED.search(text):
        wrong = "has a `[` that is not closed"
        words, name = match.group(1).strip() or "words", match.group(2) or "entity"
        cure = f"Write `]` where the entity's words end: [{words}]({name}), or take the `[` away."
    else:
        match = re.search(r"\S*\]\S*", text)
        wrong = "has a `]` that nothing opens"
        cure = "Write `[` where the entity's words begin, or take the `]` away."
    if match is not None:
        _wrong(place, match, wrong, cure, report)


def _wrong(place: Place, match: re.Match[str], wrong: str, cure: str, report: Report) -> None:
    shown = match.group().strip()
    shown = shown if len(shown) <= 60 else f"{shown[:57]}..."
    report.error(_moved(place, match.start()), f"The mark `{shown}` {wrong}.", cure)


def _moved(place: Place, columns: int) -> Place:
    return Place(place.path, place.line, place.column + columns)
