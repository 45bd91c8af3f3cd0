"""How a line is typed: capitals and runs of signs. Judged only against the customer's own habit."""

from __future__ import annotations

import re
from collections.abc import Sequence

_RUN = re.compile(r"[!?]{2,}|!")


def caps_share(text: str) -> float:
    """Share of capitals among letters, 0 to 1; 0 below five letters, where it says nothing."""
    letters = [char for char in text if char.isalpha()]
    if len(letters) < 5:
        return 0.0
    return sum(char.isupper() for char in letters) / len(letters)


def loud_signs(text: str) -> float:
    """Exclamation marks and runs of ``!`` and ``?``, 0 to 1; 1 from three signs on."""
    return min(1.0, sum(len(run) for run in _RUN.findall(text)) / 3)


def rise(now: float, habit: Sequence[float]) -> float:
    """How far ``now`` lies above the most that the customer's own first turns showed, 0 to 1."""
    return max(0.0, now - max(habit)) if habit else 0.0
