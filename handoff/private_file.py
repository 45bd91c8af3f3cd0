"""Files that hold customers' words: readable by whoever made them, and by nobody else."""

from __future__ import annotations

import os
from pathlib import Path

from handoff.errors import InputError


def write_private(path: Path, text: str) -> None:
    """Write `text` in place of what is there. Raises InputError when it cannot be written."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(descriptor, 0o600)
            file.write(text)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from None
