"""What must hold after every commit, judged from the stored lines alone.

A staff stream tells by its STATE lines who owned the conversation under which number. Every
other line is held against that, and the queue, the desks and the state against the result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from handoff.core.conversation import Conversation, Mode, Owner
from handoff.core.message import Audience, Author, Kind, Stored
from handoff.core.roster import Agent, Status
from handoff.core.waiting_line import Waiter
from handoff.errors import StoreError
from handoff.ports import Store, Unit
from tests.service.stores import Wrapped
from tests.simulation.tasks import Doing

T = TypeVar("T")

LEASE_SECONDS = 45.0
OWNERS = {
    Mode.BOT: (Owner.BOT,),
    Mode.WAITING: (Owner.NOBODY, Owner.BOT),
    Mode.AGENT: (Owner.AGENT,),
    Mode.CLOSED: (Owner.NOBODY,),
}
TELLS_OF_WAITING = ("queued", "agent_lost", "transferred")


class Broken(AssertionError):
    """An invariant that does not hold. `name` is its one word, the text what was seen."""

    def __init__(self, name: str, seen: str) -> None:
        super().__init__(f"{name}: {seen}")
        self.name = name


def must(holds: bool, name: str, seen: str) -> None:
    if not holds:
        raise Broken(name, seen)


@dataclass(slots=True)
class View:
    """One conversation as its own lines tell it."""

    client: str
    mode: Mode = Mode.BOT
    owner: Owner = Owner.BOT
    agent: str | None = None
    control: int = 1
    staff: int = 0
    shown: list[Stored] = field(default_factory=list)
    sent: dict[tuple[str, str, str], Stored] = field(default_factory=dict)
    ordered: dict[str, int] = field(default_factory=dict)
    answered: set[tuple[str, int]] = field(default_factory=set)
    given_up: set[str] = field(default_factory=set)
    lease: float = 0.0
    untold: bool = False
    begun: int = 0
    contact: float | None = None
    handoff: str | None = None
    state: Conversation | None = None


class Watch:
    """Judges every commit from within its transaction. `broken` keeps the first that failed."""

    def __init__(self, is_open: Callable[[str, float], bool]) -> None:
        self.views: dict[str, View] = {}
        self.agents: tuple[str, ...] = ()
        self.policies: Mapping[str, tuple[float, float]] = {}
        self.broken: Broken | None = None
        self.controls: dict[tuple[str, str], int] = {}
        self.commits = 0
        self._is_open = is_open
        self._since: dict[str, tuple[float, bool]] = {}
        self._clients: set[str] = set()
        self._position = -1
        self._line: Sequence[Waiter] = ()
        self._roster: dict[str, Agent] = {}

    def follow(self, state: Conversation) -> None:
        """Judge this conversation too; its first lines are the greeting and the visit."""
        self.views[state.id] = View(state.client)
        self._clients.add(state.client)

    @property
    def lines(self) -> int:
        """How many lines are stored in all."""
        return sum(view.staff for view in self.views.values())

    def has(self, cmid: str) -> bool:
        """Whether any line is stored under that id."""
        return any(key[2] == cmid for view in self.views.values() for key in view.sent)

    def place_of(self, conversation: str) -> int:
        """Where in the line that customer stands, from 1."""
        return _place_in(
            self._line, next(one for one in self._line if one.conversation == conversation)
        )

    def committed(self, unit: Unit, doing: Doing) -> None:
        """Raises Broken, and keeps it: the bridge's own handlers must not swallow it."""
        if self.broken is not None:
            raise self.broken
        try:
            self._judge(unit, doing)
        except Broken as broken:
            self.broken = broken
            raise

    def _judge(self, unit: Unit, doing: Doing) -> None:
        self.commits += 1
        now = unit.now()
        if doing.what == "renew":
            for view in self.views.values():
                if view.agent == doing.agent:
                    view.lease = now + LEASE_SECONDS
        newest = unit.conversations.last_seqs(self.views, Audience.STAFF)
        states = {key: self._state(unit, key, view) for key, view in self.views.items()}
        position = unit.queue.position()
        moved = position != self._position or doing.what == "status"
        line = unit.queue.waiting(self._clients, 1000) if moved else self._line
        self._check_pick(doing, states, now)
        for key, view in self.views.items():
            if newest[key] == view.staff and states[key] is view.state:
                continue
            moved = True
            fresh = unit.conversations.messages(key, Audience.STAFF, view.staff, 200)
            before = view.mode
            for stored in fresh:
                self._read(view, stored, now, doing, line)
            must(view.staff == newest[key], "seq", "a number that has no line")
            if view.untold:
                raise Broken("told", f"{before} to waiting, and no line says so")
            self._check_state(view, states[key], now)
            if doing.what == "asks" and fresh:
                codes = [one.message.body.get("code") for one in fresh]
                helped = view.mode in (Mode.WAITING, Mode.AGENT) or "desk_closed" in codes
                must(helped, "told", "who asked for a person got neither one nor an answer")
        if moved:
            self._check_line(line, states, now)
            self._check_desks(unit)
        self._position = position

    def _state(self, unit: Unit, key: str, view: View) -> Conversation:
        state = unit.conversations.get(view.client, key)
        if state is None:
            raise Broken("kept", "a conversation is gone")
        return state

    # --- one line -----------------------------------------------------------------------

    def _read(
        self, view: View, stored: Stored, now: float, doing: Doing, line: Sequence[Waiter]
    ) -> None:
        message = stored.message
        if stored.staff_seq != view.staff + 1:
            raise Broken("seq", f"{view.staff}, then {stored.staff_seq}")
        view.staff = stored.staff_seq
        if message.audience is Audience.CUSTOMER:
            expected = len(view.shown) + 1
            if stored.customer_seq != expected:
                raise Broken("seq", f"{stored.customer_seq} for {expected}")
            view.shown.append(stored)
        else:
            must(stored.customer_seq is None, "seq", "a staff line has a customer's number")
        if message.cmid is not None:
            sender = (message.author.value, message.author_id, message.cmid)
            must(sender not in view.sent, "cmid", "one id, two lines")
            view.sent[sender] = stored
        match message.kind:
            case Kind.STATE:
                self._moved(view, message.body, now)
            case Kind.TEXT:
                self._said(view, stored)
            case Kind.NOTICE:
                self._noticed(view, stored, now, doing, line)
            case _:
                pass

    def _moved(self, view: View, body: Mapping[str, object], now: float) -> None:
        control = body["control"]
        must(control == view.control + 1, "control", f"{view.control}, then {control}")
        mode, owner, agent = Mode(str(body["mode"])), Owner(str(body["owner"])), body["agent"]
        if mode is Mode.WAITING and view.mode is not Mode.WAITING:
            view.untold = True
            if view.mode is not Mode.AGENT:
                must(self._is_open(view.client, now), "told", "queued where nobody will come")
        if mode is Mode.AGENT:
            view.lease = now + LEASE_SECONDS
        view.mode, view.owner, view.control = mode, owner, view.control + 1
        view.agent = None if agent is None else str(agent)

    def _said(self, view: View, stored: Stored) -> None:
        message = stored.message
        match message.author:
            case Author.CUSTOMER:
                if view.owner is Owner.BOT and message.turn_id is not None:
                    view.ordered[message.turn_id] = view.control
            case Author.BOT if message.turn_id is not None:
                must(view.owner is Owner.BOT, "owner", f"the bot spoke, {view.owner} owns")
                asked = view.ordered.get(message.turn_id)
                must(asked == view.control, "control", f"asked under {asked}, not {view.control}")
                part = (message.turn_id, message.part)
                must(part not in view.answered, "cmid", "one part of a turn, stored twice")
                must(message.turn_id not in view.given_up, "turn", "answered and given up")
                view.answered.add(part)
            case Author.BOT:
                must(stored.staff_seq == 1, "owner", "a bot's line that nobody asked for")
            case Author.AGENT:
                owns = view.mode is Mode.AGENT and view.agent == message.author_id
                must(owns, "owner", f"{message.author_name} spoke, {view.agent} owns")
                seen = self.controls.get((message.author_id, message.cmid or ""))
                must(seen == view.control, "control", f"saw {seen}, is {view.control}")
            case Author.SYSTEM:
                raise Broken("owner", "the system said words of its own")

    def _noticed(
        self, view: View, stored: Stored, now: float, doing: Doing, line: Sequence[Waiter]
    ) -> None:
        code = stored.message.body["code"]
        if code in TELLS_OF_WAITING and stored.customer_seq is not None:
            view.untold = False
        if code == "queued":
            params = stored.message.body["params"]
            assert isinstance(params, dict)
            staffed = any(
                agent.status is Status.ONLINE and agent.may_answer(view.client)
                for agent in self._roster.values()
            )
            must(params["staffed"] == staffed, "told", f"staffed {params['staffed']}")
            me = next((one for one in line if one.conversation == stored.conversation), None)
            if me is None:
                raise Broken("told", "queued, and not in the queue")
            place = _place_in(line, me)
            must(params["place"] == place, "told", f"place {params['place']} for {place}")
        elif code == "agent_lost":
            must(view.lease <= now, "lease", f"reaped {view.lease - now:g} s too early")
        elif code == "bot_failed" and doing.turn:
            answered = any(turn == doing.turn for turn, part in view.answered)
            must(not answered, "turn", "the bot answered, and an apology says it did not")
            view.given_up.add(doing.turn)

    # --- the whole ----------------------------------------------------------------------

    def _check_state(self, view: View, state: Conversation, now: float) -> None:
        told = (view.mode, view.owner, view.agent, view.control)
        kept = (state.mode, state.owner, state.agent, state.control)
        if told != kept:
            raise Broken("control", f"told {told}, kept {kept}")
        must(state.owner in OWNERS[state.mode], "owner", "nobody may own it in that mode")
        must((state.agent is not None) == (state.mode is Mode.AGENT), "owner", "agent and mode")
        asked = state.mode in (Mode.WAITING, Mode.AGENT)
        must((state.handoff is not None) == asked, "owner", "request and mode")
        handoff = state.handoff
        if handoff is not None:
            since, front = self._since.setdefault(handoff.id, (now, handoff.front))
            must(handoff.since == since, "place", "the time of the first request is lost")
            must(handoff.front == front, "place", "front of the queue lost or won")
            if view.handoff is not None:
                must(view.handoff == handoff.id, "place", "another request in the same wait")
        view.handoff = None if handoff is None else handoff.id
        ended = state.mode is Mode.CLOSED and state.contact is not None
        must(not ended, "contact", "a contact runs in a closed conversation")
        contact = None if state.contact is None else state.contact.started
        if contact is not None and contact != view.contact:
            view.begun += 1
        view.contact = contact
        view.state = state

    def _check_line(
        self, line: Sequence[Waiter], states: Mapping[str, Conversation], now: float
    ) -> None:
        waiting = {key for key, state in states.items() if state.mode is Mode.WAITING}
        found = [one.conversation for one in line]
        must(set(found) == waiting, "place", "who waits is not who stands in line")
        must(len(found) == len(waiting), "place", "twice in line")
        for one in line:
            since, front = self._since[one.handoff]
            must((one.since, one.front) == (since, front), "place", "not the original place")
            control = states[one.conversation].control
            must(one.control == control, "control", "the line has another number")
        order = [(not one.front, one.since) for one in line]
        must(order == sorted(order), "place", "the line is not in its order")
        self._line = line

    def _check_desks(self, unit: Unit) -> None:
        for key in self.agents:
            agent = unit.agents.get(key)
            assert agent is not None
            self._roster[key] = agent
            owned = [one for one, view in self.views.items() if view.agent == key]
            if agent.active != len(owned):
                raise Broken("capacity", f"{agent.active} for {len(owned)} chats")
            must(agent.active <= agent.capacity, "capacity", "more chats than agreed")
            held = [conversation for client, conversation in unit.queue.held_by(key)]
            must(sorted(held) == sorted(owned), "capacity", "the desk holds what it does not own")

    def _check_pick(self, doing: Doing, states: Mapping[str, Conversation], now: float) -> None:
        """Who asks for the next chat gets the first they may take: nobody is overtaken."""
        if doing.what != "takes":
            return
        agent = self._roster[doing.agent]
        got = [
            key
            for key, state in states.items()
            if state.agent == agent.id and self.views[key].agent != agent.id
        ]
        if not got:
            return
        free = [
            one
            for one in self._line
            if one.client in agent.clients
            and one.language in agent.languages
            and (one.preferred_agent in (None, agent.id) or now >= one.preferred_until)
        ]
        first = min(free, key=lambda one: self._rank(one, now)).conversation if free else None
        must(got == [first], "place", "somebody was overtaken")

    def _rank(self, one: Waiter, now: float) -> tuple[bool, float, float, str]:
        promise, weight = self.policies[one.client]
        return (not one.front, -weight * (now - one.since) / promise, one.since, one.handoff)


def _place_in(line: Sequence[Waiter], me: Waiter) -> int:
    mine = (not me.front, me.since)
    return 1 + sum((not one.front, one.since) < mine for one in line if one.client == me.client)


class WatchedStore(Wrapped):
    """A store whose every commit is judged, and whose disk may refuse one."""

    def __init__(self, store: Store, watch: Watch, doing: Callable[[], Doing]) -> None:
        super().__init__(store)
        self._watch = watch
        self._doing = doing
        self.refusals = 0

    async def write(self, work: Callable[[Unit], T]) -> T:
        def judged(unit: Unit) -> T:
            result = work(unit)
            if self.refusals:
                self.refusals -= 1
                raise StoreError("The disk is full.")
            self._watch.committed(unit, self._doing())
            return result

        return await self._store.write(judged)
