"""Bring a database to the layout this version needs."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, event, func, select
from sqlalchemy.exc import SQLAlchemyError

from handoff.errors import StoreError
from handoff.storage.address import PostgresAddress, SqliteAddress, locate
from handoff.storage.postgres import connected, postgres_engine
from handoff.storage.sqlite import sqlite_engine
from handoff.storage.trouble import explain

_LOCK = 0x57AFE77
"""The advisory lock that makes two processes migrate one after the other."""


def migrate(url: str) -> None:
    """Run every migration the database has not seen, all or none; a SQLite file is made.

    `url` as in DATABASE_URL. Must not be called inside a running event loop. Raises
    SettingError for the URL and StoreError when the database refuses.
    """
    address = locate(url)
    try:
        if isinstance(address, SqliteAddress):
            _migrate_file(address)
        else:
            asyncio.run(_migrate_server(address))
    except SQLAlchemyError as error:
        raise explain(error) from None
    except CommandError:
        raise StoreError(
            "The database was written by a newer version.", cure="Start that version."
        ) from None


def _migrate_file(address: SqliteAddress) -> None:
    try:
        address.path.parent.mkdir(parents=True, exist_ok=True)
        # What customers write is nobody else's to read; SQLite gives its other files this mode.
        os.close(os.open(address.path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(
            f"The database file {address.path} cannot be made ({error.strerror}).",
            cure="Check the folder and its mode.",
        ) from None
    with _alone_in(address.path.parent):
        _migrate_locked(address)


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Others who migrate a file there wait: SQLite does not, where a new file first becomes WAL.

    The folder is locked and not the file: closing a file of its own would end SQLite's locks.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _migrate_locked(address: SqliteAddress) -> None:
    engine = sqlite_engine(address.path, writing=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(engine, "commit")
    def commit(connection: Connection) -> None:
        connection.exec_driver_sql("COMMIT")

    with engine.begin() as connection:
        _upgrade(connection)


async def _migrate_server(address: PostgresAddress) -> None:
    engine = postgres_engine(address.url)
    try:
        connection = await connected(engine)
        try:
            async with connection.begin():
                await connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
                await connection.run_sync(_upgrade)
        finally:
            await connection.close()
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
