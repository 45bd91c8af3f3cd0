"""Seeded schedules: no invariant breaks, and a seed is one schedule for ever."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.simulation.__main__ import main
from tests.simulation.campaign import kept_seeds, play_range
from tests.simulation.mutants import MUTANTS
from tests.simulation.play import play
from tests.simulation.schedule import KINDS, LEAST, Step, make
from tests.simulation.shrink import shortest, shrink, story

SCHEDULES = 600


def test_no_schedule_breaks_an_invariant() -> None:
    tally, findings = play_range(0, SCHEDULES)
    assert not findings, "\n".join(map(str, findings))
    assert tally.steps >= LEAST * SCHEDULES
    assert tally.commits > 10 * SCHEDULES


@pytest.mark.parametrize("seed", kept_seeds())
def test_a_seed_that_broke_something_once_breaks_nothing(seed: int) -> None:
    assert play(make(seed)).broken is None


def test_a_seed_tells_the_same_story_every_time() -> None:
    first, again, other = (play(make(seed), tell=True).log for seed in (7, 7, 8))
    assert first == again != other


def test_every_schedule_has_two_customers_two_agents_and_enough_events() -> None:
    kinds = set()
    for seed in range(500):
        setup, steps = make(seed)
        assert setup.customers >= 2
        assert len(setup.capacities) >= 2
        assert len(steps) >= LEAST
        kinds |= {step.kind for step in steps}
    assert kinds == set(KINDS)


def test_what_breaks_is_shrunk_to_what_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    (late,) = (one for one in MUTANTS if "end of the queue" in one.sentence)
    late.apply(monkeypatch)
    schedule = next(make(seed) for seed in range(100) if play(make(seed)).broken)
    short = shrink(schedule, "place")
    told = story(short)
    assert told.broken is not None
    assert told.broken.name == "place"
    assert len(short.steps) <= 6
    for at in range(len(short.steps)):
        fewer = short._replace(steps=short.steps[:at] + short.steps[at + 1 :])
        broken = play(fewer).broken
        assert broken is None or broken.name != "place"


def test_shrinking_leaves_the_fewest_steps_in_their_order() -> None:
    steps = [Step("says", number, 0, 0) for number in range(50)]

    def breaks(some: object) -> bool:
        assert isinstance(some, list)
        return {7, 31} <= {step.who for step in some}

    assert [step.who for step in shortest(steps, breaks)] == [7, 31]


def test_the_command_tells_what_it_played(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    assert main(["--schedules", "20", "--seed", "100"]) == 0
    assert "20 of 20 schedules" in capsys.readouterr().out
    told = json.loads((tmp_path / "reports" / "simulation.json").read_text(encoding="utf-8"))
    assert (told["schedules"], told["first_seed"], told["findings"]) == (20, 100, [])
