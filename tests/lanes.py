"""Tests side by side: which stay together, and which want the machine to themselves."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parent.parent
# Each starts what takes long, once a lane (real Rasa, above all), or trains for minutes on a core
# of its own. The first that fits counts.
TOGETHER = ("tests/actions/judgement/", "tests/actions/", "tests/bot/", "tests/acceptance/")
# They measure, or need every process to get its turn in time.
ALONE = ("benchmarks", "faults", "fleet")
_PLACE = Path(tempfile.gettempdir()) / f"stafett-tests-{os.getuid()}"


class Lanes(LoadScopeScheduling):
    """Gives a lane a file's tests at a time, and the folders of `TOGETHER` whole."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((folder for folder in TOGETHER if file.startswith(folder)), file)


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
