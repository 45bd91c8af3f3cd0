"""PostgreSQL: a pool of connections, a transaction for each unit, and bounded retries."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Callable
from typing import TypeVar

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from handoff.errors import Overloaded, StoreError
from handoff.ports import Clock, Committed
from handoff.storage.sql.link import PostgresLink
from handoff.storage.sql.unit import SqlUnit
from handoff.storage.trouble import explain

T = TypeVar("T")

QUEUE_LIMIT = 10_000
CONNECTIONS = 10
QUEUE_SECONDS = 10.0
CONNECT_SECONDS = 10.0
COMMAND_SECONDS = 30.0
TRIES = 8
PAUSE_SECONDS = 0.01

_SERIALISATION = "40001"
_DEADLOCK = "40P01"
_CONNECT_ERRORS = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, SQLAlchemyError)


def postgres_engine(url: URL) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_size=CONNECTIONS,
        max_overflow=0,
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        connect_args={
            "timeout": CONNECT_SECONDS,
            "command_timeout": COMMAND_SECONDS,
            "server_settings": {"synchronous_commit": "on", "application_name": "stafett"},
        },
    )


async def connected(engine: AsyncEngine) -> AsyncConnection:
    """A connection; raises StoreError when none is to be had."""
    try:
        return await engine.connect()
    except _CONNECT_ERRORS as error:
        if isinstance(error, OSError):
            raise StoreError(
                "PostgreSQL cannot be reached.", cure="Check DATABASE_URL and that it runs."
            ) from None
        raise explain(error) from None


class PostgresRunner:
    def __init__(self, url: URL, clock: Clock, committed: Committed) -> None:
        self._clock = clock
        self._committed = committed
        self._engine = postgres_engine(url)
        # One transaction is one picture: a position and its line belong together.
        self._snapshots = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        # The pool's own queue lets latecomers pass those who wait; this one is fair.
        self._room = asyncio.Semaphore(CONNECTIONS)
        self._running = 0
        self._none_running = asyncio.Event()
        self._none_running.set()

    async def write(self, work: Callable[[SqlUnit], T]) -> T:
        def run(connection: Connection) -> T:
            unit = SqlUnit(PostgresLink(connection), self._clock, writing=True)
            result = work(unit)
            unit.settle()
            return result

        return await self._bounded(self._engine, run)

    async def read(self, work: Callable[[SqlUnit], T]) -> T:
        def run(connection: Connection) -> T:
            return work(SqlUnit(PostgresLink(connection), self._clock, writing=False))

        return await self._bounded(self._snapshots, run)

    async def close(self) -> None:
        await self._none_running.wait()
        await self._engine.dispose()

    async def _bounded(self, engine: AsyncEngine, run: Callable[[Connection], T]) -> T:
        if self._running >= QUEUE_LIMIT:
            raise Overloaded("Too much waits for the database.", cure="Try again in a moment.")
        self._running += 1
        self._none_running.clear()
        try:
            await self._enter()
            try:
                return await self._tried(engine, run)
            finally:
                self._room.release()
        finally:
            self._running -= 1
            if self._running == 0:
                self._none_running.set()

    async def _enter(self) -> None:
        try:
            async with asyncio.timeout(QUEUE_SECONDS):
                await self._room.acquire()
        except TimeoutError:
            raise Overloaded("The database is busy.", cure="Try again in a moment.") from None

    async def _tried(self, engine: AsyncEngine, run: Callable[[Connection], T]) -> T:
        """Run, again when the database itself gave the transaction up before its commit."""
        tries = 0
        while True:
            tries += 1
            connection = await connected(engine)
            committing = False
            try:
                async with connection.begin() as transaction:
                    result = await connection.run_sync(run)
                    committing = True
                    began = time.perf_counter()
                    await transaction.commit()
                if engine is self._engine:
                    # What is committed is not called refused for a fault in counting.
                    with contextlib.suppress(Exception):
                        self._committed(time.perf_counter() - began, 1)
                return result
            except SQLAlchemyError as error:
                if tries == TRIES or not _may_retry(error, committing):
                    raise explain(error) from None
            except UnicodeEncodeError as error:
                raise explain(error) from None
            except OSError as error:  # asyncpg's own time limit is no error of SQLAlchemy's
                await connection.invalidate()
                raise explain(error) from None
            finally:
                await connection.close()
            await asyncio.sleep(random.uniform(0, PAUSE_SECONDS * 2**tries))  # noqa: S311


def _may_retry(error: SQLAlchemyError, committing: bool) -> bool:
    if not isinstance(error, DBAPIError):
        return False
    if getattr(error.orig, "sqlstate", None) in (_SERIALISATION, _DEADLOCK):
        return True
    # A connection lost while committing leaves the outcome unknown: once more could be twice.
    return error.connection_invalidated and not committing
