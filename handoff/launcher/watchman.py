"""Ends the launcher's children when the launcher itself was killed and could not.

The launcher holds the writing end of a pipe whose reading end is this process's standard input:
however the launcher dies, kill -9 included, the pipe closes. Linux's PR_SET_PDEATHSIG was the
other way. It is not portable, is bound to the thread that forked, needs code between fork and
exec, and reaches only direct children; the pipe has none of these faults. Whom to end is found
by a variable in the environment, which every descendant inherits: so nobody is missed because
the launcher died before it could tell of a child, or because a child changed its group.

Started as `python -m handoff.launcher.watchman MARK GRACE` in a session of its own.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time

import psutil

MARK = "STAFETT_LAUNCH"


def marked(mark: str) -> list[psutil.Process]:
    """The living processes that carry `mark` in their environment."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if (
                process.environ().get(MARK) == mark
                and process.status() != psutil.STATUS_ZOMBIE
                and process.pid != os.getpid()
            ):
                found.append(process)
    return found


def end_all(mark: str, grace: float) -> int:
    """Ends every marked process: TERM, then KILL after `grace` seconds. Returns how many."""
    first = marked(mark)
    for process in first:
        with contextlib.suppress(psutil.Error):
            process.terminate()
    deadline = time.monotonic() + grace
    left = first
    while left and time.monotonic() < deadline:
        time.sleep(0.05)
        left = marked(mark)
    # A process may fork while it is being killed; look again until there is none.
    while left:
        for process in left:
            with contextlib.suppress(psutil.Error):
                process.kill()
        time.sleep(0.02)
        left = marked(mark)
    return len(first)


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    # A child between fork and exec does not carry the mark yet: look once more.
    while end_all(sys.argv[1], float(sys.argv[2])):
        time.sleep(0.3)


if __name__ == "__main__":
    main()
