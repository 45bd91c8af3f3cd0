"""What is committed is carried from the log into the file, and by no commit."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from handoff.storage import SqlStore
from handoff.storage.address import sqlite_driver
from tests.handoff.storage.disk import Disk
from tests.handoff.storage.samples import HandClock, said, started

CHECKPOINT = "PRAGMA wal_checkpoint(PASSIVE)"


@pytest.fixture
async def store(disk: Disk, sqlite_url: str, clock: HandClock) -> AsyncIterator[SqlStore]:
    opened = SqlStore.open(sqlite_url, clock)
    yield opened
    await opened.close()


class File:
    """The database's file, without its log."""

    def __init__(self, url: str, folder: Path) -> None:
        self._path, self._copy = Path(url.removeprefix("sqlite:///")), folder / "alone.db"

    def lines(self) -> int:
        shutil.copy(self._path, self._copy)
        driver = sqlite_driver()
        # It may be copied in the midst of being written.
        with (
            contextlib.closing(driver.connect(self._copy)) as alone,
            contextlib.suppress(driver.DatabaseError),
        ):
            found: int = alone.execute("SELECT count(*) FROM message").fetchone()[0]
            return found
        return 0

    async def has(self, lines: int) -> None:
        async with asyncio.timeout(20):
            while self.lines() < lines:
                await asyncio.sleep(0.05)


@pytest.fixture
def file(sqlite_url: str, tmp_path: Path) -> File:
    return File(sqlite_url, tmp_path)


async def test_after_each_commit_the_file_has_it_soon(store: SqlStore, file: File) -> None:
    state = await started(store)
    for done in range(1, 4):
        await store.write(lambda unit: unit.conversations.append(state, said(), 1.0))
        await file.has(done)


async def test_what_fails_harms_no_commit_and_is_done_later(
    store: SqlStore, disk: Disk, file: File
) -> None:
    disk.refuses.add(CHECKPOINT)
    state = await started(store)
    with capture_logs() as told:
        for _ in range(2):
            await store.write(lambda unit: unit.conversations.append(state, said(), 1.0))
            await asyncio.sleep(1.0)
    assert file.lines() == 0
    failed = [line for line in told if line.get("action") == "checkpoint_failed"]
    assert [line["code"] for line in failed] == [10]  # SQLite's "disk refused", once
    disk.refuses.clear()
    await store.write(lambda unit: unit.conversations.append(state, said(), 1.0))
    await file.has(3)
