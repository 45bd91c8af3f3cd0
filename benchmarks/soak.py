"""`python -m benchmarks.soak`: chats come and go for an hour while the service is weighed.

Prints a table, writes reports/soak.json, and ends with 1 when a goal was missed.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from benchmarks.crowd import raise_descriptors
from benchmarks.figures import Figure
from benchmarks.machine import Machine
from benchmarks.report import FOLDER, show, write
from benchmarks.servers import Server, Service, hire
from benchmarks.visits import Desk, Round, come_and_go, listening
from handoff.tokens import Bearer, Use

REPORT = FOLDER / "soak.json"
MINUTES = 60.0
WARM_SECONDS = 600.0
EVERY_SECONDS = 10.0
CUSTOMERS, PER_AGENT = 20, 5
# A customer's line and its answer, from each of them: twenty lines a second.
PAUSE_SECONDS = 2.0
MOST_GROWTH = 1.0


@dataclass(frozen=True, slots=True)
class Sample:
    """The process `at` seconds after the warm-up: bytes of its own, resident bytes, and its
    descriptors, those of open pages left out."""

    at: float
    own: int
    resident: int
    descriptors: int


def warm_seconds(seconds: float) -> float:
    """Ten minutes, or a third of a short run."""
    return min(WARM_SECONDS, seconds / 3)


def slope(at: Sequence[float], values: Sequence[float]) -> float:
    """How much `values` rise in one unit of `at`, by least squares."""
    middle, mean = sum(at) / len(at), sum(values) / len(values)
    spread = sum((one - middle) ** 2 for one in at)
    return sum((one - middle) * (value - mean) for one, value in zip(at, values, strict=True)) / (
        spread or 1.0
    )


def grown_descriptors(samples: Sequence[Sample]) -> int:
    """The fewest in the last third beyond the fewest in the first.

    The fewest, because the service lets go of a page a moment after the page has left.
    """
    third = max(1, len(samples) // 3)
    first, last = samples[:third], samples[-third:]
    return min(one.descriptors for one in last) - min(one.descriptors for one in first)


async def weigh(
    server: Server, them: Round, warm: float, until: float, every: float
) -> list[Sample]:
    """A sample every `every` seconds from `warm` to `until`, both of the monotonic clock."""
    process = psutil.Process(server.process.pid)
    samples: list[Sample] = []
    due = warm
    while due <= until:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        memory = await asyncio.to_thread(process.memory_full_info)
        descriptors = process.num_fds() - them.open_pages
        samples.append(Sample(time.monotonic() - warm, memory.uss, memory.rss, descriptors))
        due += every
    return samples


async def soak(
    folder: Path,
    seconds: float,
    customers: int = CUSTOMERS,
    pause: float = PAUSE_SECONDS,
    every: float = EVERY_SECONDS,
) -> tuple[list[Sample], Round]:
    """The samples after the warm-up, and what the customers lived through."""
    service, them = Service(folder), Round()
    tokens = []
    async with service.bridge() as (store, _):
        for number in range(-(-customers // PER_AGENT)):
            _, session = await hire(store, number, PER_AGENT)
            tokens.append(service.tokens.issue(Use.RESUME, Bearer("agent", session=session)))
    with service.running("handoff.cli", "serve") as server:
        await listening(service)
        async with AsyncExitStack() as stack:
            tasks = await stack.enter_async_context(asyncio.TaskGroup())
            began = time.monotonic()
            until = began + seconds
            desks = [
                await Desk.open(service, token, number, PER_AGENT, them)
                for number, token in enumerate(tokens)
            ]
            working = [tasks.create_task(desk.work()) for desk in desks]
            visiting = [
                tasks.create_task(come_and_go(service, number, pause, until, them))
                for number in range(customers)
            ]
            samples = await weigh(server, them, began + warm_seconds(seconds), until, every)
            await asyncio.gather(*visiting)
            for task in working:
                task.cancel()
    return samples, them


def figures_of(samples: Sequence[Sample], them: Round, seconds: float) -> list[Figure]:
    """Growth in an hour, and whether every line arrived."""
    hours = [one.at / 3_600 for one in samples]
    own = slope(hours, [one.own / 1e6 for one in samples])
    resident = slope(hours, [one.resident / 1e6 for one in samples])
    return [
        Figure("lines a second", them.lines / seconds, "/s"),
        Figure("contacts ended", them.contacts, ""),
        Figure("memory of its own, last", samples[-1].own / 1e6, "MB"),
        Figure("memory of its own, growth", own, "MB/h", MOST_GROWTH),
        Figure("resident memory, growth", resident, "MB/h"),
        Figure("descriptors beside pages, fewest", min(one.descriptors for one in samples), ""),
        Figure("descriptors, growth", grown_descriptors(samples), "", 0.0),
        Figure("lines lost, doubled or out of order", them.wrong, "", 0.0),
    ]


def main() -> int:
    """Soak and tell."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=MINUTES, help="how long (60)")
    seconds = parser.parse_args().minutes * 60
    if warm_seconds(seconds) + 3 * EVERY_SECONDS > seconds:
        parser.error("--minutes is at least 1")
    raise_descriptors(1_024)
    machine = Machine.now()
    with tempfile.TemporaryDirectory(prefix="stafett-soak-") as folder:
        samples, them = asyncio.run(soak(Path(folder), seconds))
    figures = figures_of(samples, them, seconds)
    show(machine, {"soak": figures})
    write(
        REPORT,
        machine,
        {"soak": figures},
        minutes=seconds / 60,
        warm_up_seconds=warm_seconds(seconds),
        samples=[asdict(sample) for sample in samples],
    )
    return int(any(figure.verdict == "missed" for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
