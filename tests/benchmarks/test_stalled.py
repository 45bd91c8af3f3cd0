"""Stalled readers beside others, a few of them for a few seconds."""

from __future__ import annotations

from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.servers import Pair, Service
from benchmarks.stalled import Reader, measure_stalled


async def test_who_did_not_read_is_current_again_and_nobody_lacks_a_line(tmp_path: Path) -> None:
    figures: list[Figure] = []
    # Too short for a close: that comes ten seconds after the buffers are full.
    await measure_stalled(tmp_path, figures, count=10, seconds=2.0, rounds=1, close_wait=0.0)
    reading, beside, closed, wrong = figures
    assert 0 < reading.value < 5_000
    assert 0 < beside.value < 5_000
    assert (closed.value, closed.verdict) == (0, "missed")
    assert (wrong.value, wrong.verdict) == (0, "met")


def test_a_lost_a_doubled_and_a_swapped_line_are_told(tmp_path: Path) -> None:
    service = Service(tmp_path)

    def wrong(heard: list[str]) -> int:
        reader = Reader(service, Pair("c", 1, "t", "a"), 0, "t", is_long=False)
        reader.said = dict.fromkeys(("one", "two", "three"), 0.0)
        reader.heard = heard
        return reader.wrong

    assert wrong(["one", "two", "three"]) == 0
    assert wrong(["one"]) == 2
    assert wrong(["one", "two", "two", "three"]) == 1
    assert wrong(["two", "one", "three"]) == 1
