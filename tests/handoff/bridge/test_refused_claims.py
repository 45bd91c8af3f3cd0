"""On SQLite a claim that is refused has written nothing: all that share its commit run once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from handoff.bridge import Bridge
from handoff.core.conversation import Conversation
from handoff.core.roster import Agent
from handoff.errors import AtCapacity, Taken
from handoff.fanout.local import LocalFanout
from handoff.ports import Store, Unit
from handoff.storage import SqlStore, migrate
from handoff.tokens import new_id
from tests.handoff.storage.samples import HandClock, employed, person
from tests.service.bridge import LEASE_SECONDS, clients
from tests.service.stores import Wrapped

T = TypeVar("T")


class Counted(Wrapped):
    """The store, and how often it ran what it was given."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.given = self.ran = 0

    async def write(self, work: Callable[[Unit], T]) -> T:
        def counted(unit: Unit) -> T:
            self.ran += 1
            return work(unit)

        self.given += 1
        return await super().write(counted)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Counted]:
    url = f"sqlite:///{tmp_path / 'claims.db'}"
    await asyncio.to_thread(migrate, url)
    counted = Counted(SqlStore.open(url, HandClock()))
    yield counted
    await counted.close()


async def test_no_refused_claim_makes_its_neighbours_run_again(store: Counted) -> None:
    bridge = Bridge(store, LocalFanout(), clients(), new_id, LEASE_SECONDS)
    full, quick, slow = [await employed(store, person(capacity=one)) for one in (1, 5, 5)]

    async def waits() -> Conversation:
        one = await bridge.arrive("heimbud", new_id(), "https://x.example/", None)
        await bridge.ask_person("heimbud", one.id, new_id())
        state = await store.read(lambda unit: unit.conversations.get("heimbud", one.id))
        assert state is not None
        return state

    async def claim(agent: Agent, one: Conversation) -> Conversation:
        assert one.handoff is not None
        return await bridge.claim(agent, "heimbud", one.id, one.handoff.id, one.control, new_id())

    await claim(full, await waits())
    one, other = await waits(), await waits()
    store.given = store.ran = 0
    told = await asyncio.gather(
        bridge.customer_says("heimbud", other.id, new_id(), "hei"),
        claim(full, one),
        claim(quick, one),
        bridge.customer_says("heimbud", one.id, new_id(), "hallo"),
        claim(slow, one),
        claim(full, one),
        bridge.customer_says("heimbud", other.id, new_id(), "hei igjen"),
        return_exceptions=True,
    )
    assert [type(answer) for answer in told] == [
        int, AtCapacity, Conversation, int, Taken, AtCapacity, int
    ]  # fmt: skip
    assert store.ran == store.given == len(told)
    reads = await store.read(lambda unit: unit.ledger.reads("heimbud", one.id))
    assert [(read.agent, read.what) for read in reads] == [(quick.id, "claim")]
