"""The store over SQL: SQLite by default, PostgreSQL by its URL."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from handoff.errors import StoreError
from handoff.ports import Clock, Committed, Store, Unit
from handoff.storage.address import SqliteAddress, locate, sqlite_driver
from handoff.storage.sql.link import SqliteLink
from handoff.storage.sql.unit import SqlUnit
from handoff.storage.sqlite import SqliteReaders, SqliteWriter, sqlite_engine
from handoff.storage.trouble import explain

T = TypeVar("T")

READY_SECONDS = 5.0
"""How long a heartbeat may take before the store calls itself not ready."""


def unheard(seconds: float, units: int) -> None:
    """For whoever does not count commits."""


class _Runner(Protocol):
    async def write(self, work: Callable[[SqlUnit], T]) -> T: ...

    async def read(self, work: Callable[[SqlUnit], T]) -> T: ...

    async def close(self) -> None: ...


class SqlStore(Store):
    """Made by `open`. Work may run again (a deadlock, a neighbour's failure) and must bear that."""

    def __init__(self, runner: _Runner) -> None:
        self._runner = runner
        self._closed = False

    @classmethod
    def open(cls, url: str, clock: Clock, committed: Committed = unheard) -> SqlStore:
        """`url` as in DATABASE_URL; `clock` gives epoch seconds where the database has none.

        `committed` is told of every commit.

        Raises SettingError for the URL and StoreError for a SQLite file that is not there or not
        migrated. PostgreSQL is first spoken to when used, or by `ready`.
        """
        address = locate(url)
        if isinstance(address, SqliteAddress):
            _check_file(address.path, clock)
            return cls(_SqliteRunner(address.path, clock, committed))
        # asyncpg and SQLAlchemy's asyncio are 6 MB that SQLite does without.
        from handoff.storage.postgres import PostgresRunner

        return cls(PostgresRunner(address.url, clock, committed))

    async def write(self, work: Callable[[Unit], T]) -> T:
        self._check_open()
        return await self._runner.write(work)

    async def read(self, work: Callable[[Unit], T]) -> T:
        self._check_open()
        return await self._runner.read(work)

    async def ready(self) -> None:
        self._check_open()
        try:
            async with asyncio.timeout(READY_SECONDS):
                await self._runner.write(SqlUnit.beat)
        except TimeoutError:
            raise StoreError(
                f"The database stored nothing for {READY_SECONDS:.0f} seconds.",
                cure="Look at its disk and load.",
            ) from None

    async def close(self) -> None:
        """Finish what was given, then let go. Whoever comes later gets a StoreError."""
        if not self._closed:
            self._closed = True
            await self._runner.close()

    def _check_open(self) -> None:
        if self._closed:
            raise StoreError("The store is closed.")


class _SqliteRunner:
    def __init__(self, path: Path, clock: Clock, committed: Committed) -> None:
        self._writer = SqliteWriter(path, clock, committed)
        self._readers = SqliteReaders(path, clock)

    async def write(self, work: Callable[[SqlUnit], T]) -> T:
        return await self._writer.write(work)

    async def read(self, work: Callable[[SqlUnit], T]) -> T:
        return await self._readers.read(work)

    async def close(self) -> None:
        await asyncio.to_thread(self._readers.close)
        await asyncio.to_thread(self._writer.close)


def _check_file(path: Path, clock: Clock) -> None:
    if not path.is_file():
        raise StoreError(f"There is no database at {path}.", cure="Run `stafett migrate`.")
    try:
        with sqlite_engine(path, writing=False).connect() as connection:
            SqlUnit(
                SqliteLink(connection.connection.dbapi_connection), clock, writing=False
            ).check_schema()
    except (SQLAlchemyError, sqlite_driver().Error) as error:
        raise explain(error) from None
