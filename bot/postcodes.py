"""The register of Norwegian postcodes, and names of places.

``bot/data/postcodes.tsv`` is the register (see NOTICE, and scripts/postcodes.py to renew it);
``bot/data/places.tsv`` names what it does not: parts of towns, islands, places abroad. Anybody may
add some there. It also names countries, regions and chains of shops, which are no places, and
everyday words that are a place's name too, and people's first names: "Kari Lund" is no place.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

REGISTER = Path(__file__).parent / "data" / "postcodes.tsv"
PLACES = Path(__file__).parent / "data" / "places.tsv"
# Postcodes that a big town has at least.
BIG = 5
COMMON = "common word"
FIRST_NAME = "first name"
NO_PLACES = ("country", "county or region", "chain of shops", "newspaper")
# The register tells two towns of one name apart: Kristiansand S, Kristiansund N.
_WHICH_OF_TWO = re.compile(r" [NS]$")


@cache
def _register() -> dict[str, tuple[str, str]]:
    return {row["code"]: (row["place"], row["municipality"]) for row in _rows(REGISTER)}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def place_of(postcode: str) -> str | None:
    """The place a postcode stands for ("5003" is Bergen), or None when there is no such code."""
    row = _register().get(postcode)
    return row[0] if row else None


def town_of(postcode: str) -> str | None:
    """The municipality of a postcode, in lower case."""
    row = _register().get(postcode)
    return row[1].lower() if row else None


@cache
def _codes() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code, (place, _) in _register().items():
        found.setdefault(_WHICH_OF_TWO.sub("", place).lower(), []).append(code)
    return found


def codes_told(name: str) -> dict[str, Any]:
    """What a place's name says of its postcode: the only one, or how many it may be."""
    codes = _codes().get(name.strip().lower(), [])
    if not codes:
        return {}
    return {"postcode": codes[0]} if len(codes) == 1 else {"postcodes": len(codes)}


def postcodes() -> Iterable[str]:
    """Every postcode in use, in order."""
    return _register().keys()


@cache
def town_names() -> frozenset[str]:
    """Names of the register's places and municipalities, in lower case."""
    names = {name for row in _register().values() for name in row}
    # "Våler i Solør" is Våler to its neighbours.
    short = {_WHICH_OF_TWO.sub("", name).partition(" i ")[0] for name in names}
    return frozenset(name.lower() for name in names | short)


@cache
def big_towns() -> frozenset[str]:
    """Places of many postcodes, in lower case: those that people name most."""
    counts = Counter(_WHICH_OF_TWO.sub("", place).lower() for place, _ in _register().values())
    return frozenset(name for name, count in counts.items() if count >= BIG)


@cache
def place_names() -> frozenset[str]:
    """Every known name of a place, in lower case; some are words of several words."""
    apart = (*NO_PLACES, COMMON, FIRST_NAME)
    return town_names() | {
        row["name"].lower() for row in _rows(PLACES) if row["where"] not in apart
    }


@cache
def common_words() -> frozenset[str]:
    """Names of places that are everyday words as well when they are written small."""
    return frozenset(row["name"] for row in _rows(PLACES) if row["where"] == COMMON)


@cache
def other_names() -> dict[str, str]:
    """Names in lower case that stand where a place's might: what each names instead."""
    return {row["name"].lower(): row["where"] for row in _rows(PLACES) if row["where"] in NO_PLACES}


@cache
def first_names() -> frozenset[str]:
    """People's first names, in lower case, that are no place's."""
    return frozenset(row["name"].lower() for row in _rows(PLACES) if row["where"] == FIRST_NAME)
