"""Every store gives out the bot's orders oldest first, one of a conversation at a time."""

from __future__ import annotations

import asyncio
import functools
from dataclasses import replace

import pytest

from handoff.errors import IdReuse
from handoff.ports import Store, Unit
from handoff.records import Backlog, Order
from tests.handoff.storage.samples import order, started

FAR = 1e12


async def put(store: Store, *orders: Order) -> None:
    def work(unit: Unit) -> None:
        for one in orders:
            unit.outbox.put(one)

    await store.write(work)


async def lease(
    store: Store, now: float, seconds: float = 30.0, limit: int = 10, worker: str = "w1"
) -> list[Order]:
    return list(await store.write(lambda unit: unit.outbox.lease(worker, now, seconds, limit)))


async def test_an_order_comes_back_as_it_was_put(store: Store) -> None:
    state = await started(store)
    asked = replace(
        order(state),
        kind="wake",
        control=7,
        body={"slots": {"tracking_number": "HB12345678"}, "n": [1, None]},
        turn_id=None,
        attempts=2,
    )
    await put(store, asked)
    assert await lease(store, 20.0) == [asked]


async def test_an_order_is_put_once(store: Store) -> None:
    state = await started(store)
    asked = order(state)
    await put(store, asked)
    with pytest.raises(IdReuse):
        await put(store, asked)


async def test_one_of_a_conversation_is_under_way_and_the_oldest_first(store: Store) -> None:
    one, two = await started(store), await started(store)
    first, second, third = order(one), order(two), order(one)
    await put(store, first, second, third)
    assert await lease(store, 20.0) == [first, second]
    assert await lease(store, 20.0) == []
    await store.write(lambda unit: unit.outbox.done(first.id, 20.0))
    assert await lease(store, 20.0) == [third]


async def test_the_order_is_that_of_putting_even_at_the_same_instant(store: Store) -> None:
    states = [await started(store) for _ in range(6)]
    orders = [order(state, created=10.0) for state in states]
    await put(store, *orders)
    assert await lease(store, 20.0, limit=4) == orders[:4]
    assert await lease(store, 20.0, limit=4) == orders[4:]


async def test_an_order_is_not_taken_before_it_is_due(store: Store) -> None:
    state = await started(store)
    asked = order(state, created=10.0)
    await put(store, asked)
    assert await lease(store, 9.0) == []
    assert await lease(store, 10.0) == [asked]


async def test_a_lease_that_ran_out_is_taken_again_and_counts_as_an_attempt(
    store: Store,
) -> None:
    state = await started(store)
    asked = order(state)
    await put(store, asked)
    assert await lease(store, 20.0, seconds=30.0) == [asked]
    assert await lease(store, 49.9, worker="w2") == []
    assert await lease(store, 50.0, worker="w2") == [replace(asked, attempts=1)]
    assert await lease(store, 90.0, worker="w3") == [replace(asked, attempts=2)]


async def test_an_order_given_back_waits_and_holds_up_the_younger(store: Store) -> None:
    state = await started(store)
    first, second = order(state), order(state)
    await put(store, first, second)
    await lease(store, 20.0)
    await store.write(lambda unit: unit.outbox.retry(first.id, 35.0))
    assert await lease(store, 34.0) == []
    assert await lease(store, 35.0) == [replace(first, attempts=1)]
    await store.write(lambda unit: unit.outbox.done(first.id, 20.0))
    assert await lease(store, 35.0) == [second]


async def test_finishing_what_is_not_there_changes_nothing(store: Store) -> None:
    await store.write(lambda unit: unit.outbox.done("nothing", 20.0))
    await store.write(lambda unit: unit.outbox.retry("nothing", 1.0))
    assert await lease(store, FAR) == []


async def test_whether_anything_is_due_is_told_without_taking_it(store: Store) -> None:
    state = await started(store)
    first, second = order(state, created=10.0), order(state, created=10.0)

    async def due(now: float) -> bool:
        return await store.read(lambda unit: unit.outbox.due(now))

    assert not await due(FAR)
    await put(store, first, second)
    assert not await due(9.0)
    assert await due(10.0)
    assert await due(10.0)
    await lease(store, 20.0, seconds=30.0)
    assert not await due(49.0)
    assert await due(50.0)
    await store.write(lambda unit: unit.outbox.retry(first.id, 60.0))
    assert not await due(50.0)
    await store.write(lambda unit: unit.outbox.done(first.id, 20.0))
    assert await due(50.0)


