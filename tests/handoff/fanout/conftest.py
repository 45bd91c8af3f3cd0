"""One contract, two fan-outs: within a process, and through a real server between two."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest

from handoff.fanout import open_fanout
from handoff.ports import Fanout
from tests.handoff.fanout.waiting import until_connected
from tests.redis_server import RedisServer, redis_server


@dataclass(frozen=True, slots=True)
class Ends:
    """Where is published and where is listened: one fan-out in a process, else two."""

    here: Fanout
    there: Fanout


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    with redis_server() as server:
        yield server


@pytest.fixture(params=["local", "redis"])
async def ends(request: pytest.FixtureRequest) -> AsyncIterator[Ends]:
    async with AsyncExitStack() as stack:
        if request.param == "local":
            alone = await stack.enter_async_context(open_fanout(""))
            yield Ends(alone, alone)
            return
        url = request.getfixturevalue("redis").url
        here, there = [await stack.enter_async_context(open_fanout(url)) for _ in range(2)]
        await until_connected(here, there)
        yield Ends(here, there)
