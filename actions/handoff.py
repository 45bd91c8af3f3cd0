"""Passing the baton: the handoff signal, the offer of a person, and asking what was meant."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, ConversationPaused, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.choices import buttons_for, choices, most_wanted, response_texts
from actions.conversation import OFFERS, tell_of_other_field, tell_of_pictures, wants_picture
from actions.errand import FACTS, PASSING, Event
from actions.newspaper import stops_the_paper
from actions.tried import tried
from actions.turn import Turn, newest_errand
from actions.waiting import SLOT, in_turn, joined, wish

REASONS = (
    "asked_human",
    "frustration",
    "uncertainty",
    "policy",
    "repeated_failure",
    "no_progress",
    "client_system",
)
_STATED = {
    "asked_human": ("Kunden ba om et menneske", "The customer asked for a person"),
    "policy": (
        "Temaet tas av et menneske hos denne kunden",
        "This client lets a person take this topic",
    ),
}
_ACCEPTED = ("Kunden takket ja til et menneske", "The customer accepted the offer of a person")
FAR_FETCHED = 0.05
_NOT_FACTS = ("confirm", "pause_length")


class HandOff(Action):
    """Tells the customer why, emits the signal the bridge understands, and falls silent."""

    def name(self) -> str:
        return "action_handoff"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = Turn(tracker)
        signal = make_signal(turn)
        dispatcher.utter_message(
            response=_sentence(turn, signal, domain), hours=turn.hours, **_contact(turn)
        )
        dispatcher.utter_message(json_message=signal)
        passing = [s for s in (*PASSING, "errand", "outcome", "switch_to") if tracker.slots.get(s)]
        return [
            ActiveLoop(None),
            SlotSet("requested_slot", None),
            *[SlotSet(slot, None) for slot in passing],
            SlotSet("attempts", 0),
            SlotSet("prompt", "first"),
            SlotSet(SLOT, None),
            ConversationPaused(),
        ]


def make_signal(turn: Turn) -> dict[str, Any]:
    """The handoff signal: why, about what, how urgently, and everything known so far."""
    slots = turn.tracker.slots
    assessment = slots.get("assessment") or {}
    decided = assessment.get("decision") == "handoff" and assessment.get("reason") in REASONS
    policy = turn.intent in (turn.handoff.get("intents") or [])
    if decided:
        reason = assessment["reason"]
        reasons = list(assessment.get("reasons") or [])[:3]
    else:
        reason = "policy" if policy and turn.intent != "ask_human" else "asked_human"
        reasons = []
    judged = assessment if decided else {}
    first = turn.intent if turn.second else None
    topic = judged.get("topic") or (
        turn.intent if policy else newest_errand(turn.tracker.events) or first
    )
    second = joined(turn.second, turn.waiting)
    front = judged.get("priority") == "front" or topic in (turn.handoff.get("front") or [])
    verified = slots.get("verified") or {}
    facts = {s: slots[s] for s in FACTS if slots.get(s) is not None and s not in _NOT_FACTS}
    confirmed = {s: v for s, v in facts.items() if verified.get(s) == v}
    return {
        "type": "handoff",
        "v": 1,
        "reason": reason,
        "topic": topic,
        "priority": "front" if front else "normal",
        "reasons": reasons or [_stated(turn, reason)],
        "tried": [*tried(turn.tracker.events), *map(wish, in_turn(second))],
        "confirmed": confirmed,
        "guessed": {s: v for s, v in {**_loose(turn), **facts}.items() if s not in confirmed},
    }


def _stated(turn: Turn, reason: str) -> dict[str, Any]:
    nb, en = _STATED.get(reason, _STATED["asked_human"])
    if turn.intent == "affirm":
        return {"code": reason, "nb": f"{_ACCEPTED[0]}.", "en": f"{_ACCEPTED[1]}.", "quotes": []}
    if turn.is_payload or not turn.text:
        return {"code": reason, "nb": f"{nb}.", "en": f"{en}.", "quotes": []}
    said = (turn.text if turn.taken else turn.said)[:200]
    return {"code": reason, "nb": f"{nb}: «{said}»", "en": f"{en}: “{said}”", "quotes": [said]}


def _loose(turn: Turn) -> dict[str, Any]:
    """Facts seen in the customer's messages that no errand has asked about or taken."""
    taken = [e.get("value") for e in turn.tracker.events if e.get("event") == "slot"]
    seen: dict[str, Any] = {}
    for event in turn.tracker.events:
        if event.get("event") == "user":
            for entity in (event.get("parse_data") or {}).get("entities") or []:
                if entity.get("entity") in ("date", "period", "address", "place", "amount"):
                    # A day without a year is also read as the one that has been.
                    readings = (entity.get("value"), entity.get("past"), entity.get("day"))
                    if not any(reading in taken for reading in readings if reading):
                        seen[entity["entity"]] = entity.get("value")
    return seen


