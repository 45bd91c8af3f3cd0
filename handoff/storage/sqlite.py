"""SQLite: one thread writes, and commits once for all that wait; a few threads read.

Nobody is answered before the one commit of all is on the disk, nor refused: a refusal may rest on
what others wrote beside it. A unit that fails after it wrote undoes all; then they run once more,
each behind a savepoint, and what one does wrong the others never notice.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from handoff.errors import Overloaded, StoreError
from handoff.ports import Clock, Committed
from handoff.storage.address import sqlite_driver
from handoff.storage.checkpointer import LOG_PAGES, Checkpointer
from handoff.storage.sql.link import SqliteLink
from handoff.storage.sql.unit import SqlUnit
from handoff.storage.trouble import explain

T = TypeVar("T")

QUEUE_LIMIT = 10_000
BATCH_LIMIT = 1_000
READERS = 2
BUSY_MILLISECONDS = 5_000


def sqlite_engine(path: Path, *, writing: bool) -> Engine:
    """An engine whose connections begin and commit only when told to."""
    engine = create_engine(
        f"sqlite:///{path}",
        module=sqlite_driver(),
        poolclass=NullPool,
        hide_parameters=True,
        isolation_level="AUTOCOMMIT",
        connect_args={"check_same_thread": False, "timeout": BUSY_MILLISECONDS / 1000},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        if writing:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            # What is deleted is overwritten with zeros: a free page would keep a customer's words.
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
        else:
            connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA foreign_keys = ON")

    return engine


@dataclass(slots=True)
class _Job:
    work: Callable[[SqlUnit], object]
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    result: object = None
    error: BaseException | None = None

    def deliver(self) -> None:
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


class SqliteWriter:
    """The thread that writes."""

    def __init__(self, path: Path, clock: Clock, committed: Committed) -> None:
        self._clock = clock
        self._committed = committed
        self._connection = sqlite_engine(path, writing=True).connect()
        self._driver: Any = None
        self._connect()
        self._checkpointer = Checkpointer(sqlite_engine(path, writing=True).connect())
        self._pending: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    async def write(self, work: Callable[[SqlUnit], T]) -> T:
        if self._pending.qsize() >= QUEUE_LIMIT:
            raise Overloaded("Too much waits to be stored.", cure="Try again in a moment.")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._pending.put(_Job(work, future, loop))
        return await future

    def close(self) -> None:
        """Write what waits, then end the thread."""
        self._pending.put(None)
        self._thread.join()

    def _run(self) -> None:
        going = True
        while going:
            jobs = []
            job = self._pending.get()
            while job is not None:
                if not job.future.cancelled():
                    jobs.append(job)
                if len(jobs) == BATCH_LIMIT:
                    break
                try:
                    job = self._pending.get_nowait()
                except queue.Empty:
                    break
            going = job is not None
            self._commit(jobs)
            self._checkpointer.stir()
        self._checkpointer.close()
        self._connection.close()

    def _connect(self) -> None:
        self._driver = self._connection.connection.dbapi_connection
        self._link = SqliteLink(self._driver)

    def _commit(self, jobs: list[_Job]) -> None:
        """Run all the jobs in one transaction, and answer them when it is on the disk."""
        ran = self._ran(jobs)
        if ran is None:
            self._undo("ROLLBACK")
            ran = self._ran_apart(jobs)
        seconds = 0.0
        try:
            began = time.perf_counter()
            if self._in_transaction:
                self._driver.execute("COMMIT")
            seconds = time.perf_counter() - began
        except BaseException as error:
            # Those refused too: what they were judged by is not there.
            _fail(jobs, _refusal(error))
            ran.clear()
            self._undo("ROLLBACK")
        _answer(jobs)
        if ran:
            # A fault in counting must not end the one thread that writes.
            with contextlib.suppress(Exception):
                self._committed(seconds, len(ran))

    def _ran(self, jobs: list[_Job]) -> list[_Job] | None:
        """Those that succeeded. None when one failed that had written: nothing is kept then.

        Most refusals come before anything is written, and a savepoint for each job is a fifth of
        what it costs.
        """
        ran: list[_Job] = []
        for number, job in enumerate(jobs):
            if not self._begun(jobs[number:]):
                break
            before = self._driver.total_changes
            try:
                self._run_one(job)
                ran.append(job)
            except BaseException as error:
                job.error = _refusal(error)
                if self._driver.total_changes != before:
                    return None
            if not self._in_transaction:
                return None
        return ran

    def _ran_apart(self, jobs: list[_Job]) -> list[_Job]:
        """Those that succeeded; what a failed one wrote is undone."""
        ran: list[_Job] = []
        for number, job in enumerate(jobs):
            if not self._begun(jobs[number:]):
                break
            try:
                self._driver.execute("SAVEPOINT unit")
                self._run_one(job)
                self._driver.execute("RELEASE unit")
                ran.append(job)
            except BaseException as error:
                job.error = _refusal(error)
                self._undo("ROLLBACK TO unit", "RELEASE unit")
                if not self._in_transaction:
                    # On a full disk SQLite gives up the whole transaction, the others' too.
                    _fail(jobs[: number + 1], job.error)
                    ran.clear()
        return ran

    def _begun(self, jobs: list[_Job]) -> bool:
        """Whether there is a transaction; where none can be begun, `jobs` have failed."""
        if self._in_transaction:
            return True
        try:
            if self._driver is None:
                self._connect()
            self._driver.execute("BEGIN IMMEDIATE")
        except Exception as error:
            # Each would wait as long in vain.
            _fail(jobs, _refusal(error))
            return False
        return True

    def _run_one(self, job: _Job) -> None:
        job.error = None
        unit = SqlUnit(self._link, self._clock, writing=True)
        job.result = job.work(unit)
        unit.settle()

    @property
    def _in_transaction(self) -> bool:
        return self._driver is not None and bool(self._driver.in_transaction)

    def _undo(self, *commands: str) -> None:
        try:
            for command in commands:
                if self._in_transaction:
                    self._driver.execute(command)
        except Exception:
            self._undo_all()

    def _undo_all(self) -> None:
        try:
            self._driver.rollback()
        except Exception:
            # Closing undoes it too; whoever begins the next transaction gets a new connection.
            self._driver = None
            self._connection.invalidate()


class SqliteReaders:
    """A few threads that read, each over a connection of its own that cannot write."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._clock = clock
        self._engine = sqlite_engine(path, writing=False)
        self._idle: queue.SimpleQueue[Connection] = queue.SimpleQueue()
        self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="store-reader")
        self._waiting = 0

    async def read(self, work: Callable[[SqlUnit], T]) -> T:
        if self._waiting >= QUEUE_LIMIT:
            raise Overloaded("Too many wait to read.", cure="Try again in a moment.")
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, partial(self._read, work))
        finally:
            self._waiting -= 1

    def close(self) -> None:
        self._threads.shutdown()
        while not self._idle.empty():
            self._idle.get().close()

    def _read(self, work: Callable[[SqlUnit], T]) -> T:
        connection = None
        try:
            try:
                connection = self._idle.get_nowait()
            except queue.Empty:
                connection = self._engine.connect()
            # One transaction is one picture: a position and its line belong together.
            driver: Any = connection.connection.dbapi_connection
            driver.execute("BEGIN")
            try:
                return work(SqlUnit(SqliteLink(driver), self._clock, writing=False))
            finally:
                driver.execute("ROLLBACK")
        except Exception as error:
            refusal = _refusal(error)
            if refusal is error:
                raise
            raise refusal from None
        finally:
            if connection is not None:
                self._keep(connection)

    def _keep(self, connection: Connection) -> None:
        """For the next read, but not in a transaction that could not be ended."""
        driver: Any = connection.connection.dbapi_connection
        if driver.in_transaction:
            connection.invalidate()
            connection.close()
        else:
            self._idle.put(connection)


def _refusal(error: BaseException) -> BaseException:
    """The work's own errors pass as they are."""
    if isinstance(error, StopIteration):
        # asyncio puts no StopIteration into a future.
        return RuntimeError("the work raised StopIteration")
    if isinstance(error, SQLAlchemyError | sqlite_driver().Error | UnicodeEncodeError):
        return explain(error)
    return error


def _fail(jobs: list[_Job], cause: BaseException) -> None:
    """Each with an error of its own: whoever raises it adds to it."""
    for job in jobs:
        job.error = (
            StoreError(cause.message, cure=cause.cure)
            if isinstance(cause, StoreError)
            else StoreError("What was written beside it failed.", cure="Try again.")
        )


def _answer(jobs: list[_Job]) -> None:
    """Wake each event loop once, not once for each job."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Job]] = defaultdict(list)
    for job in jobs:
        by_loop[job.loop].append(job)
    for loop, mine in by_loop.items():
        try:
            loop.call_soon_threadsafe(_deliver, mine)
        except RuntimeError:
            # The loop is gone, and with it everybody who waited.
            continue


def _deliver(jobs: list[_Job]) -> None:
    for job in jobs:
        job.deliver()
