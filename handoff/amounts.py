"""How many of something, in English words."""

from __future__ import annotations


def amount(number: int, thing: str) -> str:
    """`1 line`, `2 lines`: `thing` is the singular of a noun that takes an s."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
