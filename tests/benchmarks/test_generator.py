"""What a generator of the load writes when, and how several are added up."""

from __future__ import annotations

import asyncio
import time

import pytest

from benchmarks.chats import Told
from benchmarks.generator import Run, paced, together


class Slow:
    """A pair whose first trip takes longer than the second between two lines."""

    def __init__(self, first_seconds: float) -> None:
        self.first_seconds = first_seconds
        self.dues: list[float] = []
        self.waited: list[float] = []

    async def trip(self, due: float) -> None:
        self.dues.append(due)
        if len(self.dues) == 1:
            await asyncio.sleep(self.first_seconds)
        self.waited.append(time.perf_counter() - due)


async def test_a_line_that_is_held_up_is_sent_late_and_counts_from_when_it_was_due() -> None:
    pair = Slow(first_seconds=2.5)
    await paced([pair], 3.0)
    assert len(pair.dues) == 3
    assert [due - pair.dues[0] for due in pair.dues] == pytest.approx([0.0, 1.0, 2.0])
    assert pair.waited == pytest.approx([2.5, 1.5, 0.5], abs=0.4)


def test_generators_are_added_up_from_the_first_beginning_to_the_last_end() -> None:
    runs = [
        Run(Told([0.1] * 30, [0.2], [0.0]), began=0.0, ended=10.0, own=8.0, server=6.0),
        Run(Told([0.3] * 20, [], []), began=0.0, ended=10.0, own=4.0, server=6.0),
    ]
    found = together(runs)
    assert found.rate == 5.0
    assert (found.shares.generators, found.shares.server) == pytest.approx((1.2, 0.6))
    assert (len(found.told.trips), found.told.acks, found.told.late) == (50, [0.2], [0.0])
