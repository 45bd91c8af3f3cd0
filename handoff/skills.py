"""Skills are the unit of bot content: one file of `data/nlu/` each, its intents inside."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from handoff.errors import InputError

NLU = Path(__file__).resolve().parent.parent / "data" / "nlu"
# Every client has it; its intents are talk, not errands.
COMMON = "common"

_INTENT = re.compile(r"^ {0,2}- intent: *([a-z_]+) *$", re.MULTILINE)


@lru_cache(maxsize=8)
def read_skills(folder: Path = NLU) -> dict[str, frozenset[str]]:
    """The intents of each skill. Raises InputError when there is no training data."""
    found = {
        path.stem: frozenset(_INTENT.findall(path.read_text("utf-8")))
        for path in sorted(folder.glob("*.yml"))
    }
    if COMMON not in found:
        raise InputError(
            f"{folder} has no {COMMON}.yml.", cure="Restore the training data: git checkout data."
        )
    return found
