"""Whose erasure was asked for, kept outside the database: a backup of before still holds them.

One line for each: client company, conversation, time in seconds since the epoch. No words, no
names. A conversation's id never comes again, so a line is true for ever.
"""

from __future__ import annotations

import os
from pathlib import Path

from handoff.errors import InputError

NAME = "erased.txt"


def note(folder: Path, client: str, conversation: str, now: float) -> None:
    """Keep it, on the disk when this returns. Raises InputError when it cannot be written."""
    path = folder / NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with open(path, "ab+", opener=_private) as file:
            if file.seek(0, os.SEEK_END):
                file.seek(-1, os.SEEK_END)
                # Half a line is what a full disk left of an erasure that was refused.
                file.write(b"" if file.read(1) == b"\n" else b"\n")
            file.write(f"{client} {conversation} {now:.0f}\n".encode())
            file.flush()
            os.fsync(file.fileno())
        _sync(folder)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync(folder: Path) -> None:
    """Without it a new file's name may be gone after a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def noted(folder: Path) -> list[tuple[str, str]]:
    """Client company and conversation of every line that is whole. Raises InputError."""
    path = folder / NAME
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None
    rows = (line.split() for line in text.splitlines())
    return [(row[0], row[1]) for row in rows if len(row) == 3]
