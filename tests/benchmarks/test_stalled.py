"""Stalled readers beside others, a few of them for a few seconds."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest

from benchmarks import stalled
from benchmarks.doors import Pair
from benchmarks.figures import Figure
from benchmarks.servers import Service
from benchmarks.stalled import Hall, Reader, measure_stalled


async def test_who_did_not_read_is_current_again_and_nobody_lacks_a_line(tmp_path: Path) -> None:
    figures: list[Figure] = []
    # Too short for a close: that comes ten seconds after the buffers are full.
    await measure_stalled(tmp_path, figures, count=10, seconds=2.0, rounds=1, close_wait=0.0)
    reading, beside, closed, others, overdue, wrong = figures
    assert 0 < reading.value < 5_000
    assert 0 < beside.value < 5_000
    assert (closed.value, closed.verdict) == (0, "missed")
    assert (others.verdict, overdue.verdict) == ("met", "met")
    assert (wrong.value, wrong.verdict) == (0, "met")


def reader_of(service: Service, number: int) -> Reader:
    return Reader(service, Pair("c", 1, "t", "a"), number, "t", is_long=False)


async def test_what_never_comes_counts_as_slow_and_the_wait_for_it_as_overdue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stalled, "RETURN_SECONDS", 0.2)
    reader = reader_of(Service(tmp_path), 0)
    reader.said = {"one": time.perf_counter() - 5.0, "two": time.perf_counter() - 7.0}
    reader.heard = ["one"]
    hall = Hall(reader.service, [reader], {})
    took = await hall.measured(0.0)
    assert took == pytest.approx([7.2], abs=1.0)
    assert hall.overdue == 1


async def test_a_close_of_somebody_who_read_is_not_one_of_a_stalled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = "\n".join(
        f'stafett_connections_closed_total{{code="{code}",side="{side}"}} {count}'
        for code, side, count in ((1013, "customer", "3.0"), (1013, "agent", "4.0"),
                                  (1006, "customer", "5.0"))
    )  # fmt: skip
    assert stalled.overloads(counted) == 3
    service = Service(tmp_path)
    them = [reader_of(service, number) for number in range(2)]
    them[1].was_closed = 1

    async def metrics(_: httpx.AsyncClient, url: str) -> httpx.Response:
        return httpx.Response(200, text=counted, request=httpx.Request("GET", url))

    monkeypatch.setattr(httpx.AsyncClient, "get", metrics)
    assert await Hall(service, them, {}).overloaded() == 2


def test_a_lost_a_doubled_and_a_swapped_line_are_told(tmp_path: Path) -> None:
    service = Service(tmp_path)

    def wrong(heard: list[str]) -> int:
        reader = reader_of(service, 0)
        reader.said = dict.fromkeys(("one", "two", "three"), 0.0)
        reader.heard = heard
        return reader.wrong

    assert wrong(["one", "two", "three"]) == 0
    assert wrong(["one"]) == 2
    assert wrong(["one", "two", "two", "three"]) == 1
    assert wrong(["two", "one", "three"]) == 1
