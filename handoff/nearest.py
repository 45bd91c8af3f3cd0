"""The name that was meant by one that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def meant(word: str, known: Iterable[str], otherwise: str) -> str:
    """A cure for a name nobody knows: the name that is nearly the same, or `otherwise`."""
    close = get_close_matches(word, list(known), 1, cutoff=0.7)
    return f"Did you mean `{close[0]}`?" if close else otherwise
