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
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.write(handle, f"{client} {conversation} {now:.0f}\n".encode())
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from None


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
