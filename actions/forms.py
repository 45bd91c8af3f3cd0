"""The forms' engine: one validation, one confirmation and one ending for every errand.

A form turn reads the message once: an answer fills its fact, a correction replaces one, a
question is let through to the rules and the form asks again afterwards, another errand or
"glem det" leaves politely, and anything else is met with a second, more specific prompt and
then with the choice of a person.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import OFFERS, wants_picture
from actions.digressions import (
    ASIDES,
    NO_THANKS,
    PRICE,
    SURE,
    SURE_IN_PROSE,
    after_accident,
    asks_price,
    asks_where,
    has_no_answer,
    of_number,
    says_yes,
    tells_where_it_stands,
    wants_all_out,
    wants_out,
)
from actions.errand import FACTS, LASTING, PASSING, Errand, Event, Field, Run, unknown
from actions.facts import Number
from actions.forms_filling import fill, mend, retell
from actions.forms_unread import tell_why
from actions.judgement.leaving import asks_for_time
from actions.systems import ClientSystems
from actions.turn import Turn
from actions.waiting import SLOT, name_of, without

REQUESTED = "requested_slot"
OFFER = "human_or_retry"  # asked in place of a fact after two answers that could not be read
MENDING = "change_what"  # asked after a "no" to the summary


class ErrandAction(Action, ABC):
    """An action of one errand. Concrete classes are made per errand by the registry."""

    def __init__(self) -> None:
        self.systems = ClientSystems.from_environment()

    @property
    @abstractmethod
    def errand(self) -> Errand:
        """The errand it serves."""


class ValidateForm(ErrandAction):
    """Reads one message for a form."""

    errands: ClassVar[Mapping[str, Errand]] = {}
    topics: ClassVar[frozenset[str]] = frozenset()

    def name(self) -> str:
        return f"validate_{self.errand.form}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        run = Run(tracker, dispatcher, self.systems)
        asked = tracker.slots.get(REQUESTED)
        if _back_from_aside(run.turn, self.errand.form):
            if _let_through(run.turn, self.errand.form):
                return [SlotSet(REQUESTED, asked)]
            # The bot was unsure what was meant, and left it to the form.
            return await self._answer(run, asked, doubted=True)
        if _starting(run.turn, self.errand.form):
            if self.errand.intent in (run.turn.handoff.get("intents") or []):
                run.end("policy")
                return self._closed(run)
            better = self._fits_better(run)
            if better:
                run.set("switch_to", better)
                run.end("instead")
                return self._closed(run)
            reopened = self._start(run)
            run.keep_second()
            if not reopened and self.errand.begin:
                self.errand.begin(run)
            if not reopened and self.errand.summary and not run.outcome and asks_price(run.turn):
                run.say("utter_cost_unknown")
            return await self._go_on(run, None, keep_attempts=reopened)
        return await self._answer(run, asked)

    def _fits_better(self, run: Run) -> str | None:
        """An errand that was nearly as likely and, unlike this one, wants the number given."""
        turn = run.turn
        given = [slot for slot in LASTING if turn.entity_values(slot)]
        wanted = {slot for field in self.errand.fields for slot in field.takes}
        if turn.is_payload or turn.confidence >= SURE or not given or wanted & set(given):
            return None
        for row in turn.ranking[1:4]:
            other = self.errands.get(row["name"])
            takes = {slot for field in other.fields for slot in field.takes} if other else set()
            if takes & set(given):
                return str(row["name"])
        return None

    def _start(self, run: Run) -> bool:
        """Take what the message holds; True when the form was reopened for a refused number."""
        if run.get("errand") != self.errand.intent:
            for slot in PASSING:
                if run.get(slot) is not None:
                    run.set(slot, None)
            run.set("attempts", 0)
            run.set("prompt", "first")
            run.set("errand", self.errand.intent)
        if any(e.get("name") == f"action_{self.errand.intent}" for e in run.turn.events_since()):
            # Reopened because a number was refused: the same words hold nothing better.
            for slot in LASTING:
                if run.get(slot) is not None and run.get(slot) == run.get("refused"):
                    run.forget(slot)
            return True
        fill(run, self.errand, None)
        return False

    def _leave(self, run: Run) -> None:
        """Out, and straight on to what was asked for instead, if anything was."""
        turn = run.turn
        if wants_all_out(turn):
            run.set(SLOT, None)
        other = turn.intent in self.errands and turn.intent != self.errand.intent
        if other and turn.confidence >= SURE and not turn.is_payload:
            run.set("switch_to", turn.intent)
            run.end("switch")
        else:
            run.end("left")

    async def _answer(self, run: Run, asked: str | None, doubted: bool = False) -> list[Event]:
        turn = run.turn
        if turn.lets_go_of:
            run.say("utter_second_dropped", second=name_of(turn.lets_go_of, turn.language))
            run.set(SLOT, without(run.get(SLOT), turn.lets_go_of))
            return self._told(run, asked)
        if turn.corrects and turn.intent in self.errands and turn.intent != self.errand.intent:
            run.set("switch_to", turn.intent)
            run.end("switch")
        elif turn.choice() == "leave" or wants_out(turn):
            self._leave(run)
        elif asked == OFFER and (turn.choice() == "human" or says_yes(turn)):
            run.end("human")
        elif (
            turn.intent == "goodbye"
            and turn.confidence >= SURE
            and not (asked == "confirm" or turn.entities)
        ):
            run.end("goodbye")
        if run.outcome:
            return self._closed(run)
        if after_accident(run):
            return self._told(run, asked)
        field = self.errand.field_of(asked)
        if asked == OFFER:
            field = self.errand.field_of(self.errand.next_missing(run))
        if has_no_answer(turn, field):
            # Said in other words once, and with another way the second time; no failed answer.
            again = asked == OFFER or run.get("prompt") == "second"
            asking = OFFER if again else asked
            return [*run.events(), SlotSet("prompt", "second"), SlotSet(REQUESTED, asking)]
        before = dict(run.changed)
        fill(run, self.errand, field)
        if asked in ("confirm", MENDING):
            retell(run, self.errand, before)
        if asked == MENDING and run.changed == before:
            mend(run, self.errand)
        answered = run.changed != before
        told = {slot for slot in FACTS if run.changed.get(slot) != before.get(slot)}
        if told <= {"confirm"} and tell_why(
            run, [field] if field and asked != "confirm" else self.errand.fields
        ):
            if not answered and field:
                return await self._go_on(run, field.slot)
            answered = True
        if not answered and self._about_the_question(run, field):
            return [*run.events(), SlotSet("prompt", "second"), SlotSet(REQUESTED, asked)]
        if field and field.declinable and not answered and turn.intent == "deny":
            run.end("left")
            return self._closed(run)
        declined = NO_THANKS.fullmatch(turn.text) and asked not in (OFFER, MENDING)
        if field and declined and (not answered or asked == "confirm"):
            run.end("left")
            return self._closed(run)
        if not answered and self._remark(run):
            return self._told(run, asked)
        aside = self._aside(run, field, answered)
        if aside == "aside" and not doubted:
            run.restore(before)
            return [*run.events(), ActionExecutionRejected(self.errand.form)]
        if aside and aside != "aside":
            run.set("switch_to", aside)
            run.end("switch")
            return self._closed(run)
        if run.get("confirm") is False:
            run.set("confirm", None)
            return [*run.events(), SlotSet("prompt", "first"), SlotSet(REQUESTED, MENDING)]
        if asked == MENDING and not answered:
            return [*run.events(), SlotSet("prompt", "second"), SlotSet(REQUESTED, MENDING)]
        if asked == OFFER and (turn.choice() == "retry" or turn.intent == "deny"):
            missing = self.errand.next_missing(run)
            return [*run.events(), SlotSet("prompt", "second"), SlotSet(REQUESTED, missing)]
        if not (field and field.lenient):
            run.keep_second()
        progress = any(run.changed.get(s) != before.get(s) for s in FACTS if s in run.changed)
        return await self._go_on(run, None if progress else field.slot if field else asked)

    def _told(self, run: Run, asked: str | None) -> list[Event]:
        """Something was said that needs no answer from the form, which asks again or is over."""
        if run.outcome:
            return self._closed(run)
        # Without a slot set besides the question's, Rasa takes the message as one not answered.
        return [*run.events(), SlotSet("prompt", "first"), SlotSet(REQUESTED, asked)]

    def _remark(self, run: Run) -> bool:
        """Answer what is asked on the side without leaving the question."""
        turn = run.turn
        if turn.is_payload:
            return False
        known = ((PRICE, "utter_cost_unknown"), *self.errand.remarks)
        response = next((said for pattern, said in known if pattern.search(turn.text)), None)
        if asks_for_time(turn.text):
            response = "utter_take_your_time"
        if response:
            run.say(response)
        return response is not None

    def _about_the_question(self, run: Run, field: Field | None) -> bool:
        """Not an answer, yet no failure: the errand said again, or a word about a picture."""
        turn = run.turn
        if turn.is_payload:
            return False
        if field and isinstance(field.kind, Number) and asks_where(turn):
            return True
        if wants_picture(turn):
            run.say("utter_pictures", email=turn.contact["email"])
            return True
        return turn.intent == self.errand.intent and turn.confidence >= SURE_IN_PROSE

    async def _go_on(
        self, run: Run, unread: str | None, keep_attempts: bool = False
    ) -> list[Event]:
        """Check what is known, then ask for what is missing, or close the form.

        ``unread`` is the fact that was asked for and could not be read from the message.
        """
        attempts = int(run.get("attempts") or 0)
        self._doubt(run)
        unfit = _starting(run.turn, self.errand.form) and tell_why(
            run, [field for field in self.errand.fields if field.missing(run)]
        )
        if self.errand.check and not run.outcome:
            await self.errand.check(run)
        if run.outcome:
            return self._closed(run)
        missing = self.errand.next_missing(run)
        if missing and int(run.get("attempts") or 0) == attempts and not keep_attempts:
            attempts = attempts + 1 if missing == unread else 0
            run.set("attempts", attempts)
            run.set("prompt", "second" if attempts or unfit else "first")
        if missing and int(run.get("attempts") or 0) >= 2:
            missing = OFFER
        return [*run.events(), SlotSet(REQUESTED, missing)]

    def _doubt(self, run: Run) -> None:
        """Spare a vain look-up of a number that cannot be right. Told a second time, it counts."""
        for field in self.errand.fields:
            for slot, kind in ((field.slot, field.kind), *field.instead):
                value = run.get(slot)
                if value is None or value == run.get("refused") or not isinstance(kind, Number):
                    continue
                if kind.doubt and kind.doubtful(run.turn, value):
                    unknown(run, slot, kind.doubt[1])

    def _closed(self, run: Run) -> list[Event]:
        return [*run.events(), SlotSet(REQUESTED, None)]

    def _aside(self, run: Run, field: Field | None, answered: bool) -> str | None:
        """``aside`` when the rules should answer, an intent to switch to, or None."""
        turn = run.turn
        words = len(re.findall(r"\w+", turn.text))
        prose = bool(field and field.lenient)
        bare = words <= 2 and re.search(r"\d{4}", turn.text)
        if bare and not turn.is_payload and not set(LASTING) & {e["entity"] for e in turn.entities}:
            return None  # a number alone asks for nothing
        if answered and not (prose and words <= 8):
            # "nei, flytt heller HB12345678": a clear other errand outweighs the number in it.
            other = turn.confidence >= SURE_IN_PROSE and words >= 4 and not turn.is_payload
            if prose or not other or turn.intent not in self.errands:
                return None
            if field and isinstance(field.kind, Number) and tells_where_it_stands(turn):
                return None
        if prose and turn.second:
            return None  # the story itself may speak of two matters
        plain_question = prose and turn.text.endswith("?")
        if turn.confidence < (SURE_IN_PROSE if prose and not plain_question else SURE):
            return None
        if field and isinstance(field.kind, Number) and of_number(turn):
            return None  # "which number?" is answered by the second prompt
        if turn.intent in ("affirm", "deny") and set(turn.last_said()) & OFFERS:
            return "aside"
        if turn.intent in ASIDES or turn.intent in self.topics:
            return "aside"
        if turn.intent in self.errands and turn.intent != self.errand.intent:
            return turn.intent
        return None


def _starting(turn: Turn, form: str) -> bool:
    """The form became active in this very turn."""
    return any(
        e.get("event") == "active_loop" and e.get("name") == form for e in turn.events_since()
    )


def _let_through(turn: Turn, form: str) -> bool:
    """The form itself left this message to the rules."""
    return any(
        e.get("event") == "action_execution_rejected" and e.get("name") == form
        for e in turn.events_since()
    )


def _back_from_aside(turn: Turn, form: str) -> bool:
    """Another action has answered since the message, and the form only asks again."""
    since = [e for e in turn.events_since() if e.get("event") == "action"]
    # The form's own mark is always the last action the server adds before it asks for validation.
    others = [e for e in since[:-1] if e.get("name") not in ("action_extract_slots", form)]
    return bool(others) and not _starting(turn, form)
