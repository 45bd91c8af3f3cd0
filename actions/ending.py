"""The end of an errand: the confirmation before anything is written, and the doing of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import OFFERS, ContactInfo, OpeningHours
from actions.errand import PASSING, Event, Run
from actions.forms import ErrandAction
from actions.waiting import NEXT, SLOT


class AskConfirm(ErrandAction):
    """Shows what is about to be written and asks for yes or no."""

    def name(self) -> str:
        return f"action_ask_{self.errand.form}_confirm"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        run = Run(tracker, dispatcher, self.systems)
        if run.get("prompt") == "second":
            run.say("utter_yes_or_no")
        if self.errand.summary:
            summary = self.errand.summary(run)
            run.say(summary.response, **summary.values)
        return []


# "Glem det, når har dere åpent?": the question is answered as the errand is left.
ANSWERED_ON_LEAVING: Mapping[str, type[Action]] = {
    "opening_hours": OpeningHours,
    "contact_info": ContactInfo,
}


class EndErrand(ErrandAction):
    """Runs when a form closes: does the errand, or says goodbye to it in the way it ended."""

    def name(self) -> str:
        return f"action_{self.errand.intent}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        run = Run(tracker, dispatcher, self.systems)
        if run.outcome is None and self.errand.next_missing(run) is None:
            await self.errand.finish(run)
        if run.outcome is None and self.errand.next_missing(run) is not None:
            run.then(FollowupAction(self.errand.form))  # a number was refused at the last step
            return run.events()
        outcome, target = run.outcome, run.get("switch_to")
        waits = run.waits
        if "done" not in run.changed and run.get("done") and outcome != "told":
            run.set("done", None)  # another matter now
        if outcome == "left":
            answer = ANSWERED_ON_LEAVING.get(run.turn.intent)
            run.say("utter_errand_left_for" if answer or waits else "utter_errand_left")
            if answer:
                await answer().run(dispatcher, tracker, domain)
        elif outcome == "goodbye":
            run.say("utter_goodbye")
            run.set(SLOT, None)
        elif outcome == "switch":
            run.say("utter_errand_switched")
        if outcome in ("switch", "instead"):
            run.then(FollowupAction(f"{target}_form"))
        elif outcome in ("human", "policy"):
            run.then(FollowupAction("action_handoff"))
        elif waits and outcome != "goodbye" and not run.spoken & OFFERS:
            run.then(FollowupAction(NEXT))  # an offer of a person is answered first
        for slot in (*PASSING, "errand", "outcome", "switch_to"):
            if run.get(slot) is not None:
                run.set(slot, None)
        run.set("attempts", 0)
        run.set("prompt", "first")
        return run.events()
