"""SQLite's one commit for many fails: nobody is told what only held within it, and it goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from handoff.core.message import Audience
from handoff.errors import NotFound, StoreError
from handoff.ports import Unit
from handoff.storage import SqlStore
from tests.handoff.storage.disk import Disk
from tests.handoff.storage.samples import HandClock, said, started
from tests.handoff.storage.test_sqlite import Gate


@pytest.fixture
async def store(disk: Disk, sqlite_url: str, clock: HandClock) -> AsyncIterator[SqlStore]:
    opened = SqlStore.open(sqlite_url, clock)
    yield opened
    disk.refuses.clear()
    await opened.close()


async def together(store: SqlStore, *works: Callable[[Unit], object]) -> list[object]:
    """What each was answered; all are of one commit."""
    gate = Gate()
    held = asyncio.ensure_future(store.write(gate.work))
    await gate.reached()
    waiting = [asyncio.ensure_future(store.write(work)) for work in works]
    await asyncio.sleep(0)
    gate.open()
    await asyncio.gather(held, return_exceptions=True)
    return list(await asyncio.gather(*waiting, return_exceptions=True))


def refuse(unit: Unit) -> None:
    raise NotFound("as those before it left things")


async def stored(store: SqlStore, conversation: str) -> list[object]:
    lines = await store.read(
        lambda unit: unit.conversations.messages(conversation, Audience.STAFF, 0, 50)
    )
    return [line.message.body["text"] for line in lines]


def all_failed(told: list[object]) -> bool:
    """Each has an error of its own, for an event loop writes on it who waited."""
    return all(isinstance(one, StoreError) for one in told) and len(set(map(id, told))) == len(told)


@pytest.mark.parametrize("apart", [False, True])
async def test_a_refusal_is_no_answer_where_what_it_was_judged_by_is_gone(
    store: SqlStore, disk: Disk, apart: bool
) -> None:
    state = await started(store)

    def write(unit: Unit) -> None:
        unit.conversations.append(state, said(), 1.0)

    def write_and_refuse(unit: Unit) -> None:
        write(unit)
        refuse(unit)

    disk.refuses.add("COMMIT")
    told = await together(store, write, refuse, write_and_refuse if apart else write, write)
    assert len(told) == 4
    assert all_failed(told), told
    disk.refuses.clear()
    assert await stored(store, state.id) == []
    assert isinstance((await together(store, write, refuse))[1], NotFound)
    assert len(await stored(store, state.id)) == 1


async def test_who_was_refused_before_sqlite_gave_all_up_is_told_so(store: SqlStore) -> None:
    state = await started(store)

    def write(unit: Unit) -> None:
        unit.conversations.append(state, said("hei"), 1.0)

    def write_and_lose(unit: Unit) -> None:
        write(unit)
        unit._link._driver.execute("ROLLBACK")  # type: ignore[attr-defined]
        raise NotFound("judged by a transaction that is gone")

    told = await together(store, write, refuse, write_and_lose, write)
    assert all_failed(told[:3]), told
    assert told[3] is None
    assert await stored(store, state.id) == ["hei"]


async def test_a_work_that_hides_that_its_transaction_is_gone_is_not_called_stored(
    store: SqlStore,
) -> None:
    state = await started(store)

    def write(unit: Unit) -> None:
        unit.conversations.append(state, said("hei"), 1.0)

    def lose(unit: Unit) -> None:
        unit._link._driver.execute("ROLLBACK")  # type: ignore[attr-defined]

    told = await together(store, write, lose, write)
    assert all_failed(told[:2]), told
    assert told[2] is None
    assert await stored(store, state.id) == ["hei"]


async def test_what_cannot_even_be_undone_does_not_end_the_writer(
    store: SqlStore, disk: Disk
) -> None:
    state = await started(store)

    def write(text: str) -> Callable[[Unit], object]:
        return lambda unit: unit.conversations.append(state, said(text), 1.0)

    disk.refuses |= {"COMMIT", "ROLLBACK"}
    assert all_failed(await together(store, write("en"), refuse, write("to")))
    disk.refuses.add("open")
    async with asyncio.timeout(10):
        for _ in range(2):
            more = (store.write(write(text)) for text in ("tre", "fire"))
            assert all_failed(await asyncio.gather(*more, return_exceptions=True))
        disk.refuses.clear()
        await store.write(write("fem"))
    assert await stored(store, state.id) == ["fem"]
    await store.ready()


async def test_a_reader_whose_transaction_could_not_be_ended_reads_no_more(
    store: SqlStore, disk: Disk
) -> None:
    state = await started(store)
    await store.write(lambda unit: unit.conversations.append(state, said(), 1.0))
    assert len(await stored(store, state.id)) == 1  # its connection is made
    disk.refuses_readers.add("ROLLBACK")
    with pytest.raises(StoreError, match="refused to read or write"):
        await stored(store, state.id)
    disk.refuses_readers.clear()
    for _ in range(4):
        assert len(await stored(store, state.id)) == 1
