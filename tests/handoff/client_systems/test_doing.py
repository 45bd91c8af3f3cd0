"""What one process has done at a client's system is known to every other on the same store."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from handoff.client_systems.doing import DoneOnce
from handoff.client_systems.envelope import Envelope, failed
from handoff.errors import StoreError
from handoff.storage import MemoryStore, migrate, open_store

WORK_SECONDS = 0.4
CASE = Envelope({"case": "S-1"})


class Work:
    """Counts how often it is done."""

    def __init__(self, answer: Envelope = CASE, seconds: float = 0.0) -> None:
        self.answer, self.seconds, self.times = answer, seconds, 0

    async def __call__(self) -> Envelope:
        self.times += 1
        await asyncio.sleep(self.seconds)
        return self.answer


@pytest.fixture(params=["sqlite", "postgres"])
async def two(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[list[DoneOnce]]:
    """As two processes have it: each a store of its own on one database."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_server")
    await asyncio.to_thread(migrate, url)
    stores = [await open_store(url), await open_store(url)]
    yield [DoneOnce(store, WORK_SECONDS) for store in stores]
    for store in stores:
        await store.close()


@pytest.fixture
def key(request: pytest.FixtureRequest) -> str:
    return str(request.node.name)


async def test_two_processes_asked_at_once_do_it_once(two: list[DoneOnce], key: str) -> None:
    work = Work(seconds=0.1)
    said = await asyncio.gather(*(one.run(key, work) for one in two * 4))
    assert work.times == 1
    assert said == [CASE] * 8


async def test_a_repetition_at_another_process_is_told_what_came_of_it(
    two: list[DoneOnce], key: str
) -> None:
    refused = Work(failed("not_allowed", "the system says closed"))
    assert await two[0].run(key, refused) == await two[1].run(key, refused) == refused.answer
    assert refused.times == 1


async def test_what_did_not_reach_the_system_may_be_tried_at_another_process(
    two: list[DoneOnce], key: str
) -> None:
    assert (await two[0].run(key, Work(failed("unavailable", "away")))).error == "unavailable"
    again = Work()
    assert await two[1].run(key, again) == CASE
    assert again.times == 1


async def test_a_process_that_died_at_it_keeps_others_off_until_it_is_surely_dead(
    two: list[DoneOnce], key: str
) -> None:
    dying = asyncio.create_task(two[0].run(key, Work(seconds=60)))
    await asyncio.sleep(0.05)
    again = Work()
    began = time.monotonic()
    assert (await two[1].run(key, again)).error == "unavailable"
    assert again.times == 0
    while (await two[1].run(key, again)) != CASE:
        assert time.monotonic() - began < 5
    assert again.times == 1
    dying.cancel()


class Failing(MemoryStore):
    """Loses its database when told to."""

    lost = False

    @contextmanager
    def without_database(self) -> Iterator[None]:
        self.lost = True
        yield
        self.lost = False

    def _check_open(self) -> None:
        if self.lost:
            raise StoreError("The database is gone.")
        super()._check_open()


async def test_without_the_database_nothing_is_written_at_the_system() -> None:
    store, work = Failing(time.time), Work()
    with store.without_database():
        assert (await DoneOnce(store, WORK_SECONDS).run("k", work)).error == "unavailable"
    assert work.times == 0


async def test_a_database_lost_in_the_middle_does_not_take_the_answer_away() -> None:
    store = Failing(time.time)

    async def work() -> Envelope:
        store.lost = True
        return CASE

    assert await DoneOnce(store, WORK_SECONDS).run("k", work) == CASE


def test_an_answer_comes_back_from_the_store_as_it_was() -> None:
    for envelope in (CASE, failed("not_allowed", "the system says closed"), Envelope()):
        assert Envelope.from_json(envelope.as_json()) == envelope
