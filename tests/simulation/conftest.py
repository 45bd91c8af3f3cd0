"""What every test of the simulation needs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulation.campaign import quiet


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with quiet():
        yield
