"""Whether the program that started us still wants us to run."""

from __future__ import annotations

import os
import signal
from pathlib import Path

# Bits of a signal mask, as /proc shows it.
_STOPPING = 1 << (signal.SIGINT - 1) | 1 << (signal.SIGHUP - 1)


class Parent:
    """Our parent, `make`, watched from our side.

    Make answers a SIGINT or SIGHUP sent to it alone by waiting for its children, whom nobody has
    told; a signal is blocked while its handler runs, and on Linux that can be seen. Where it
    was killed, our parent has changed.
    """

    def __init__(self) -> None:
        self._pid = os.getppid()
        self._looked_twice = False

    def wants_an_end(self) -> bool:
        """To be asked repeatedly: make also blocks signals for an instant when it forks."""
        if os.getppid() != self._pid:
            return True
        blocked = _blocked(self._pid)
        answer = blocked and self._looked_twice
        self._looked_twice = blocked
        return answer


def _blocked(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
    except OSError:
        return False
    mask = next((line.split()[1] for line in status.splitlines() if line.startswith("SigBlk")), "0")
    return bool(int(mask, 16) & _STOPPING)
