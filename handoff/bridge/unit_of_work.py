"""One transaction of the bridge: transition, then everything it asks for, stored together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from handoff.bridge.wording import word
from handoff.clients import Client
from handoff.core.conversation import Conversation
from handoff.core.effects import (
    AskBot,
    Deliver,
    Effect,
    FreeAgent,
    KeepTask,
    Offer,
    RecordContact,
    WakeBot,
    Withdraw,
)
from handoff.core.events import Desk, Event, HandoffRequested, actor
from handoff.core.message import Audience, Kind, Message, Stored
from handoff.core.roster import slots_for
from handoff.core.transition import transition
from handoff.core.waiting_line import estimate
from handoff.errors import NotFound, Overloaded
from handoff.ports import Unit
from handoff.records import Order

QUEUE = "queue"
OUTBOX = "outbox"
ERASURES = "erasures"

# As many as a page may send in one burst. Nobody who waits for answers comes near.
MOST_TURNS = 100

Step = tuple[Event, Conversation, tuple[Effect, ...]]
"""An event, the state after it, and what it asked for."""


def channel_of(conversation: str) -> str:
    """The fan-out channel of a conversation's wake-ups."""
    return f"c:{conversation}"


@dataclass(frozen=True, slots=True)
class Applied:
    """The state after an event, and the messages it stored, in order."""

    conversation: Conversation
    stored: tuple[Stored, ...]

    def seq_of(self, cmid: str) -> int:
        """The customer's number of the line stored under `cmid`, 0 if the event left none."""
        for line in self.stored:
            if line.message.cmid == cmid:
                return line.customer_seq or 0
        return 0

    def staff_seq_of(self, cmid: str) -> int:
        for line in self.stored:
            if line.message.cmid == cmid:
                return line.staff_seq
        return 0


@dataclass(slots=True)
class Work:
    """A unit with the bridge's own verbs. `wakes` are channels to publish after the commit.

    `steps` are the events that were applied, to be counted then, `applied` what each
    conversation got, None where several events moved it. `content` is the digest of the
    customer's command under way, kept with its answer; `trace` follows its line to the bot.
    """

    unit: Unit
    clients: Mapping[str, Client]
    new_id: Callable[[], str]
    wakes: set[str] = field(default_factory=set)
    steps: list[Step] = field(default_factory=list)
    applied: dict[str, Applied | None] = field(default_factory=dict)
    content: str = ""
    trace: str = ""

    def now(self) -> float:
        return self.unit.now()

    def conversation(self, client: str, conversation: str) -> Conversation:
        """The conversation, its row locked. Raises NotFound, also when it is another client's."""
        found = self.unit.conversations.get(client, conversation)
        if found is None:
            raise NotFound("There is no such conversation.")
        return found

    def apply(self, conversation: Conversation, event: Event) -> Applied:
        """Move the conversation by one event and store what follows from it."""
        now = self.now()
        after, effects = transition(conversation, event, now)
        if after != conversation:
            self.unit.conversations.save(
                conversation, after, type(event).__name__, actor(event), now
            )
        stored = [
            line for effect in effects if (line := self._store(conversation, after, effect, now))
        ]
        self.wakes.add(channel_of(after.id))
        self.steps.append((event, after, effects))
        applied = Applied(after, tuple(stored))
        self.applied[after.id] = None if after.id in self.applied else applied
        return applied

    def desk_for(self, conversation: Conversation, *, front: bool = False) -> Desk:
        """How the desk looks to this customer: at the place they have, or would get now."""
        now, client, handoff = self.now(), conversation.client, conversation.handoff
        config = self.clients[client]
        slots = slots_for(client, self.unit.agents.all())
        if handoff is None:
            place = self.unit.queue.place(client, front, now)
        else:
            place = self.unit.queue.place(client, handoff.front, handoff.since)
        return Desk(
            open=config.hours.is_open(datetime.fromtimestamp(now, UTC)),
            staffed=slots > 0,
            place=place,
            wait=estimate(place, slots, self.unit.queue.mean_handling(client)),
        )

    def request(
        self, conversation: Conversation, signal: Mapping[str, object], cmid: str | None = None
    ) -> HandoffRequested:
        """A handoff as the signal asks for it, against the desk as it is in this transaction."""
        topic = signal.get("topic")
        front = signal.get("priority") == "front"
        return HandoffRequested(
            handoff_id=self.new_id(),
            reason=str(signal["reason"]),
            desk=self.desk_for(conversation, front=front),
            topic=topic if isinstance(topic, str) else None,
            front=front,
            card=signal,
            cmid=cmid,
        )

    def _store(
        self, before: Conversation, after: Conversation, effect: Effect, now: float
    ) -> Stored | None:
        unit = self.unit
        match effect:
            case Deliver(message):
                if self.content and message.cmid is not None:
                    message = replace(message, body={**message.body, "content": self.content})
                return unit.conversations.append(after, _worded(message, after.language), now)
            case AskBot(turn_id, control, text, is_payload):
                if unit.outbox.count(after.id) >= MOST_TURNS:
                    raise Overloaded(
                        f"The bot has not answered {MOST_TURNS} lines yet.",
                        cure="Try again in a moment.",
                    )
                body: dict[str, object] = {"text": text, "is_payload": is_payload}
                if self.trace:
                    body["trace"] = self.trace
                self._order(after, "turn", control, body, turn_id)
            case WakeBot(slots):
                last = unit.conversations.last_seqs([after.id], Audience.STAFF)
                told = {"slots": dict(slots), "until": last.get(after.id, 0)}
                self._order(after, "wake", after.control, told)
            case Offer():
                unit.queue.offer(after, now)
                self.wakes.add(QUEUE)
            case Withdraw(handoff, cause):
                unit.queue.withdraw(handoff, cause, now)
                self.wakes.add(QUEUE)
            case FreeAgent(agent):
                unit.queue.free(agent)
                self.wakes.add(QUEUE)
            case KeepTask():
                unit.ledger.keep_task(after, effect, now)
                self.wakes.add(QUEUE)
            case RecordContact():
                config = self.clients.get(before.client)  # None: its file was taken away
                if config is not None:
                    effect = replace(effect, reason=config.reason_id(effect.reason))
                unit.ledger.record(before, effect, now)
        return None

    def _order(
        self,
        conversation: Conversation,
        kind: str,
        control: int,
        body: Mapping[str, object],
        turn_id: str | None = None,
    ) -> None:
        self.unit.outbox.put(
            Order(
                id=self.new_id(),
                client=conversation.client,
                conversation=conversation.id,
                kind=kind,
                control=control,
                body=body,
                created=self.now(),
                turn_id=turn_id,
            )
        )
        self.wakes.add(OUTBOX)


def _worded(message: Message, language: str) -> Message:
    """A notice with its text in the conversation's language; anything else as it is."""
    if message.kind is not Kind.NOTICE:
        return message
    params = message.body["params"]
    text = word(str(message.body["code"]), params if isinstance(params, dict) else {}, language)
    return replace(message, body={**message.body, "text": text})
