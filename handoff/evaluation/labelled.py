"""Files of labelled lines, and what is told of one that cannot be used."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from handoff.errors import InputError


def table(path: Path, columns: Sequence[str]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Each line of a tab-separated file with a header: where it stands, and its values by column.

    Raises InputError naming file and line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if next(reader, []) != list(columns):
                raise InputError(
                    f"{path}:1: this is not the header.",
                    cure=f"Write {_listed(columns)} with tabs between.",
                )
            number = 1
            for number, row in enumerate(reader, start=2):
                place = f"{path}:{number}"
                if len(row) != len(columns) or not all(row):
                    raise InputError(
                        f"{place}: does not have {len(columns)} filled columns.",
                        cure=f"Write {_listed(columns)} with tabs between.",
                    )
                yield place, dict(zip(columns, row, strict=True))
            if number == 1:
                raise InputError(f"{path} holds no line.", cure="Write one below the header.")
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(path, error) from None


def one_of(place: str, what: str, value: str, allowed: Collection[str]) -> str:
    """`value`. Raises InputError that lists what is allowed where it is none of that."""
    if value not in allowed:
        raise InputError(
            f"{place}: `{value}` is no {what}.", cure=f"Use one of: {', '.join(allowed)}."
        )
    return value


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


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