def _sentence(turn: Turn, signal: dict[str, Any], domain: dict[str, Any]) -> str:
    """The response that says why; a topic may have a sentence of its own."""
    if turn.desk_closed:
        return "utter_handoff_closed" if turn.hours else "utter_handoff_closed_plain"
    own = f"utter_handoff_{signal['topic']}"
    if signal["reason"] == "policy" and own in (domain.get("responses") or {}):
        return own
    return f"utter_handoff_{signal['reason']}"


def _contact(turn: Turn) -> dict[str, str]:
    return {key: turn.contact.get(key) or "" for key in ("phone", "email")}


class OfferHuman(Action):
    """Two buttons: a person, or going on here. Silent when this turn offered one already.

    On top of a question, or of an answer with buttons, it is one more button: the channel joins
    the two into one message, so that neither's buttons are lost and a "ja" answers the question.
    """

    def name(self) -> str:
        return "action_offer_human"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        replies = [e for e in Turn(tracker).events_since() if e.get("event") == "bot"]
        said = {(event.get("metadata") or {}).get("utter_action") for event in replies}
        offered = any("/ask_human" in str((e.get("data") or {}).get("buttons")) for e in replies)
        if not offered and not said & (OFFERS | {"utter_ask_human_or_retry"}):
            buttons = replies and (replies[-1].get("data") or {}).get("buttons")
            asking = bool(replies) and bool(tracker.active_loop_name or buttons)
            response = "utter_offer_human_too" if asking else "utter_offer_human"
            dispatcher.utter_message(response=response)
        return []


class Clarify(Action):
    """Asks which of two or three errands was meant, in the customer's own terms.

    Inside a form it leaves that to the form, which knows what it asked and asks more clearly.
    """

    def name(self) -> str:
        return "action_clarify"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = Turn(tracker)
        if tracker.active_loop_name:
            return [FollowupAction(tracker.active_loop_name)]
        if stops_the_paper(turn):
            return [FollowupAction("pause_subscription_form")]
        if wants_picture(turn):
            tell_of_pictures(dispatcher, turn)
            return []
        return ask_what_was_meant(dispatcher, turn, domain)


class Rephrase(Clarify):
    """Rasa's fallback: asks as `Clarify` does, and keeps the customer's message."""

    def name(self) -> str:
        return "action_default_fallback"


def ask_what_was_meant(
    dispatcher: CollectingDispatcher, turn: Turn, domain: dict[str, Any]
) -> list[Event]:
    """``Mente du …?`` with plausible errands; with what the bot can do when none is.

    No question is put twice: one that was asked already gives way to asking for other words.
    """
    labels = choices(domain, turn.language)
    if tell_of_other_field(dispatcher, turn, labels):
        return []
    questions = turn.tracker.slots.get("clarified") or []
    refused = {name for q in questions if q["chosen"] == "other" for name in q["among"]}
    among = [name for name in _likely(turn) if name in labels and name not in refused]
    again = any(set(among) == set(question["among"]) for question in questions)
    if not among or again:
        shown = [n for n in most_wanted(labels, turn.skills, 6) if n not in refused][:3]
        dispatcher.utter_message(
            response="utter_say_it_differently", buttons=buttons_for(shown, labels)
        )
        return []
    other = response_texts(domain, "utter_choice_other", turn.language)
    dispatcher.utter_message(
        response="utter_did_you_mean" if len(among) == 1 else "utter_which_did_you_mean",
        buttons=[*buttons_for(among, labels), {"title": other, "payload": "/help"}],
    )
    return [SlotSet("clarified", [*questions, {"among": among, "chosen": None}])]


def _likely(turn: Turn) -> list[str]:
    """The plausible intents; with no more than one, the first three that are not far-fetched."""
    if len(turn.plausible) > 1:
        return turn.plausible
    if turn.intent == "out_of_scope":
        return []  # what is less likely than that is far-fetched
    rows = [row for row in turn.ranking if float(row.get("confidence") or 0.0) >= FAR_FETCHED]
    return [str(row["name"]) for row in rows][:3]


__all__ = ["Clarify", "HandOff", "OfferHuman", "Rephrase", "make_signal"]
