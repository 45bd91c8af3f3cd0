"""The bridge alone: over the store in memory, with a clock by hand and a bot over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache

from handoff.bridge import Bridge
from handoff.bridge.erasures import Erasures
from handoff.bridge.retention import Retention
from handoff.bridge.sweeper import Sweeper
from handoff.bridge.turns import BotTurns
from handoff.clients import Client, load_clients
from handoff.core.conversation import Conversation
from handoff.core.message import Audience, Kind, Stored
from handoff.core.roster import Agent, Role, Status
from handoff.fanout.local import LocalFanout
from handoff.metrics import Metrics
from handoff.ports import Unit
from handoff.rasa_client import RasaBot
from handoff.settings import ROOT
from handoff.storage import MemoryStore
from handoff.tokens import new_id
from tests.ports import free_port
from tests.service.bot import StandInBot, serving_bot
from tests.service.clocks import HandClock

LEASE_SECONDS = 45.0
ACCESS_LOG_DAYS = 365


@cache
def clients() -> dict[str, Client]:
    variables = {
        "DEMO_HEIMBUD_PORT": "8010",
        "DEMO_VARDE_PORT": "8011",
        "DEMO_SYSTEMS_PORT": "8020",
        "DEMO_SYSTEMS_TOKEN": "t" * 16,
        "PUBLIC_URL": "http://127.0.0.1:8000",
        "DEMO_HOST": "127.0.0.1",
    }
    return load_clients(ROOT / "clients", variables)


@dataclass(slots=True)
class Workshop:
    """What a test of the bridge needs. Clients may be changed before the first call."""

    clock: HandClock
    store: MemoryStore
    bridge: Bridge
    bot: StandInBot
    turns: BotTurns
    sweeper: Sweeper
    retention: Retention
    erasures: Erasures

    async def arrive(self, client: str = "heimbud", visitor: str | None = None) -> Conversation:
        return await self.bridge.arrive(client, visitor or new_id(), "https://x.example/", None)

    async def hire(
        self,
        name: str,
        *,
        clients: tuple[str, ...] = ("heimbud", "varde"),
        languages: tuple[str, ...] = ("nb", "nn", "en"),
        capacity: int = 5,
    ) -> Agent:
        known = frozenset(languages)
        agent = Agent(new_id(), name.lower(), name, Role.AGENT, frozenset(clients), known, capacity)

        def work(unit: Unit) -> None:
            unit.agents.add(agent, "")
            unit.agents.set_status(agent.id, Status.ONLINE, unit.now())

        await self.store.write(work)
        return agent

    async def state(self, one: Conversation) -> Conversation:
        found = await self.store.read(lambda unit: unit.conversations.get(one.client, one.id))
        assert found is not None
        return found

    async def lines(
        self, one: Conversation, audience: Audience = Audience.CUSTOMER
    ) -> Sequence[Stored]:
        return await self.store.read(
            lambda unit: unit.conversations.messages(one.id, audience, 0, 1_000)
        )

    async def said(self, one: Conversation) -> list[str]:
        """What the customer sees: an author and words, or a notice's code."""
        return [
            f"[{line.message.body['code']}]"
            if line.message.kind is Kind.NOTICE
            else f"{line.message.author}: {line.message.body['text']}"
            for line in await self.lines(one)
        ][1:]

    async def until(self, holds: Callable[[], object]) -> None:
        """Let the bot's turns run until `holds` gives something true, or an awaitable of it."""
        async with asyncio.timeout(20):
            while True:
                found = holds()
                if await found if asyncio.iscoroutine(found) else found:
                    return
                await asyncio.sleep(0.01)
                self.clock.pass_by(0.01)

    async def quiet(self) -> None:
        """Until every order is done, with time going on for retries."""

        async def is_empty() -> bool:
            self.clock.pass_by(0.2)
            return await self.store.read(lambda unit: not unit.outbox.due(unit.now() + 1_000))

        await self.until(is_empty)

    async def claim(self, agent: Agent, one: Conversation) -> Conversation:
        state = await self.state(one)
        assert state.handoff is not None
        return await self.bridge.claim(
            agent, one.client, one.id, state.handoff.id, state.control, new_id()
        )

    async def handed_over(self, agent: Agent, client: str = "heimbud") -> Conversation:
        """A conversation that a customer began, and the agent took."""
        one = await self.arrive(client)
        await self.bridge.customer_says(client, one.id, new_id(), "hei")
        await self.quiet()
        await self.bridge.ask_person(client, one.id, new_id())
        return await self.claim(agent, one)


@asynccontextmanager
async def workshop(**changed: Client) -> AsyncIterator[Workshop]:
    """`changed` are client companies to use instead of those of `clients/`."""
    clock, bot, port = HandClock(), StandInBot(), free_port()
    metrics = Metrics({**clients(), **changed}, "1")
    store, fanout, served = MemoryStore(clock), LocalFanout(), {**clients(), **changed}
    bridge = Bridge(store, fanout, served, new_id, LEASE_SECONDS, metrics)
    rasa = RasaBot([f"http://127.0.0.1:{port}"], "b" * 16, "r" * 16)
    turns = BotTurns(store, rasa, bridge, fanout, served, "worker", metrics)
    async with serving_bot(bot, port):
        running = asyncio.create_task(turns.run())
        try:
            retention = Retention(store, bridge, ACCESS_LOG_DAYS)
            sweeper = Sweeper(store, bridge, retention, LEASE_SECONDS)
            erasures = Erasures(store, rasa, fanout)
            yield Workshop(clock, store, bridge, bot, turns, sweeper, retention, erasures)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await rasa.close()
