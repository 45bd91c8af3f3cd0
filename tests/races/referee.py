"""The referee: keeps a book of who waits and who has whom, and holds every answer against it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from handoff.core.conversation import Conversation, Mode
from handoff.core.roster import Agent
from handoff.core.waiting_line import Waiter
from handoff.ports import Store, Unit
from handoff.records import Change
from tests.races.jobs import CLIENT, Claim, Job, Release, Told

ALLOWED = frozenset({"ok", "taken", "at_capacity"})


@dataclass(frozen=True, slots=True)
class Broken:
    """Which rule did not hold, and what was seen instead."""

    rule: str
    seen: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.seen}"


@dataclass(frozen=True, slots=True)
class Waits:
    """A customer in line, as the referee remembers it."""

    conversation: str
    handoff: str
    since: float
    control: int


@dataclass(frozen=True, slots=True)
class Has:
    agent: int
    control: int


@dataclass(frozen=True, slots=True)
class Round:
    """How a round ended. `told` holds one code an agent, in their order."""

    conversation: str
    winner: int | None
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Picture:
    """What the database says after a wave, in one read."""

    states: Mapping[str, Conversation]
    changes: Mapping[str, Sequence[Change]]
    line: Sequence[Waiter]
    places: Mapping[str, int]
    active: Mapping[str, int]
    held: Mapping[int, frozenset[str]]


@dataclass(slots=True)
class Referee:
    """`agents` are numbered by their order. Broken rules collect in `broken`."""

    store: Store
    agents: Sequence[Agent]
    waiting: dict[str, Waits] = field(default_factory=dict)
    having: dict[str, Has] = field(default_factory=dict)
    broken: list[Broken] = field(default_factory=list)
    _asked: dict[str, Waits] = field(default_factory=dict)

    def held(self) -> Counter[int]:
        """How many chats each agent has, by the book."""
        return Counter(has.agent for has in self.having.values())

    async def judge(self, jobs: Sequence[Job], answers: Sequence[Told]) -> list[Round]:
        """Judge a wave, then bring the book up to date. A round for each customer raced for."""
        claims: dict[str, list[tuple[Claim, Told]]] = defaultdict(list)
        released = []
        for job, told in zip(jobs, answers, strict=True):
            if isinstance(job, Claim):
                claims[job.conversation].append((job, told))
            else:
                released.append(job)
                self._expect("told", told.code == "ok", f"{job.how} was answered {told.code}")
        before = self.held()
        changed = {job.agent for job, told in zip(jobs, answers, strict=True) if told.code == "ok"}
        picture = await self._look([*claims, *(job.conversation for job in released)], changed)
        rounds = [self._winner(made, picture) for made in claims.values()]
        self._told_truly(claims.values(), before, rounds)
        self._note_released(released, picture)
        self._line_kept(picture)
        self._desks_kept(picture)
        return rounds

    def _expect(self, rule: str, holds: bool, seen: str) -> None:
        if not holds:
            self.broken.append(Broken(rule, seen))

    def _winner(self, made: Sequence[tuple[Claim, Told]], picture: _Picture) -> Round:
        """Exactly one: by what was told, by the state, and by the history."""
        first, _ = made[0]
        ticket = self.waiting[first.conversation]
        told_won = {job.agent for job, told in made if told.code == "ok"}
        self._expect("one winner", len(told_won) == 1, f"{len(told_won)} were told they won")
        state = picture.states[ticket.conversation]
        owners = [one for one in told_won if self.agents[one].id == state.agent]
        winner = owners[0] if owners else None
        is_theirs = state.mode is Mode.AGENT and winner is not None
        self._expect("one winner", is_theirs, f"mode {state.mode} and not whom it was told to")
        grew = state.control - ticket.control
        self._expect("one winner", grew == 1, f"control rose by {grew}")
        since = [row for row in picture.changes[ticket.conversation] if row.control > first.control]
        self._expect(
            "one winner",
            [(row.cause, row.agent) for row in since] == [("AgentClaimed", state.agent)],
            f"the history has {[row.cause for row in since]}",
        )
        codes = dict.fromkeys(range(len(self.agents)), "")
        for job, told in made:
            codes[job.agent] = codes[job.agent] if codes[job.agent] == "ok" else told.code
            if told.code == "ok":
                most = self.agents[job.agent].capacity
                self._expect("capacity", told.held <= most, f"{told.held} chats, agreed {most}")
        if winner is not None:
            del self.waiting[ticket.conversation]
            self.having[ticket.conversation] = Has(winner, state.control)
        return Round(ticket.conversation, winner, tuple(codes.values()))

    def _told_truly(
        self,
        claims: Iterable[Sequence[tuple[Claim, Told]]],
        before: Mapping[int, int],
        rounds: Sequence[Round],
    ) -> None:
        """`at_capacity` only where the desk was full at some moment, `taken` never to a winner."""
        won = Counter(one.winner for one in rounds)
        for made, one in zip(claims, rounds, strict=True):
            for job, told in made:
                self._expect("told", told.code in ALLOWED, f"a claim was answered {told.code}")
                most = before.get(job.agent, 0) + won[job.agent]
                is_full = most >= self.agents[job.agent].capacity
                self._expect(
                    "told", told.code != "at_capacity" or is_full, "at_capacity, with room"
                )
                self._expect(
                    "told", told.code != "taken" or job.agent != one.winner, "taken, to the winner"
                )

    def _note_released(self, released: Sequence[Release], picture: _Picture) -> None:
        for job in released:
            self.having.pop(job.conversation, None)
            if job.how == "transfer":
                state = picture.states[job.conversation]
                old = self._asked[job.conversation]
                self.waiting[job.conversation] = Waits(
                    job.conversation, old.handoff, old.since, state.control
                )

    def _line_kept(self, picture: _Picture) -> None:
        """Everybody who waits does so since the first request, in that order."""
        wanted = sorted(self.waiting.values(), key=lambda one: (one.since, one.handoff))
        seen = [Waits(one.conversation, one.handoff, one.since, one.control)
                for one in picture.line]  # fmt: skip
        self._expect("place", seen == wanted, f"{len(seen)} in line, {len(wanted)} by the book")
        for one in wanted:
            ahead = sum(other.since < one.since for other in wanted)
            place = picture.places.get(one.conversation)
            self._expect("place", place == ahead + 1, f"place {place}, not {ahead + 1}")

    def _desks_kept(self, picture: _Picture) -> None:
        """The count on each agent's row is what they have, and no more than agreed."""
        held = self.held()
        for number, agent in enumerate(self.agents):
            active = picture.active[agent.id]
            self._expect("capacity", active <= agent.capacity, f"{active} of {agent.capacity}")
            self._expect("count", active == held[number], f"{active}, has {held[number]}")
        for number, conversations in picture.held.items():
            book = {name for name, has in self.having.items() if has.agent == number}
            self._expect("count", conversations == book, "holds other chats than by the book")

    def arrived(self, conversations: Sequence[Conversation]) -> None:
        """They asked for a person: from here on the referee remembers their place."""
        for state in conversations:
            assert state.handoff is not None, state.mode
            ticket = Waits(state.id, state.handoff.id, state.handoff.since, state.control)
            self.waiting[state.id] = self._asked[state.id] = ticket

    async def _look(self, conversations: Sequence[str], desks: Iterable[int]) -> _Picture:
        wanted = sorted(set(conversations) | self.waiting.keys())

        def read(unit: Unit) -> _Picture:
            states = {one: unit.conversations.get(CLIENT, one) for one in wanted}
            return _Picture(
                {name: state for name, state in states.items() if state is not None},
                {one: unit.conversations.history(one) for one in conversations},
                unit.queue.waiting([CLIENT], 1_000),
                {
                    name: unit.queue.place(CLIENT, False, state.handoff.since)
                    for name, state in states.items()
                    if state is not None and state.handoff is not None
                },
                {agent.id: agent.active for agent in unit.agents.all()},
                {
                    one: frozenset(name for _, name in unit.queue.held_by(self.agents[one].id))
                    for one in desks
                },
            )

        return await self.store.read(read)
