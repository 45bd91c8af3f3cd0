"""Reads the data sets: the project's own examples, and public ones that are no part of it.

NorSID (xSID 0.7, CC BY-SA 4.0), CLINC150 (Larson et al. 2019, CC BY 3.0), BANKING77 (Casanueva et
al. 2020, CC BY 4.0).
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_HEADER = re.compile(r"# (\w+) = (.*)")
# Of the lines, where no file of test lines is given.
HELD_OUT = 4


class DataError(Exception):
    """What is wrong with a data set's file, and the cure."""


@dataclass(frozen=True)
class Line:
    """One labelled line. Lines of one ``group`` say the same; ``tags`` are B-, I- and O.

    ``skills`` are those of the client that it is said to (empty: of all), or of its intent.
    """

    text: str
    intent: str
    group: str
    variety: str = ""
    words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()


@dataclass(frozen=True)
class Task:
    """Lines to train on and lines to be measured on, none of a group in both.

    Where no line has a ``group``, those that are alike say the same. ``plain`` is the variety to
    train on alone, too; ``out_of_scope`` the intent of what is not served.
    """

    name: str
    train: Sequence[Line]
    test: Sequence[Line]
    plain: str | None = None
    out_of_scope: str | None = None


def norsid(folder: Path, test: Path | None) -> Task:
    """Commands to an assistant: Bokmål (B), the west (V), Trøndelag (T) and the north (N)."""
    lines = _conll(folder / "no.valid.conll")
    if test is None:
        return Task("norsid", *_parted(lines), plain="B")
    return Task("norsid", lines, _conll(test), plain="B")


def clinc150(folder: Path, test: Path | None) -> Task:
    """150 intents of an assistant and what is out of scope, in English."""
    data = _json(folder / "train_val.json")
    train = [*data.get("train", ()), *data.get("oos_train", ())]
    if test is None:
        held = [*data.get("val", ()), *data.get("oos_val", ())]
    else:
        other = _json(test)
        held = [pair for name, pairs in other.items() if "train" not in name for pair in pairs]
    return Task("clinc150", _pairs(train), _pairs(held), out_of_scope="oos")


def banking77(folder: Path, test: Path | None) -> Task:
    """77 questions to a bank, in English."""
    lines = _csv(folder / "train.csv")
    if test is None:
        return Task("banking77", *_parted(lines))
    return Task("banking77", lines, _csv(test))


def product(folder: Path, test: Path | None) -> Task:
    """The project's own examples (``folder`` is its root), and lines for its demo clients."""
    from bot.importer import SkillImporter

    if test is None:
        raise DataError("product: name a file of lines to measure on with --test")
    examples = SkillImporter(None, str(folder / "domain.yml")).get_nlu_data().intent_examples
    if not examples:
        raise DataError(f"{folder}: there are no examples in data/nlu")
    train = [
        Line(
            message.get("text"),
            message.get("intent"),
            "",
            message.get("variety"),
            skills=(message.get("skill"),),
        )
        for message in examples
    ]
    clients = {
        path.stem: tuple(yaml.safe_load(_text(path))["skills"])
        for path in sorted((folder / "clients").glob("*.yml"))
    }
    return Task("product", train, list(_utterances(test, clients)))


def _utterances(path: Path, clients: dict[str, tuple[str, ...]]) -> Iterator[Line]:
    rows = csv.DictReader(_text(path).splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    for row in rows:
        names = list(clients) if row.get("client") == "both" else [row.get("client")]
        for name in names:
            if name not in clients or not row.get("text") or not row.get("intent"):
                raise DataError(
                    f"{path}: line {rows.line_num} must have a client, an intent and a text; "
                    f"clients are {', '.join(clients)} and both"
                )
            yield Line(
                row["text"], row["intent"], "", row.get("variety") or "", skills=clients[name]
            )


TASKS: dict[str, Callable[[Path, Path | None], Task]] = {
    "norsid": norsid,
    "clinc150": clinc150,
    "banking77": banking77,
    "product": product,
}


def _parted(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """One group in `HELD_OUT` is for measuring; a group is never split."""
    groups = {group: number for number, group in enumerate(dict.fromkeys(x.group for x in lines))}
    held = [groups[line.group] % HELD_OUT == 0 for line in lines]
    return (
        [line for line, out in zip(lines, held, strict=True) if not out],
        [line for line, out in zip(lines, held, strict=True) if out],
    )


def _conll(path: Path) -> list[Line]:
    return [_block(path, block) for block in _text(path).strip().split("\n\n") if block.strip()]


def _block(path: Path, block: str) -> Line:
    headers: dict[str, str] = {}
    rows: list[list[str]] = []
    for line in block.splitlines():
        if found := _HEADER.fullmatch(line):
            headers[found[1]] = found[2]
        elif line and not line.startswith("#"):
            rows.append(line.split("\t"))
    if "text" not in headers or any(len(row) < 4 for row in rows):
        raise DataError(f"{path}: a block lacks its text or a column: {block[:60]!r}")
    return Line(
        headers["text"],
        headers["intent"],
        # "300/8" is the content 300 in its eighth variety.
        headers.get("id", headers["text"]).partition("/")[0],
        headers.get("dialect", ""),
        tuple(row[1] for row in rows),
        tuple(row[3] for row in rows),
    )


def _json(path: Path) -> dict[str, list[list[str]]]:
    try:
        data: Any = json.loads(_text(path))
    except json.JSONDecodeError as error:
        raise DataError(f"{path}: line {error.lineno} is not JSON: {error.msg}") from None
    if isinstance(data, list):
        data = {"test": data}
    if not isinstance(data, dict) or not all(isinstance(pairs, list) for pairs in data.values()):
        raise DataError(f"{path}: expected lists of [text, intent] under names such as `train`")
    return data


def _pairs(pairs: Iterable[Sequence[str]]) -> list[Line]:
    return [Line(pair[0], pair[1], str(number)) for number, pair in enumerate(pairs)]


def _csv(path: Path) -> list[Line]:
    rows = list(csv.DictReader(_text(path).splitlines(keepends=True)))
    if not rows or not {"text", "category"} <= rows[0].keys():
        raise DataError(f"{path}: the first line must name the columns text and category")
    return [Line(row["text"], row["category"], str(n)) for n, row in enumerate(rows)]


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read: {getattr(error, 'strerror', error)}") from None
