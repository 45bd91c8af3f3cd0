"""Many waves of races, the referee's judgement of each, and a report."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from handoff.app import CLIENTS
from handoff.bridge import Bridge
from handoff.clients import Client, load_clients
from handoff.core.conversation import Conversation
from handoff.core.roster import Agent, Role, Status
from handoff.ports import Store, Unit
from handoff.settings import read_settings
from handoff.storage import open_store
from handoff.tokens import new_id
from tests.races.desks import Desks, Here, bridge_on, elsewhere
from tests.races.jobs import CLIENT, Claim, Job, Release
from tests.races.referee import Broken, Referee, Round

TELL_SECONDS = 10.0
MOST_BROKEN = 5
TOGETHER = 4
"""How many customers are raced for at once: one agent may reach for all of them."""
IN_LINE = 3 * TOGETHER
REPEATS = 0.05
"""The share of claims that is sent twice, as after a lost answer."""
_LETTERS = {"ok": "w", "taken": "t", "at_capacity": "c", "": "-"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What to play. `processes` of None is this one."""

    url: str
    rounds: int
    agents: int = 200
    seed: int = 0
    processes: int | None = None
    fault: str | None = None


@dataclass(slots=True)
class Tally:
    """What was played. `codes` counts the answers to claims, `repeats` those sent again."""

    rounds: int = 0
    claims: int = 0
    releases: int = 0
    repeats: int = 0
    seconds: float = 0.0
    most_held: int = 0
    room: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    broken: list[Broken] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Claims a second."""
        return self.claims / self.seconds if self.seconds else 0.0

    def __str__(self) -> str:
        return (
            f"{self.rounds:,} rounds, {self.claims:,} claims, {self.rate:,.0f} claims/s, "
            f"{len(self.broken)} broken"
        )


async def run(
    asked: Asked,
    folder: Path,
    tell: Callable[[str], None] = lambda line: None,
    keep: Callable[[str], None] = lambda line: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Tally:
    """Play until `asked.rounds` are through, enough is broken, or `stopped` says so.

    `keep` is given a line for each round: who won, and a letter for what each agent was told
    (w won, t taken, c at capacity). `folder` is for files of settings.
    """
    clients = load_clients(CLIENTS, read_settings({"DATA_DIR": str(folder)}, root=folder).variables)
    store = await open_store(asked.url)
    try:
        agents = [_agent(number) for number in range(asked.agents)]
        await store.write(lambda unit: _hire(unit, agents))
        async with _desks(asked, store, clients, agents) as desks:
            race = _Race(asked, store, bridge_on(store, clients), desks, agents)
            return await race.run(tell, keep, stopped)
    finally:
        await store.close()


@asynccontextmanager
async def _desks(
    asked: Asked, store: Store, clients: Mapping[str, Client], agents: list[Agent]
) -> AsyncIterator[Desks]:
    if asked.processes is None:
        yield Here(store, clients, agents)
    else:
        async with elsewhere(asked.url, clients, agents, asked.processes, asked.fault) as desks:
            yield desks


class _Race:
    def __init__(
        self, asked: Asked, store: Store, bridge: Bridge, desks: Desks, agents: list[Agent]
    ) -> None:
        self._asked = asked
        self._bridge = bridge
        self._desks = desks
        self._agents = agents
        self._referee = Referee(store, agents)
        self._dice = random.Random(asked.seed)
        self._ended: list[str] = []
        room = sum(agent.capacity for agent in agents)
        # So many stay free that every customer of a wave finds somebody with room.
        self._most_held = room - max(asked.agents // 4, 3 * TOGETHER)
        self._tally = Tally(room=room)

    async def run(
        self,
        tell: Callable[[str], None],
        keep: Callable[[str], None],
        stopped: Callable[[], bool],
    ) -> Tally:
        tally, began, told = self._tally, time.monotonic(), 0.0
        while (
            tally.rounds < self._asked.rounds and len(tally.broken) < MOST_BROKEN and not stopped()
        ):
            await self._wave(keep)
            tally.seconds = time.monotonic() - began
            if tally.seconds - told >= TELL_SECONDS:
                told = tally.seconds
                tell(str(tally))
        return tally

    async def _wave(self, keep: Callable[[str], None]) -> None:
        tally = self._tally
        await self._line_up()
        jobs = self._jobs(min(TOGETHER, self._asked.rounds - tally.rounds))
        answers = await self._desks.play(jobs)
        rounds = await self._referee.judge(jobs, answers)
        for one in rounds:
            keep(_record(one))
        tally.rounds += len(rounds)
        tally.broken = self._referee.broken
        tally.most_held = max(tally.most_held, len(self._referee.having))
        for job, answer in zip(jobs, answers, strict=True):
            if isinstance(job, Claim):
                tally.claims += 1
                tally.codes[answer.code] += 1
                tally.repeats += answer.tries - 1
            else:
                tally.releases += 1
                if job.how != "transfer":
                    self._ended.append(job.conversation)

    async def _line_up(self) -> None:
        """Customers ask for a person until enough are in line: new ones, and who was here."""
        missing = IN_LINE - len(self._referee.waiting)
        self._referee.arrived(await asyncio.gather(*(self._ask() for _ in range(missing))))

    async def _ask(self) -> Conversation:
        if self._ended and self._dice.random() < 0.5:
            conversation = self._ended.pop(self._dice.randrange(len(self._ended)))
        else:
            conversation = (await self._bridge.arrive(CLIENT, new_id(), "", None)).id
        await self._bridge.ask_person(CLIENT, conversation, _uuid())
        return await self._bridge.commit(lambda w: w.conversation(CLIENT, conversation))

    def _jobs(self, rounds: int) -> list[Job]:
        """Every agent reaches for every customer of the wave, while others let go of theirs."""
        referee, dice = self._referee, self._dice
        jobs: list[Job] = []
        for conversation in dice.sample(sorted(referee.waiting), rounds):
            ticket = referee.waiting[conversation]
            for agent in range(len(self._agents)):
                claim = Claim(agent, conversation, ticket.handoff, ticket.control, _uuid())
                jobs += [claim] * (2 if dice.random() < REPEATS else 1)
        jobs += self._releases()
        dice.shuffle(jobs)
        return jobs

    def _releases(self) -> list[Job]:
        having, dice = self._referee.having, self._dice
        over = len(having) + TOGETHER - self._most_held
        count = min(len(having), max(over, dice.randint(0, TOGETHER // 2)))
        return [
            Release(
                having[one].agent,
                one,
                having[one].control,
                _uuid(),
                dice.choice(("finish", "finish", "transfer", "hand_back")),
            )
            for one in dice.sample(sorted(having), count)
        ]


def _agent(number: int) -> Agent:
    """With room for one chat, every third for two, every tenth for three."""
    return Agent(
        id=new_id(),
        login=f"{new_id()}@example.no",
        name=f"Agent {number}",
        role=Role.AGENT,
        clients=frozenset({CLIENT}),
        languages=frozenset({"nb", "nn", "en"}),
        capacity=3 if number % 10 == 0 else 2 if number % 3 == 0 else 1,
    )


def _hire(unit: Unit, agents: list[Agent]) -> None:
    for agent in agents:
        unit.agents.add(agent, "no password")
        unit.agents.set_status(agent.id, Status.ONLINE, unit.now())


def _uuid() -> str:
    plain = new_id()
    return "-".join((plain[:8], plain[8:12], plain[12:16], plain[16:20], plain[20:]))


def _record(one: Round) -> str:
    told = "".join(_LETTERS.get(code, "?") for code in one.told)
    return json.dumps({"conversation": one.conversation, "winner": one.winner, "told": told})


def report(asked: Asked, tally: Tally, store: str) -> str:
    """The run as JSON."""
    told = {
        "ended": datetime.now(UTC).isoformat(timespec="seconds"),
        "store": store,
        "processes": asked.processes or 1,
        "agents": asked.agents,
        "seed": asked.seed,
        "rounds": tally.rounds,
        "claims": tally.claims,
        "told": dict(tally.codes),
        "sent_again_when_overloaded": tally.repeats,
        "releases": tally.releases,
        "room": tally.room,
        "most_held": tally.most_held,
        "seconds": round(tally.seconds, 1),
        "claims_per_second": round(tally.rate, 1),
        "broken": list(map(str, tally.broken)),
    }
    return json.dumps(told, indent=2) + "\n"
