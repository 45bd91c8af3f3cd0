"""SQLite alone: one commit for all that wait, nothing acknowledged is lost, and a full disk."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from handoff.core.message import Audience
from handoff.errors import NotFound, Overloaded, SettingError, StoreError
from handoff.ports import Unit
from handoff.storage import SqlStore, address, migrate, open_store, sqlite
from tests.handoff.storage.samples import HandClock, employed, person, said, started
from tests.handoff.storage.storing import talk

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def store(sqlite_url: str, clock: HandClock) -> AsyncIterator[SqlStore]:
    opened = SqlStore.open(sqlite_url, clock)
    yield opened
    await opened.close()


def path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def connected(url: str) -> sqlite3.Connection:
    connection: sqlite3.Connection = address.sqlite_driver().connect(path_of(url))
    return connection


def storing(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.handoff.storage.storing", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


class Gate:
    """A unit that holds the writer until it is opened."""

    def __init__(self) -> None:
        self._reached = threading.Event()
        self._opened = threading.Event()

    def work(self, unit: Unit) -> None:
        self._reached.set()
        assert self._opened.wait(30)

    async def reached(self) -> None:
        assert await asyncio.to_thread(self._reached.wait, 30)

    def open(self) -> None:
        self._opened.set()


async def test_all_that_wait_are_committed_at_once(store: SqlStore, sqlite_url: str) -> None:
    state = await started(store)
    gate, outside = Gate(), connected(sqlite_url)

    def visible() -> int:
        count: int = outside.execute("SELECT count(*) FROM message").fetchone()[0]
        return count

    def look(unit: Unit) -> tuple[int, int]:
        inside = unit.conversations.last_seqs([state.id], Audience.STAFF)[state.id]
        other = connected(sqlite_url)
        try:
            return inside, other.execute("SELECT count(*) FROM message").fetchone()[0]
        finally:
            other.close()

    held = asyncio.ensure_future(store.write(gate.work))
    await gate.reached()
    waiting = [
        asyncio.ensure_future(
            store.write(lambda unit: unit.conversations.append(state, said(), 1.0))
        )
        for _ in range(100)
    ]
    last = asyncio.ensure_future(store.write(look))
    await asyncio.sleep(0.05)
    assert visible() == 0
    assert not any(future.done() for future in waiting)
    gate.open()
    # The last unit sees a hundred lines, the world outside none: they are one transaction.
    assert await last == (100, 0)
    await asyncio.gather(held, *waiting)
    assert visible() == 100
    outside.close()


async def test_who_fails_after_writing_leaves_nothing_and_harms_nobody_beside(
    store: SqlStore,
) -> None:
    state, gate = await started(store), Gate()
    ran = [0] * 21

    def write(number: int) -> Callable[[Unit], int]:
        def work(unit: Unit) -> int:
            ran[number] += 1
            line = unit.conversations.append(state, said(f"{number}", cmid=f"c{number}"), 1.0)
            if number == 10:
                raise NotFound("no such thing")
            return line.staff_seq

        return work

    held = asyncio.ensure_future(store.write(gate.work))
    await gate.reached()
    waiting = [asyncio.ensure_future(store.write(write(number))) for number in range(21)]
    await asyncio.sleep(0.05)
    gate.open()
    await held
    told = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(told.pop(10), NotFound)
    assert told == list(range(1, 21))
    # Those before it twice and all once more; then no line of its is left, and no gap.
    assert ran == [2] * 11 + [1] * 10
    lines = await store.read(
        lambda unit: unit.conversations.messages(state.id, Audience.STAFF, 0, 50)
    )
    texts = [line.message.body["text"] for line in lines]
    assert texts == [f"{number}" for number in range(21) if number != 10]


async def test_a_refusal_over_what_a_failed_commit_took_back_does_not_stand(
    store: SqlStore,
) -> None:
    state, gate = await started(store), Gate()
    driver = store._runner._writer._driver  # type: ignore[attr-defined]

    def lines(unit: Unit) -> list[object]:
        found = unit.conversations.messages(state.id, Audience.STAFF, 0, 50)
        return [line.message.body["text"] for line in found]

    def owes(unit: Unit) -> None:
        unit.conversations.append(state, said("først", cmid="c1"), 1.0)
        driver.execute("PRAGMA defer_foreign_keys = ON")
        driver.execute("INSERT INTO session VALUES ('d', 'ingen', 1, 0)")

    def refused(unit: Unit) -> None:
        assert lines(unit) == ["først"]
        raise NotFound("somebody was first")

    held = asyncio.ensure_future(store.write(gate.work))
    await gate.reached()
    waiting = [asyncio.ensure_future(store.write(work)) for work in (owes, refused)]
    await asyncio.sleep(0.05)
    gate.open()
    await held
    told = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(one) for one in told] == [StoreError, StoreError]
    assert told[0] is not told[1]
    assert await store.read(lines) == []


async def test_what_could_not_be_undone_is_never_committed_with_what_comes_next(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = await started(store)
    writer = store._runner._writer  # type: ignore[attr-defined]

    class Stuck:
        """Cannot commit, nor go back."""

        in_transaction = True
        total_changes = 0

        def execute(self, _command: str) -> None:
            raise sqlite3.OperationalError("disk I/O error")

        def rollback(self) -> None:
            raise sqlite3.OperationalError("disk I/O error")

    whole = writer._driver

    def append(unit: Unit) -> int:
        return unit.conversations.append(state, said("en", cmid="c1"), 1.0).staff_seq

    def and_stick(unit: Unit) -> int:
        monkeypatch.setattr(writer, "_driver", Stuck())
        return append(unit)

    for work in (and_stick, append):
        with pytest.raises(StoreError):
            await store.write(work)
    assert whole.in_transaction
    monkeypatch.setattr(writer, "_driver", whole)
    assert await store.write(append) == 1
    lines = await store.read(
        lambda unit: unit.conversations.messages(state.id, Audience.STAFF, 0, 50)
    )
    assert len(lines) == 1


async def test_each_commit_is_told_with_how_many_units_it_held(
    sqlite_url: str, clock: HandClock
) -> None:
    told: list[tuple[float, int]] = []
    store = SqlStore.open(sqlite_url, clock, lambda *commit: told.append(commit))
    state, gate = await started(store), Gate()

    def fail(unit: Unit) -> None:
        raise NotFound("no such thing")

    held = asyncio.ensure_future(store.write(gate.work))
    await gate.reached()
    waiting = [
        asyncio.ensure_future(store.write(lambda unit: unit.conversations.append(state, said(), 1)))
        for _ in range(20)
    ]
    refused = asyncio.ensure_future(store.write(fail))
    await asyncio.sleep(0.05)
    gate.open()
    await asyncio.gather(held, *waiting)
    with pytest.raises(NotFound):
        await refused
    await store.close()
    assert [units for _, units in told] == [1, 1, 20]
    assert all(0 < seconds < 30 for seconds, _ in told)


async def test_a_fault_in_counting_ends_nothing(sqlite_url: str, clock: HandClock) -> None:
    def fail(seconds: float, units: int) -> None:
        raise RuntimeError("no room for more numbers")

    store = SqlStore.open(sqlite_url, clock, fail)
    await started(store)
    await started(store)
    await store.close()


def test_the_log_is_write_ahead_and_flushed_at_every_commit(sqlite_url: str) -> None:
    with sqlite.sqlite_engine(path_of(sqlite_url), writing=True).connect() as connection:

        def pragma(name: str) -> object:
            return connection.exec_driver_sql(f"PRAGMA {name}").scalar()

        assert pragma("journal_mode") == "wal"
        assert pragma("synchronous") == 2
        assert pragma("foreign_keys") == 1


async def test_a_full_queue_is_an_overload(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "QUEUE_LIMIT", 5)
    gate = Gate()
    held = asyncio.ensure_future(store.write(gate.work))
    await gate.reached()
    waiting = [asyncio.ensure_future(store.write(lambda unit: 1)) for _ in range(5)]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await store.write(lambda unit: 1)
    gate.open()
    assert await asyncio.gather(*waiting) == [1] * 5
    await held
    assert await store.write(lambda unit: 2) == 2


async def test_who_gives_up_waiting_harms_nobody(store: SqlStore) -> None:
    gate = Gate()
    held = asyncio.ensure_future(store.write(gate.work))
    await gate.reached()
    leaver = asyncio.ensure_future(store.write(lambda unit: 1))
    stayer = asyncio.ensure_future(store.write(lambda unit: 2))
    await asyncio.sleep(0)
    leaver.cancel()
    held.cancel()
    gate.open()
    assert await stayer == 2
    with pytest.raises(asyncio.CancelledError):
        await leaver


@pytest.mark.parametrize("error", [StopIteration, KeyboardInterrupt, SystemExit])
async def test_no_error_of_a_work_stops_the_writer(
    store: SqlStore, error: type[BaseException]
) -> None:
    errors: list[BaseException] = []

    def work(unit: Unit) -> None:
        raise error

    async def attempt() -> None:
        try:
            await store.write(work)
        except BaseException as raised:
            errors.append(raised)

    await attempt()
    assert len(errors) == 1
    assert await store.write(lambda unit: 1) == 1


async def test_another_process_that_holds_the_database_is_named(
    sqlite_url: str, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_MILLISECONDS", 50)
    store = SqlStore.open(sqlite_url, clock)
    other = connected(sqlite_url)
    other.execute("BEGIN IMMEDIATE")
    agents = [person() for _ in range(20)]
    results = await asyncio.gather(
        *(employed(store, agent) for agent in agents),
        return_exceptions=True,
    )
    assert {str(result) for result in results} == {
        "Another process holds the database. End it and try again."
    }
    assert await store.read(lambda unit: unit.agents.all()) == []
    other.rollback()
    other.close()
    await store.write(lambda unit: unit.agents.add(agents[0], "hash"))
    await store.close()


def test_a_kill_loses_nothing_that_was_acknowledged(sqlite_url: str) -> None:
    process = storing("killed", sqlite_url)
    assert process.stdout is not None
    told = [json.loads(process.stdout.readline()) for _ in range(1_500)]
    process.send_signal(signal.SIGKILL)
    told += [json.loads(line) for line in process.stdout if line.endswith("\n")]
    process.wait()
    process.stdout.close()

    connection = connected(sqlite_url)
    kept = {
        (conversation, cmid): seq
        for conversation, cmid, seq in connection.execute(
            "SELECT conversation, cmid, staff_seq FROM message"
        )
    }
    for fact in told:
        assert kept[fact["conversation"], fact["cmid"]] == fact["seq"]
    # What was stored and not yet told is at most the one line each writer had under way.
    assert len(told) <= len(kept) <= len(told) + 20
    gaps = connection.execute(
        "SELECT count(*) FROM conversation c WHERE staff_seq <>"
        " (SELECT count(*) FROM message WHERE conversation = c.id)"
    ).fetchone()[0]
    assert gaps == 0
    assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    connection.close()

    async def goes_on() -> int:
        store = SqlStore.open(sqlite_url, HandClock())
        state = talk(0)
        stored = await store.write(
            lambda unit: unit.conversations.append(state, said(cmid="after"), 1.0)
        )
        await store.close()
        return stored.staff_seq

    assert asyncio.run(goes_on()) == 1 + sum(conversation == talk(0).id for conversation, _ in kept)


def test_a_full_disk_is_told_and_survived(sqlite_url: str) -> None:
    size = path_of(sqlite_url).stat().st_size + 300_000
    process = storing("full", sqlite_url, str(size))
    try:
        output, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0
    facts = [json.loads(line) for line in output.splitlines()]
    refused = [fact for fact in facts if "refused" in fact]
    acknowledged = [fact for fact in facts if "seq" in fact]
    assert [fact["ready"] for fact in facts if "ready" in fact] == [False, True]
    assert len(acknowledged) > 50
    assert {fact["cure"] for fact in refused} <= {
        "Free some space.",
        "Free some space and look at the disk.",
    }

    connection = connected(sqlite_url)
    kept = dict(connection.execute("SELECT cmid, staff_seq FROM message").fetchall())
    assert kept == {fact["cmid"]: fact["seq"] for fact in acknowledged}
    assert sorted(kept.values()) == list(range(1, len(kept) + 1))
    assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    connection.close()


async def test_two_stores_of_one_file_number_without_gaps(
    store: SqlStore, sqlite_url: str, clock: HandClock
) -> None:
    other = SqlStore.open(sqlite_url, clock)
    state = await started(store)
    stored = await asyncio.gather(
        *(
            one.write(lambda unit: unit.conversations.append(state, said(), 1.0))
            for _ in range(40)
            for one in (store, other)
        )
    )
    assert sorted(line.staff_seq for line in stored) == list(range(1, 81))
    await other.close()


async def test_only_the_owner_may_read_the_files(store: SqlStore, sqlite_url: str) -> None:
    fresh = path_of(sqlite_url).with_name("fresh.db")
    await asyncio.to_thread(migrate, f"sqlite:///{fresh}")
    opened = SqlStore.open(f"sqlite:///{fresh}", HandClock())
    await opened.ready()
    for file in fresh.parent.glob("fresh.db*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    await opened.close()


async def test_a_missing_file_is_told_with_its_cure(tmp_path: Path) -> None:
    missing = tmp_path / "missing.db"
    with pytest.raises(StoreError, match="stafett migrate"):
        await open_store(f"sqlite:///{missing}")
    assert not missing.exists()


async def test_a_file_of_something_else_is_told(tmp_path: Path, sqlite_url: str) -> None:
    letter, empty, newer = (tmp_path / name for name in ("letter.db", "empty.db", "newer.db"))
    letter.write_text("Kjære venn. " * 1_000)
    empty.touch()
    shutil.copy(path_of(sqlite_url), newer)
    connection = connected(f"sqlite:///{newer}")
    connection.execute("UPDATE meta SET value = 999 WHERE name = 'schema'")
    connection.commit()
    connection.close()
    for file, said_of_it in (
        (letter, "not a database"),
        (empty, "stafett migrate"),
        (newer, "layout 999"),
    ):
        with pytest.raises(StoreError, match=said_of_it):
            SqlStore.open(f"sqlite:///{file}", HandClock())


def test_a_sqlite_that_is_too_old_is_refused_with_its_cure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = SimpleNamespace(sqlite_version_info=(3, 40, 1), sqlite_version="3.40.1")
    good = ModuleType("sqlite3")
    good.__dict__.update(sqlite_version_info=(3, 51, 3), sqlite_version="3.51.3")
    monkeypatch.setitem(sys.modules, "pysqlite3.dbapi2", old)
    monkeypatch.setitem(sys.modules, "sqlite3", old)
    with pytest.raises(StoreError, match=r"3\.51\.3 or newer is needed.*3\.40\.1.*pysqlite3"):
        address.sqlite_driver()
    monkeypatch.setitem(sys.modules, "sqlite3", good)
    assert address.sqlite_driver() is good
    monkeypatch.setitem(sys.modules, "pysqlite3.dbapi2", None)
    assert address.sqlite_driver() is good


@pytest.mark.parametrize(
    "url",
    ["", "var/stafett.db", "sqlite://", "sqlite:///:memory:", "mysql://kari:hemmelig@host/db"],
)
def test_a_wrong_address_is_named_without_its_password(url: str) -> None:
    with pytest.raises(SettingError, match="DATABASE_URL") as refused:
        SqlStore.open(url, HandClock())
    assert "hemmelig" not in str(refused.value)
    assert "sqlite:///" in refused.value.cure
    with pytest.raises(SettingError):
        migrate(url)
