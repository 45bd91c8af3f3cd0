"""Random schedules of everything that can happen to two customers with two agents.

A small desk stands around the pure core: it remembers what was asked for, as the store does.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest

from handoff.core import events as ev
from handoff.core.conversation import Conversation, Mode, Owner
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
from handoff.core.message import Audience, Author, Kind, Reply
from handoff.core.transition import transition
from handoff.errors import Refused

SCHEDULES = 20_000
EVENTS = 40
AGENTS = ("kari", "ola")
OWNERS = {
    Mode.BOT: {Owner.BOT},
    Mode.WAITING: {Owner.NOBODY, Owner.BOT},
    Mode.AGENT: {Owner.AGENT},
    Mode.CLOSED: {Owner.NOBODY},
}
TOLD = {"queued", "agent_lost", "transferred", "staying"}


@dataclass(slots=True)
class Thread:
    """A conversation, what it had asked for, and what the customer was shown."""

    state: Conversation
    asked: list[AskBot] = field(default_factory=list)
    queued: str | None = None
    place: float | None = None
    shown: list[tuple[Author, str, int]] = field(default_factory=list)
    contacts: int = 0
    begun: int = 0
    told: bool = True


class World:
    """Two customers, two agents, and invariants that hold after every event."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.now = 0.0
        self.number = 0
        self.active = dict.fromkeys(AGENTS, 0)
        self.threads = [
            Thread(Conversation(id=name * 32, client="heimbud", visitor=name, epoch="e"))
            for name in "ab"
        ]

    def id(self) -> str:
        self.number += 1
        return str(self.number)

    def step(self) -> None:
        self.now += self.chance.choice((0.0, 0.1, 5.0, 70.0))
        thread = self.chance.choice(self.threads)
        event = self.event(thread)
        before = thread.state
        try:
            after, effects = transition(before, event, self.now)
        except Refused:
            return
        self.keep(thread, before, after, effects)
        self.check(thread, before, after, event, effects)

    def event(self, thread: Thread) -> ev.Event:
        chance, state = self.chance, thread.state
        agent = chance.choice(AGENTS)
        control = state.control - chance.choice((0, 0, 0, 0, 1))
        match chance.randrange(16):
            case 0 | 1 | 2:
                return ev.CustomerSpoke("hei", self.id(), self.id())
            case 3 | 4 | 5 if thread.asked:
                asked = chance.choice(thread.asked[-3:])
                request = self.request() if chance.random() < 0.3 else None
                replies = (Reply("svar"),)
                return ev.BotReplied(asked.turn_id, asked.control, replies, {}, request)
            case 6 if thread.asked:
                asked = thread.asked[-1]
                return ev.BotFailed(asked.turn_id, asked.control, self.request())
            case 7:
                return self.request()
            case 8:
                return ev.CustomerChose(chance.choice(list(ev.Choice)), self.desk())
            case 9:
                return ev.ContactLeft(self.id(), "Anne", "98765432", "", self.id())
            case 10 | 11 if self.active[agent] < 5:
                return ev.AgentClaimed(agent, agent, control, self.id())
            case 12:
                return ev.AgentSpoke(agent, agent, control, self.id(), "hei")
            case 13:
                to = chance.choice((None, *AGENTS))
                return ev.AgentTransferred(agent, control, to, cmid=self.id())
            case 14:
                closes = chance.random() < 0.5
                if closes:
                    who = chance.choice((None, agent))
                    by = "agent" if who else chance.choice(("customer", "idle"))
                    return ev.ConversationClosed(who, control if who else None, None, by)
                return ev.AgentReleased(agent, control, {"postcode": "5003"}, self.id())
            case _:
                return ev.LeaseExpired(control)

    def desk(self) -> ev.Desk:
        return ev.Desk(open=self.chance.random() < 0.8, staffed=True)

    def request(self) -> ev.HandoffRequested:
        return ev.HandoffRequested(self.id(), "asked_human", self.desk())

    def keep(
        self,
        thread: Thread,
        before: Conversation,
        after: Conversation,
        effects: tuple[Effect, ...],
    ) -> None:
        """What the store would do, in order."""
        thread.state = after
        thread.begun += before.contact is None and after.contact is not None
        for effect in effects:
            match effect:
                case Deliver(message) if message.audience is Audience.CUSTOMER:
                    code = str(message.body.get("code", ""))
                    thread.shown.append((message.author, code, after.control))
                case AskBot():
                    thread.asked.append(effect)
                case Offer():
                    assert thread.queued is None
                    assert after.handoff is not None
                    assert thread.place in (None, after.handoff.since), "the place was lost"
                    thread.queued, thread.place = after.handoff.id, after.handoff.since
                case Withdraw(handoff):
                    assert thread.queued == handoff
                    thread.queued = None
                case FreeAgent(agent):
                    self.active[agent] -= 1
                case RecordContact():
                    thread.contacts += 1
                case _:
                    assert isinstance(effect, Deliver | WakeBot | KeepTask)
        if before.mode is not Mode.AGENT and after.mode is Mode.AGENT:
            assert after.agent is not None
            self.active[after.agent] += 1
        if after.handoff is None:
            thread.place = None

    def check(
        self,
        thread: Thread,
        before: Conversation,
        after: Conversation,
        event: ev.Event,
        effects: tuple[Effect, ...],
    ) -> None:
        assert after.owner in OWNERS[after.mode]
        assert (after.agent is not None) == (after.mode is Mode.AGENT)
        assert (after.handoff is not None) == (after.mode in (Mode.WAITING, Mode.AGENT))
        assert (thread.queued is not None) == (after.mode is Mode.WAITING)
        who = (before.mode, before.owner, before.agent)
        moved = who != (after.mode, after.owner, after.agent)
        assert after.control >= before.control
        assert not moved or after.control == before.control + 1
        said = [effect.message for effect in effects if isinstance(effect, Deliver)]
        if after.control != before.control:
            states = [m.body["control"] for m in said if m.kind is Kind.STATE]
            assert states == [after.control], "a change of owner that no desk hears of"
        for message in said:
            if message.author is Author.BOT and message.audience is Audience.CUSTOMER:
                assert before.owner is Owner.BOT
                assert isinstance(event, ev.BotReplied)
                assert event.control == before.control
            if message.author is Author.AGENT and message.kind is Kind.TEXT:
                assert (before.agent, before.mode) == (message.author_id, Mode.AGENT)
        if after.mode is Mode.WAITING and before.mode is not Mode.WAITING:
            codes = {str(m.body.get("code")) for m in said if m.kind is Kind.NOTICE}
            assert codes & TOLD, "a waiting customer was told nothing"
        if isinstance(event, ev.CustomerSpoke):
            asked = isinstance(effects[-1], AskBot)
            assert asked == (after.owner is Owner.BOT)
        open_contact = after.contact is not None
        assert thread.begun - thread.contacts == open_contact, "a contact without its one row"
        assert sum(self.active.values()) == sum(
            one.state.mode is Mode.AGENT for one in self.threads
        )
        assert min(self.active.values()) >= 0


@pytest.mark.parametrize("part", range(4))
def test_the_rules_hold_whatever_happens_in_whatever_order(part: int) -> None:
    modes: set[Mode] = set()
    for seed in range(part, SCHEDULES, 4):
        world = World(seed)
        try:
            for _ in range(EVENTS):
                world.step()
        except AssertionError as error:
            pytest.fail(f"schedule {seed}: {error}")
        modes |= {thread.state.mode for thread in world.threads}
    assert modes == set(Mode)
