"""Small talk and the questions any client gets: yes, no, help, hours, contact, praise, blame."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.choices import Choice, buttons_for, choices, most_wanted
from actions.errand import Event
from actions.fields import foreign_field
from actions.judgement.roadside import is_only_a_crash
from actions.turn import Turn
from actions.waiting import NEXT, SLOT, joined
from actions.wording import hours as pickup_hours

OFFERS = frozenset(
    {
        "utter_offer_human",
        "utter_offer_human_too",
        "utter_complain",
        "utter_out_of_scope_again",
        "utter_system_down_again",
        "utter_not_allowed",
        "utter_bot_challenge",
        "utter_parcel_unclear",
        "utter_details_refused",
        "utter_subscription_not_running",
        "utter_damage_too_early",
        "utter_change_too_late",
    }
)
DELIVERED = frozenset({"utter_parcel_delivered", "utter_parcel_delivered_plain"})
CERTAINLY_OUT = 0.85
"""Confidence from which a line makes sense, but is no matter of the bot's."""
PICTURE = re.compile(r"(?<!\w)(?:bild|bilet|foto|picture|photo|skjermbilde|screenshot)", re.I)
MORE = frozenset({"utter_thank", "utter_praise", "utter_errand_left"})
TIMES = frozenset({"utter_sunday_yes", "utter_sunday_no"})
PICKUP_HOURS = "utter_pickup_hours"
_OURSELVES = re.compile(
    r"(?<!\w)(?:dere\w*|dykk\w*|dokke\w*|dåkk\w*|døkk\w*|dokk"
    r"|you|your|kunde\w*|telefon\w*|menneske\w*"
    r"|folk|support|customer)(?!\w)",
    re.IGNORECASE,
)
_WHAT_NOW = re.compile(
    r"(?<!\w)(?:(?:hva|ka|kva|hå|å|what)(?:'?s)? .{0,10}"
    r"(?:skjer|sker|sjer|hender|happen|gjør dere|gjer de|next|videre)"
    r"|(?:hva|ka|kva|what) (?:nå|no|now)|og (?:nå|no|hva så|så)"
    r"|når (?:hører|høyrer|får|høre) (?:jeg|eg|æ|vi|me) (?:noe|noko|svar|beskjed|nokka|nåkka|nokke)"
    r"|when (?:will|do) i hear"
    r"|what'?s next|neste steg|next step|veien videre)",
    re.IGNORECASE,
)
_LABELS = {
    "phone": {"nb": "Telefon", "nn": "Telefon", "en": "Phone"},
    "email": {"nb": "E-post", "nn": "E-post", "en": "Email"},
    "address": {"nb": "Adresse", "nn": "Adresse", "en": "Address"},
}


class Greet(Action):
    """A greeting; in the middle of an errand a shorter one, since the question comes again."""

    def name(self) -> str:
        return "action_greet"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        dispatcher.utter_message(
            response="utter_greet_short" if tracker.active_loop_name else "utter_greet"
        )
        return []


class Thank(Action):
    """In the middle of an errand only the thanks: whether there is more is seen soon enough."""

    response = "utter_thank"

    def name(self) -> str:
        return "action_thank"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        if Turn(tracker).waiting and not tracker.active_loop_name:
            return [FollowupAction(NEXT)]
        in_errand = "_in_errand" if tracker.active_loop_name else ""
        dispatcher.utter_message(response=f"{self.response}{in_errand}")
        return []


class Praise(Thank):
    """Thanks for kind words."""

    response = "utter_praise"

    def name(self) -> str:
        return "action_praise"


class Affirm(Action):
    """A yes: to a person when one was just offered, otherwise an invitation to say more.

    After an answer that asked nothing, "ok" only takes note of it.
    """

    def name(self) -> str:
        return "action_affirm"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = Turn(tracker)
        said = set(turn.last_said())
        if said & OFFERS:
            return [FollowupAction("action_handoff")]
        meant = turn.last_payloads()[:1] if "utter_did_you_mean" in said else []
        form = f"{meant[0].removeprefix('/')}_form" if meant else ""
        if form in (domain.get("forms") or {}):
            return [FollowupAction(form)]
        done = turn.last_errand() and not turn.was_asked()
        dispatcher.utter_message(response="utter_noted" if done else "utter_go_ahead")
        return []


class Deny(Action):
    """A no: to a person, to anything more, or to what the bot thought."""

    def name(self) -> str:
        return "action_deny"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = Turn(tracker)
        said = set(turn.last_said())
        if said & DELIVERED and not tracker.active_loop_name:
            return [FollowupAction("parcel_not_received_form")]  # "no, I never got it"
        in_errand = bool(tracker.active_loop_name)
        if turn.waiting and not in_errand:
            return [FollowupAction(NEXT)]
        if turn.choice() == "go_on" or said & OFFERS:
            response = "utter_go_on_in_errand" if in_errand else "utter_go_on"
        elif said & MORE:
            response = "utter_goodbye"
        else:
            response = "utter_not_that"
        dispatcher.utter_message(response=response)
        return []


class Complain(Action):
    """Owns up in one sentence and offers a person; asks no second question inside an errand."""

    def name(self) -> str:
        return "action_complain"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        in_errand = bool(tracker.active_loop_name)
        dispatcher.utter_message(
            response="utter_complain_in_errand" if in_errand else "utter_complain"
        )
        return []


