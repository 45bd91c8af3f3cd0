"""Writes that must happen once: shared while under way, remembered for a while when done."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from handoff.client_systems.envelope import Envelope


class DoneOnce:
    """Results by key, at most `most` of them, each for `seconds` of `clock`.

    A failure to reach the system is not remembered: the next call may try again.
    """

    def __init__(self, clock: Callable[[], float], seconds: float = 900, most: int = 5000) -> None:
        self._clock = clock
        self._seconds = seconds
        self._most = most
        self._done: OrderedDict[str, tuple[float, Envelope]] = OrderedDict()
        self._under_way: dict[str, asyncio.Task[Envelope]] = {}

    async def run(self, key: str, work: Callable[[], Awaitable[Envelope]]) -> Envelope:
        """The result of `work` for `key`; `work` runs on when a caller is cancelled."""
        now = self._clock()
        while self._done and next(iter(self._done.values()))[0] <= now:
            self._done.popitem(last=False)
        if key in self._done:
            return self._done[key][1]
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.ensure_future(self._keep(key, work))
            self._under_way[key] = task
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Wait for what is under way; each has a time limit of its own."""
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    async def _keep(self, key: str, work: Callable[[], Awaitable[Envelope]]) -> Envelope:
        try:
            result = await work()
        finally:
            self._under_way.pop(key, None)
        if result.error != "unavailable":
            self._done[key] = (self._clock() + self._seconds, result)
            if len(self._done) > self._most:
                self._done.popitem(last=False)
        return result
