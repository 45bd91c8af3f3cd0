"""Files that hold customers' words: readable by whoever made them, and by nobody else."""

from __future__ import annotations

import os
from pathlib import Path

from handoff.errors import InputError


def prepare_private(path: Path) -> None:
    """See that `path` can be written, before anything is read for it; what it holds stays.

    Raises InputError when it cannot.
    """
    os.close(_opened(path))


def write_private(path: Path, text: str) -> None:
    """Write `text` in place of what is there. Raises InputError when it cannot be written."""
    descriptor = _opened(path)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.truncate()
            file.write(text)
    except OSError as error:
        raise _refused(path, error) from None


def _opened(path: Path) -> int:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        os.fchmod(descriptor, 0o600)
    except OSError as error:
        raise _refused(path, error) from None
    return descriptor


def _refused(path: Path, error: OSError) -> InputError:
    return InputError(f"{path} cannot be written: {error.strerror}.")
