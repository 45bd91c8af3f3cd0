"""The handoff service with a clock that a test sets, as an operator sets a machine's.

Started as `python -m tests.faults.stepped FILE`; the file holds one double, the seconds by which
this process's clock is wrong. It is mapped, so a full disk or half a write cannot touch it.
"""

from __future__ import annotations

import mmap
import struct
import sys
import time
from pathlib import Path

_DOUBLE = struct.Struct("d")


class Clock:
    """Seconds since the epoch, wrong by what the file says."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(_DOUBLE.pack(0.0))
        with path.open("r+b") as file:
            self._kept = mmap.mmap(file.fileno(), _DOUBLE.size)
        self._true = time.time

    def __call__(self) -> float:
        return self._true() + float(_DOUBLE.unpack(self._kept[:])[0])

    def step(self, seconds: float) -> None:
        """From now on it is wrong by `seconds`, in every process that has the file."""
        self._kept[:] = _DOUBLE.pack(seconds)


def main() -> None:
    time.time = Clock(Path(sys.argv[1]))
    from handoff.app import serve
    from handoff.settings import read_settings

    serve(read_settings())


if __name__ == "__main__":
    main()
