"""One launcher at a time on a data folder, with room on its disk."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from handoff.errors import StartError

NEED_BYTES = 500_000_000
# As long as the watchman of a launcher that was killed may need to end its children.
WAIT_SECONDS = 15.0


def check_space(folder: Path, need: int = NEED_BYTES) -> None:
    """Raises StartError if the disk that holds `folder` has less than `need` bytes free."""
    free = shutil.disk_usage(folder).free
    if free < need:
        raise StartError(
            f"The disk that holds {folder} has {free / 1e9:.1f} GB free, and Stafett needs "
            f"{need / 1e9:.1f} GB to run.",
            cure="Free some, or set DATA_DIR in .env to a folder on a larger disk.",
        )


@contextlib.contextmanager
def sole_use(folder: Path, wait: float = WAIT_SECONDS) -> Iterator[int]:
    """Holds the folder's lock and gives its file descriptor.

    Raises StartError naming the process that holds it. Where that process is dead, its watchman
    is ending what it left; that is waited for.
    """
    path = folder / "launcher.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        deadline = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                pid = _written(descriptor)
                if _lives(pid) or time.monotonic() > deadline:
                    who = f" (process {pid})" if pid else ""
                    raise StartError(
                        f"Stafett already runs on the data folder {folder}{who}.",
                        cure="Stop it with Ctrl-C in its window"
                        + (f" or with `kill {pid}`" if pid else "")
                        + "; a second copy needs a DATA_DIR and ports of its own in .env.",
                    ) from None
                time.sleep(0.1)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def is_in_use(folder: Path) -> bool:
    """Whether a launcher runs on the folder now."""
    try:
        descriptor = os.open(folder / "launcher.lock", os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _written(descriptor: int) -> int:
    text = os.pread(descriptor, 20, 0)
    return int(text) if text.isdigit() else 0


def _lives(pid: int) -> bool:
    import psutil

    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE) if pid else False
    except psutil.Error:
        return False
