"""A schedule: who there is, and what happens in which order. One integer makes it."""

from __future__ import annotations

import random
from itertools import accumulate
from typing import NamedTuple

LEAST, MOST = 40, 56
WHO, HOW, MORE = 97, 5_040, 5_040


class Step(NamedTuple):
    """One thing that happens. The numbers choose among what there is when it happens."""

    kind: str
    who: int
    how: int
    more: int


class Setup(NamedTuple):
    """`capacities` has one number an agent. `starts` is seconds after noon of a Monday."""

    customers: int
    capacities: tuple[int, ...]
    on_duty: int
    starts: float


class Schedule(NamedTuple):
    setup: Setup
    steps: tuple[Step, ...]


# How often each kind of thing happens, in proportion. Each is a function that play.ACTS finds.
WEIGHTS = {
    # customers and their pages
    "says": 11,
    "repeats": 3,
    "reuses": 1,
    "presses": 2,
    "asks": 9,
    "chooses": 4,
    "contact": 1,
    "ends": 1,
    "rates": 1,
    "language": 1,
    # the wire
    "pumps": 7,
    "carries": 8,
    "beats": 2,
    "cuts": 3,
    "connects": 5,
    "drops": 2,
    "doubles": 1,
    "swaps": 2,
    "deafens": 1,
    # the desk
    "claims": 5,
    "takes": 8,
    "answers": 7,
    "notes": 1,
    "transfers": 4,
    "returns": 2,
    "finishes": 2,
    "judges": 1,
    "assigns": 2,
    "insists": 2,
    "renews": 5,
    "status": 2,
    # the bot
    "turns": 11,
    "dies": 1,
    # time, and what it does
    "passes": 6,
    "sweeps": 4,
    "places": 1,
    "fails": 1,
    "goes_on": 9,
}
KINDS = tuple(WEIGHTS)
_HEIGHTS = tuple(accumulate(WEIGHTS.values()))
# Noon, shortly before the desk closes at eight, and after it.
_STARTS = (0.0, 0.0, 0.0, 0.0, 0.0, 28_200.0, 28_700.0, 30_000.0)


def make(seed: int) -> Schedule:
    """The schedule of that seed, the same on every machine."""
    chance = random.Random(seed)
    setup = Setup(
        customers=chance.choice((2, 2, 2, 3)),
        capacities=tuple(chance.choice((1, 1, 2)) for _ in range(chance.choice((2, 2, 2, 3)))),
        on_duty=chance.choice((1, 2, 3, 3, 3, 3)),
        starts=chance.choice(_STARTS),
    )
    kinds = chance.choices(KINDS, cum_weights=_HEIGHTS, k=chance.randint(LEAST, MOST))
    bits = chance.getrandbits
    steps = tuple(Step(kind, bits(24) % WHO, bits(24) % HOW, bits(24) % MORE) for kind in kinds)
    return Schedule(setup, steps)
