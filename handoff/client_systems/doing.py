"""Writes that must happen once: shared while under way, remembered for a while when done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from secrets import token_hex

import structlog

from handoff.client_systems.envelope import Envelope, failed
from handoff.errors import StafettError
from handoff.ports import Store, Unit
from handoff.records import Begun

KEPT_SECONDS = 900.0
POLL_SECONDS = 0.1

log = structlog.get_logger(__name__)


class DoneOnce:
    """Results by key, kept in the store, so that every process knows what another has done.

    `work_seconds` is what a piece of work takes at the most: after that and a margin, a process
    that is at one counts as dead, and another may do it. A failure to reach the system is not
    remembered: the next call may try again. Both carry the same `Idempotency-Key`.
    """

    def __init__(self, store: Store, work_seconds: float) -> None:
        self._store = store
        self._work_seconds = work_seconds
        self._lease_seconds = 1.5 * work_seconds
        self._under_way: dict[str, asyncio.Task[Envelope]] = {}

    async def run(self, key: str, work: Callable[[], Awaitable[Envelope]]) -> Envelope:
        """The result of `work` for `key`; `work` runs on when a caller is cancelled."""
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.ensure_future(self._once(key, work))
            self._under_way[key] = task
            task.add_done_callback(lambda _: self._under_way.pop(key, None))
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Wait for what is under way; each has a time limit of its own."""
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    async def _once(self, key: str, work: Callable[[], Awaitable[Envelope]]) -> Envelope:
        holder = token_hex(16)
        try:
            known = await self._begun(key, holder)
        except StafettError as error:
            return failed("unavailable", f"not begun: {error.code}")
        if known is not None:
            return known
        envelope = failed("unavailable", "not ended")
        try:
            envelope = await work()
        finally:
            try:
                await self._remember(key, holder, envelope)
            except StafettError as error:
                # It is done all the same, and the lease keeps others off for a while.
                log.error("client system", action="write_not_kept", code=error.code)
        return envelope

    async def _begun(self, key: str, holder: str) -> Envelope | None:
        """What another has done; None when it is ours to do."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._work_seconds
        while True:
            begun = await self._store.write(lambda unit: self._begin(unit, key, holder))
            if begun.mine:
                return None
            if begun.answer is not None:
                return Envelope.from_json(begun.answer)
            if loop.time() >= deadline:
                return failed("unavailable", "another process is at it")
            await asyncio.sleep(POLL_SECONDS)

    def _begin(self, unit: Unit, key: str, holder: str) -> Begun:
        now = unit.now()
        return unit.client_writes.begin(key, holder, now, now + self._lease_seconds)

    async def _remember(self, key: str, holder: str, envelope: Envelope) -> None:
        def keep(unit: Unit) -> None:
            if envelope.error == "unavailable":
                unit.client_writes.drop(key, holder)
            else:
                until = unit.now() + KEPT_SECONDS
                unit.client_writes.keep(key, holder, envelope.as_json(), until)

        await self._store.write(keep)
