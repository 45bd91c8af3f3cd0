"""A parsed message read against its conversation, before anything is decided on it.

Two things are added to the parse data: ``corrects`` when the customer puts right what was
understood before (the intent is then the errand that was meant), and ``lets_go_of`` when an errand
that waits is dropped.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.corrections import Corrections

WAITING = "waiting_errand"
ERRAND = "errand"
Parse = Callable[[str], Awaitable[dict[str, Any]]]


async def in_context(
    parsed: dict[str, Any], tracker: DialogueStateTracker, parse: Parse
) -> dict[str, Any]:
    """``parsed``, or what it means here. ``parse`` understands a text by itself."""
    text, corrections = str(parsed.get("text") or ""), _corrections()
    waiting = (tracker.slots[WAITING].value or {}) if WAITING in tracker.slots else {}
    if waiting:
        in_hand = tracker.slots[ERRAND].value if ERRAND in tracker.slots else None
        if corrections.lets_go_of(text, waiting["intent"], in_hand):
            return {**parsed, "lets_go_of": waiting["intent"]}
    misread, understood = _misread(tracker, corrections.intents)
    found = corrections.find(text, misread, understood) if understood else None
    if found is None:
        return parsed
    again = await parse(found.text)
    ranking = again.get("intent_ranking") or []
    name, confidence = corrections.errand(found.matter, ranking, parsed.get("intent_ranking") or [])
    intent = {"name": name, "confidence": confidence}
    others = [row for row in ranking if row.get("name") != name]
    return {
        **parsed,
        "intent": intent,
        "best_intent": intent,
        "intent_ranking": [intent, *others],
        "plausible": [name],
        "settled": "corrected",
        "corrects": {"text": found.text, "entities": again.get("entities") or []},
    }


def _misread(tracker: DialogueStateTracker, errands: frozenset[str]) -> tuple[str, str]:
    """The newest message that was taken for an errand, and for which; empty without one."""
    for event in reversed(tracker.applied_events()):
        if not isinstance(event, UserUttered):
            continue
        name = str((event.intent or {}).get("name") or "")
        if name in errands:
            corrected = (event.parse_data or {}).get("corrects") or {}
            text = str(corrected.get("text") or event.text or "")
            return ("" if text.startswith("/") else text), name
    return "", ""


@lru_cache(maxsize=1)
def _corrections() -> Corrections:
    return Corrections()
