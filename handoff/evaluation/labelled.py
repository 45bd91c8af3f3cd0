"""A labelled file that could not be read, told in one sentence."""

from __future__ import annotations

from pathlib import Path

from handoff.errors import InputError


def unreadable(path: Path, error: OSError | UnicodeDecodeError) -> InputError:
    """What to raise for `error`: nothing there, a folder, no right to it, or no UTF-8."""
    match error:
        case FileNotFoundError():
            return InputError(f"There is no file {path}.", cure="Check its name and folder.")
        case IsADirectoryError():
            return InputError(f"{path} is a folder.", cure="Name the file in it.")
        case UnicodeDecodeError():
            return InputError(f"{path} is not UTF-8.", cure="Save it as UTF-8 in your editor.")
        case _:
            return InputError(
                f"{path} cannot be read: {error.strerror}.", cure="Check the file's rights."
            )
