"""Taking up the next errand of a message, once the one before it has ended."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.errand import Errand, Event
from actions.turn import Turn
from actions.waiting import NEXT, SLOT, name_of


class NextErrand(Action, ABC):
    """Says what comes now, and begins its form or answers it."""

    @property
    @abstractmethod
    def errands(self) -> Mapping[str, Errand]:
        """The errands that have a form, by intent."""

    @property
    @abstractmethod
    def answers(self) -> Mapping[str, type[Action]]:
        """The actions that answer the others, by intent."""

    def name(self) -> str:
        return NEXT

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        turn = Turn(tracker)
        kept = turn.waiting
        later = kept["then"] if kept else None
        taken: list[Event] = [SlotSet(SLOT, later)]
        intent = kept["intent"] if kept else ""
        if intent not in self.errands and intent not in self.answers:
            return taken
        dispatcher.utter_message(
            response="utter_next_errand", second=name_of(intent, turn.language)
        )
        if intent in self.errands:
            return [*taken, FollowupAction(self.errands[intent].form)]
        # From here on the tracker's newest message is read as this errand's part of it.
        tracker.events.append({"event": "action", "name": NEXT})
        tracker.slots[SLOT] = later
        return [*taken, *await self.answers[intent]().run(dispatcher, tracker, domain)]
