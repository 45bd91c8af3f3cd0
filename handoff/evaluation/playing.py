"""The written conversations with the real bot on the other side."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from handoff.evaluation.rig import Rig
from handoff.settings import ROOT
from handoff.tokens import new_id

_AT_ONCE = 4


def read_scripts(path: Path) -> list[dict[str, Any]]:
    """The conversations' ids, clients and lines; what is wrong there, training tells."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def calm_scores(path: Path) -> Path:
    """Scores with which no customer is ever frustrated: the bot goes on to each last line."""
    raw = json.loads((ROOT / "actions" / "judgement" / "scores.json").read_text("utf-8"))
    raw["frustration"] = {"weights": {}, "bias": -40.0, "slope": 1.0, "offset": 0.0}
    path.write_text(json.dumps(raw), "utf-8")
    return path


async def played(
    rig: Rig, scripts: Sequence[dict[str, Any]], tick: Callable[[], None]
) -> list[dict[str, Any]]:
    """The tracker's events of each, by the script's id. A bot that handed over is woken."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(script: dict[str, Any]) -> dict[str, Any]:
        async with gate:
            conversation = new_id()
            for text in script["turns"]:
                answer = await rig.turn(script["client"], conversation, text)
                if answer.signal is not None:
                    await rig.bot.wake(conversation, [], {})
            events = await rig.bot.memory(conversation)
            tick()
            return {"id": script["id"], "events": events}

    return list(await asyncio.gather(*(one(script) for script in scripts)))
