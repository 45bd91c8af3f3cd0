"""PostgreSQL alone: locks that cross, connections that die, and a server that is away."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import asyncpg  # type: ignore[import-untyped]
import pytest
from sqlalchemy import func, select

from handoff.core.message import Audience
from handoff.errors import Overloaded, StoreError
from handoff.ports import Unit
from handoff.storage import SqlStore, open_store, postgres
from handoff.storage.address import PostgresAddress, locate
from handoff.storage.sql.unit import SqlUnit
from tests.handoff.storage.conftest import emptied
from tests.handoff.storage.samples import HandClock, conversation, person, said, started
from tests.postgres import database


@pytest.fixture
async def store(postgres_url: str, clock: HandClock) -> AsyncIterator[SqlStore]:
    await emptied(postgres_url)
    opened = SqlStore.open(postgres_url, clock)
    yield opened
    await opened.close()


async def test_the_time_is_the_databases(store: SqlStore, clock: HandClock) -> None:
    clock.at = 1.0
    now = await store.read(lambda unit: unit.now())
    assert now > 1_000_000_000


async def test_crossing_locks_are_untangled_by_trying_again(store: SqlStore) -> None:
    one, two = await started(store), await started(store)

    def work(first: str, second: str) -> Callable[[Unit], None]:
        def run(unit: Unit) -> None:
            for name in (first, second):
                state = unit.conversations.get("heimbud", name)
                assert state is not None
                unit.conversations.append(state, said(), 1.0)

        return run

    pairs = [(one.id, two.id), (two.id, one.id)] * 2
    await asyncio.gather(*(store.write(work(*pair)) for pair in pairs))
    last = await store.read(
        lambda unit: unit.conversations.last_seqs([one.id, two.id], Audience.STAFF)
    )
    assert last == {one.id: 4, two.id: 4}


async def test_a_broken_connection_before_the_commit_is_tried_again(
    store: SqlStore, postgres_url: str
) -> None:
    agent = person()
    attempts = 0

    def end_others() -> None:
        async def run() -> None:
            admin = await asyncpg.connect(postgres_url)
            await admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'stafett'"
            )
            await admin.close()

        asyncio.run(run())

    def work(unit: Unit) -> None:
        nonlocal attempts
        attempts += 1
        unit.agents.add(agent, "hash")
        if attempts == 1:
            thread = threading.Thread(target=end_others)
            thread.start()
            thread.join()
        unit.agents.set_password(agent.id, "new hash")

    await store.write(work)
    assert attempts == 2
    assert await store.read(lambda unit: unit.agents.all()) == [replace(agent, session_version=2)]


async def test_every_commit_is_flushed(postgres_url: str) -> None:
    found = locate(postgres_url)
    assert isinstance(found, PostgresAddress)
    engine = postgres.postgres_engine(found.url)
    async with engine.connect() as connection:
        assert (await connection.exec_driver_sql("SHOW synchronous_commit")).scalar() == "on"
        assert (await connection.exec_driver_sql("SHOW fsync")).scalar() == "on"
    await engine.dispose()


async def test_a_server_that_would_not_keep_a_commit_is_refused(postgres_url: str) -> None:
    admin = await asyncpg.connect(postgres_url)

    async def turned(value: str) -> None:
        await admin.execute(f"ALTER SYSTEM SET fsync = {value}")
        await admin.execute("SELECT pg_reload_conf()")
        async with asyncio.timeout(10):
            while await admin.fetchval("SHOW fsync") != value:
                await asyncio.sleep(0.05)

    await turned("off")
    try:
        with pytest.raises(StoreError, match="`fsync = off`"):
            await open_store(postgres_url)
    finally:
        await turned("on")
        await admin.execute("ALTER SYSTEM RESET fsync")
        await admin.close()
    await (await open_store(postgres_url)).close()


async def test_a_session_that_does_not_wait_for_the_disk_is_refused(store: SqlStore) -> None:
    def work(unit: Unit) -> None:
        assert isinstance(unit, SqlUnit)
        # As behind a pooler that does not pass on what we ask of a session.
        unit._link.value(select(func.set_config("synchronous_commit", "off", True)), {})
        unit.beat()

    with pytest.raises(StoreError, match="`synchronous_commit = off`"):
        await store.write(work)


async def test_a_server_that_is_away_is_told_with_its_cure() -> None:
    for url in (
        "postgresql://kari:hemmelig@127.0.0.1:25009/stafett",
        "postgresql://kari:hemmelig@/stafett?host=/nowhere",
    ):
        with pytest.raises(StoreError, match="PostgreSQL cannot be reached") as refused:
            await open_store(url)
        assert "hemmelig" not in str(refused.value)


async def test_a_database_that_is_not_there_or_not_migrated_is_told(postgres_url: str) -> None:
    admin = await asyncpg.connect(postgres_url)
    await admin.execute('DROP DATABASE IF EXISTS "bare"')
    await admin.execute('CREATE DATABASE "bare"')
    await admin.close()
    with pytest.raises(StoreError, match="stafett migrate"):
        await open_store(database(postgres_url, "bare"))
    with pytest.raises(StoreError, match="no such database"):
        await open_store(database(postgres_url, "nothing"))


async def test_who_waits_too_long_for_a_connection_is_told(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    monkeypatch.setattr(postgres, "QUEUE_SECONDS", 0.1)
    state = await started(store)
    holder = await asyncpg.connect(postgres_url)
    transaction = holder.transaction()
    await transaction.start()
    await holder.execute("SELECT 1 FROM conversation WHERE id = $1 FOR UPDATE", state.id)
    held = [
        asyncio.ensure_future(store.write(lambda unit: unit.conversations.get("heimbud", state.id)))
        for _ in range(postgres.CONNECTIONS)
    ]
    await asyncio.sleep(0.3)
    with pytest.raises(Overloaded):
        await store.write(lambda unit: unit.now())
    await transaction.rollback()
    await holder.close()
    assert await asyncio.gather(*held) == [state] * postgres.CONNECTIONS


async def test_nobody_waits_for_ever_for_a_connection(store: SqlStore) -> None:
    """Whoever asks first is served first, however busy the others are."""
    states = [await started(store, conversation()) for _ in range(postgres.CONNECTIONS * 3)]
    turns: list[int] = []

    async def talk(number: int) -> None:
        for _ in range(5):
            await store.write(lambda unit: unit.conversations.append(states[number], said(), 1.0))
            turns.append(number)

    await asyncio.gather(*(talk(number) for number in range(len(states))))
    first_round = turns[: len(states) * 2]
    assert set(first_round) == set(range(len(states)))


async def test_each_commit_is_told_and_no_read(postgres_url: str, clock: HandClock) -> None:
    await emptied(postgres_url)
    told: list[int] = []
    store = SqlStore.open(postgres_url, clock, lambda seconds, units: told.append(units))
    await started(store)
    await store.read(lambda unit: unit.queue.position())
    await store.close()
    assert told == [1]


@pytest.mark.parametrize(
    "url",
    [
        "postgres://kari:pw@db.example/stafett?sslmode=require",
        "postgresql+psycopg://kari:pw@db.example/stafett?ssl=require",
    ],
)
def test_the_usual_forms_of_an_address_are_understood(url: str) -> None:
    found = locate(url)
    assert isinstance(found, PostgresAddress)
    assert found.url.drivername == "postgresql+asyncpg"
    assert found.url.query == {"ssl": "require"}
    assert found.url.password == "pw"


async def test_a_server_that_does_not_answer_in_time_is_told_as_such(
    postgres_url: str, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "COMMAND_SECONDS", 0.5)
    store = SqlStore.open(postgres_url, clock)
    one = await started(store)
    holder = await asyncpg.connect(postgres_url)
    async with holder.transaction():
        await holder.execute("SELECT 1 FROM conversation WHERE id = $1 FOR UPDATE", one.id)
        with pytest.raises(StoreError, match="TimeoutError"):
            await store.write(lambda unit: unit.conversations.append(one, said(), 1.0))
    await holder.close()
    await store.write(lambda unit: unit.conversations.append(one, said(), 1.0))
    await store.close()
