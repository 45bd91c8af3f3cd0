"""Migrations and tables tell the same layout, on both databases, and run all or not at all."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from handoff.errors import StoreError
from handoff.storage import migrate, open_store, schema
from handoff.storage.address import PostgresAddress, locate, sqlite_driver
from handoff.storage.postgres import postgres_engine
from handoff.storage.sqlite import sqlite_engine
from handoff.storage.tables import metadata
from tests.postgres import database


def difference(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def test_migrations_and_tables_agree_on_sqlite(migrated_file: Path) -> None:
    with sqlite_engine(migrated_file, writing=False).connect() as connection:
        assert difference(connection) == []


async def test_migrations_and_tables_agree_on_postgresql(postgres_url: str) -> None:
    found = locate(postgres_url)
    assert isinstance(found, PostgresAddress)
    engine = postgres_engine(found.url)
    async with engine.connect() as connection:
        assert await connection.run_sync(difference) == []
    await engine.dispose()


def conditions(indexes: list[tuple[str, str]]) -> dict[str, str]:
    """The condition of each partial index, as both databases would write it."""
    return {
        name: sql.rpartition(" WHERE ")[2]
        .replace("::text", "")
        .replace("(", "")
        .replace(")", "")
        .replace("!=", "<>")
        for name, sql in indexes
        if " WHERE " in sql
    }


async def test_partial_indexes_have_their_conditions_on_both(
    migrated_file: Path, postgres_url: str
) -> None:
    expected = {
        str(index.name): str(index.dialect_options["sqlite"]["where"])
        for table in metadata.tables.values()
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
    }
    connection = sqlite_driver().connect(migrated_file)
    found = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql LIKE '%INDEX%'")
    assert conditions(found.fetchall()) == expected
    connection.close()
    server = await asyncpg.connect(postgres_url)
    rows = await server.fetch(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    )
    await server.close()
    assert {
        name: condition.replace("character varying", "").replace("::", "")
        for name, condition in conditions([tuple(row) for row in rows]).items()
    } == expected


async def test_migrating_again_changes_nothing(sqlite_url: str, postgres_url: str) -> None:
    for url in (sqlite_url, postgres_url):
        await asyncio.to_thread(migrate, url)
        store = await open_store(url)
        await store.close()


async def test_processes_that_start_together_migrate_one_after_the_other(
    tmp_path: Path, postgres_url: str
) -> None:
    admin = await asyncpg.connect(postgres_url)
    await admin.execute('DROP DATABASE IF EXISTS "together"')
    await admin.execute('CREATE DATABASE "together"')
    await admin.close()
    for url in (
        f"sqlite:///{tmp_path / 'new folder' / 'together.db'}",
        database(postgres_url, "together"),
    ):
        with ThreadPoolExecutor(4) as threads:
            loop = asyncio.get_running_loop()
            await asyncio.gather(*(loop.run_in_executor(threads, migrate, url) for _ in range(4)))
        store = await open_store(url)
        assert await store.read(lambda unit: unit.queue.position()) == 0
        await store.close()


def test_logins_and_sessions_of_the_first_layout_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    engine = sqlite_engine(path, writing=True)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql(
            "INSERT INTO agent (id, login, name, role, clients, languages, capacity, active,"
            " status, session_version, password_hash)"
            " VALUES ('a', 'kari', 'Kari', 'agent', '[]', '[]', 5, 0, 'offline', 1, 'hash')"
        )
        connection.exec_driver_sql("INSERT INTO session VALUES ('digest', 'a', 1, 9e9)")
    engine.dispose()
    migrate(f"sqlite:///{path}")
    connection = sqlite_driver().connect(path)
    assert connection.execute("SELECT login, disabled FROM agent").fetchall() == [("kari", 0)]
    assert connection.execute("SELECT digest FROM session").fetchall() == [("digest",)]
    connection.close()


def test_a_database_of_a_newer_version_is_told(sqlite_url: str) -> None:
    connection = sqlite_driver().connect(sqlite_url.removeprefix("sqlite:///"))
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match="newer version"):
        migrate(sqlite_url)


def test_a_place_where_no_file_can_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be made"):
        migrate(f"sqlite:///{tmp_path / 'file' / 'store.db'}")


def test_a_file_of_something_else_is_not_migrated(tmp_path: Path) -> None:
    letter = tmp_path / "letter.db"
    letter.write_text("Kjære venn. " * 1_000)
    with pytest.raises(StoreError, match="not a database"):
        migrate(f"sqlite:///{letter}")
    assert letter.read_text().startswith("Kjære venn.")
