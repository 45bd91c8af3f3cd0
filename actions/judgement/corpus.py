"""The training lines and conversations of ``data/judgement``, read and checked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from .acts import ACTS

DATA = Path(__file__).resolve().parents[2] / "data" / "judgement"

CONVERSATIONS = DATA / "conversations.jsonl"
ORDINARY = DATA / "ordinary.jsonl"
"""Lines of the bot's own training data with their intents, as they were at the time of writing."""

VARIETIES = (
    "bokmaal",
    "nynorsk",
    "bergen",
    "stavanger",
    "troendersk",
    "nordnorsk",
    "innlandet",
    "sms",
    "english",
)


class CorpusError(ValueError):
    """A data file is wrong; the message names file, place and cure."""


@dataclass(frozen=True)
class ActLine:
    """One line with every act it performs (none for ``neutral``)."""

    text: str
    variety: str
    acts: frozenset[str]


def fingerprint(paths: Iterable[Path]) -> str:
    """16 hex digits that change with the name or content of any file."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.name.encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:16]


def act_files(folder: Path = DATA / "acts") -> list[Path]:
    return sorted(folder.glob("*.yml"))


def read_act_lines(folder: Path = DATA / "acts") -> list[ActLine]:
    """Every line of ``<act>.yml``; a line that stands under several acts has them all."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for path in act_files(folder):
        act = path.stem
        if act != "neutral" and act not in ACTS:
            known = ", ".join(("neutral", *ACTS))
            raise CorpusError(f"{path}: no act {act!r}; rename the file to one of {known}")
        content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict):
            raise CorpusError(f"{path}: expected varieties with lists of lines under them")
        for variety, lines in content.items():
            if variety not in VARIETIES:
                raise CorpusError(
                    f"{path}: unknown variety {variety!r}; use {', '.join(VARIETIES)}"
                )
            for text in lines or []:
                if not isinstance(text, str):
                    raise CorpusError(f"{path}: {variety}: {text!r} is no text; put it in quotes")
                more = frozenset() if act == "neutral" else frozenset({act})
                found[text, variety] = found.get((text, variety), frozenset()) | more
    return [ActLine(text, variety, acts) for (text, variety), acts in found.items()]


def read_ordinary(path: Path = ORDINARY) -> list[tuple[str, str]]:
    """Intent and text of every ordinary line."""
    return [(str(row["intent"]), str(row["text"])) for row in read_jsonl(path)]


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """One JSON object a line; blank lines are skipped."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise CorpusError(f"{path}, line {number}: no valid JSON ({error})") from None
        if not isinstance(row, dict):
            raise CorpusError(f"{path}, line {number}: expected one JSON object")
        rows.append(row)
    return rows


def read_conversations(path: Path) -> list[dict[str, Any]]:
    """Conversations with ``id``, ``client``, ``variety``, ``turns`` and ``handoff``, checked."""
    rows = read_jsonl(path)
    for number, row in enumerate(rows, 1):
        place = f"{path}, conversation {number} ({row.get('id')!r})"
        turns, handoff = row.get("turns"), row.get("handoff")
        if not isinstance(turns, list) or not turns or not all(isinstance(t, str) for t in turns):
            raise CorpusError(f"{place}: turns must be a list of the customer's lines")
        if not isinstance(handoff, dict) or not isinstance(handoff.get("expected"), bool):
            raise CorpusError(f"{place}: handoff.expected must be true or false")
        earliest, latest = handoff.get("earliest"), handoff.get("latest")
        if handoff["expected"] and not (
            isinstance(earliest, int)
            and isinstance(latest, int)
            and 1 <= earliest <= latest <= len(turns)
        ):
            raise CorpusError(
                f"{place}: handoff.earliest and latest must be turn numbers from 1 to {len(turns)}"
            )
    return rows


def read_written(path: Path = CONVERSATIONS) -> list[dict[str, Any]]:
    """The project's own conversations: also ``scenario``, ``kind``, ``replies``, ``marks``,
    ``intents``, each of the last three with one entry a turn."""
    rows = read_conversations(path)
    for row in rows:
        for key in ("replies", "marks", "intents"):
            if len(row.get(key) or ()) != len(row["turns"]):
                raise CorpusError(f"{path}, {row['id']}: {key} needs one entry for each turn")
    return rows
