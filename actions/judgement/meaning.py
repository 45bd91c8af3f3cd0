"""Sentence vectors as they come with a message (written by ``bot/packing.py``)."""

from __future__ import annotations

import base64
import math
from array import array
from functools import lru_cache


def encoder_of(vector: str) -> str:
    """Name of the encoder that made it."""
    return vector.rpartition(":")[0]


@lru_cache(maxsize=512)
def numbers(vector: str) -> tuple[float, ...]:
    """The vector at length one. Raises ValueError for what is none."""
    row = array("b", base64.b64decode(vector.rpartition(":")[2], validate=True))
    length = math.sqrt(sum(each * each for each in row)) or 1.0
    return tuple(each / length for each in row)