class Help(Action):
    """What the bot can do for this client, as buttons; after an errand, what happens next."""

    def name(self) -> str:
        return "action_help"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = Turn(tracker)
        follows = (tracker.slots.get("done") or {}).get("next") or []
        asked = turn.about == "next" or _WHAT_NOW.search(turn.text)
        if follows and not tracker.active_loop_name and asked:
            for response, values in follows:
                dispatcher.utter_message(response=response, **values)
            return []
        labels = choices(domain, turn.language)
        names = [*most_wanted(labels, turn.skills, 4), "ask_human"]
        if tracker.active_loop_name:
            dispatcher.utter_message(response="utter_help_in_errand")
        else:
            dispatcher.utter_message(response="utter_help", buttons=buttons_for(names, labels))
        return []


class OutOfScope(Action):
    """Kindly no, with what the bot can do; from the second time in a row a person is offered.

    What nobody could make sense of is said not to be understood.
    """

    def name(self) -> str:
        return "action_out_of_scope"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = Turn(tracker)
        before = next(
            (i for i, name in enumerate([*turn.intents_before(), ""]) if name != "out_of_scope"), 0
        )
        if wants_picture(turn):
            tell_of_pictures(dispatcher, turn)
        elif tell_of_other_field(dispatcher, turn, choices(domain, turn.language)):
            pass
        elif before == 1:
            dispatcher.utter_message(response="utter_out_of_scope_again")
        else:
            labels = choices(domain, turn.language)
            names = most_wanted(labels, turn.skills, 3)
            response = "utter_out_of_scope"
            if before:
                names, response = [*names, "ask_human"], "utter_out_of_scope_still"
            elif turn.confidence < CERTAINLY_OUT or not turn.in_known_words:
                response = "utter_say_it_differently"
            dispatcher.utter_message(response=response, buttons=buttons_for(names, labels))
        return []


def wants_picture(turn: Turn) -> bool:
    """The customer speaks of a picture, and there is an address to send it to."""
    return bool(PICTURE.search(turn.text) and turn.contact.get("email"))


def tell_of_pictures(dispatcher: CollectingDispatcher, turn: Turn) -> None:
    dispatcher.utter_message(response="utter_pictures", email=turn.contact["email"])


def tell_of_other_field(
    dispatcher: CollectingDispatcher, turn: Turn, labels: dict[str, Choice]
) -> bool:
    """Say that the matter belongs to another company, if it does, and what this one can do."""
    field = foreign_field(turn)
    if field:
        again = turn.intents_before()[:2] == ["out_of_scope"] * 2
        names = most_wanted(labels, turn.skills, 3)
        dispatcher.utter_message(
            response="utter_not_our_field_again" if again else "utter_not_our_field",
            field=field,
            client_name=turn.metadata.get("client_name") or turn.client,
            buttons=buttons_for([*names, *(["ask_human"] if again else [])], labels),
        )
    return field is not None


class OpeningHours(Action):
    """When people are on, as the client's settings say; the bot itself is always on.

    Asked right after a pickup point or the newspaper's times were told, those are meant.
    """

    def name(self) -> str:
        return "action_opening_hours"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = Turn(tracker)
        pickup = (tracker.slots.get("record") or {}).get("pickup") or {}
        just_told = PICKUP_HOURS in turn.last_said() and pickup.get("hours")
        if just_told and not _OURSELVES.search(turn.text):
            written = pickup_hours(pickup["hours"], turn.language)
            dispatcher.utter_message(
                response="utter_pickup_hours_of", name=pickup.get("name"), pickup_hours=written
            )
            return []
        if TIMES & set(turn.last_said()) and not _OURSELVES.search(turn.text):
            return [FollowupAction("newspaper_delivery_time_form")]
        hours = turn.hours
        if hours:
            dispatcher.utter_message(response="utter_opening_hours", hours=hours)
        else:
            dispatcher.utter_message(response="utter_opening_hours_unknown")
        return what_waits(turn)


class ContactInfo(Action):
    """Phone, e-mail and address, those the client has."""

    def name(self) -> str:
        return "action_contact_info"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = Turn(tracker)
        lines = [
            f"{label[turn.language]}: {turn.contact[key]}"
            for key, label in _LABELS.items()
            if turn.contact.get(key)
        ]
        response = "utter_contact_info" if lines else "utter_contact_unknown"
        dispatcher.utter_message(response=response, contact="\n".join(lines))
        return what_waits(turn)


def what_waits(turn: Turn) -> list[Event]:
    """After an answer that needed no form: on with the second errand of the message, if any."""
    if turn.tracker.active_loop_name or not (turn.second or turn.waiting):
        return []
    kept = [SlotSet(SLOT, joined(turn.second, turn.waiting))] if turn.second else []
    return [*kept, FollowupAction(NEXT)]


class Topic(Action, ABC):
    """A topic some clients leave to people: passed on if this client does, else answered."""

    @property
    @abstractmethod
    def intent(self) -> str:
        """The intent, ``cancel_subscription`` for one."""

    def name(self) -> str:
        return f"action_{self.intent}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = Turn(tracker)
        if self.intent == "roadside_assistance" and is_only_a_crash(turn.text):
            return [FollowupAction("report_claim_form")]
        if self.intent in (turn.handoff.get("intents") or []):
            return [FollowupAction("action_handoff")]
        phone = turn.contact.get("phone") or turn.contact.get("email") or ""
        dispatcher.utter_message(response=f"utter_{self.intent}", phone=phone)
        return what_waits(turn)
