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

from bot.corrections import Correction, Corrections

WAITING = "waiting_errand"
ERRAND = "errand"
UNCLEAR = 0.6
"""Below this a line that only points at something is read with what it points at."""
CLEAR, LIKELY = 0.8, 0.2
"""From the first that reading is believed; from the second, that another errand with the same
thing is meant than the one just done, as long as it is one of those that only ask."""
ONLY_ASK = frozenset({"track_parcel", "pickup_point", "newspaper_delivery_time"})
Parse = Callable[[str], Awaitable[dict[str, Any]]]


async def in_context(
    parsed: dict[str, Any], tracker: DialogueStateTracker, parse: Parse
) -> dict[str, Any]:
    """``parsed``, or what it means here. ``parse`` understands a text by itself."""
    text, corrections = str(parsed.get("text") or ""), _corrections()
    waiting = (tracker.slots[WAITING].value or {}) if WAITING in tracker.slots else {}
    in_hand = tracker.slots[ERRAND].value if ERRAND in tracker.slots else None
    while waiting:
        if corrections.lets_go_of(text, waiting["intent"], in_hand):
            return {**parsed, "lets_go_of": waiting["intent"]}
        waiting = waiting.get("then") or {}
    misread, understood = _misread(tracker, corrections.intents)
    found = corrections.find(text, misread, understood) if understood else None
    if found is None:
        pointed = corrections.pointed_at(text, misread, understood) if understood else None
        if pointed is None:
            return parsed
        return await _pointed(parsed, pointed, understood, corrections, parse)
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


async def _pointed(
    parsed: dict[str, Any],
    pointed: Correction,
    understood: str,
    corrections: Corrections,
    parse: Parse,
) -> dict[str, Any]:
    """ "Kjem ho i morgon?" after talk of a newspaper: about that, and about no person."""
    best = parsed.get("best_intent") or parsed.get("intent") or {}
    mine = corrections.intents_about(pointed.matter)
    unclear = float(best.get("confidence") or 0.0) < UNCLEAR
    if best.get("name") in mine or not (unclear or best.get("name") in corrections.mistaken):
        return parsed
    ranking = (await parse(pointed.text)).get("intent_ranking") or []
    rows = [row for row in ranking if row.get("name") in mine]
    # A guess may look something up; it reports and changes nothing.
    asking = [row for row in rows if row["name"] in ONLY_ASK and row["name"] != understood]
    found = next((row for row in rows if row["confidence"] >= CLEAR), None) or next(
        (row for row in asking if row["confidence"] >= LIKELY), None
    )
    if found is None:
        return parsed
    return {
        **parsed,
        "intent": dict(found),
        "best_intent": dict(found),
        "intent_ranking": [found, *(row for row in ranking if row is not found)],
        "plausible": [found["name"]],
        "settled": "pointed",
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
