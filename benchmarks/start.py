"""From the command to the first answer of the bot, and what the idle service weighs."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from benchmarks.figures import Figure
from tests.whole import Whole, whole

WARM_SECONDS = 30.0
IDLE_MB = 120.0
# Long enough for what start-up left behind to be let go.
SETTLE_SECONDS = 5.0


@contextlib.contextmanager
def measure_start(folder: Path, figures: list[Figure]) -> Iterator[Whole]:
    """Everything, started twice: the first start may train, the second is warm."""
    with whole(folder):
        pass
    began = time.monotonic()
    with whole(folder) as running:
        seconds = time.monotonic() - began
        figures.append(Figure("warm start to the first bot answer", seconds, "s", WARM_SECONDS))
        time.sleep(SETTLE_SECONDS)
        figures.append(Figure("handoff process, idle, resident", _resident(running), "MB", IDLE_MB))
        yield running


def _resident(running: Whole) -> float:
    """Resident memory of the handoff process in MB."""
    for child in psutil.Process(running.process.pid).children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if child.cmdline()[-1:] == ["serve"] and "handoff.cli" in child.cmdline():
                return float(child.memory_info().rss) / 1_000_000
    raise RuntimeError("the handoff process was not found")
