"""The demo companies' real systems, on a fixed Monday, and the handoff side that calls them."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import date

import httpx
import pytest

from demo.systems.app import create_app
from handoff.client_systems import HttpClientSystems
from handoff.clients import System
from handoff.storage import MemoryStore
from tests.serving import serving

MONDAY = date(2026, 11, 23)
TOKEN = "token-of-the-demo"


@dataclass(frozen=True)
class Company:
    id: str
    system: System


@pytest.fixture(scope="module")
def demo() -> Iterator[str]:
    """Base URL of both companies' systems."""
    with serving(create_app(TOKEN, today=lambda: MONDAY)) as url:
        yield url


@pytest.fixture
def set_fault(demo: str) -> Iterator[Callable[..., None]]:
    def set_fault(mode: str, count: int | None = None, client: str = "heimbud") -> None:
        answer = httpx.post(
            f"{demo}/faults",
            json={"client": client, "mode": mode, "count": count},
            headers={"Authorization": f"Bearer {TOKEN}"},
        )
        assert answer.status_code == 200, answer.text

    yield set_fault
    for client in ("heimbud", "varde"):
        set_fault("none", client=client)


@pytest.fixture
async def systems(demo: str) -> AsyncIterator[HttpClientSystems]:
    companies = [Company(id_, System(f"{demo}/{id_}/v1", TOKEN)) for id_ in ("heimbud", "varde")]
    async with HttpClientSystems(companies, MemoryStore(time.time)) as systems:
        yield systems
