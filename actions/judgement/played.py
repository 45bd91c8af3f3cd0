"""``python -m actions.judgement.played``: what the real bot did in the written conversations.

The written bot's side is what an author thought of. The score is learnt on both: what was written,
and the turns that the real bot made of the same customers' lines. Reads one JSON object a line from
standard input, ``{"id", "events"}`` with the tracker's events, and writes ``played.jsonl``.
`stafett handoff play` runs the bot for it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from .corpus import DATA, read_jsonl
from .history import History, Reply, Turn

PLAYED = DATA / "played.jsonl"
_DEFAULTS = {each.name: each.default for each in fields(Turn) if each.name != "text"}


def as_row(id_: str, events: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A conversation as it is kept: per turn the text and what is not as if nothing was done."""
    turns = []
    for turn in History.whole(list(events)).turns:
        told = asdict(turn)
        del told["at"], told["vector"]  # a machine typed it; vectors are made anew
        turns.append(
            {
                name: value
                for name, value in told.items()
                if name == "text" or value != _DEFAULTS[name]
            }
        )
    return {"id": id_, "turns": turns}


def as_turn(row: Mapping[str, Any]) -> Turn:
    """The turn that `as_row` kept."""
    told = {name: _tuples(value) for name, value in row.items()}
    told["replies"] = tuple(
        Reply(each["text"], each["name"], tuple(each["payloads"]))
        for each in row.get("replies", ())
    )
    return Turn(**told)


def played_turns(row: Mapping[str, Any], vectors: Mapping[str, str]) -> list[Turn]:
    """A written conversation as it was played; empty when it was not, or has other lines now."""
    turns = _played_once().get(row["id"], ())
    if [turn.text for turn in turns] != row["turns"]:
        return []
    return [replace(turn, vector=vectors.get(turn.text, "")) for turn in turns]


@lru_cache(maxsize=1)
def _played_once() -> dict[str, tuple[Turn, ...]]:
    return read_played()


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def read_played(path: Path = PLAYED) -> dict[str, tuple[Turn, ...]]:
    """The played conversations by id."""
    return {
        str(row["id"]): tuple(as_turn(turn) for turn in row["turns"]) for row in read_jsonl(path)
    }


def main() -> None:
    rows = [json.loads(line) for line in sys.stdin]
    made = sorted((as_row(row["id"], row["events"]) for row in rows), key=lambda row: row["id"])
    lines = (json.dumps(row, ensure_ascii=False, sort_keys=True) for row in made)
    PLAYED.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(len(made))


if __name__ == "__main__":
    main()
