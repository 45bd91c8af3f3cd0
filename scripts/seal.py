"""Seals measuring sets: writes what is needed to notice a near-copy of a line, and not the line.

`.venv/bin/python -m scripts.seal FILE...` reads TSV files with a `text` column and JSONL files with
`turns`, and writes tests/bot/sealed_lines.txt: for each line the salted hashes of its runs of four
characters. A test holds the training data against them.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import re
import secrets
import struct
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from handoff.settings import ROOT

SEALED = ROOT / "tests" / "bot" / "sealed_lines.txt"
RUN = 4
# Shorter lines ("hei", "nei takk") are everybody's.
FEWEST_WORDS = 4
# Of the runs of two lines together, the share that both have from which one is a near-copy.
NEAR = 0.6


def runs(text: str, salt: str) -> frozenset[int]:
    """Salted 32-bit hashes of a line's runs of characters; empty for a line too short to tell."""
    words = re.findall(r"[^\W\d_]+|\d+", text.lower())
    if len(words) < FEWEST_WORDS:
        return frozenset()
    plain = f" {' '.join(words)} "
    return frozenset(
        int.from_bytes(hashlib.sha256(f"{salt}{plain[i : i + RUN]}".encode()).digest()[:4])
        for i in range(len(plain) - RUN + 1)
    )


class Seal:
    """Sealed lines, and whether a line is much like one of them."""

    def __init__(self, salt: str, lines: Iterable[frozenset[int]]) -> None:
        self.salt = salt
        self._sizes: list[int] = []
        self._holders: dict[int, list[int]] = defaultdict(list)
        for number, line in enumerate(lines):
            self._sizes.append(len(line))
            for run in line:
                self._holders[run].append(number)

    def likeness(self, text: str) -> float:
        """Of the nearest sealed line, from 0 to 1 (Jaccard)."""
        mine = runs(text, self.salt)
        shared = Counter(number for run in mine for number in self._holders.get(run, ()))
        return max(
            (both / (len(mine) + self._sizes[number] - both) for number, both in shared.items()),
            default=0.0,
        )

    @classmethod
    def read(cls, path: Path = SEALED) -> Seal:
        """A seal as `write` wrote it."""
        salt, *lines = path.read_text("ascii").split()
        return cls(salt, (_unpacked(line) for line in lines))


def write(texts: Iterable[str], path: Path = SEALED) -> int:
    """Seal the lines under a new salt; returns how many were long enough."""
    salt = secrets.token_hex(16)
    sealed = sorted(_packed(found) for text in texts if (found := runs(text, salt)))
    path.write_text("\n".join((salt, *sealed)) + "\n", "ascii")
    return len(sealed)


def _packed(found: frozenset[int]) -> str:
    return base64.b85encode(struct.pack(f">{len(found)}I", *sorted(found))).decode("ascii")


def _unpacked(line: str) -> frozenset[int]:
    data = base64.b85decode(line)
    return frozenset(struct.unpack(f">{len(data) // 4}I", data))


def texts_of(path: Path) -> Iterator[str]:
    """The lines of a measuring set."""
    if path.suffix == ".jsonl":
        for line in path.read_text("utf-8").splitlines():
            yield from json.loads(line)["turns"]
    else:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield row["text"]


if __name__ == "__main__":
    files = [Path(name) for name in sys.argv[1:]]
    print(write(text for file in files for text in texts_of(file)), "lines sealed")
