"""Marks in a line as data/nlu has them: ``avis [i dag](date)``."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

_MARK = re.compile(r"\[(?P<words>[^\[\]]+)\]\((?P<entity>\w+)\)")
_LEFT_OVER = re.compile(r"[\[\]]|\]\(")


class MarkError(ValueError):
    """What is wrong with a mark, and the cure."""


class Mark(NamedTuple):
    """Characters ``start`` to ``end`` (exclusive) are an ``entity``."""

    start: int
    end: int
    entity: str


def read_marks(line: str, known: Collection[str]) -> tuple[str, list[Mark]]:
    """The line without its marks, and what they mark. Raises MarkError.

    ``known`` are the names of the entities that may be marked.
    """
    text, marks, place = "", [], 0
    for match in _MARK.finditer(line):
        words, entity = match["words"], match["entity"]
        if entity not in known:
            raise MarkError(f"there is no entity '{entity}': use {', '.join(sorted(known))}")
        if words != words.strip():
            raise MarkError(f"a blank belongs outside of '[{words}]'")
        text += line[place : match.start()]
        marks.append(Mark(len(text), len(text) + len(words), entity))
        text += words
        place = match.end()
    rest = line[place:]
    if _LEFT_OVER.search(_MARK.sub("", line)):
        raise MarkError("a bracket is no mark: write marks as [i dag](date), none in another")
    return text + rest, marks
