"""Play a schedule, and say what it broke."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.simulation import customers, desk, service
from tests.simulation.ending import settle
from tests.simulation.invariants import Broken
from tests.simulation.schedule import KINDS, Schedule, Step
from tests.simulation.world import World

ACTS: dict[str, Callable[[World, Step], None]] = {
    kind: next(getattr(part, kind) for part in (customers, desk, service) if hasattr(part, kind))
    for kind in KINDS
}


@dataclass(frozen=True, slots=True)
class Played:
    """`broken` is None when all held. `commits` counts what was judged; `log` tells the story."""

    broken: Broken | None
    steps: int
    commits: int
    log: tuple[str, ...] = ()


def act(world: World, step: Step) -> None:
    """One step. Raises Broken, also where the service swallowed it."""
    ACTS[step.kind](world, step)
    if world.watch.broken is not None:
        raise world.watch.broken


def play(schedule: Schedule, *, tell: bool = False) -> Played:
    """Play it to its end or to what it breaks; an error that nobody meant is a break too."""
    world, number = None, 0
    try:
        world = World(schedule.setup)
        world.log = [] if tell else None
        for number, step in enumerate(schedule.steps, 1):  # noqa: B007
            act(world, step)
        settle(world)
        if world.watch.broken is not None:
            raise world.watch.broken
        broken = None
    except Broken as error:
        broken = error
    except Exception as error:
        broken = Broken("crash", f"{type(error).__name__}: {error}")
    commits, log = (0, None) if world is None else (world.watch.commits, world.log)
    return Played(broken, number, commits, tuple(log or ()))
