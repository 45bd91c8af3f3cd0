"""A sentence vector as a short text, to go with the message to whoever else reads it."""

from __future__ import annotations

import base64

import numpy as np

LARGEST = 127


def packed(encoder: str, vector: np.ndarray) -> str:
    """``<encoder>:<base64>``: a signed byte for each number, the largest of them 127.

    The direction stays, to a per cent; the length does not.
    """
    largest = float(np.abs(vector).max(initial=0.0)) or 1.0
    numbers = np.rint(vector * (LARGEST / largest)).astype(np.int8)
    return f"{encoder}:{base64.b64encode(numbers.tobytes()).decode('ascii')}"
