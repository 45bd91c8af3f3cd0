"""Numbers that must never be kept, and the search for them. Usable on any file, log or table."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

IDENTITY = "01810150048"  # of a test person: the month is raised by 80
ACCOUNT = "12345678903"
CARD = "4111111111111111"
CANARIES: Mapping[str, str] = {"identity": IDENTITY, "account": ACCOUNT, "card": CARD}

_BETWEEN = re.compile(
    r"(?<=\d)(?:%20|\\u[0-9a-f]{4}|[\s.\-/\u2010-\u2015\u200b-\u200f\u2060])+(?=\d)"
)


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a canary was found: `place` names the table, file or stream, `what` the number."""

    place: str
    what: str


def hits_in(place: str, text: str) -> list[Hit]:
    """Each canary that `text` holds, however its digits are written or spaced."""
    plain = "".join(
        character if (digit := unicodedata.digit(character, None)) is None else str(digit)
        for character in text
    )
    close = _BETWEEN.sub("", plain)
    return [
        Hit(place, name) for name, number in CANARIES.items() if number in plain or number in close
    ]


def hits_in_sqlite(path: Path) -> list[Hit]:
    """Every table of a database, read without its owner's help."""
    hits: list[Hit] = []
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            rows = database.execute(f'SELECT * FROM "{table}"').fetchall()
            hits += [hit for row in rows for hit in hits_in(f"table {table}", repr(row))]
    return hits


def hits_in_files(folder: Path) -> list[Hit]:
    """Every file below `folder` as bytes, so that a write-ahead log or a dump counts too."""
    hits: list[Hit] = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            hits += hits_in(f"file {path.name}", path.read_bytes().decode("utf-8", "replace"))
    return hits


def ways_to_write(number: str) -> list[str]:
    """Ways in which people, and those who test us, write the number."""
    wide = "".join(chr(0xFF10 + int(digit)) for digit in number)
    if number == CARD:
        groups = re.findall("....", number)
        return [number, " ".join(groups), "-".join(groups), wide]
    spaced = f"{number[:6]} {number[6:]}"
    return [number, spaced, f"{number[:6]}.{number[6:]}", f"{number[:6]}\u200b{number[6:]}", wide]
