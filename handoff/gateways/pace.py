"""How much may come in a second, after a burst."""

from __future__ import annotations

import time

FRAMES_PER_SECOND = 20.0
BURST = 100.0


class FramePace:
    """A bucket of `BURST` that fills at `FRAMES_PER_SECOND`."""

    __slots__ = ("_filled", "_left")

    def __init__(self) -> None:
        self._left = BURST
        self._filled = time.monotonic()

    def take(self) -> bool:
        """Count one in. False when there is no room for it."""
        now = time.monotonic()
        self._left = min(BURST, self._left + (now - self._filled) * FRAMES_PER_SECOND)
        self._filled = now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True
