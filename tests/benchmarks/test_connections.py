"""Whether a lost line would be told, and when a widget of the benchmark tries again."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks.connections import UNSEEN, Widget, pause, store_unseen, widgets_of, wrong_widgets
from benchmarks.servers import Service


async def _shown(folder: Path) -> tuple[Service, list[Widget]]:
    """Two widgets that show all that is stored: a greeting, and a line stored before the kill."""
    service = Service(folder)
    them = await widgets_of(service, 2)
    await store_unseen(service, them)
    with service.running("handoff.cli", "serve"):
        for one in them:
            await one.open()
    return service, them


async def test_a_line_that_is_lost_doubled_or_swapped_is_told(tmp_path: Path) -> None:
    service, them = await _shown(tmp_path)
    assert await wrong_widgets(service, them) == 0
    one = them[1]
    lines = list(one.lines)
    assert lines[-1]["text"] == f"{UNSEEN} (1)"
    for wrong in ([], lines[:-1], [*lines, lines[-1]], lines[::-1], [*lines[:-1], lines[0]]):
        one.lines = wrong
        assert await wrong_widgets(service, them) == 1


@pytest.mark.parametrize(
    ("attempt", "ceiling"), [(0, 2.0), (1, 4.0), (2, 8.0), (3, 16.0), (4, 30.0), (50, 30.0)]
)
def test_a_widget_waits_as_the_one_on_a_page_does(attempt: int, ceiling: float) -> None:
    assert pause(attempt, lambda: 0.0) == 0.5
    assert pause(attempt, lambda: 1.0) == ceiling
    assert 0.5 <= pause(attempt, random.random) <= ceiling
