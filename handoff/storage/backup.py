"""Copies of a SQLite database, and a copy put in its place; what a restored database must renew."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from handoff.errors import InputError, StafettError, StoreError
from handoff.storage.address import PostgresAddress, locate, sqlite_driver
from handoff.storage.sqlite import sqlite_engine
from handoff.storage.tables import SCHEMA
from handoff.storage.trouble import explain

T = TypeVar("T")

LOCK_SECONDS = 1.0
"""How long another process may keep the database before it counts as in use."""

_IN_USE = "A process of Stafett uses the database."
_CURE = "Stop every handoff process and command that uses it, then restore again."

# One value for each row, on either database.
_RANDOM = {
    "sqlite": "lower(hex(randomblob(16)))",
    "postgresql": "replace(CAST(gen_random_uuid() AS text), '-', '')",
}


@dataclass(frozen=True, slots=True)
class Renewed:
    """How many conversations got a new epoch, and how many of them the bot is to forget."""

    conversations: int
    forgotten: int


def back_up(url: str, path: Path) -> int:
    """Write a copy of the SQLite database at `url` to `path`, which must not exist yet; its bytes.

    One moment of it, also while the service writes; on the disk when this returns, and readable
    by nobody else. Raises InputError for `path` and on PostgreSQL, StoreError.
    """
    address = locate(url)
    if isinstance(address, PostgresAddress):
        raise InputError(
            "PostgreSQL is backed up by its own tools.", cure=f"Run: {dump_command(address, path)}"
        )
    if not address.path.is_file():
        raise StoreError(f"There is no database at {address.path}.")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            with _opened(address.path) as connection:
                _schema(connection, address.path)
                connection.execute("VACUUM INTO ?", (str(part),))
            _sync(part)
            os.link(part, path)  # unlike a rename, never in place of another file
        finally:
            part.unlink(missing_ok=True)
        _sync(path.parent)
        return path.stat().st_size
    except FileExistsError:
        raise InputError(f"{path} exists already.", cure="Choose another name.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from None


def dump_command(address: PostgresAddress, path: Path) -> str:
    """How PostgreSQL's own tool writes such a copy. It asks for the password, which is not told."""
    return f"pg_dump --format=custom --file={path} {_server_of(address)}"


def restore_command(address: PostgresAddress, path: Path) -> str:
    """How PostgreSQL's own tool goes back to such a copy, all or nothing."""
    how = "--clean --if-exists --single-transaction --exit-on-error"
    return f"pg_restore {how} {_server_of(address)} {path}"


def _server_of(address: PostgresAddress) -> str:
    url = address.url
    given = {"host": url.host, "port": url.port, "username": url.username, "dbname": url.database}
    return " ".join(f"--{name}={value}" for name, value in given.items() if value)


@contextlib.contextmanager
def fresh_copy(path: Path, beside: Path) -> Iterator[Path]:
    """A private copy of the backup at `path`, in the folder of the database `beside`, for a while.

    Raises InputError when `path` is no whole Stafett database of a layout known here.
    """
    if not path.is_file():
        raise InputError(f"There is no file {path}.")
    copy = beside.with_name(f".{beside.name}.{os.getpid()}.restored")
    try:
        try:
            with _opened(path) as connection:
                _schema(connection, path)
                if connection.execute("PRAGMA quick_check").fetchone()[0] != "ok":
                    raise InputError(f"{path} is damaged.", cure="Choose another backup.")
                beside.parent.mkdir(parents=True, exist_ok=True)
                _copy(connection, copy)
        except StoreError as error:
            raise InputError(f"{path} is no backup of Stafett. {error.message}") from None
        yield copy
    finally:
        for name in ("", "-wal", "-shm", "-journal"):
            copy.with_name(copy.name + name).unlink(missing_ok=True)


@contextlib.contextmanager
def sole_use_of(path: Path) -> Iterator[Any]:
    """The database file, held so that nobody else can open it; None when it is not readable.

    Raises StoreError while any other process has it open: in WAL each holds a lock on the file
    for as long, however idle.
    """
    if not path.is_file():
        yield None
        return
    driver = sqlite_driver()
    connection = driver.connect(path, timeout=LOCK_SECONDS, isolation_level=None)
    try:
        try:
            connection.execute("PRAGMA synchronous = FULL")
            # Out of WAL goes only who is alone, and all is in the one file then.
            mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
            readable = connection.execute("PRAGMA quick_check").fetchone()[0] == "ok"
        except driver.Error as error:
            if _number(error) in (5, 6):
                raise StoreError(_IN_USE, cure=_CURE) from None
            readable, mode = False, "delete"
        if mode != "delete":
            raise StoreError(_IN_USE, cure=_CURE)
        yield connection if readable else None
    finally:
        connection.close()