async def test_many_workers_never_share_an_order_nor_break_the_order(store: Store) -> None:
    states = [await started(store) for _ in range(6)]
    orders = [order(states[number % len(states)]) for number in range(48)]
    await put(store, *orders)
    done: list[Order] = []
    running: set[str] = set()

    async def finish(taken: Order) -> None:
        await store.write(lambda unit: unit.outbox.done(taken.id, 20.0))

    async def worker(name: str) -> None:
        while len(done) < len(orders):
            await asyncio.sleep(0.001)
            for taken in await lease(store, 100.0, seconds=1e6, limit=2, worker=name):
                assert taken.conversation not in running
                running.add(taken.conversation)
                await asyncio.sleep(0.001)
                running.discard(taken.conversation)
                done.append(taken)
                await finish(taken)

    async with asyncio.timeout(60):
        await asyncio.gather(*(worker(f"w{number}") for number in range(5)))
    assert sorted(one.id for one in done) == sorted(one.id for one in orders)
    for state in states:
        assert [one.id for one in done if one.conversation == state.id] == [
            one.id for one in orders if one.conversation == state.id
        ]


async def test_a_lease_is_held_until_it_ends_or_another_worker_takes_the_order(
    store: Store,
) -> None:
    asked = order(await started(store))
    await put(store, asked)

    async def held(one: Order, worker: str) -> bool:
        return await store.write(lambda unit: unit.outbox.held(one, worker))

    assert not await held(asked, "w1")
    (first,) = await lease(store, 20.0, 30.0, worker="w1")
    assert await held(first, "w1")
    assert not await held(first, "w2")
    (second,) = await lease(store, 50.0, 30.0, worker="w2")
    assert (await held(first, "w1"), await held(second, "w2")) == (False, True)
    (third,) = await lease(store, 80.0, 30.0, worker="w2")
    assert (await held(second, "w2"), await held(third, "w2")) == (False, True)
    await store.write(lambda unit: unit.outbox.retry(asked.id, 90.0))
    assert not await held(third, "w2")
    await store.write(lambda unit: unit.outbox.done(asked.id, 20.0))
    assert not await held(third, "w2")


async def test_the_backlog_is_all_that_is_not_done(store: Store) -> None:
    assert await store.read(lambda unit: unit.outbox.backlog()) == Backlog(0, None)
    one, two = await started(store), await started(store)
    first, second = order(one, created=10.0), order(two, created=20.0)
    await put(store, first, second)
    await lease(store, 20.0, limit=1)
    assert await store.read(lambda unit: unit.outbox.backlog()) == Backlog(2, 10.0)
    await store.write(lambda unit: unit.outbox.done(first.id, 20.0))
    assert await store.read(lambda unit: unit.outbox.backlog()) == Backlog(1, 20.0)


def finish(unit: Unit, *, orders: list[Order], now: float) -> None:
    for one in orders:
        unit.outbox.done(one.id, now)


async def test_who_sends_much_makes_nobody_wait_who_sends_little(store: Store) -> None:
    busy = [await started(store) for _ in range(2)]
    await put(store, *(order(one) for one in busy for _ in range(50)))
    late = order(await started(store))
    await put(store, late)
    now = 20.0
    for _ in range(2):
        taken = await lease(store, now, limit=2)
        if late in taken:
            break
        await store.write(functools.partial(finish, orders=taken, now=now))
        now += 1.0
    else:
        raise AssertionError("never taken")


async def test_a_conversations_orders_are_counted(store: Store) -> None:
    one, two = await started(store), await started(store)
    first = order(one)
    await put(store, first, order(one), order(two))
    assert await store.read(lambda unit: unit.outbox.count(one.id)) == 2
    await lease(store, 20.0)
    assert await store.read(lambda unit: unit.outbox.count(one.id)) == 2
    await store.write(lambda unit: unit.outbox.done(first.id, 20.0))
    assert await store.read(lambda unit: unit.outbox.count(one.id)) == 1
    assert await store.read(lambda unit: unit.outbox.count("nobody")) == 0
