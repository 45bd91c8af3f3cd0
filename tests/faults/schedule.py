"""Which faults come when: one seed, one schedule."""

from __future__ import annotations

import random
from dataclasses import dataclass

KILLED = ("handoff-1", "handoff-2", "postgres", "redis", "bot", "actions")
WEIGHTS = (6, 6, 5, 3, 2, 2)
OTHERS = ("stop", "reset", "hang", "slow", "clock", "disk", "restore")
PAIR_SHARE = 0.25
OTHER_SHARE = 0.5
STEPS_SECONDS = (-600.0, -30.0, 30.0, 600.0)
# Load before each fault. A campaign is for many kills, a short run for many lines.
QUIET_SECONDS = (4.0, 9.0)
BRISK_SECONDS = (1.0, 4.0)


@dataclass(frozen=True, slots=True)
class Fault:
    """`after` seconds of load, `kind` happens to `victims`, for `seconds` where it lasts."""

    kind: str
    after: float
    victims: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def name(self) -> str:
        """How it is counted: `kill postgres+redis`, `slow`."""
        return " ".join(filter(None, (self.kind, "+".join(_plain(one) for one in self.victims))))


def schedule(
    rng: random.Random, kills: int, quiet: tuple[float, float] = QUIET_SECONDS
) -> list[Fault]:
    """`kills` kills, each of one process or two, with other faults between them."""
    found: list[Fault] = []
    others = list(OTHERS)
    rng.shuffle(others)
    for number in range(kills):
        found.append(_kill(rng, rng.uniform(*quiet)))
        if rng.random() < OTHER_SHARE:
            found.append(_other(rng, others[number % len(others)], rng.uniform(*quiet)))
    return found


def _kill(rng: random.Random, after: float) -> Fault:
    victims = {rng.choices(KILLED, WEIGHTS)[0]}
    if rng.random() < PAIR_SHARE:
        victims.add(rng.choices(KILLED, WEIGHTS)[0])
    return Fault("kill", after, tuple(sorted(victims)))


def _other(rng: random.Random, kind: str, after: float) -> Fault:
    seconds = rng.uniform(1.0, 6.0)
    victims = (rng.choices(KILLED, WEIGHTS)[0],) if kind == "stop" else ()
    if kind == "clock":
        seconds = rng.choice(STEPS_SECONDS)
    return Fault(kind, after, victims, seconds)


def _plain(name: str) -> str:
    return name.rstrip("-12") if name.startswith("handoff") else name
