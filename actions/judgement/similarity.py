"""How alike two lines are: cosine of character trigrams, 0 to 1 (Cavnar and Trenkle 1994)."""

from __future__ import annotations

import math
from collections import Counter
from functools import lru_cache

from .words import spelled


@lru_cache(maxsize=4096)
def _profile(text: str) -> tuple[dict[str, int], float]:
    line = " " + " ".join(spelled(text)) + " "
    counts = Counter(line[start : start + 3] for start in range(len(line) - 2))
    return dict(counts), math.sqrt(sum(value * value for value in counts.values()))


@lru_cache(maxsize=16384)
def similarity(first: str, second: str) -> float:
    """0 when either has fewer than two words: short answers are alike by nature."""
    if len(spelled(first)) < 2 or len(spelled(second)) < 2:
        return 0.0
    one, one_length = _profile(first)
    two, two_length = _profile(second)
    if len(two) < len(one):
        one, two = two, one
    shared = sum(count * two.get(gram, 0) for gram, count in one.items())
    return min(1.0, shared / (one_length * two_length))
