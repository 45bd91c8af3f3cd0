"""Many schedules, in one process or several, and a report of what they broke."""

from __future__ import annotations

import json
import logging
import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog

from tests.simulation.play import play
from tests.simulation.schedule import make
from tests.simulation.shrink import shrink, story

CHUNK = 250
TELL_SECONDS = 10.0
MOST_FINDINGS = 5
KEPT = Path(__file__).with_name("failing_seeds.txt")


@dataclass(frozen=True, slots=True)
class Finding:
    """A seed that broke an invariant, and the shortest story that still breaks it."""

    seed: int
    invariant: str
    seen: str
    story: tuple[str, ...]

    def __str__(self) -> str:
        lines = "\n".join(f"    {number:2} {line}" for number, line in enumerate(self.story, 1))
        return f"seed {self.seed} broke {self.invariant}\n{lines}\n    => {self.seen}"


@dataclass(slots=True)
class Tally:
    """What was played. `commits` are the transactions that were judged."""

    schedules: int = 0
    steps: int = 0
    commits: int = 0
    seconds: float = 0.0
    broken: int = 0

    def add(self, other: Tally) -> None:
        self.schedules += other.schedules
        self.steps += other.steps
        self.commits += other.commits
        self.broken += other.broken

    @property
    def rate(self) -> float:
        """Schedules a second."""
        return self.schedules / self.seconds if self.seconds else 0.0


@contextmanager
def quiet() -> Iterator[None]:
    """The service logs every failure that a schedule plants: not here."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.configure(**before)


def play_range(first: int, count: int) -> tuple[Tally, list[Finding]]:
    """Play `count` seeds from `first` on; what breaks is shrunk."""
    tally = Tally()
    findings: list[Finding] = []
    with quiet():
        for seed in range(first, first + count):
            played = play(make(seed))
            tally.schedules += 1
            tally.steps += played.steps
            tally.commits += played.commits
            if played.broken is not None:
                tally.broken += 1
                if len(findings) < MOST_FINDINGS:
                    findings.append(_finding(seed, played.broken.name))
    return tally, findings


def _finding(seed: int, name: str) -> Finding:
    told = story(shrink(make(seed), name))
    return Finding(seed, name, str(told.broken), told.log)


def run(
    schedules: int, seed: int, processes: int, tell: Callable[[str], None]
) -> tuple[Tally, list[Finding]]:
    """Play `schedules` seeds from `seed` on; stops early once enough is broken, or at Ctrl-C."""
    chunks = [
        (first, min(CHUNK, seed + schedules - first))
        for first in range(seed, seed + schedules, CHUNK)
    ]
    total, findings, started, told = Tally(), [], time.monotonic(), 0.0
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, mp_context=spawn)
    try:
        for tally, found in pool.map(play_range, *zip(*chunks, strict=True)):
            total.add(tally)
            total.seconds = time.monotonic() - started
            for finding in found:
                findings.append(finding)
                tell(str(finding))
            if total.seconds - told >= TELL_SECONDS or total.schedules == schedules:
                told = total.seconds
                tell(_progress(total, schedules))
            if len(findings) >= MOST_FINDINGS:
                tell("Enough is broken: the rest is not played.")
                break
    except KeyboardInterrupt:
        tell(f"Stopped. Go on with --seed {seed + total.schedules}.")
    finally:
        pool.shutdown(cancel_futures=True)
    return total, findings


def _progress(total: Tally, schedules: int) -> str:
    return (
        f"{total.schedules:,} of {schedules:,} schedules, {total.steps:,} events, "
        f"{total.rate:.0f} schedules/s, {total.broken} broken"
    )


def report(total: Tally, findings: list[Finding], seed: int, processes: int) -> str:
    """The run as JSON."""
    told = {
        "ended": datetime.now(UTC).isoformat(timespec="seconds"),
        "first_seed": seed,
        "next_seed": seed + total.schedules,
        "processes": processes,
        **asdict(total),
        "schedules_per_second": round(total.rate, 1),
        "findings": [asdict(finding) for finding in findings],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def kept_seeds() -> list[int]:
    """Seeds that broke something once, each of which is played by the tests."""
    lines = KEPT.read_text(encoding="utf-8").splitlines()
    return [int(line.split("#")[0]) for line in lines if line.split("#")[0].strip()]
