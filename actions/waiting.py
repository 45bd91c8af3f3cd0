"""The errand that waits: said in the same message as another, kept until that one has ended.

Kept in a slot as ``{"intent", "confidence", "text", "entities", "turn_id", "then"}``: its own part
of the message, from which its form begins when its turn has come. ``then`` is the one that waits
for it in turn, or None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

SLOT = "waiting_errand"
NEXT = "action_next_errand"
SHARED = frozenset(
    "tracking_number subscription_number invoice_number policy_number claim_number".split()
)
"""Kinds of numbers that, said once, serve both errands."""
NAMES: Mapping[str, tuple[str, str, str]] = {
    "invoice_question": ("fakturaen", "fakturaen", "the invoice"),
    "change_payment": ("betalingen", "betalinga", "the payment"),
    "refund": ("tilbakebetalingen", "tilbakebetalinga", "the refund"),
    "track_parcel": ("pakken", "pakka", "the parcel"),
    "change_delivery": (
        "leveringen av pakken",
        "leveringa av pakka",
        "the delivery of the parcel",
    ),
    "parcel_not_received": (
        "pakken som ikke kom",
        "pakka som ikkje kom",
        "the parcel that did not come",
    ),
    "parcel_damaged": ("den skadde pakken", "den skadde pakka", "the damaged parcel"),
    "return_parcel": ("returen", "returen", "the return"),
    "pickup_point": ("hentestedet", "hentestaden", "the pickup point"),
    "newspaper_missing": (
        "avisen som ikke kom",
        "avisa som ikkje kom",
        "the newspaper that did not come",
    ),
    "pause_subscription": ("pausen i avisen", "pausen i avisa", "the newspaper pause"),
    "change_address": ("den nye adressen", "den nye adressa", "the new address"),
    "newspaper_delivery_time": (
        "tiden avisen kommer",
        "tida avisa kjem",
        "the newspaper's delivery time",
    ),
    "cancel_subscription": (
        "oppsigelsen av avisen",
        "oppseiinga av avisa",
        "cancelling the newspaper",
    ),
    "report_claim": ("skaden", "skaden", "the damage"),
    "claim_status": ("skadesaken", "skadesaka", "the claim"),
    "insurance_documents": ("dokumentene", "dokumenta", "the documents"),
    "coverage_question": ("spørsmålet om dekning", "spørsmålet om dekning", "what is covered"),
    "price_quote": ("prisen på forsikring", "prisen på forsikring", "the price of insurance"),
    "cancel_policy": (
        "oppsigelsen av forsikringen",
        "oppseiinga av forsikringa",
        "cancelling the policy",
    ),
    "roadside_assistance": ("veihjelpen", "veghjelpa", "roadside assistance"),
    "opening_hours": ("åpningstidene", "opningstidene", "the opening hours"),
    "contact_info": ("kontaktopplysningene", "kontaktopplysningane", "the contact details"),
}


def name_of(intent: str, language: str) -> str:
    """An errand in the middle of a sentence: "fakturaen"."""
    nb, nn, en = NAMES.get(intent, ("det andre", "det andre", "the other matter"))
    return {"nn": nn, "en": en}.get(language, nb)


def part(message: Mapping[str, Any], number: int) -> dict[str, Any] | None:
    """One errand of a message that holds more, with what was said of it; None of any other."""
    errands = message.get("errands") or []
    if len(errands) < 2 or number >= len(errands):
        return None
    errand = errands[number]
    start, end = int(errand["start"]), int(errand["end"])
    own, others = [], []
    for entity in message.get("entities") or []:
        at = int(entity.get("start") or 0), int(entity.get("end") or 0)
        if start <= at[0] and at[1] <= end:
            own.append({**entity, "start": at[0] - start, "end": at[1] - start})
        elif entity.get("entity") in SHARED:
            others.append({**entity, "start": 0, "end": 0})
    kinds = {entity.get("entity") for entity in own}
    return {
        "intent": errand["intent"],
        "confidence": errand["confidence"],
        "text": str(message.get("text") or "")[start:end].strip(),
        "entities": [*own, *(e for e in others if e.get("entity") not in kinds)],
        "turn_id": (message.get("metadata") or {}).get("turn_id"),
        "then": part(message, number + 1) if number else None,
    }


def in_turn(kept: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """An errand that waits and those that wait for it, the next one first."""
    return [kept, *in_turn(kept.get("then"))] if kept else []


def without(kept: Mapping[str, Any] | None, intent: str | None) -> dict[str, Any] | None:
    """What still waits when one of the errands is dropped, or is in hand already."""
    if not kept:
        return None
    rest = without(kept.get("then"), intent)
    return rest if kept["intent"] == intent else {**kept, "then": rest}


def joined(
    first: Mapping[str, Any] | None, later: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """What waits, with what waited before it behind; an errand named again is not kept twice."""
    if not first:
        return dict(later) if later else None
    rest = later
    for each in in_turn(first):
        rest = without(rest, str(each["intent"]))
    then = first.get("then")
    return {**first, "then": joined(then, rest) if then else rest}


def names_of(kept: Mapping[str, Any] | None, language: str) -> str:
    """ "pakken, fakturaen og returen": what waits, in order."""
    *names, last = [name_of(each["intent"], language) for each in in_turn(kept)]
    and_ = {"en": " and "}.get(language, " og ")
    return f"{', '.join(names)}{and_}{last}" if names else last


def taken_up(events: Sequence[Mapping[str, Any]], since: int) -> dict[str, Any] | None:
    """The errand taken up after the user message at index ``since``; None when none was."""
    begun = [i for i, e in enumerate(events) if i > since and e.get("name") == NEXT]
    if not begun:
        return None
    for event in reversed(events[: begun[-1]]):
        if event.get("event") == "slot" and event.get("name") == SLOT and event.get("value"):
            return dict(event["value"])
    return None


def waiting(slots: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The errand that waits. One of an earlier session was given up with it."""
    kept = slots.get(SLOT)
    if not kept:
        return None
    for event in reversed(events):
        if event.get("event") == "session_started":
            return None
        said = (event.get("metadata") or {}).get("turn_id")
        if event.get("event") == "user" and said == kept.get("turn_id"):
            break
    return dict(kept)


def wish(kept: Mapping[str, Any]) -> dict[str, str]:
    """The line of the agent's card, so that the customer need not say it again."""
    intent, said = str(kept["intent"]), str(kept["text"])[:200]
    return {
        "nb": f"Kunden vil også: {name_of(intent, 'nb')}, «{said}»",
        "en": f"The customer also wants: {name_of(intent, 'en')}, “{said}”",
    }
