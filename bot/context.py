"""A parsed message read against its conversation, before anything is decided on it.

Added to the parse data: ``corrects`` when the customer puts right what was understood before (the
intent is then the errand that was meant), ``lets_go_of`` when an errand that waits is dropped, and
``settled`` where what went before says what a line is about, or that it asks for nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from functools import lru_cache
from typing import Any

from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.corrections import Correction, Corrections
from bot.remarks import SMALL_TALK, Remark, Remarks, beyond_thanks, wrong_address

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
    parsed: dict[str, Any],
    tracker: DialogueStateTracker,
    parse: Parse,
    skills: Collection[str] = (),
) -> dict[str, Any]:
    """``parsed``, or what it means here. ``parse`` understands a text by itself.

    ``skills`` are the client's; without them every matter counts as its own.
    """
    text, corrections = str(parsed.get("text") or ""), _corrections()
    waiting = (tracker.slots[WAITING].value or {}) if WAITING in tracker.slots else {}
    in_hand = tracker.slots[ERRAND].value if ERRAND in tracker.slots else None
    while waiting:
        if corrections.lets_go_of(text, waiting["intent"], in_hand):
            return {**parsed, "lets_go_of": waiting["intent"]}
        waiting = waiting.get("then") or {}
    wrong = wrong_address(text, _last_errand(tracker), skills)
    if wrong and not tracker.active_loop_name:
        return _torn(parsed, wrong)
    misread, understood = _misread(tracker, corrections.intents)
    found = corrections.find(text, misread, understood) if understood else None
    if found is None:
        pointed = corrections.pointed_at(text, misread, understood) if understood else None
        meant = pointed and await _pointed(parsed, pointed, understood, corrections, parse)
        return meant or await _remarked(parsed, tracker, parse, skills)
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
) -> dict[str, Any] | None:
    """ "Kjem ho i morgon?" after talk of a newspaper: about that, and about no person.

    None when nothing comes of it.
    """
    best = parsed.get("best_intent") or parsed.get("intent") or {}
    mine = corrections.intents_about(pointed.matter)
    unclear = float(best.get("confidence") or 0.0) < UNCLEAR
    if best.get("name") in mine or not (unclear or best.get("name") in corrections.mistaken):
        return None
    ranking = (await parse(pointed.text)).get("intent_ranking") or []
    rows = [row for row in ranking if row.get("name") in mine]
    # A guess may look something up; it reports and changes nothing.
    asking = [row for row in rows if row["name"] in ONLY_ASK and row["name"] != understood]
    found = next((row for row in rows if row["confidence"] >= CLEAR), None) or next(
        (row for row in asking if row["confidence"] >= LIKELY), None
    )
    if found is None:
        return None
    return {
        **parsed,
        "intent": dict(found),
        "best_intent": dict(found),
        "intent_ranking": [found, *(row for row in ranking if row is not found)],
        "plausible": [found["name"]],
        "settled": "pointed",
    }


async def _remarked(
    parsed: dict[str, Any], tracker: DialogueStateTracker, parse: Parse, skills: Collection[str]
) -> dict[str, Any]:
    """``parsed`` after thanks in front of a question, and in the light of the last errand."""
    text = str(parsed.get("text") or "")
    begins = beyond_thanks(text) if (parsed.get("intent") or {}).get("name") in SMALL_TALK else 0
    if begins:
        again = await parse(text[begins:])
        if (again.get("intent") or {}).get("name") not in SMALL_TALK | {"nlu_fallback"}:
            parsed = {**again, "text": text, "entities": _moved(again, begins)}
    # What is signed or asked is known in a form too; what else was meant is the form's to say.
    last, done = _last_errand(tracker), bool(tracker.get_slot("done"))
    remark = _remarks().find({**parsed, "text": text[begins:]}, last, skills, done)
    if remark is None or (tracker.active_loop_name and remark.settled != "signed"):
        return parsed
    return _taken(parsed, remark)


def _moved(parsed: dict[str, Any], by: int) -> list[dict[str, Any]]:
    return [
        {**entity, "start": entity["start"] + by, "end": entity["end"] + by}
        for entity in parsed.get("entities") or []
    ]


def _torn(parsed: dict[str, Any], between: list[str]) -> dict[str, Any]:
    """The line may mean any of these and nothing else: which one is asked, if there are two."""
    ranking = [{"name": name, "confidence": 1 / len(between)} for name in between]
    best = ranking[0]
    return {
        **parsed,
        "intent": best,
        "best_intent": best,
        "intent_ranking": ranking,
        "plausible": between,
    }


def _taken(parsed: dict[str, Any], remark: Remark) -> dict[str, Any]:
    intent = {"name": remark.intent, "confidence": 1.0}
    ranking = parsed.get("intent_ranking") or []
    entities = parsed.get("entities") or []
    if remark.invoice_number:
        number = {"entity": "invoice_number", "value": remark.invoice_number}
        entities = [{**entity, **number} for entity in entities[:1]]
    return {
        **parsed,
        "intent": intent,
        "best_intent": intent,
        "intent_ranking": [intent, *(row for row in ranking if row["name"] != remark.intent)],
        "plausible": [remark.intent],
        "entities": entities,
        "settled": remark.settled,
        "about": remark.about,
    }


def _last_errand(tracker: DialogueStateTracker) -> str:
    """The errand that was begun last; empty before any."""
    for event in reversed(tracker.applied_events()):
        if isinstance(event, SlotSet) and event.key == ERRAND and event.value:
            return str(event.value)
    return ""


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
def _remarks() -> Remarks:
    return Remarks()


@lru_cache(maxsize=1)
def _corrections() -> Corrections:
    return Corrections()
