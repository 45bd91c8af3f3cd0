"""An errand: what it asks for, what it checks, and what it does in the end. Data, not code."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from re import Pattern
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.facts import Kind
from actions.systems import Answer, ClientSystems
from actions.turn import Turn
from actions.waiting import SLOT, in_turn, joined, name_of, names_of, without

Event = dict[str, Any]

# Facts that outlive an errand: a number given once is not asked for again.
LASTING = (
    "tracking_number",
    "subscription_number",
    "invoice_number",
    "policy_number",
    "claim_number",
    "postcode",
)
# Facts of one errand; a new errand starts without them.
PASSING = (
    "delivery_change",
    "delivery_date",
    "delivery_address",
    "delivery_note",
    "neighbours_checked",
    "damage",
    "missing_date",
    "pause_from",
    "pause_to",
    "pause_length",
    "new_address",
    "new_postcode",
    "move_date",
    "payment_change",
    "payment_date",
    "claim_date",
    "claim_description",
    "document",
    "confirm",
)
FACTS = LASTING + PASSING


class Run:
    """One run of an action: the facts so far, what is said, and what changes.

    ``outcome`` ends the errand: ``left``, ``goodbye``, ``switch``, ``instead`` (a switch not worth
    a word), ``human``, ``policy`` or ``told`` (everything there is to say has been said).
    """

    def __init__(
        self, tracker: Tracker, dispatcher: CollectingDispatcher, systems: ClientSystems
    ) -> None:
        self.tracker = tracker
        self.turn = Turn(tracker)
        self._dispatcher = dispatcher
        self._systems = systems
        self._changed: dict[str, Any] = {}
        self._after: list[Event] = []
        self._said: list[str] = []

    def get(self, slot: str) -> Any:
        return self._changed.get(slot, self.tracker.slots.get(slot))

    def set(self, slot: str, value: Any) -> None:
        self._changed[slot] = value

    def then(self, event: Event) -> None:
        """An event to follow all slots, such as a follow-up action."""
        self._after.append(event)

    @property
    def changed(self) -> dict[str, Any]:
        return self._changed

    @property
    def outcome(self) -> str | None:
        return self.get("outcome")

    def end(self, outcome: str) -> None:
        self.set("outcome", outcome)

    def divert(self, intent: str) -> None:
        """Go on with another errand, without a word about it."""
        self.set("switch_to", intent)
        self.end("instead")

    def restore(self, changed: dict[str, Any]) -> None:
        """Go back to an earlier state of the changes, kept with ``dict(run.changed)``."""
        self._changed = dict(changed)

    def events(self) -> list[Event]:
        return [SlotSet(slot, value) for slot, value in self._changed.items()] + self._after

    def say(self, response: str, **values: Any) -> None:
        """Say a response of the domain. Facts set in this very run are passed along."""
        fresh = {k: v for k, v in self._changed.items() if k in FACTS and v is not None}
        self._said.append(response)
        self._dispatcher.utter_message(response=response, **{**fresh, **values})

    @property
    def spoken(self) -> frozenset[str]:
        """Names of the responses given since the customer's message, in this run too."""
        events = [e for e in self.turn.events_since() if e.get("event") == "bot"]
        named = [(e.get("metadata") or {}).get("utter_action") for e in events]
        return frozenset((*self._said, *(str(name) for name in named if name)))

    @property
    def waits(self) -> dict[str, Any] | None:
        """The errand that waits for this one to end."""
        return self.turn.waiting if self.get(SLOT) else None

    def keep_second(self) -> None:
        """Keep the second errand of a message as the first begins, and say in which order."""
        first = self.get("errand")
        second = without(self.turn.second, first)
        if second:
            if (self.get(SLOT) or {}).get("turn_id") != second["turn_id"]:
                language = self.turn.language
                self.say(
                    "utter_two_errands",
                    first=name_of(str(first), language),
                    second=names_of(second, language),
                )
            self.set(SLOT, joined(second, without(self.turn.waiting, first)))
        elif any(each["intent"] == first for each in in_turn(self.get(SLOT))):
            self.set(SLOT, without(self.get(SLOT), first))  # what waited is in hand now

    def verify(self, *slots: str) -> None:
        """Note the present values as confirmed: the customer was asked, or a system knew them."""
        verified = dict(self.get("verified") or {})
        verified.update({slot: self.get(slot) for slot in slots if self.get(slot) is not None})
        self.set("verified", verified)

    def forget(self, slot: str) -> None:
        """Drop a fact that turned out wrong."""
        self.set(slot, None)
        verified = dict(self.get("verified") or {})
        if verified.pop(slot, None) is not None:
            self.set("verified", verified)

    async def ask_system(self, operation: str, **arguments: Any) -> Answer:
        """Call the client's system; the look-up is kept for the desk and failures are counted."""
        arguments = {k: v for k, v in arguments.items() if v is not None}
        turn = self.turn
        answer = await self._systems.call(
            turn.client, operation, arguments, turn.turn_id, turn.trace
        )
        entry: dict[str, Any] = {"operation": operation, "arguments": arguments, "ok": answer.ok}
        entry.update({"data": answer.data} if answer.ok else {"error": answer.error})
        fresh = "lookups" in self._changed or "lookups" in turn.replaced(["lookups"])
        self.set("lookups", [*((self.get("lookups") or []) if fresh else []), entry])
        if answer.ok:
            self.set("system_failures", 0)
            self.verify(*[slot for slot in arguments if slot in LASTING])
        if answer.error == "invalid" and set(arguments) <= set(LASTING):
            # A number the system finds malformed is to the customer one it does not know.
            return Answer(ok=False, error="unknown_number")
        return answer

    def conclude(self, *told: tuple[str, dict[str, Any]]) -> None:
        """Note what to say when the customer asks what happens next: responses and values."""
        self.set("done", {"errand": self.get("errand"), "next": [list(each) for each in told]})

    def refuse(self, answer: Answer, errand: str) -> None:
        """Say kindly that a client's system would not, and end the errand."""
        if answer.error == "not_allowed":
            self.say("utter_not_allowed")
        elif answer.error == "invalid":
            self.say("utter_details_refused", errand=errand)
        else:
            failures = int(self.get("system_failures") or 0) + 1
            self.set("system_failures", failures)
            again = "utter_system_down_again" if failures > 1 else "utter_system_down"
            self.say(again, errand=errand)
        self.end("told")


