"""One contract, three stores: memory, SQLite in a file, and a real PostgreSQL server."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
import pytest

from handoff.ports import Store
from handoff.storage import MemoryStore, SqlStore, migrate
from handoff.storage.tables import meta, metadata
from tests.handoff.storage.disk import Disk, disk_of
from tests.handoff.storage.samples import HandClock


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return disk_of(monkeypatch)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file of the present layout, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str) -> str:
    """A database of the present layout."""
    migrate(postgres_server)
    return postgres_server


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    path = tmp_path / "store.db"
    shutil.copy(migrated_file, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest) -> str | None:
    """None for the store in memory."""
    if request.param == "memory":
        return None
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


async def emptied(url: str) -> None:
    """Take every row out of a PostgreSQL database but the ones the first migration wrote."""
    connection = await asyncpg.connect(url)
    try:
        # Not TRUNCATE: it makes every table and index anew, files that the server must all flush.
        tables = [table.name for table in reversed(metadata.sorted_tables) if table is not meta]
        await connection.execute(";".join(f'DELETE FROM "{name}"' for name in tables))
        await connection.execute("UPDATE meta SET value = 0 WHERE name <> 'schema'")
    finally:
        await connection.close()


@pytest.fixture
async def store(store_url: str | None, clock: HandClock) -> AsyncIterator[Store]:
    opened: Store
    if store_url is None:
        opened = MemoryStore(clock)
    else:
        if store_url.startswith("postgresql"):
            await emptied(store_url)
        opened = SqlStore.open(store_url, clock)
    try:
        yield opened
    finally:
        await opened.close()
