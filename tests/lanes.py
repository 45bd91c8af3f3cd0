"""Tests side by side: which stay together, and which want the machine to themselves."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# What is started once a run and takes long: the tests that use it stay in one lane.
SHARED = ("stafett", "engine", "trained", "bot")
# They train models for minutes: one after the other, so that each has a core of its own.
ONE_BY_ONE = ROOT / "tests" / "actions" / "judgement"
# They measure, or need every process to get its turn in time.
ALONE = ("benchmarks", "faults", "fleet")
_PLACE = Path(tempfile.gettempdir()) / f"stafett-tests-{os.getuid()}"


def lane_of(item: pytest.Function) -> str:
    """What all go with that stay in one lane: a costly fixture, or the test's own file."""
    place = ONE_BY_ONE if item.path.is_relative_to(ONE_BY_ONE) else item.path
    return next((name for name in SHARED if name in item.fixturenames), str(place))


def is_alone(item: pytest.Item) -> bool:
    return item.path.relative_to(ROOT / "tests").parts[0] in ALONE


@contextlib.contextmanager
def room(*, alone: bool) -> Iterator[None]:
    """Wait until no lane's test wants the machine to itself, or, `alone`, until none runs.

    Who waits to be alone holds the door, so that the other lanes cannot go on forever.
    """
    with (
        _PLACE.with_suffix(".door").open("w") as door,
        _PLACE.with_suffix(".room").open("w") as inside,
    ):
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(inside, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(door, fcntl.LOCK_UN)
        yield
