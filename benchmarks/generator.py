"""`python -m benchmarks.generator`: one process that talks to a server and tells what it took.

A job comes in as one line of JSON; "ready" goes out when all its pages are open; at the next
line in it begins, and a run goes out as JSON.
"""

from __future__ import annotations

import asyncio
import gc
import os
import random
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import msgspec
import psutil

from benchmarks.chats import Talker, Told, bare_pairs, chats
from benchmarks.crowd import raise_descriptors
from benchmarks.doors import Doors, Pair
from benchmarks.figures import Shares

ROOT = Path(__file__).resolve().parent.parent
READY = b"ready\n"
WARM_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class BareJob:
    """Pairs at the bare relay, each with a number of its own."""

    url: str
    numbers: Sequence[int]


@dataclass(frozen=True, slots=True)
class ChatJob:
    """Pairs at the service with their agents' tokens; their pages are numbered from `first`."""

    doors: Doors
    pairs: Sequence[Pair]
    tokens: dict[str, str]
    first: int


@dataclass(frozen=True, slots=True)
class Job:
    """What to do for so many `seconds`, and the server's process id, to see how busy it is."""

    server: int
    seconds: float
    is_paced: bool
    bare: BareJob | None = None
    chat: ChatJob | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """`began` and `ended` are of the monotonic clock, `own` and `server` seconds of processor
    time between them."""

    told: Told
    began: float
    ended: float
    own: float
    server: float


@dataclass(frozen=True, slots=True)
class Drive:
    """What all generators together did: round trips a second, and how busy both sides were."""

    told: Told
    rate: float
    shares: Shares


async def drive(jobs: Sequence[Job]) -> Drive:
    """Each job by a process of its own; all begin together. Raises RuntimeError if one fails."""
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.generator",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for _ in jobs
    ]  # fmt: skip
    try:
        await asyncio.gather(*map(_prepared, processes, jobs))
        told = await asyncio.gather(*(one.communicate(b"go\n") for one in processes))
        if any(one.returncode for one in processes):
            raise RuntimeError("A generator of the load failed.")
    finally:
        for one in processes:
            if one.returncode is None:
                one.kill()
                await one.wait()
    return together([msgspec.json.decode(out, type=Run) for out, _ in told])


async def _prepared(process: asyncio.subprocess.Process, job: Job) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(msgspec.json.encode(job) + b"\n")
    if await process.stdout.readline() != READY:
        raise RuntimeError("A generator of the load did not get ready.")


def together(runs: Sequence[Run]) -> Drive:
    """From the first beginning to the last end."""
    told = Told(
        [trip for run in runs for trip in run.told.trips],
        [ack for run in runs for ack in run.told.acks],
        [late for run in runs for late in run.told.late],
    )
    seconds = max(run.ended for run in runs) - min(run.began for run in runs)
    server = sum(run.server / (run.ended - run.began) for run in runs) / len(runs)
    shares = Shares(sum(run.own for run in runs) / seconds, server)
    return Drive(told, len(told.trips) / seconds, shares)


async def busy(them: Sequence[Talker], seconds: float) -> None:
    """Every pair begins the next trip as soon as one is done."""
    until = time.perf_counter() + seconds

    async def one(pair: Talker) -> None:
        while (now := time.perf_counter()) < until:
            await pair.trip(now)

    await asyncio.gather(*(one(pair) for pair in them))


async def paced(them: Sequence[Talker], seconds: float) -> None:
    """Every customer writes once a second, each at a moment of its own.

    A line that is held up by the one before it is sent late and not left out, and so are those
    behind it: what they waited counts, or a slow server would be asked less.
    """
    dice = random.Random(1)
    began = time.perf_counter()

    async def one(pair: Talker) -> None:
        due = began + dice.random()
        while due < began + seconds:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            await pair.trip(due)
            due += 1.0

    await asyncio.gather(*(one(pair) for pair in them))


async def _run(job: Job) -> Run:
    told = Told()
    async with AsyncExitStack() as stack:
        them: Sequence[Talker]
        if job.bare is not None:
            them = await bare_pairs(stack, job.bare.url, job.bare.numbers, told)
        else:
            assert job.chat is not None
            who = job.chat
            them = await chats(stack, who.doors, who.pairs, who.tokens, told, who.first)
        # What is open stays open: a collector that goes through it all holds up every page.
        gc.collect()
        gc.freeze()
        sys.stdout.buffer.write(READY)
        sys.stdout.buffer.flush()
        await asyncio.to_thread(sys.stdin.buffer.readline)
        play = paced if job.is_paced else busy
        await play(them, min(WARM_SECONDS, job.seconds))
        told.clear()
        server = psutil.Process(job.server)
        own, theirs, began = time.process_time(), _spent(server), time.perf_counter()
        await play(them, job.seconds)
        ended = time.perf_counter()
        return Run(told, began, ended, time.process_time() - own, _spent(server) - theirs)


def _spent(process: psutil.Process) -> float:
    """Seconds of processor time, the system's for it among them."""
    times = process.cpu_times()
    return float(times.user + times.system)


def main() -> None:
    """The job of standard input."""
    job = msgspec.json.decode(sys.stdin.buffer.readline(), type=Job)
    pairs = job.bare.numbers if job.bare else job.chat.pairs if job.chat else ()
    raise_descriptors(2 * len(pairs) + 1_000)
    sys.stdout.buffer.write(msgspec.json.encode(asyncio.run(_run(job))))


if __name__ == "__main__":
    main()