def put_in_place(fresh: Path, path: Path, held: Any) -> Path | None:
    """Make `path` what `fresh` is, all or nothing, and keep what it was beside it: that file.

    `held` as `sole_use_of` gave it. A file that can be read is written to in place, in one
    transaction: who waits to open it finds the new content, never the old file.
    """
    kept = _beside(path) if path.exists() else None
    try:
        if held is None or kept is None:
            for name in ("", "-wal", "-shm", "-journal"):
                part = path.with_name(path.name + name)
                if kept is not None and part.exists():
                    part.rename(kept.with_name(kept.name + name))
            fresh.replace(path)
        else:
            _copy(held, kept)
            with _opened(fresh) as source:
                source.backup(held)
        # Not the file itself: closing a second handle on it would end SQLite's locks.
        _sync(path.parent)
    except sqlite_driver().Error as error:
        raise explain(error) from None
    except OSError as error:
        raise StoreError(f"The backup cannot be put in place: {error.strerror}.") from None
    return kept


def check_alone(url: str) -> None:
    """Raises StoreError while another process of Stafett has the database at `url` open."""
    address = locate(url)
    if isinstance(address, PostgresAddress):
        asyncio.run(_on_server(address, _check_sessions))
    else:
        with sole_use_of(address.path):
            pass


def renew(url: str) -> Renewed:
    """What a database that went back in time needs before the service uses it, in one transaction.

    Every conversation gets a new epoch, so that pages throw away what they saw and reload. The
    bot forgets open ones: it may remember turns that the database does not. Sessions end: a
    login may have been switched off since. Raises StoreError.
    """
    address = locate(url)
    if isinstance(address, PostgresAddress):
        return asyncio.run(_on_server(address, _renew))
    engine = sqlite_engine(address.path, writing=True)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            renewed = _renew(connection)
            connection.exec_driver_sql("COMMIT")
            return renewed
    except SQLAlchemyError as error:
        raise explain(error) from None


def _renew(connection: Connection) -> Renewed:
    epoch = _RANDOM[connection.dialect.name]
    conversations = connection.execute(text(f"UPDATE conversation SET epoch = {epoch}")).rowcount  # noqa: S608
    forgotten = connection.execute(
        text(
            "INSERT INTO erasure (conversation, client_id, asked, attempts, ready_at) "
            "SELECT id, client_id, :now, 0, 0 FROM conversation WHERE mode <> 'closed' "
            "ON CONFLICT DO NOTHING"
        ),
        {"now": time.time()},
    ).rowcount
    connection.execute(text("DELETE FROM session"))
    connection.execute(text("UPDATE meta SET value = value + 1 WHERE name = 'position'"))
    return Renewed(conversations, forgotten)


def _check_sessions(connection: Connection) -> None:
    others = connection.scalar(
        text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND application_name = 'stafett' AND pid <> pg_backend_pid()"
        )
    )
    if others:
        raise StoreError(_IN_USE, cure=_CURE)


async def _on_server(address: PostgresAddress, work: Callable[[Connection], T]) -> T:
    from handoff.storage.postgres import connected, postgres_engine

    engine = postgres_engine(address.url)
    try:
        connection = await connected(engine)
        try:
            async with connection.begin():
                return await connection.run_sync(work)
        finally:
            await connection.close()
    except SQLAlchemyError as error:
        raise explain(error) from None
    finally:
        await engine.dispose()


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """A connection to that file; its errors as StoreError."""
    driver = sqlite_driver()
    try:
        connection = driver.connect(path, timeout=5.0, isolation_level=None)
        try:
            yield connection
        finally:
            connection.close()
    except StafettError:
        raise
    except driver.Error as error:
        raise explain(error) from None


def _schema(connection: Any, path: Path) -> int:
    """The layout of the database. Raises InputError when it is none of those known here."""
    try:
        row = connection.execute("SELECT value FROM meta WHERE name = 'schema'").fetchone()
    except sqlite_driver().Error:
        row = None
    if row is None:
        raise InputError(f"{path} is no database of Stafett.")
    if row[0] > SCHEMA:
        raise InputError(
            f"{path} has layout {row[0]}, this version knows {SCHEMA} at most.",
            cure="Start the version that wrote it.",
        )
    return int(row[0])


def _copy(connection: Any, path: Path) -> None:
    """A new private file with what the connection's database holds, on the disk."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with _opened(path) as target:
        connection.backup(target)
    _sync(path)


def _beside(path: Path) -> Path:
    """A name for what was there, by its time (UTC), that is not in use."""
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    number, name = 1, f"{path.stem}-before-{stamp}{path.suffix}"
    while path.with_name(name).exists():
        number += 1
        name = f"{path.stem}-before-{stamp}-{number}{path.suffix}"
    return path.with_name(name)


def _number(error: BaseException) -> int:
    number = getattr(error, "sqlite_errorcode", None)
    if isinstance(number, int):
        return number & 0xFF
    return 5 if "locked" in str(error) else 0


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
