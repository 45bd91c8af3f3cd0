"""Every store's unit is all or nothing, and says clearly when it cannot."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from handoff.core.conversation import Conversation, Mode, Owner, handed_to
from handoff.core.effects import KeepTask, RecordContact
from handoff.core.message import Audience
from handoff.core.roster import Status
from handoff.errors import StoreError, Taken
from handoff.ports import Store, Unit
from tests.handoff.storage.samples import (
    conversation,
    employed,
    handoff_of,
    kept,
    lines,
    new_id,
    order,
    person,
    said,
    started,
    stored,
    waiting,
    waits,
)


class Broken(Exception):
    pass


async def test_a_unit_that_raises_leaves_nothing(store: Store) -> None:
    agent = await employed(store)
    state = await started(store)
    in_line = await waiting(store)
    fresh, newcomer = conversation(), person()
    asked = order(state)
    after = waits(state)
    task = KeepTask(new_id(), "Ola", "99999999", "ring meg")
    contact = RecordContact("refund", "bot", True, 1.0, 2.0, 0.0, 0.0)

    def everything(unit: Unit) -> None:
        unit.conversations.start(fresh, 1.0)
        unit.conversations.append(state, said(cmid="c1"), 2.0)
        unit.conversations.save(state, after, "x", "bot", 2.0)
        unit.conversations.set_seen(state.id, "customer", 1)
        unit.outbox.put(asked)
        unit.queue.offer(after, 2.0)
        unit.queue.claim(agent.id, handoff_of(in_line), in_line.control, 60.0)
        unit.agents.add(newcomer, "hash")
        unit.agents.set_status(agent.id, Status.PAUSE, 2.0)
        unit.agents.open_session("digest", agent.id, 1e12)
        unit.agents.use_nonce("nonce", 1e12)
        unit.ledger.record(state, contact, 3.0)
        unit.ledger.keep_task(state, task, 3.0)
        unit.ledger.log_access(agent.id, state.id, "read", 3.0)

    def everything_then_break(unit: Unit) -> None:
        everything(unit)
        raise Broken

    def picture(unit: Unit) -> list[object]:
        return [
            unit.conversations.get("heimbud", fresh.id),
            unit.conversations.get("heimbud", state.id),
            unit.conversations.sent(state.id, "customer", "", "c1"),
            unit.conversations.messages(state.id, Audience.STAFF, 0, 10),
            unit.conversations.last_seqs([state.id], Audience.STAFF),
            unit.conversations.seen(state.id),
            unit.conversations.history(state.id),
            unit.outbox.due(1e12),
            unit.queue.waiting(["heimbud"], 10),
            unit.queue.position(),
            unit.queue.held_by(agent.id),
            unit.agents.get(agent.id),
            unit.agents.get(newcomer.id),
            unit.agents.session("digest", 1.0),
            unit.ledger.contacts("heimbud", 0.0, 1e12),
            unit.ledger.tasks(["heimbud"], open_only=False),
        ]

    before = await store.read(picture)
    with pytest.raises(Broken):
        await store.write(everything_then_break)
    assert await store.read(picture) == before
    # Nothing that was undone is in the way, the single-use ticket neither.
    assert await store.write(lambda unit: unit.agents.use_nonce("nonce", 1e12))
    with pytest.raises(Broken):
        await store.write(everything_then_break)
    await store.write(everything)
    assert await store.read(picture) != before


async def test_the_works_own_error_and_result_come_through(store: Store) -> None:
    def broken(unit: Unit) -> None:
        raise Broken("as it was")

    for call in (store.write, store.read):
        with pytest.raises(Broken, match="as it was"):
            await call(broken)
    marker = object()
    assert await store.write(lambda unit: marker) is marker
    assert await store.read(lambda unit: marker) is marker


async def test_units_beside_a_failing_one_are_kept(store: Store) -> None:
    state = await started(store)

    def work(number: int) -> Callable[[Unit], int]:
        def run(unit: Unit) -> int:
            seq = unit.conversations.append(state, said(str(number)), 1.0).staff_seq
            if number == 5:
                raise Broken
            return seq

        return run

    results = await asyncio.gather(
        *(store.write(work(number)) for number in range(10)), return_exceptions=True
    )
    assert isinstance(results[5], Broken)
    assert sorted(seq for seq in results if isinstance(seq, int)) == list(range(1, 10))


async def test_nothing_is_written_in_a_read(store: Store) -> None:
    state = await started(store)
    writes: list[Callable[[Unit], object]] = [
        lambda unit: unit.conversations.append(state, said(), 1.0),
        lambda unit: unit.conversations.start(conversation(), 1.0),
        lambda unit: unit.outbox.put(order(state)),
        lambda unit: unit.agents.add(person(), "hash"),
    ]
    for write in writes:
        with pytest.raises(StoreError) as refused:
            await store.read(write)
        assert "read-only" in refused.value.message
    assert await store.read(lambda unit: unit.outbox.due(1e12)) is False


async def test_a_read_sees_what_was_written_before_it(store: Store) -> None:
    for _ in range(20):
        state = await started(store)
        assert await kept(store, state) == state


async def test_a_unit_sees_its_own_writes(store: Store) -> None:
    state = conversation()

    def work(unit: Unit) -> int:
        unit.conversations.start(state, 1.0)
        unit.conversations.append(state, said(), 1.0)
        return unit.conversations.last_seqs([state.id], Audience.STAFF)[state.id]

    assert await store.write(work) == 1


async def test_a_row_that_belongs_nowhere_is_refused(store: Store) -> None:
    nowhere = conversation()
    state = await started(store)
    elsewhere = replace(state, client="varde")
    task = KeepTask(new_id(), "Ola", "99999999", "ring meg")

    def works(stranger: Conversation) -> list[Callable[[Unit], None]]:
        return [
            lambda unit: unit.outbox.put(order(stranger)),
            lambda unit: unit.queue.offer(waits(stranger), 1.0),
            lambda unit: unit.ledger.keep_task(stranger, task, 1.0),
        ]

    for work in works(nowhere) + works(elsewhere):
        with pytest.raises(StoreError):
            await store.write(work)


async def test_an_error_never_quotes_what_a_customer_wrote(store: Store) -> None:
    state = conversation()
    secret = "01010112345"
    task = KeepTask(new_id(), secret, secret, secret)
    with pytest.raises(StoreError) as refused:
        await store.write(lambda unit: unit.ledger.keep_task(state, task, 1.0))
    error: BaseException | None = refused.value
    while error is not None:
        assert secret not in repr(error)
        assert secret not in str(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


async def test_a_store_that_is_up_is_ready(store: Store) -> None:
    await store.ready()


async def test_a_closed_store_says_so(store: Store) -> None:
    await store.close()
    await store.close()
    for call in (store.write, store.read):
        with pytest.raises(StoreError, match="closed"):
            await call(lambda unit: None)
    with pytest.raises(StoreError, match="closed"):
        await store.ready()


async def test_closing_finishes_what_was_given(store: Store) -> None:
    agents = [person() for _ in range(30)]
    pending = [asyncio.ensure_future(employed(store, agent)) for agent in agents]
    await asyncio.sleep(0)
    await store.close()
    assert await asyncio.gather(*pending) == agents


async def test_who_gives_up_leaves_the_store_whole(store: Store) -> None:
    state = await started(store)
    tasks = [asyncio.ensure_future(stored(store, state, said())) for _ in range(60)]
    for number, task in enumerate(tasks):
        if number % 2:
            await asyncio.sleep(0.001)
            task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    acknowledged = [line.staff_seq for line in results if not isinstance(line, BaseException)]
    last = await stored(store, state, said())
    kept_lines = await lines(store, state, Audience.STAFF)
    assert [line.staff_seq for line in kept_lines] == list(range(1, last.staff_seq + 1))
    # Given up is not undone: its outcome is unknown. What was acknowledged is there.
    assert set(acknowledged) <= {line.staff_seq for line in kept_lines}
    assert 30 < last.staff_seq <= 61


async def test_the_clock_of_the_store_moves(store: Store) -> None:
    first, second = await store.read(lambda unit: (unit.now(), unit.now()))
    assert second >= first > 0


async def test_a_claim_that_fails_later_gives_the_room_back(store: Store) -> None:
    agent = await employed(store, person(capacity=1))
    state = await waiting(store)

    def claim_and_stumble(unit: Unit) -> None:
        unit.queue.claim(agent.id, handoff_of(state), state.control, 60.0)
        after = handed_to(state, 9.0, mode=Mode.AGENT, owner=Owner.AGENT, agent=agent.id)
        unit.conversations.save(state, after, "AgentClaimed", agent.id, 9.0)
        raise Taken("somebody else")

    for _ in range(3):
        with pytest.raises(Taken):
            await store.write(claim_and_stumble)
    freed = await store.read(lambda unit: unit.agents.get(agent.id))
    assert freed is not None
    assert freed.active == 0
