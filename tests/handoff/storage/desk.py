"""What the desk asks a store about its line."""

from __future__ import annotations

from handoff.core.conversation import Conversation
from handoff.core.roster import Agent
from handoff.core.waiting_line import Waiter
from handoff.ports import Store
from tests.handoff.storage.samples import (
    handoff_of,
)

BOTH = ("heimbud", "varde")


async def line(store: Store, *clients: str, limit: int = 100) -> list[Waiter]:
    return list(await store.read(lambda unit: unit.queue.waiting(clients or BOTH, limit)))


async def claim(store: Store, agent: Agent, state: Conversation, until: float = 145.0) -> None:
    await store.write(
        lambda unit: unit.queue.claim(agent.id, handoff_of(state), state.control, until)
    )


async def place(store: Store, client: str, front: bool, since: float) -> int:
    return await store.read(lambda unit: unit.queue.place(client, front, since))


async def held_by(store: Store, agent: Agent) -> list[tuple[str, str]]:
    return list(await store.read(lambda unit: unit.queue.held_by(agent.id)))


async def position(store: Store) -> int:
    return await store.read(lambda unit: unit.queue.position())


async def active(store: Store, agent: Agent) -> int:
    kept = await store.read(lambda unit: unit.agents.get(agent.id))
    assert kept is not None
    return kept.active
