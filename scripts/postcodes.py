"""Writes bot/data/postcodes.tsv from Bring's register of Norwegian postcodes.

Save https://www.bring.no/postnummerregister-ansi.txt, which is free to use, then run
`.venv/bin/python -m scripts.postcodes FILE`. Its columns, tabs between and Windows' letters:
postcode, place, number of the municipality, municipality, kind.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from handoff.settings import ROOT

TARGET = ROOT / "bot" / "data" / "postcodes.tsv"
# A register of fewer codes was cut short on its way.
FEWEST = 4000
_WHICH_ONE = re.compile(r"\s*\(.*\)$")
_SMALL = frozenset({"i", "og", "på", "ved"})


def rows(register: str) -> list[tuple[str, str, str]]:
    """(postcode, place, municipality) in the order of the codes, names as they are written.

    Raises ValueError naming the line that is none of the register's.
    """
    found = []
    for number, line in enumerate(register.splitlines(), 1):
        fields = line.split("\t")
        if len(fields) < 4 or len(fields[0]) != 4 or not fields[0].isdigit():
            raise ValueError(f"line {number} is no line of the register: {line[:60]!r}")
        found.append((fields[0], _written(fields[1]), _written(fields[3])))
    return sorted(found)


def _written(name: str) -> str:
    """``MO I RANA`` as people write it, Mo i Rana; ``HERØY (NORDLAND)`` is Herøy."""
    words = _WHICH_ONE.sub("", name.strip()).lower().split()
    return " ".join(
        word
        if place and word in _SMALL
        else "-".join(part[:1].upper() + part[1:] for part in word.split("-"))
        for place, word in enumerate(words)
    )


def main(arguments: Sequence[str]) -> int:
    """Write the table; 1 with one sentence when the file cannot be used."""
    if len(arguments) != 1:
        print((__doc__ or "").strip(), file=sys.stderr)
        return 1
    try:
        found = rows(Path(arguments[0]).read_text("cp1252"))
    except (OSError, ValueError) as error:
        print(f"{arguments[0]}: {error}", file=sys.stderr)
        return 1
    if len(found) < FEWEST:
        print(f"{arguments[0]}: holds {len(found)} postcodes, expected more than {FEWEST}",
              file=sys.stderr)  # fmt: skip
        return 1
    lines = ["\t".join(row) for row in [("code", "place", "municipality"), *found]]
    TARGET.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{TARGET}: {len(found)} postcodes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
