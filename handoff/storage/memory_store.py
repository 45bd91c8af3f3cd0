"""The store in memory: nothing lasts, everything else is as in SQL. For tests of what is above."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from handoff.errors import StoreError
from handoff.ports import Clock, Store, Unit
from handoff.storage.memory.agents import MemoryAgents
from handoff.storage.memory.archive import MemoryArchive
from handoff.storage.memory.client_writes import MemoryClientWrites
from handoff.storage.memory.conversations import MemoryConversations
from handoff.storage.memory.ledger import MemoryLedger
from handoff.storage.memory.outbox import MemoryOutbox
from handoff.storage.memory.queue import MemoryQueue
from handoff.storage.memory.world import World

T = TypeVar("T")


class MemoryUnit:
    def __init__(self, world: World, clock: Clock) -> None:
        self._clock = clock
        self.queue = MemoryQueue(world)
        self.conversations = MemoryConversations(world, self.queue)
        self.outbox = MemoryOutbox(world)
        self.agents = MemoryAgents(world)
        self.ledger = MemoryLedger(world)
        self.archive = MemoryArchive(world, self.conversations, self.outbox, self.ledger)
        self.client_writes = MemoryClientWrites(world)

    def now(self) -> float:
        return self._clock()


class MemoryStore(Store):
    def __init__(self, clock: Clock) -> None:
        self._world = World()
        self._unit = MemoryUnit(self._world, clock)
        self._closed = False

    async def write(self, work: Callable[[Unit], T]) -> T:
        self._check_open()
        await _others_go_on()
        journal = self._world.journal
        journal.writing = True
        try:
            result = work(self._unit)
        except BaseException:
            journal.roll_back()
            raise
        finally:
            journal.keep()
            journal.writing = False
        return result

    async def read(self, work: Callable[[Unit], T]) -> T:
        self._check_open()
        await _others_go_on()
        return work(self._unit)

    async def ready(self) -> None:
        self._check_open()

    async def close(self) -> None:
        self._closed = True

    def _check_open(self) -> None:
        if self._closed:
            raise StoreError("The store is closed.")


async def _others_go_on() -> None:
    """A real store lets others run while it works; code that counts on that must do so here."""
    await asyncio.sleep(0)
