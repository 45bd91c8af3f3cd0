"""Every store lets one agent win a claim, within capacity, for as long as the lease is renewed."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from handoff.core.conversation import Conversation, Mode, Owner, handed_to
from handoff.core.roster import Agent, Status
from handoff.errors import AtCapacity, Taken
from handoff.ports import Store, Unit
from tests.handoff.storage.desk import active, claim, held_by, line, position
from tests.handoff.storage.samples import (
    employed,
    handoff_of,
    person,
    waiting,
)


async def test_the_claim_itself_takes_out_of_the_line(store: Store) -> None:
    state = await waiting(store)
    agent = await employed(store)
    handoff = handoff_of(state)
    # The transition's own `claimed` withdrawal is said before or after: both are well.
    await store.write(lambda unit: unit.queue.withdraw(handoff, "claimed", 1.0))
    await claim(store, agent, state)
    await store.write(lambda unit: unit.queue.withdraw(handoff, "claimed", 1.0))
    assert await line(store) == []
    assert await held_by(store, agent) == [("heimbud", state.id)]


async def test_fifty_agents_at_one_request_have_one_winner(store: Store) -> None:
    state = await waiting(store)
    agents = [await employed(store) for _ in range(50)]

    async def run(agent: Agent) -> bool:
        try:
            await claim(store, agent, state)
        except Taken:
            return False
        return True

    won = await asyncio.gather(*(run(agent) for agent in agents))
    assert sum(won) == 1
    for agent, winner in zip(agents, won, strict=True):
        assert await active(store, agent) == int(winner)
        held = await held_by(store, agent)
        assert held == ([("heimbud", state.id)] if winner else [])


async def test_capacity_is_never_exceeded(store: Store) -> None:
    agents = [await employed(store, person(capacity=3)) for _ in range(4)]
    states = [await waiting(store, float(number)) for number in range(20)]

    async def run(agent: Agent, state: Conversation) -> str:
        try:
            await claim(store, agent, state)
        except (AtCapacity, Taken) as error:
            return error.code
        return "won"

    results = await asyncio.gather(*(run(agent, state) for state in states for agent in agents))
    assert results.count("won") == 12
    assert "at_capacity" in results
    for agent in agents:
        assert await active(store, agent) == 3
        held = await held_by(store, agent)
        assert len(held) == 3
    assert await store.read(lambda unit: unit.queue.length(["heimbud"], 9)) == 8
    assert await store.read(lambda unit: unit.queue.length(["heimbud"], 3)) == 3


@pytest.mark.parametrize("status", [Status.PAUSE, Status.OFFLINE])
async def test_who_is_not_online_cannot_claim(store: Store, status: Status) -> None:
    state = await waiting(store)
    agent = await employed(store, person(status=status))
    with pytest.raises(AtCapacity):
        await claim(store, agent, state)
    with pytest.raises(AtCapacity):
        await claim(store, person(), state)
    assert len(await line(store)) == 1


@pytest.mark.parametrize("off_by", [-1, 1])
async def test_a_claim_of_what_was_seen_otherwise_is_too_late(store: Store, off_by: int) -> None:
    state = await waiting(store)
    agent = await employed(store)
    seen = replace(state, control=state.control + off_by)
    before = await position(store)
    with pytest.raises(Taken):
        await claim(store, agent, seen)
    assert await active(store, agent) == 0
    assert await position(store) == before


async def test_a_failed_claim_leaves_nothing_even_when_the_unit_goes_on(store: Store) -> None:
    gone, there = await waiting(store, 1.0), await waiting(store, 2.0)
    agent, quick = await employed(store, person(capacity=1)), await employed(store)
    await claim(store, quick, gone)

    def next_best(unit: Unit) -> None:
        with pytest.raises(Taken):
            unit.queue.claim(agent.id, handoff_of(gone), gone.control, 145.0)
        unit.queue.claim(agent.id, handoff_of(there), there.control, 145.0)

    await store.write(next_best)
    assert await active(store, agent) == 1
    assert await held_by(store, agent) == [("heimbud", there.id)]


async def test_freeing_never_goes_below_nothing(store: Store) -> None:
    agent = await employed(store)
    await store.write(lambda unit: unit.queue.free(agent.id))
    await store.write(lambda unit: unit.queue.free("nobody"))
    assert await active(store, agent) == 0


async def test_a_lease_runs_out_unless_it_is_renewed(store: Store) -> None:
    one, two = await waiting(store, 1.0, client="varde"), await waiting(store, 2.0)
    agent, other = await employed(store), await employed(store)
    await claim(store, agent, one, until=145.0)
    await claim(store, other, two, until=140.0)

    async def expired(now: float) -> list[tuple[str, str, int]]:
        return list(await store.read(lambda unit: unit.queue.expired(now)))

    assert await expired(139.9) == []
    assert await expired(140.0) == [("heimbud", two.id, two.control + 1)]
    assert [row[1] for row in await expired(145.0)] == [two.id, one.id]
    await store.write(lambda unit: unit.queue.renew(other.id, 200.0))
    assert await expired(145.0) == [("varde", one.id, one.control + 1)]
    assert len(await expired(200.0)) == 2


async def test_a_conversation_closed_by_its_agent_is_held_no_more(store: Store) -> None:
    state = await waiting(store)
    agent = await employed(store)
    await claim(store, agent, state)
    owned = handed_to(state, 150.0, mode=Mode.AGENT, owner=Owner.AGENT, agent=agent.id)
    closed = replace(handed_to(owned, 160.0, mode=Mode.CLOSED, owner=Owner.NOBODY), handoff=None)

    def work(unit: Unit) -> None:
        unit.conversations.save(state, owned, "AgentClaimed", agent.id, 150.0)
        unit.queue.free(agent.id)
        unit.conversations.save(owned, closed, "ConversationClosed", agent.id, 160.0)

    await store.write(work)
    assert await held_by(store, agent) == []
    assert await store.read(lambda unit: unit.queue.expired(1e12)) == []
