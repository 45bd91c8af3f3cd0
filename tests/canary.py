"""Numbers that must never be kept, and the search for them. Usable on any file, log or table."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
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
    return _apart("sqlite", path)


def hits_in_files(folder: Path) -> list[Hit]:
    """Every file below `folder` as bytes, so that a write-ahead log or a dump counts too."""
    return _apart("files", folder)


def _apart(kind: str, path: Path) -> list[Hit]:
    """The search in a process of its own.

    Closing a file gives up this process's locks on it, and a second SQLite in one process knows
    nothing of the first: a service that runs here would lose its database under its feet.
    """
    command = [sys.executable, "-m", "tests.canary", kind, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [Hit(place, what) for place, what in json.loads(done.stdout)]


def _in_sqlite(path: Path) -> list[Hit]:
    hits: list[Hit] = []
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            rows = database.execute(f'SELECT * FROM "{table}"').fetchall()
            hits += [hit for row in rows for hit in hits_in(f"table {table}", repr(row))]
    return hits


def _in_files(folder: Path) -> list[Hit]:
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


if __name__ == "__main__":
    _search = {"sqlite": _in_sqlite, "files": _in_files}[sys.argv[1]]
    print(json.dumps([(hit.place, hit.what) for hit in _search(Path(sys.argv[2]))]))
