"""One winner each, capacity kept, losers told why; and the referee sees what is broken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
import pytest

from handoff.storage import migrate
from tests.postgres import database
from tests.races.campaign import Asked, Tally, run
from tests.races.faults import FAULTS, plant


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'races.db'}"
    migrate(url)
    return url


@pytest.fixture
async def postgresql(postgres_server: str) -> AsyncIterator[str]:
    """A database of this test's own."""
    name = "races"
    admin = await asyncpg.connect(postgres_server)
    await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    await admin.execute(f'CREATE DATABASE "{name}"')
    url = database(postgres_server, name)
    await asyncio.to_thread(migrate, url)
    yield url
    await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await admin.close()


def rules(tally: Tally) -> set[str]:
    return {broken.rule for broken in tally.broken}


async def test_one_wins_each_round_on_sqlite(sqlite: str, tmp_path: Path) -> None:
    told: list[str] = []
    tally = await run(Asked(sqlite, rounds=60, agents=40), tmp_path, keep=told.append)
    assert tally.broken == []
    assert (tally.rounds, len(told)) == (60, 60)
    assert tally.codes.keys() == {"ok", "taken", "at_capacity"}
    assert tally.releases > 0


async def test_one_wins_each_round_on_postgresql_in_three_processes(
    postgresql: str, tmp_path: Path
) -> None:
    tally = await run(Asked(postgresql, rounds=24, agents=30, processes=3), tmp_path)
    assert tally.broken == []
    assert tally.codes.keys() == {"ok", "taken", "at_capacity"}
    assert tally.releases > 0


CAUGHT_BY = {
    "taken over": {"one winner"},
    "at once": {"one winner", "told"},
    "no limit": {"capacity"},
    "room is kept": {"count"},
    "place is lost": {"place"},
    "loser believes": {"one winner"},
}


@pytest.mark.parametrize("fault", sorted(FAULTS.keys() - {"at once"}))
async def test_a_broken_rule_is_seen_on_sqlite(
    sqlite: str, tmp_path: Path, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(fault, monkeypatch.setattr)
    tally = await run(Asked(sqlite, rounds=80, agents=20), tmp_path)
    assert rules(tally) & CAUGHT_BY[fault], tally


@pytest.mark.parametrize("fault", ["taken over", "at once", "no limit"])
async def test_a_broken_rule_is_seen_on_postgresql(
    postgresql: str, tmp_path: Path, fault: str
) -> None:
    asked = Asked(postgresql, rounds=80, agents=20, processes=3, fault=fault)
    tally = await run(asked, tmp_path)
    assert rules(tally) & CAUGHT_BY[fault], tally
