"""The service around one schedule: real bridge, real store in memory, a clock by hand.

What may happen in it is in `customers.py`, `desk.py` and `service.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from handoff.bridge import Bridge
from handoff.bridge.retention import Retention
from handoff.bridge.sweeper import Sweeper
from handoff.bridge.turns import BotTurns
from handoff.bridge.unit_of_work import QUEUE
from handoff.clients import Client
from handoff.core.conversation import Conversation
from handoff.core.roster import Agent, Role, Status
from handoff.fanout.local import LocalFanout
from handoff.gateways.attendance import Attendance
from handoff.gateways.customer import CustomerGateway
from handoff.metrics import Metrics
from handoff.opening_hours import OpeningHours, Span
from handoff.ports import Unit
from handoff.storage import MemoryStore
from handoff.tokens import Bearer, Tokens, Use
from tests.service.bridge import clients as demo_clients
from tests.service.clocks import HandClock
from tests.simulation.bot import SimulatedBot
from tests.simulation.invariants import LEASE_SECONDS, Watch, WatchedStore
from tests.simulation.page import Page
from tests.simulation.schedule import Setup
from tests.simulation.tasks import Task, Tasks, now
from tests.simulation.wire import Wire

Request = Callable[[], Coroutine[Any, Any, Any]]

# Nobody reads it, and a new one for each world would take longer than the world.
_METRICS = Metrics((), "simulated")


@dataclass(frozen=True, slots=True)
class Asked:
    """An agent's latest request, and how it went the first time."""

    what: str
    cmid: str
    request: Request
    first: Task


@cache
def companies() -> Mapping[str, Client]:
    """The demo companies, one with a desk that is closed at night."""
    hours = OpeningHours((Span(8 * 60, 20 * 60),) * 7, True, "Europe/Oslo")
    return {
        key: replace(client, hours=hours) if key == "heimbud" else client
        for key, client in demo_clients().items()
    }


class _Tokens(Tokens):
    """Pages are let in without one here, and making one takes time."""

    def issue(self, use: Use, bearer: Bearer) -> str:
        return "token"


class Fanout(LocalFanout):
    """Wake-ups within the process; `deaf` of them are lost."""

    deaf = 0

    def publish(self, channel: str, note: str = "") -> None:
        if self.deaf:
            self.deaf -= 1
            return
        super().publish(channel, note)


class World:
    """Customers, their pages and wires, agents, the bot, and the service between them."""

    def __init__(self, setup: Setup) -> None:
        self.clock = HandClock()
        self.clock.pass_by(setup.starts)
        self.tasks = Tasks()
        self.companies = companies()
        self.watch = Watch(self._is_open)
        self.watch.policies = {
            key: (one.handoff.promise_seconds, one.handoff.weight)
            for key, one in self.companies.items()
        }
        self.store = WatchedStore(MemoryStore(self.clock), self.watch, lambda: self.tasks.current)
        self.fanout = Fanout()
        self.bot = SimulatedBot(self.clock)
        self._ids = 1_000
        bridge = Bridge(self.store, self.fanout, self.companies, self.new_id, LEASE_SECONDS)
        self.bridge = bridge
        self.turns = BotTurns(
            self.store, self.bot, bridge, self.fanout, self.companies, "worker", _METRICS
        )
        self.sweeper = Sweeper(self.store, bridge, Retention(self.store, bridge, 365), 45.0)
        self.gateway = CustomerGateway(
            self.store,
            bridge,
            self.fanout,
            _Tokens("s" * 32),
            Attendance(self.fanout, self.clock),
            15.0,
            _METRICS,
        )
        self.fanout.subscribe(QUEUE, lambda note: self.gateway.places._due.set())
        self.agents = [self._hire(n, room) for n, room in enumerate(setup.capacities)]
        self.supervisor = self._hire(9, 1, Role.SUPERVISOR)
        now(self.store.write(lambda unit: self._staff(unit, setup.on_duty)))
        self.watch.agents = tuple(one.id for one in (*self.agents, self.supervisor))
        self.pages = [self._arrive(n) for n in range(setup.customers)]
        now(self.store.write(lambda unit: None))  # greeting and visit are judged
        self.wires = [Wire(page, self.gateway, self.tasks) for page in self.pages]
        self.asked: dict[str, Asked] = {}
        self.log: list[str] | None = None
        for wire in self.wires:
            wire.open(hold=False)

    def new_id(self) -> str:
        self._ids += 1
        return f"{self._ids:032x}"

    def new_cmid(self) -> str:
        self._ids += 1
        return f"00000000-0000-4000-8000-{self._ids:012x}"

    def connect(self, which: int, *, hold: bool = False) -> None:
        """A new connection for the page; the old one is heard no more."""
        self.wires[which].cut()
        self.wires[which] = Wire(self.pages[which], self.gateway, self.tasks)
        self.wires[which].open(hold=hold)

    def _hire(self, number: int, capacity: int, role: Role = Role.AGENT) -> Agent:
        name = f"agent{number}"
        languages = frozenset(("nb", "nn", "en") if number != 1 else ("nb", "en"))
        return Agent(
            f"{number + 1:032x}", name, name, role, frozenset(self.companies), languages, capacity
        )

    def _staff(self, unit: Unit, on_duty: int) -> None:
        for number, agent in enumerate((*self.agents, self.supervisor)):
            unit.agents.add(agent, "")
            if number < on_duty and agent is not self.supervisor:
                unit.agents.set_status(agent.id, Status.ONLINE, unit.now())

    def _arrive(self, number: int) -> Page:
        client = "varde" if number == 2 else "heimbud"
        visitor = f"{number + 100:032x}"
        state = now(self.bridge.arrive(client, visitor, "https://x.example/", None))
        self.watch.follow(state)
        return Page(client, state.id, state.epoch)

    def _is_open(self, client: str, at: float) -> bool:
        return self.companies[client].hours.is_open(datetime.fromtimestamp(at, UTC))

    def state(self, page: Page) -> Conversation:
        found = now(
            self.store.read(lambda unit: unit.conversations.get(page.client, page.conversation))
        )
        assert found is not None
        return found

    def told(self, what: str) -> None:
        """Keep a line of what happened, if anybody wants to read it."""
        if self.log is not None:
            self.log.append(what)

    def name(self, conversation: str) -> str:
        """What a person calls a customer: `customer 1`."""
        for number, page in enumerate(self.pages, 1):
            if page.conversation == conversation:
                return f"customer {number}"
        return conversation