Step = Callable[[Run], Awaitable[None]]


def _always(run: Run) -> bool:
    return True


@dataclass(frozen=True)
class Field:
    """A fact an errand wants. ``wanted`` says whether it is asked for, given what is known.

    ``instead`` names facts any of which will do as well. ``checked`` fields are looked up by the
    errand's ``check``: an unknown one is asked for anew.
    """

    slot: str
    kind: Kind
    wanted: Callable[[Run], bool] = _always
    instead: tuple[tuple[str, Kind], ...] = ()
    declinable: bool = False  # a no leaves the errand: there is nothing to tell
    lenient: bool = False  # any words answer it: only clear digressions leave it

    @property
    def takes(self) -> tuple[str, ...]:
        """The slots an answer may fill."""
        return (self.slot, *(slot for slot, _ in self.instead))

    def missing(self, run: Run) -> bool:
        others = any(run.get(slot) is not None for slot, _ in self.instead)
        return run.get(self.slot) is None and not others and self.wanted(run)


@dataclass(frozen=True)
class Summary:
    """What the customer is asked to confirm: a response and its values."""

    response: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Errand:
    """One intent's errand.

    ``begin`` runs first and may end it or turn it into another (``run.divert``); ``remarks`` are
    answered in its course without leaving the question: a pattern, and the response to it;
    ``gather`` reads, after the fields, what takes more than one of them to understand;
    ``check`` runs whenever facts changed and may drop facts, say why, or end the errand;
    ``finish`` runs when nothing is missing; ``summary`` is given for errands that are confirmed
    with yes or no before anything is written.
    """

    intent: str
    fields: tuple[Field, ...]
    finish: Step
    check: Step | None = None
    begin: Callable[[Run], None] | None = None
    gather: Callable[[Run], None] | None = None
    remarks: tuple[tuple[Pattern[str], str], ...] = ()
    summary: Callable[[Run], Summary] | None = None

    @property
    def form(self) -> str:
        return f"{self.intent}_form"

    def field_of(self, slot: str | None) -> Field | None:
        return next((f for f in self.fields if f.slot == slot), None)

    def next_missing(self, run: Run) -> str | None:
        return next((f.slot for f in self.fields if f.missing(run)), None)


def unknown(run: Run, slot: str, response: str) -> None:
    """A number no system knows: say which, drop it, and let the form ask again."""
    run.say(response, number=run.get(slot))
    run.set("refused", run.get(slot))
    run.forget(slot)
    run.set("confirm", None)
    run.set("attempts", int(run.get("attempts") or 0) + 1)
    run.set("prompt", "second")
