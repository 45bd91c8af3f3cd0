"""A message from customer to agent and back, durable, beside a relay that stores nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.doors import Pair
from benchmarks.figures import Figure, p99
from benchmarks.generator import BareJob, ChatJob, Drive, Job, drive
from benchmarks.servers import Service, bare_relay, pairs

BUSY_PAIRS, BUSY_SECONDS = 50, 10.0
PACED_PAIRS, PACED_SECONDS = 500, 20.0
PER_AGENT = 5
# Compared are the runs with as many as let the bare relay do most trips: one process may be
# slower than the relay that it drives, and two need a core that is free.
GENERATORS = (1, 2)
LEAST_RATIO = 0.12
ACK_MS = 50.0
FSYNCS = 4.0


def fsync_seconds(folder: Path, tries: int = 200) -> float:
    """What one write and fsync of a page takes on the database's file system: its p99."""
    took = []
    path = folder / "fsync"
    with path.open("wb", buffering=0) as file:
        for _ in range(tries):
            began = time.perf_counter()
            file.write(b"x" * 4_096)
            os.fsync(file.fileno())
            took.append(time.perf_counter() - began)
    path.unlink()
    return p99(took)


async def at_bare(count: int, seconds: float, generators: int = 1, *, is_paced: bool) -> Drive:
    """`count` pairs at the bare relay."""
    with bare_relay() as (server, url):
        pid = server.process.pid
        return await drive(
            [
                Job(pid, seconds, is_paced, bare=BareJob(url, list(range(at, count, generators))))
                for at in range(generators)
            ]
        )


async def at_service(
    folder: Path, count: int, seconds: float, generators: int = 1, *, is_paced: bool
) -> Drive:
    """`count` pairs at a service with a database of its own in `folder`."""
    service = Service(folder)
    made, tokens = await pairs(service, count, PER_AGENT if is_paced else 1)
    module = ("handoff.cli", "serve") if is_paced else ("benchmarks.unpaced",)
    with service.running(*module) as server:
        pid = server.process.pid
        return await drive(
            [
                Job(pid, seconds, is_paced, chat=job)
                for job in dealt(service, made, tokens, generators)
            ]
        )


def dealt(
    service: Service, made: Sequence[Pair], tokens: dict[str, str], generators: int
) -> list[ChatJob]:
    """Agents in turn to one generator after the other, and with them their customers."""
    jobs: list[ChatJob] = []
    for at in range(generators):
        own = dict(list(tokens.items())[at::generators])
        mine = [pair for pair in made if pair.agent in own]
        jobs.append(ChatJob(service.doors, mine, own, sum(len(job.pairs) for job in jobs)))
    return jobs


async def measure_relay(
    folder: Path,
    figures: list[Figure],
    busy_pairs: int = BUSY_PAIRS,
    paced_pairs: int = PACED_PAIRS,
    seconds: tuple[float, float] = (BUSY_SECONDS, PACED_SECONDS),
) -> None:
    """Round trips of busy pairs, and of many that write once a second."""
    await _measure_busy(folder, figures, busy_pairs, seconds[0])
    await _measure_paced(folder, figures, paced_pairs, seconds[1])


async def _measure_busy(folder: Path, figures: list[Figure], count: int, seconds: float) -> None:
    what = f"round trips, {count} busy pairs"
    rates: list[tuple[float, float, str]] = []
    for generators in GENERATORS:
        by = f"{generators} generator{'s' if generators > 1 else ''}"
        bare = await at_bare(count, seconds, generators, is_paced=False)
        (own := folder / f"busy-{generators}").mkdir()
        ours = await at_service(own, count, seconds, generators, is_paced=False)
        rates.append((bare.rate, ours.rate, by))
        figures.append(Figure(f"{what}, {by}, bare relay", bare.rate, "/s", shares=bare.shares))
        figures.append(Figure(f"{what}, {by}, durable", ours.rate, "/s", shares=ours.shares))
    most, beside, by = max(rates)
    name = f"{what}, of the bare relay's, both with {by}"
    figures.append(Figure(name, beside / most, "", least=LEAST_RATIO))


async def _measure_paced(folder: Path, figures: list[Figure], count: int, seconds: float) -> None:
    what = f"{count} pairs once a second"
    bare = await at_bare(count, seconds, is_paced=True)
    (own := folder / "paced").mkdir()
    ours = await at_service(own, count, seconds, is_paced=True)
    fsync = fsync_seconds(folder)
    limit = p99(bare.told.trips) + FSYNCS * fsync
    for name, found, most in (("bare relay", bare, None), ("durable", ours, limit * 1e3)):
        took, late = p99(found.told.trips) * 1e3, p99(found.told.late) * 1e3
        figures.append(Figure(f"{what}, {name}, p99", took, "ms", most, shares=found.shares))
        figures.append(Figure(f"{what}, {name}, sent after it was due, p99", late, "ms"))
    figures.append(Figure(f"{what}, ack, p99", p99(ours.told.acks) * 1e3, "ms", ACK_MS))
    figures.append(Figure("write and fsync, p99", fsync * 1e3, "ms"))
