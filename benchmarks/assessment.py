"""What the assessment adds to a turn: the call of `action_assess`, as Rasa makes it.

Rasa sends the whole tracker with every call, so the round trip grows with the talk. It comes
from a stock Rasa that had the talk, and goes over HTTP to the action server. No domain goes
along: `endpoints.yml` sends it only to actions that ask for it.
"""

from __future__ import annotations

import json
import statistics
import time
import uuid
from itertools import cycle, islice
from typing import Any

import httpx

from benchmarks.bot_turn import LINES, METADATA
from benchmarks.figures import Figure
from tests.whole import Whole

TURNS = (3, 40)
CALLS = 30
ADDED_MS = 15.0


async def measure_assessment(running: Whole, url: str, figures: list[Figure]) -> None:
    """p50 in milliseconds at turns 3 and 40. `url` is stock Rasa's, with its API on."""
    actions = f"http://127.0.0.1:{running.ports['ACTIONS_PORT']}/webhook"
    async with httpx.AsyncClient(timeout=60) as http:
        for turns in TURNS:
            tracker = await _talk(http, url, turns)
            costs = [await _call(http, actions, tracker) for _ in range(CALLS + 1)]
            # The first call judges the last lines anew; in a talk they are remembered.
            spent = statistics.median(costs[1:]) * 1000
            figures.append(Figure(f"assessment's call at turn {turns}, p50", spent, "ms", ADDED_MS))


async def _talk(http: httpx.AsyncClient, url: str, turns: int) -> dict[str, Any]:
    """A conversation of so many lines; its tracker with every event."""
    sender = uuid.uuid4().hex
    for text in islice(cycle(LINES), turns):
        body = {"sender": sender, "message": text, "metadata": METADATA}
        (await http.post(f"{url}/webhooks/rest/webhook", json=body)).raise_for_status()
    kept = await http.get(f"{url}/conversations/{sender}/tracker?include_events=ALL")
    tracker: dict[str, Any] = kept.raise_for_status().json()
    for event in tracker["events"]:
        if event["event"] == "user":
            event["parse_data"]["metadata"] = {}  # as `bot.processor` leaves it
    return tracker


async def _call(http: httpx.AsyncClient, actions: str, tracker: dict[str, Any]) -> float:
    """Seconds from before the call is put into JSON until its answer is read."""
    began = time.perf_counter()
    call = {"next_action": "action_assess", "sender_id": tracker["sender_id"],
            "tracker": tracker, "domain": {}}  # fmt: skip
    sent = {"Content-Type": "application/json"}
    answer = await http.post(actions, content=json.dumps(call), headers=sent)
    events = answer.raise_for_status().json()["events"]
    spent = time.perf_counter() - began
    assert events[0]["value"], "nothing was assessed"
    return spent
