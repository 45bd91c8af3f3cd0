"""A schedule that breaks something, as short as it can be and still break the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.simulation.play import Played, play
from tests.simulation.schedule import Schedule, Step


def shrink(schedule: Schedule, name: str) -> Schedule:
    """Take out steps, in ever smaller runs, as long as the invariant `name` still breaks."""

    def breaks(steps: Sequence[Step]) -> bool:
        broken = play(Schedule(schedule.setup, tuple(steps))).broken
        return broken is not None and broken.name == name

    first = play(schedule).steps
    steps = shortest(schedule.steps[:first], breaks)
    return Schedule(schedule.setup, tuple(steps))


def shortest(steps: Sequence[Step], breaks: Callable[[Sequence[Step]], bool]) -> Sequence[Step]:
    """The fewest of `steps`, in their order, for which `breaks` still holds."""
    run = max(1, len(steps) // 2)
    while True:
        at, found = 0, False
        while at < len(steps):
            fewer = [*steps[:at], *steps[at + run :]]
            if breaks(fewer):
                steps, found = fewer, True
            else:
                at += run
        if run > 1:
            run //= 2
        elif not found:
            return steps


def story(schedule: Schedule) -> Played:
    """The same schedule once more, with what happened in words."""
    return play(schedule, tell=True)
