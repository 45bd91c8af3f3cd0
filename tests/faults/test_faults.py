"""A few kills under load, and whether the checker would notice if a safeguard were missing."""

from __future__ import annotations

import random
from pathlib import Path

from tests.faults.alone import alone
from tests.faults.campaign import SMALL, play
from tests.faults.dramas import safeguards_caught
from tests.faults.ledger import Ledger
from tests.faults.schedule import KILLED, Fault, schedule

FEW = (
    Fault("kill", 2.0, ("handoff-1",)),
    Fault("restore", 1.0, (), 1.0),
    Fault("kill", 2.0, ("postgres",)),
    Fault("reset", 1.5),
)


async def test_what_is_killed_under_load_loses_doubles_and_reorders_nothing(tmp_path: Path) -> None:
    result = await play("7", 2, tmp_path / "record", print, faults=FEW, cast=SMALL)
    assert not result.late
    assert [str(fault) for fault in result.verdict.faults] == []
    assert result.kills == 2
    assert result.verdict.acknowledged > 50
    assert '"acked"' in (tmp_path / "record").read_text("utf-8")
    ledger = Ledger.read(tmp_path / "ledger.json")
    ledger.add("7.0.2", result)
    report = Ledger.read(tmp_path / "ledger.json").report(7)
    assert (report["kills"], report["lost"]) == (2, 0)
    assert report["by_fault"]["kill handoff"] == report["by_fault"]["restore"] == 1


def test_a_campaign_keeps_what_any_commit_played_and_a_short_run_its_own_alone(
    tmp_path: Path,
) -> None:
    played = {"1.0": "abc", "1.1": "abc+", "1.2": "unknown"}
    ledger = Ledger(tmp_path / "ledger.json", {name: {"commit": at} for name, at in played.items()})
    assert [ledger.played(name) for name in (*played, "1.3")] == ["abc", "abc+", "unknown", ""]
    kept = {at: [name for name in played if ledger.played(name, at=at)] for at in played.values()}
    assert kept == {"abc": ["1.0"], "abc+": [], "unknown": []}
    assert not ledger.played("1.0", at="def")


async def test_one_process_on_sqlite_outlives_a_full_disk_a_wrong_clock_and_its_own_death() -> None:
    result = await alone("1")
    assert not result.late
    assert [str(fault) for fault in result.verdict.faults] == []
    assert result.verdict.acknowledged > 20


async def test_the_checker_notices_each_safeguard_that_is_missing() -> None:
    found = await safeguards_caught()
    assert [safeguard for safeguard, noticed in found.items() if not noticed] == []


def test_a_seed_is_a_schedule_of_as_many_kills_as_were_asked_for() -> None:
    one, same, other = (schedule(random.Random(seed), 25) for seed in (1, 1, 2))
    assert one == same != other
    assert sum(fault.kind == "kill" for fault in one) == 25
    assert {name for fault in one if fault.kind == "kill" for name in fault.victims} == set(KILLED)
