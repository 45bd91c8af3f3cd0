"""Each measure with few pages: it runs to its end, and its figures are those of a real service."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.__main__ import Measure, main
from benchmarks.connections import measure_connections
from benchmarks.crowd import address, raise_descriptors
from benchmarks.figures import Figure
from benchmarks.relay import measure_relay


@pytest.mark.parametrize(
    ("figure", "verdict"),
    [
        (Figure("f", 1.0, "s"), ""),
        (Figure("f", 1.0, "s", 1.0), "met"),
        (Figure("f", 1.1, "s", 1.0), "missed"),
        (Figure("f", 0.12, "", least=0.12), "met"),
        (Figure("f", 0.11, "", least=0.12), "missed"),
    ],
)
def test_a_goal_is_a_most_or_a_least(figure: Figure, verdict: str) -> None:
    assert figure.verdict == verdict


async def test_the_relay_is_measured_beside_a_bare_one(tmp_path: Path) -> None:
    figures: list[Figure] = []
    await measure_relay(tmp_path, figures, 2, 2, (0.3, 1.2))
    busy, [share, *paced] = figures[:4], figures[4:]
    # Which is faster is not asked: two pairs for a second, beside whatever else runs here.
    assert [figure.name.rpartition(", ")[2] for figure in busy] == ["bare relay", "durable"] * 2
    assert all(figure.value > 1 for figure in busy)
    most = max(busy[0], busy[2], key=lambda figure: figure.value)
    assert share.value == pytest.approx(busy[busy.index(most) + 1].value / most.value)
    assert all(0 < figure.value < 10_000 for figure in paced)
    shares = [figure.shares for figure in figures if figure.shares is not None]
    assert len(shares) == 6
    assert all(0 < one.generators < 3 and 0 <= one.server < 3 for one in shares)


async def test_widgets_are_weighed_beside_a_bare_server_and_all_come_back(tmp_path: Path) -> None:
    figures: list[Figure] = []
    await measure_connections(tmp_path, figures, 40, 0.5)
    bare, ours, share, listening, current, late, wrong = (figure.value for figure in figures)
    assert min(bare, ours, share) > 0
    assert listening > 0.1
    assert 0.5 < current < 60
    assert (late, wrong) == (0, 0)


def test_pages_share_addresses_far_below_what_one_address_may_hold() -> None:
    assert address(0) == address(99) == "127.1.0.1"
    assert address(100) == "127.1.0.2"
    assert len({address(number) for number in range(30_000)}) == 300


def test_a_machine_that_allows_too_few_open_files_is_told_of_once() -> None:
    with pytest.raises(RuntimeError, match="hard limit"):
        raise_descriptors(1 << 40)


def test_only_the_parts_that_were_named_are_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("benchmarks.__main__.REPORT", tmp_path / "bench.json")

    def part(name: str) -> None:
        main([name], {one: _measure(one) for one in ("relay", "growth")})

    part("growth")
    assert "growth" in (told := (tmp_path / "bench.json").read_text("utf-8"))
    assert "relay" not in told
    with pytest.raises(SystemExit):
        part("grwth")
    assert "there is no part grwth" in capsys.readouterr().err


def _measure(name: str) -> Measure:
    def measure(folder: Path, figures: list[Figure]) -> None:
        assert folder.is_dir()
        figures.append(Figure(name, 1.0, "s"))

    return measure
