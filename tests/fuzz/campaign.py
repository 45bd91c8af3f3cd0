"""Many bent frames, and what they came to."""

from __future__ import annotations

import gc
import json
import random
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.fuzz.bending import bent
from tests.fuzz.judge import SIDES, judge

CHUNK = 10_000
MOST_FAULTS = 5
MOST_GROWTH_KIB = 128 * 1024
"""How much the process may grow over a whole run."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`data` is the input as Python writes it, so that it can be put into a test."""

    number: int
    side: str
    seen: str
    data: str

    def __str__(self) -> str:
        shown = self.data if len(self.data) <= 300 else f"{self.data[:300]}... ({len(self.data)})"
        return f"input {self.number} {self.seen} on the {self.side}'s side: {shown}"


@dataclass(slots=True)
class Tally:
    """What was read. `endings` counts both sides' outcomes; `grown` is in KiB."""

    inputs: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    biggest: int = 0
    grown: int = 0
    endings: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)

    def __str__(self) -> str:
        rate = self.inputs / self.seconds if self.seconds else 0.0
        return (
            f"{self.inputs:,} inputs, {rate:,.0f} a second, {self.endings['frame']:,} frames, "
            f"slowest {self.slowest * 1000:.2f} ms, {self.grown:,} KiB grown, "
            f"{len(self.faults)} faults"
        )

    def take(self, data: str | bytes) -> None:
        """Judge one input on both sides."""
        for side, decode in SIDES:
            outcome = judge(decode, data)
            self.endings[outcome.ending] += 1
            self.slowest = max(self.slowest, outcome.seconds)
            if outcome.fault:
                self.faults.append(Fault(self.inputs, side, outcome.fault, ascii(data)))
        self.inputs += 1
        self.biggest = max(self.biggest, len(data))


def bent_frames(seed: int, count: int) -> Iterable[str | bytes]:
    """The same ones for the same seed, on every machine."""
    dice = random.Random(seed)
    return (bent(dice) for _ in range(count))


def run(inputs: int, seed: int, tell: Callable[[str], None] = lambda line: None) -> Tally:
    """Judge `inputs` bent frames; stops early once enough is broken, or at Ctrl-C."""
    tally, began = Tally(), time.monotonic()
    gc.collect()
    before = _resident()
    try:
        for number, data in enumerate(bent_frames(seed, inputs), 1):
            tally.take(data)
            if number % CHUNK == 0 or number == inputs:
                tally.seconds = time.monotonic() - began
                tally.grown = _resident() - before
                tell(str(tally))
            if len(tally.faults) >= MOST_FAULTS:
                break
    except KeyboardInterrupt:
        tell("Stopped: what was judged until now is told.")
    if tally.grown > MOST_GROWTH_KIB:
        tally.faults.append(Fault(tally.inputs, "whole", f"grew by {tally.grown:,} KiB", ""))
    return tally


def _resident() -> int:
    """The most memory this process ever had, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def report(tally: Tally, seed: int) -> str:
    """The run as JSON."""
    told = {
        "ended": datetime.now(UTC).isoformat(timespec="seconds"),
        "seed": seed,
        "inputs": tally.inputs,
        "endings": dict(tally.endings),
        "biggest_input": tally.biggest,
        "slowest_ms": round(tally.slowest * 1000, 3),
        "grown_kib": tally.grown,
        "seconds": round(tally.seconds, 1),
        "faults": list(map(str, tally.faults)),
    }
    return json.dumps(told, indent=2) + "\n"
