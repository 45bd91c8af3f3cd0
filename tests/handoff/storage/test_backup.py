"""Copies of a SQLite database: whole, private, never over another file, and back in its place."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from handoff.core.message import Audience
from handoff.errors import InputError, StoreError
from handoff.settings import ROOT
from handoff.storage import SqlStore, backup
from handoff.storage.address import sqlite_driver
from tests.handoff.storage.samples import HandClock, conversation, said, started


def rows(path: Path, statement: str) -> list[tuple[object, ...]]:
    connection = sqlite_driver().connect(path)
    try:
        found: list[tuple[object, ...]] = connection.execute(statement).fetchall()
        return found
    finally:
        connection.close()


async def test_a_backup_beside_writers_is_one_moment_and_private(
    sqlite_url: str, tmp_path: Path, clock: HandClock
) -> None:
    store = SqlStore.open(sqlite_url, clock)
    state = await started(store)
    done = False

    async def talk() -> None:
        while not done:
            await store.write(lambda unit: unit.conversations.append(state, said("hei"), 1.0))

    talking = asyncio.create_task(talk())
    copies = [tmp_path / f"{number}.db" for number in range(5)]
    for copy in copies:
        await asyncio.to_thread(backup.back_up, sqlite_url, copy)
    done = True
    await talking
    seen = 0
    for copy in copies:
        assert copy.stat().st_mode & 0o777 == 0o600
        assert rows(copy, "PRAGMA integrity_check") == [("ok",)]
        [(told,)] = rows(copy, "SELECT customer_seq FROM conversation")
        [(held,)] = rows(copy, "SELECT count(*) FROM message")
        assert isinstance(held, int)
        assert told == held >= seen
        seen = held
    last = await store.read(
        lambda unit: unit.conversations.last_seqs([state.id], Audience.CUSTOMER)
    )
    assert last[state.id] >= seen > 0
    await store.close()


def test_a_backup_is_never_written_over_another_file(sqlite_url: str, tmp_path: Path) -> None:
    kept = tmp_path / "kept.db"
    kept.write_text("mine")
    with pytest.raises(InputError, match="exists already"):
        backup.back_up(sqlite_url, kept)
    assert kept.read_text() == "mine"
    assert not [name for name in os.listdir(tmp_path) if name.startswith(".")]


def test_postgresql_is_told_its_own_tool_without_the_password(tmp_path: Path) -> None:
    url = "postgresql://stafett:hemmelig@db.example:5433/chat"
    with pytest.raises(InputError) as told:
        backup.back_up(url, tmp_path / "x")
    assert "pg_dump --format=custom" in str(told.value)
    assert "--host=db.example --port=5433 --username=stafett --dbname=chat" in str(told.value)
    assert "hemmelig" not in str(told.value)


HOLDER = """
import asyncio, sys, time
from handoff.storage import open_store
async def main():
    store = await open_store(sys.argv[1])
    print("open", flush=True)
    sys.stdin.readline()
asyncio.run(main())
"""


def test_a_process_that_has_it_open_and_does_nothing_is_noticed(
    sqlite_url: str, tmp_path: Path
) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, sqlite_url],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(StoreError, match="uses the database"), backup.sole_use_of(path):
            pass
    finally:
        holder.kill()
        holder.communicate()
    with backup.sole_use_of(path) as held:
        assert held is not None
        other = sqlite_driver().connect(path, timeout=0)
        with pytest.raises(sqlite_driver().OperationalError, match="locked"):
            other.execute("SELECT * FROM meta")
        other.close()


@pytest.mark.parametrize("how", ["text", "other database", "newer", "cut"])
async def test_what_is_no_backup_is_refused(
    how: str, sqlite_url: str, tmp_path: Path, clock: HandClock
) -> None:
    store = SqlStore.open(sqlite_url, clock)
    for _ in range(50):
        await started(store)
    await store.close()
    given, present = tmp_path / "given.db", tmp_path / "present.db"
    backup.back_up(sqlite_url, given)
    if how == "text":
        given.write_text("not a database, only words, and enough of them to be read as a page")
    elif how == "cut":
        given.write_bytes(given.read_bytes()[:-8192])
    elif how == "other database":
        given.unlink()
        other = sqlite_driver().connect(given)
        other.execute("CREATE TABLE meta (a)")
        other.close()
    else:
        newer = sqlite_driver().connect(given)
        newer.execute("UPDATE meta SET value = 1000 WHERE name = 'schema'")
        newer.commit()
        newer.close()
    with pytest.raises(InputError), backup.fresh_copy(given, present):
        pass
    assert not [name for name in os.listdir(tmp_path) if name.startswith(".")]


async def test_the_present_database_is_kept_and_the_copy_takes_its_place(
    sqlite_url: str, tmp_path: Path, clock: HandClock
) -> None:
    path, copy = Path(sqlite_url.removeprefix("sqlite:///")), tmp_path / "copy.db"
    store = SqlStore.open(sqlite_url, clock)
    await started(store, conversation(visitor="of before"))
    await asyncio.to_thread(backup.back_up, sqlite_url, copy)
    await started(store, conversation(visitor="of after"))
    await store.close()
    with backup.sole_use_of(path) as held, backup.fresh_copy(copy, path) as fresh:
        kept = backup.put_in_place(fresh, path, held)
    assert kept is not None
    assert kept.parent == path.parent
    assert kept.stat().st_mode & 0o777 == 0o600
    who = "SELECT visitor FROM conversation ORDER BY visitor DESC"
    assert rows(path, who) == [("of before",)]
    assert rows(kept, who) == [("of before",), ("of after",)]
    assert rows(copy, who) == [("of before",)]


def test_a_present_file_that_is_no_database_is_kept_too(sqlite_url: str, tmp_path: Path) -> None:
    copy, path = tmp_path / "copy.db", tmp_path / "broken.db"
    backup.back_up(sqlite_url, copy)
    path.write_bytes(b"torn" * 4096)
    with backup.sole_use_of(path) as held, backup.fresh_copy(copy, path) as fresh:
        assert held is None
        kept = backup.put_in_place(fresh, path, held)
    assert kept is not None
    assert kept.read_bytes() == b"torn" * 4096
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
