"""The soak, for a few seconds; and how growth is told from its samples."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.soak import Sample, figures_of, grown_descriptors, slope, soak, warm_seconds
from benchmarks.visits import Round


def sample(at: float, own: float = 50e6, descriptors: int = 16) -> Sample:
    return Sample(at, int(own), int(own), descriptors)


def verdicts(samples: list[Sample], them: Round) -> dict[str, str]:
    return {figure.name: figure.verdict for figure in figures_of(samples, them, 60.0)}


async def test_customers_come_talk_go_come_back_and_lose_nothing(tmp_path: Path) -> None:
    samples, them = await soak(tmp_path, 3.0, customers=4, pause=0.4, every=0.5)
    assert len(samples) >= 3
    assert all(one.own > 1e6 and one.descriptors > 3 for one in samples)
    assert them.contacts >= 4
    assert them.lines >= 13 * them.contacts
    assert (them.wrong, them.open_pages) == (0, 0)


def test_a_slope_is_that_of_the_line_beneath_the_noise() -> None:
    assert slope([0.0, 1.0, 2.0, 3.0], [5.0, 9.0, 9.0, 13.0]) == pytest.approx(2.4)
    assert slope([0.0, 1.0, 2.0], [7.0, 7.0, 7.0]) == 0.0


def test_growth_of_two_megabytes_an_hour_misses_the_goal() -> None:
    hour = [sample(minute * 60.0, 50e6 + minute / 60 * 2e6) for minute in range(61)]
    flat = [sample(minute * 60.0) for minute in range(61)]
    assert verdicts(hour, Round())["memory of its own, growth"] == "missed"
    assert verdicts(flat, Round())["memory of its own, growth"] == "met"


def test_descriptors_that_stay_open_are_growth_and_pages_on_their_way_out_are_not() -> None:
    passing = [16, 19, 16, 17, 18, 16, 21, 16, 20]
    assert grown_descriptors([sample(at, descriptors=one) for at, one in enumerate(passing)]) == 0
    leaking = [16, 19, 16, 17, 18, 17, 21, 18, 20]
    assert grown_descriptors([sample(at, descriptors=one) for at, one in enumerate(leaking)]) == 2
    told = verdicts([sample(at, descriptors=one) for at, one in enumerate(leaking)], Round())
    assert told["descriptors, growth"] == "missed"


def test_one_lost_line_misses_the_goal() -> None:
    told = verdicts([sample(0.0), sample(10.0)], Round(wrong=1))
    assert told["lines lost, doubled or out of order"] == "missed"


def test_a_short_run_warms_up_for_a_third_of_it() -> None:
    assert warm_seconds(300.0) == 100.0
    assert warm_seconds(3_600.0) == 600.0
