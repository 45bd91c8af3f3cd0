"""Rules broken on purpose, one at a time: what the simulation must find.

Each takes the place of a real function at its seam. A mutant that is not found means that an
invariant is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from handoff.bridge import bridge as bridge_module
from handoff.bridge import claims as claims_module
from handoff.bridge import turns as turns_module
from handoff.bridge import unit_of_work
from handoff.core import events as ev
from handoff.core import transition as rules
from handoff.core.conversation import Conversation, Mode, Owner, handed_to
from handoff.core.effects import AskBot, Deliver, Effect, RecordContact, WakeBot
from handoff.core.message import Kind
from handoff.core.roster import Agent
from handoff.core.routing import next_for
from handoff.core.waiting_line import Waiter
from handoff.errors import StoreError
from handoff.gateways.customer import CustomerSession
from handoff.gateways.places import Places
from handoff.protocol import messages as m
from handoff.storage.memory.conversations import MemoryConversations
from handoff.storage.memory.queue import MemoryQueue
from handoff.storage.memory.world import Journal
from tests.simulation.page import Receiver
from tests.simulation.wire import Out

Patch = pytest.MonkeyPatch


@dataclass(frozen=True, slots=True)
class Mutant:
    """`sentence` is the rule as it is broken; `breaks` the invariants that may tell of it."""

    sentence: str
    breaks: frozenset[str]
    apply: Callable[[Patch], None]


MUTANTS: list[Mutant] = []


def mutant(sentence: str, *breaks: str) -> Callable[[Callable[[Patch], None]], None]:
    def keep(apply: Callable[[Patch], None]) -> None:
        MUTANTS.append(Mutant(sentence, frozenset(breaks), apply))

    return keep


def _effects(
    patch: Patch, change: Callable[[Conversation, ev.Event, Sequence[Effect]], Sequence[Effect]]
) -> None:
    """Let `change` have what every transition asks for."""
    real = rules.transition

    def changed(state: Conversation, event: ev.Event, now: float) -> rules.Outcome:
        after, effects = real(state, event, now)
        return after, tuple(change(after, event, effects))

    patch.setattr(unit_of_work, "transition", changed)


# --- who owns, and under which number ---------------------------------------------------


@mutant("The control number does not rise when an agent claims.", "control")
def _(patch: Patch) -> None:
    real = handed_to

    def lazy(state: Conversation, now: float, **to: Any) -> Conversation:
        after = real(state, now, **to)
        return replace(after, control=state.control) if to["mode"] is Mode.AGENT else after

    patch.setattr(rules, "handed_to", lazy)


@mutant("The bot may speak while a person owns the chat.", "owner", "control")
def _(patch: Patch) -> None:
    for module in (rules, turns_module):
        patch.setattr(module, "bot_may_speak", lambda state, control: True)


@mutant("An answer of the bot counts however old its control number is.", "control")
def _(patch: Patch) -> None:
    for module in (rules, turns_module):
        patch.setattr(module, "bot_may_speak", lambda state, control: state.owner is Owner.BOT)


@mutant("Any agent may write in any chat that an agent has.", "owner", "control", "capacity")
def _(patch: Patch) -> None:
    patch.setattr(rules, "_check_owner", lambda state, agent, control: None)


@mutant("An agent's line counts however old its control number is.", "control")
def _(patch: Patch) -> None:
    real = rules._check_owner
    patch.setattr(
        rules, "_check_owner", lambda state, agent, control: real(state, agent, state.control)
    )


@mutant("A chat that an agent has can be claimed by another.", "capacity", "control", "place")
def _(patch: Patch) -> None:
    claimed, claim = rules._claimed, MemoryQueue.claim

    def grab(state: Conversation, event: ev.AgentClaimed, now: float) -> rules.Outcome:
        return claimed(replace(state, mode=Mode.WAITING), event, now)

    def take(self: MemoryQueue, agent: str, handoff: str, control: int, until: float) -> None:
        place = self._world.places.get(handoff)
        if place is not None and place.state == "active":
            self._put(replace(place, state="waiting", control=control))
        claim(self, agent, handoff, control, until)

    patch.setattr(rules, "_claimed", grab)
    patch.setattr(MemoryQueue, "claim", take)


# --- the line ---------------------------------------------------------------------------


@mutant("Whose agent is lost goes to the end of the queue.", "place")
def _(patch: Patch) -> None:
    real = rules._back_to_queue

    def last(state: Conversation, preferred: str | None, now: float) -> Conversation:
        after = real(state, preferred, now)
        assert after.handoff is not None
        return replace(after, handoff=replace(after.handoff, since=now))

    patch.setattr(rules, "_back_to_queue", last)


@mutant("Who talks to the bot meanwhile loses the place in the queue.", "place")
def _(patch: Patch) -> None:
    real = MemoryQueue.follow

    def forgetful(self: MemoryQueue, before: Conversation, after: Conversation) -> None:
        real(self, before, after)
        if after.handoff is not None and after.owner is Owner.BOT:
            self.withdraw(after.handoff.id, "left", 0.0)

    patch.setattr(MemoryQueue, "follow", forgetful)


@mutant("The next chat is the newest, not the first in line.", "place")
def _(patch: Patch) -> None:
    def newest(agent: Agent, waiters: Sequence[Waiter], now: float) -> Waiter | None:
        mine = [one for one in waiters if one.language in agent.languages]
        return max(mine, key=lambda one: one.since) if agent.has_room() and mine else None

    patch.setattr(claims_module, "next_for", newest)


@mutant("A colleague may take who is kept for the agent that was lost.", "place")
def _(patch: Patch) -> None:
    real = next_for

    def greedy(agent: Agent, waiters: Sequence[Waiter], now: float) -> Waiter | None:
        return real(agent, [replace(one, preferred_agent=None) for one in waiters], now)

    patch.setattr(claims_module, "next_for", greedy)


# --- desks ------------------------------------------------------------------------------


@mutant("Capacity is looked at after the claim, not before: one chat too many.", "capacity")
def _(patch: Patch) -> None:
    real = MemoryQueue.claim

    def late(self: MemoryQueue, agent: str, handoff: str, control: int, until: float) -> None:
        login = self._world.logins.get(agent)
        assert login is not None
        room = replace(login.agent, capacity=login.agent.capacity + 1)
        self._world.logins.put(agent, replace(login, agent=room))
        real(self, agent, handoff, control, until)
        login = self._world.logins.get(agent)
        assert login is not None
        full = replace(login.agent, capacity=login.agent.capacity - 1)
        self._world.logins.put(agent, replace(login, agent=full))

    patch.setattr(MemoryQueue, "claim", late)
    has_room = Agent.has_room
    patch.setattr(
        Agent, "has_room", lambda self: has_room(replace(self, capacity=self.capacity + 1))
    )


@mutant("Who gives a chat away keeps it in the count of the desk.", "capacity")
def _(patch: Patch) -> None:
    patch.setattr(MemoryQueue, "free", lambda self, agent: None)


@mutant("A heartbeat does not renew the lease.", "lease")
def _(patch: Patch) -> None:
    patch.setattr(MemoryQueue, "renew", lambda self, agent, until: None)


@mutant("A lease that ran out is never found.", "lease")
def _(patch: Patch) -> None:
    patch.setattr(MemoryQueue, "expired", lambda self, now: [])


@mutant(
    "What a refused command did stays done.", "capacity", "control", "seq", "cmid", "place", "told"
)
def _(patch: Patch) -> None:
    patch.setattr(Journal, "roll_back", Journal.keep)


# --- what is told -----------------------------------------------------------------------


@mutant("Whose agent is lost is told nothing.", "told")
def _(patch: Patch) -> None:
    def silent(after: Conversation, event: ev.Event, effects: Sequence[Effect]) -> Sequence[Effect]:
        return [one for one in effects if not _is_notice(one, "agent_lost")]

    _effects(patch, silent)


@mutant("Who waits is told that somebody is there when nobody is.", "told")
def _(patch: Patch) -> None:
    real = unit_of_work.Work.desk_for

    def rosy(self: unit_of_work.Work, state: Conversation, *, front: bool = False) -> ev.Desk:
        return replace(real(self, state, front=front), staffed=True)

    patch.setattr(unit_of_work.Work, "desk_for", rosy)


@mutant("Customers are put in a queue that is closed until tomorrow.", "told")
def _(patch: Patch) -> None:
    real = unit_of_work.Work.desk_for

    def always(self: unit_of_work.Work, state: Conversation, *, front: bool = False) -> ev.Desk:
        return replace(real(self, state, front=front), open=True)

    patch.setattr(unit_of_work.Work, "desk_for", always)


@mutant("Who has waited longer is not told that the place is another now.", "told")
def _(patch: Patch) -> None:
    async def never(self: Places) -> None:
        return

    patch.setattr(Places, "tell", never)


# --- numbers and repetitions ------------------------------------------------------------


@mutant("A staff line leaves a gap in the customer's numbers.", "seq")
def _(patch: Patch) -> None:
    real = MemoryConversations.append

    def gappy(self: MemoryConversations, state: Conversation, message: Any, now: float) -> Any:
        thread = self._thread(state.client, state.id)
        assert thread is not None
        if message.kind is Kind.NOTE:
            skipped = replace(thread, customer_seq=thread.customer_seq + 1)
            self._world.threads.put(state.id, skipped)
        return real(self, state, message, now)

    patch.setattr(MemoryConversations, "append", gappy)


@mutant("A line that comes again is stored again.", "cmid")
def _(patch: Patch) -> None:
    patch.setattr(MemoryConversations, "answered", lambda self, conversation, cmid: None)
    real = MemoryConversations.append

    def open_door(self: MemoryConversations, state: Conversation, message: Any, now: float) -> Any:
        if message.cmid is not None:
            sender = (state.id, message.author.value, message.author_id, message.cmid)
            self._world.senders.drop(sender)
        return real(self, state, message, now)

    patch.setattr(MemoryConversations, "append", open_door)


@mutant("A line that comes again is refused, not answered as before.", "cmid")
def _(patch: Patch) -> None:
    patch.setattr(MemoryConversations, "answered", lambda self, conversation, cmid: None)


@mutant("An id may be used again for other words.", "cmid")
def _(patch: Patch) -> None:
    def trusting(earlier: Any, *content: Any, **kind: Any) -> int:
        return earlier.customer_seq or 0

    patch.setattr(bridge_module, "same", trusting)


@mutant("A line is acknowledged though its commit failed.", "cmid")
def _(patch: Patch) -> None:
    real = CustomerSession._act

    async def hasty(self: CustomerSession, frame: m.CustomerFrame) -> int | None:
        try:
            return await real(self, frame)
        except StoreError:
            return 1

    patch.setattr(CustomerSession, "_act", hasty)


# --- the way to the screen --------------------------------------------------------------


@mutant("The page shows what comes, holes or not.", "screen")
def _(patch: Patch) -> None:
    def careless(self: Receiver, lines: Any) -> list[Any]:
        ready = [line for line in lines if line.seq >= self.next]
        if ready:
            self.next = ready[-1].seq + 1
        return ready

    patch.setattr(Receiver, "take", careless)


@mutant("The page shows once more what comes twice.", "screen")
def _(patch: Patch) -> None:
    real = Receiver.take

    def twice(self: Receiver, lines: Any) -> list[Any]:
        old = [line for line in lines if line.seq < self.next]
        return [*old, *real(self, lines)]

    patch.setattr(Receiver, "take", twice)


@mutant("What the page holds above a hole is counted and never shown.", "screen")
def _(patch: Patch) -> None:
    real = Receiver.take

    def loses(self: Receiver, lines: Any) -> list[Any]:
        came = {line.seq for line in lines}
        return [line for line in real(self, lines) if line.seq in came]

    patch.setattr(Receiver, "take", loses)


@mutant("A page that comes back is sent its lines from one too late.", "screen")
def _(patch: Patch) -> None:
    real = CustomerSession._act

    async def late(self: CustomerSession, frame: m.CustomerFrame) -> int | None:
        if isinstance(frame, m.Resume) and frame.after:
            frame = m.Resume(frame.epoch, frame.after + 1)
        return await real(self, frame)

    patch.setattr(CustomerSession, "_act", late)


@mutant("After a line that the disk refused the service reads on.", "order")
def _(patch: Patch) -> None:
    patch.setattr(Out, "end", lambda *_, **__: None)


# --- the bot's turns --------------------------------------------------------------------


@mutant("A turn that is given up leaves neither an apology nor a person.", "turn")
def _(patch: Patch) -> None:
    real = unit_of_work.Work.apply

    def gives_up(self: unit_of_work.Work, state: Conversation, event: ev.Event) -> Any:
        if isinstance(event, ev.BotFailed):
            return unit_of_work.Applied(state, ())
        return real(self, state, event)

    patch.setattr(unit_of_work.Work, "apply", gives_up)


@mutant("A line that reopens a conversation is not given to the bot.", "turn")
def _(patch: Patch) -> None:
    def deaf(after: Conversation, event: ev.Event, effects: Sequence[Effect]) -> Sequence[Effect]:
        if not any(isinstance(one, WakeBot) for one in effects):
            return effects
        return [one for one in effects if not isinstance(one, AskBot)]

    _effects(patch, deaf)


@mutant("The bot is not woken when it gets the conversation back.", "turn")
def _(patch: Patch) -> None:
    def asleep(after: Conversation, event: ev.Event, effects: Sequence[Effect]) -> Sequence[Effect]:
        return [one for one in effects if not isinstance(one, WakeBot)]

    _effects(patch, asleep)


@mutant("The bot is asked before the wake-up that waits behind the turn.", "turn")
def _(patch: Patch) -> None:
    patch.setattr(turns_module, "_wakes", lambda unit, conversation: [])


@mutant("A contact that ends leaves no row.", "contact")
def _(patch: Patch) -> None:
    def lost(after: Conversation, event: ev.Event, effects: Sequence[Effect]) -> Sequence[Effect]:
        return [one for one in effects if not isinstance(one, RecordContact)]

    _effects(patch, lost)


def _is_notice(effect: Effect, code: str) -> bool:
    return isinstance(effect, Deliver) and effect.message.body.get("code") == code
