"""Actions for the tests of the bot's channel: they decide by words that the tests write."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, ConversationPaused, SlotSet
from rasa_sdk.executor import CollectingDispatcher

DECISIONS = {"mennesket": "handoff", "tilbudet": "offer", "tydelig": "clarify"}
SIGNAL = json.loads(Path(__file__).with_name("signal.json").read_text("utf-8"))


class Assess(Action):
    """Reads the decision off the customer's words."""

    def name(self) -> str:
        return "action_assess"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        text = (tracker.latest_message.get("text") or "").lower()
        if "vurderingen svikter" in text:
            raise ValueError(f"cannot judge: {text}")
        if "vent litt" in text:
            await asyncio.sleep(2)
        decision = next((d for word, d in DECISIONS.items() if word in text), "continue")
        return [SlotSet("assessment", {"v": 1, "turn": 1, "decision": decision})]


class HandOff(Action):
    """Says so, signals, falls silent."""

    def name(self) -> str:
        return "action_handoff"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        dispatcher.utter_message(text="Jeg henter et menneske.")
        dispatcher.utter_message(json_message=SIGNAL)
        return [ActiveLoop(None), SlotSet("requested_slot", None), ConversationPaused()]


class OfferHuman(Action):
    """Two buttons."""

    def name(self) -> str:
        return "action_offer_human"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if tracker.active_loop.get("name"):
            dispatcher.utter_message(response="utter_offer_human_too")
        else:
            dispatcher.utter_message(text="Vil du snakke med et menneske?")
        return []


class Clarify(Action):
    """Asks what was meant."""

    def name(self) -> str:
        return "action_clarify"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        dispatcher.utter_message(text="Hva mente du?")
        return []


class LookUp(Action):
    """A look-up that worked."""

    def name(self) -> str:
        return "action_look_up"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        number = tracker.slots.get("tracking_number")
        dispatcher.utter_message(text=f"Pakken {number} er på vei.")
        dispatcher.utter_message(text="Noe annet?")
        arguments = {"tracking_number": number}
        row = {"operation": "track_parcel", "arguments": arguments, "ok": True, "data": {}}
        return [SlotSet("lookups", [row])]


def _is_mended() -> bool:
    return Path(os.environ["BREAK_UNLESS"]).exists()


class Break(Action):
    """Fails with the customer's words in its exception, unless the file BREAK_UNLESS is there."""

    def name(self) -> str:
        return "action_break"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        if not _is_mended():
            raise ValueError(f"cannot go on after: {tracker.latest_message.get('text')}")
        dispatcher.utter_message(text="Bare hyggelig.")
        return []
