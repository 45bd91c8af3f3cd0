"""Waiting for what another process, or a server, does in its own time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from handoff.fanout.redis import RedisFanout
from handoff.ports import Fanout

WAIT_SECONDS = 15.0


async def until(holds: Callable[[], object], seconds: float = WAIT_SECONDS) -> None:
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.01)


async def until_connected(*fanouts: Fanout) -> None:
    """Until each is connected, and what waking everybody then caused has passed."""
    for one in fanouts:
        assert isinstance(one, RedisFanout)
        await until(lambda one=one: one.connected)  # type: ignore[misc]
    await asyncio.sleep(0.1)
