"""The end of tasks that run until they are cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

PATIENCE_SECONDS = 5.0


async def stop(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel and wait until all have ended, whatever they end with.

    Whoever is still at work `PATIENCE_SECONDS` later is cancelled again: an error while a
    connection is closed can take a cancellation's place, and the task then goes on.
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        ended, left = await asyncio.wait(left, timeout=PATIENCE_SECONDS)
        for task in ended:
            _ = task.cancelled() or task.exception()  # seen, so that nobody is told of it
