"""One thing as somebody writes it, and ways to write digits and words."""

from __future__ import annotations

import random
from typing import NamedTuple


class Said(NamedTuple):
    """What somebody writes, ``lead`` included, and how the part after ``lead`` is to be read."""

    entity: str
    value: object
    words: str
    lead: str = ""
    tail: str = ""


def some_digits(dice: random.Random, count: int, first: str = "0123456789") -> str:
    return dice.choice(first) + "".join(dice.choice("0123456789") for _ in range(count - 1))


def grouped(digits: str, *sizes: int) -> str:
    parts, place = [], 0
    for size in sizes:
        parts.append(digits[place : place + size])
        place += size
    return " ".join(parts)


def cased(dice: random.Random, words: str) -> str:
    return dice.choice((words, words.lower(), words.upper(), words[:1].upper() + words[1:]))
