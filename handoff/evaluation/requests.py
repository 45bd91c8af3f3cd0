"""Whether the bot hears who asks for a person, and only them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handoff.evaluation.labelled import one_of, table
from handoff.evaluation.passing import interval
from handoff.evaluation.rig import Rig
from handoff.tokens import new_id
from handoff.validation.examples import VARIETIES

COLUMNS = ("id", "variety", "asks", "text")
AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """A line, whether it asks for a person, and whether the bot passed it on for that."""

    id: str
    variety: str
    text: str
    asks: bool
    heard: bool = False


def read_requests(path: Path) -> list[Asked]:
    """Lines of a tab-separated file with a header. Raises InputError naming file and line."""
    found = []
    for place, row in table(path, COLUMNS):
        one_of(place, "variety", row["variety"], VARIETIES)
        asks = one_of(place, "value of `asks`", row["asks"], ("1", "0"))
        found.append(Asked(row["id"], row["variety"], row["text"], asks == "1"))
    return found


async def evaluate_requests(
    rig: Rig, lines: Sequence[Asked], tick: Callable[[], None]
) -> list[Asked]:
    """Every line as the first of a conversation with the first client company."""
    gate, client = asyncio.Semaphore(AT_ONCE), rig.first

    async def one(line: Asked) -> Asked:
        async with gate:
            answer = await rig.turn(client, new_id(), line.text)
            tick()
            # Who asks and gets a person for another reason is helped; who does not ask, and gets
            # one for a death in the family, was not misheard.
            signal = answer.signal
            heard = signal is not None and (line.asks or signal["reason"] == "asked_human")
            return Asked(line.id, line.variety, line.text, line.asks, heard)

    return list(await asyncio.gather(*(one(line) for line in lines)))


def report(results: Sequence[Asked], client: str) -> dict[str, Any]:
    """`recall` of those who ask, `precision` of those heard, with 95 % intervals, by variety."""
    groups: dict[str, list[Asked]] = defaultdict(list)
    for each in results:
        groups[each.variety].append(each)
    return {
        **_figures(results),
        "client": client,
        "n": len(results),
        "by_variety": {name: _figures(group) for name, group in sorted(groups.items())},
        "rows": [
            {"id": each.id, "asks": each.asks, "heard": each.heard, "text": each.text}
            for each in results
        ],
    }


def _figures(results: Sequence[Asked]) -> dict[str, Any]:
    right = sum(each.asks and each.heard for each in results)
    asks, heard = (sum(getattr(each, side) for each in results) for side in ("asks", "heard"))
    return {
        "recall": round(right / asks, 4) if asks else None,
        "recall_interval": interval(right, asks),
        "precision": round(right / heard, 4) if heard else None,
        "precision_interval": interval(right, heard),
    }
