"""Wake-ups, never truth: what is lost here is found in the database a little later."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from handoff.fanout.local import LocalFanout
from handoff.ports import Fanout
from handoff.stopping import stop


@contextlib.asynccontextmanager
async def open_fanout(url: str) -> AsyncIterator[Fanout]:
    """A fan-out for as long as the block runs: through the server at `url`, else in process.

    A server that is away stops nobody: it is tried again until it comes.
    """
    if not url:
        yield LocalFanout()
        return
    # A service alone does without the driver.
    from handoff.fanout.redis import RedisFanout

    fanout = RedisFanout(url)
    carrying = asyncio.create_task(fanout.run())
    try:
        yield fanout
        await fanout.flush()
    finally:
        fanout.end()
        await stop([carrying])
