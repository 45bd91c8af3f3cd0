"""Small talk and the questions any client gets: yes, no, help, hours, contact, praise, blame."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.choices import buttons_for, choices, most_wanted
from actions.errand import Event
from actions.turn import Turn

OFFERS = frozenset(
    {
        "utter_offer_human",
        "utter_complain",
        "utter_out_of_scope_again",
        "utter_system_down_again",
        "utter_not_allowed",
        "utter_bot_challenge",
        "utter_parcel_unclear",
    }
)
DELIVERED = frozenset({"utter_parcel_delivered", "utter_parcel_delivered_plain"})
PICTURE = re.compile(r"(?<!\w)(?:bild|bilet|foto|picture|photo|skjermbilde|screenshot)", re.I)
SURE_ENOUGH_TO_ANSWER = 0.4  # below, an offer of a person stands alone
MORE = frozenset({"utter_thank", "utter_praise", "utter_anything_else"})
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


class Affirm(Action):
    """A yes: to a person when one was just offered, otherwise an invitation to say more."""

    def name(self) -> str:
        return "action_affirm"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        said = set(Turn(tracker).last_said())
        if said & OFFERS:
            return [FollowupAction("action_handoff")]
        dispatcher.utter_message(response="utter_go_ahead")
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
    """What the bot can do for this client, as buttons."""

    def name(self) -> str:
        return "action_help"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = Turn(tracker)
        labels = choices(domain, turn.language)
        names = [*most_wanted(labels, turn.skills, 4), "ask_human"]
        if tracker.active_loop_name:
            dispatcher.utter_message(response="utter_help_in_errand")
        else:
            dispatcher.utter_message(response="utter_help", buttons=buttons_for(names, labels))
        return []


class OutOfScope(Action):
    """Kindly no, with what the bot can do; the second time in a row a person is offered."""

    def name(self) -> str:
        return "action_out_of_scope"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = Turn(tracker)
        if wants_picture(turn):
            tell_of_pictures(dispatcher, turn)
        elif turn.previous_intent() == "out_of_scope":
            dispatcher.utter_message(response="utter_out_of_scope_again")
        else:
            labels = choices(domain, turn.language)
            buttons = buttons_for(most_wanted(labels, turn.skills, 3), labels)
            dispatcher.utter_message(response="utter_out_of_scope", buttons=buttons)
        return []


def wants_picture(turn: Turn) -> bool:
    """The customer speaks of a picture, and there is an address to send it to."""
    return bool(PICTURE.search(turn.text) and turn.contact.get("email"))


def tell_of_pictures(dispatcher: CollectingDispatcher, turn: Turn) -> None:
    dispatcher.utter_message(response="utter_pictures", email=turn.contact["email"])


class OpeningHours(Action):
    """When people are on, as the client's settings say; the bot itself is always on."""

    def name(self) -> str:
        return "action_opening_hours"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        hours = Turn(tracker).hours
        if hours:
            dispatcher.utter_message(response="utter_opening_hours", hours=hours)
        else:
            dispatcher.utter_message(response="utter_opening_hours_unknown")
        return []


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
        return []


# What is said or run for an intent when an offer of a person goes along with the answer.
_SAID: Mapping[str, str] = {
    "goodbye": "utter_goodbye",
    "thank": "utter_thank",
    "praise": "utter_praise",
}
_RUN: Mapping[str, type[Action]] = {
    "greet": Greet,
    "opening_hours": OpeningHours,
    "contact_info": ContactInfo,
}


async def answer_besides(
    dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
) -> list[Event]:
    """Answer the message next to an offer; an errand's form is opened after it."""
    intent = Turn(tracker).intent
    if intent in _SAID:
        dispatcher.utter_message(response=_SAID[intent])
    elif intent in _RUN:
        return await _RUN[intent]().run(dispatcher, tracker, domain)
    elif f"{intent}_form" in (domain.get("forms") or {}):
        return [FollowupAction(f"{intent}_form")]
    return []


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
        if self.intent in (turn.handoff.get("intents") or []):
            return [FollowupAction("action_handoff")]
        phone = turn.contact.get("phone") or turn.contact.get("email") or ""
        dispatcher.utter_message(response=f"utter_{self.intent}", phone=phone)
        return []
