"""``action_assess``: every customer turn is judged before the bot chooses what to do.

Rasa runs it as the custom mapping of the slot ``assessment``, with the whole tracker; it may set
that slot and nothing else. The judgement itself is in ``actions.judgement`` and knows no Rasa.
"""

from __future__ import annotations

import logging
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.judgement.assessment import judge, warm_up
from actions.judgement.history import History

log = logging.getLogger(__name__)

SLOT = "assessment"


class ActionAssess(Action):
    """Fills the slot ``assessment`` with the JSON of the bot contract; null when none is due."""

    def __init__(self) -> None:
        warm_up()

    def name(self) -> str:
        return "action_assess"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        try:
            history = History.from_events(tracker.events)
        except ValueError:
            return [SlotSet(SLOT, None)]
        judged, told = judge(history), history.metadata
        log.info(
            "action=assess conversation=%s turn=%s trace=%s decision=%s reason=%s",
            tracker.sender_id,
            told.get("turn_id"),
            told.get("trace"),
            judged["decision"],
            judged["reason"],
        )
        return [SlotSet(SLOT, judged)]
