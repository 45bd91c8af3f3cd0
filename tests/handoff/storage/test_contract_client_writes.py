"""Every store knows of a write to a client's system who is at it and what came of it."""

from __future__ import annotations

import asyncio

from handoff.ports import Store
from handoff.records import Begun

ANSWER = {"ok": True, "data": {"case": "S-1", "credit_kr": 95, "to": None}}
MINE, BUSY = Begun(mine=True), Begun(mine=False)


async def begin(store: Store, holder: str, now: float, until: float, key: str = "k") -> Begun:
    return await store.write(lambda unit: unit.client_writes.begin(key, holder, now, until))


async def keep(store: Store, holder: str, until: float) -> None:
    await store.write(lambda unit: unit.client_writes.keep("k", holder, ANSWER, until))


async def test_one_of_many_who_begin_at_once_has_it(store: Store) -> None:
    begun = await asyncio.gather(*(begin(store, f"w{n}", 10.0, 20.0) for n in range(8)))
    assert sorted(one.mine for one in begun) == [False] * 7 + [True]
    assert await begin(store, "another", 10.0, 20.0, key="other") == MINE


async def test_what_came_of_it_is_told_until_its_time_is_over(store: Store) -> None:
    assert await begin(store, "w1", 10.0, 20.0) == MINE
    assert await begin(store, "w2", 19.9, 29.9) == BUSY
    await keep(store, "w1", 100.0)
    assert await begin(store, "w2", 99.9, 110.0) == Begun(mine=False, answer=ANSWER)
    assert await begin(store, "w2", 100.0, 110.0) == MINE
    assert await begin(store, "w3", 105.0, 115.0) == BUSY


async def test_a_holder_that_is_late_changes_nothing(store: Store) -> None:
    assert await begin(store, "dead", 10.0, 20.0) == MINE
    assert await begin(store, "w2", 20.0, 30.0) == MINE
    await keep(store, "dead", 100.0)
    await store.write(lambda unit: unit.client_writes.drop("k", "dead"))
    assert await begin(store, "w3", 25.0, 35.0) == BUSY


async def test_what_came_to_nothing_may_be_tried_again(store: Store) -> None:
    assert await begin(store, "w1", 10.0, 20.0) == MINE
    await store.write(lambda unit: unit.client_writes.drop("k", "w1"))
    assert await begin(store, "w2", 11.0, 21.0) == MINE


async def test_what_counts_no_longer_is_deleted_the_oldest_first(store: Store) -> None:
    for number in range(4):
        await begin(store, "w", 0.0, 10.0 + number, key=f"k{number}")
    assert await store.write(lambda unit: unit.client_writes.forget(12.0, 2)) == 2
    assert await store.write(lambda unit: unit.client_writes.forget(12.0, 2)) == 1
    assert await store.write(lambda unit: unit.client_writes.forget(12.0, 2)) == 0
    assert await begin(store, "w2", 12.5, 20.0, key="k3") == BUSY
