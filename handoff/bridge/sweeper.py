"""What time does to conversations: leases run out, contacts lie idle, and all is forgotten."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import structlog

from handoff.bridge.bridge import Bridge
from handoff.bridge.grace import Grace
from handoff.bridge.retention import Retention
from handoff.bridge.unit_of_work import Work
from handoff.core import events as ev
from handoff.core.conversation import Mode, Owner
from handoff.core.message import Kind
from handoff.errors import StafettError, code_of
from handoff.ports import Store

TICK_SECONDS = 2.0
IDLE_SECONDS = 30 * 60.0
RETENTION_SECONDS = 3600.0

log = structlog.get_logger(__name__)


class Sweeper:
    """Reaps expired leases and ends idle contacts, every `TICK_SECONDS`.

    Several processes may sweep at once: each looks again at what it has locked.
    Every `RETENTION_SECONDS`, and first at the start, what is out of date is forgotten: one
    bounded batch a tick, so that leases are never kept waiting. The first lease period after a
    start, or after the database or the machine was away, is left alone: it must not empty every
    desk.
    """

    def __init__(
        self, store: Store, bridge: Bridge, retention: Retention, lease_seconds: float
    ) -> None:
        self._store = store
        self._bridge = bridge
        self._retention = retention
        self._lease = lease_seconds

    async def run(self) -> None:
        grace = Grace(self._lease, max(self._lease / 2, 2 * TICK_SECONDS))
        await asyncio.sleep(self._lease)
        forget_at = time.monotonic()
        while True:
            began = time.monotonic()
            try:
                if grace.is_over(await self._store.read(lambda unit: unit.now())):
                    await self.sweep()
            except StafettError as error:
                log.warning("sweep", action="sweep_failed", code=error.code)
                grace.begin()
            try:
                if time.monotonic() >= forget_at and not await self._retention.batch():
                    forget_at = time.monotonic() + RETENTION_SECONDS
            except StafettError as error:  # what cannot be forgotten keeps no lease alive
                log.warning("retention", action="retention_failed", code=error.code)
            grace.worked(time.monotonic() - began)
            await asyncio.sleep(TICK_SECONDS)

    async def sweep(self) -> None:
        """One round over everything that is due now."""
        expired = await self._store.read(lambda unit: unit.queue.expired(unit.now()))
        for client, conversation, control in expired:
            await self._one(_expiry(client, conversation, control), client, conversation)
        idle = await self._store.read(
            lambda unit: unit.conversations.idle(unit.now() - IDLE_SECONDS, 100)
        )
        for client, conversation in idle:
            await self._one(_idle_end(client, conversation), client, conversation)

    async def _one(self, work: Callable[[Work], None], client: str, conversation: str) -> None:
        """One conversation that cannot be moved must not hold up the others."""
        try:
            await self._bridge.commit(work)
        except Exception as error:  # a fault of ours in one is none in the others
            log.warning(
                "sweep",
                action="sweep_failed",
                code=code_of(error),
                client=client,
                conversation=conversation,
            )


def _expiry(client: str, conversation: str, control: int) -> Callable[[Work], None]:
    def work(w: Work) -> None:
        state = w.conversation(client, conversation)
        # The page may have come back, at whichever process, since the list was read.
        if (client, conversation, control) in w.unit.queue.expired(w.now()):
            w.apply(state, ev.LeaseExpired(control))

    return work


def _idle_end(client: str, conversation: str) -> Callable[[Work], None]:
    def work(w: Work) -> None:
        state = w.conversation(client, conversation)
        stored = w.unit.archive.last_activity(client, conversation)
        if stored is None or stored >= w.now() - IDLE_SECONDS:
            return  # the customer wrote, or another process ended it
        if state.mode is Mode.BOT and state.owner is Owner.BOT:
            last = w.unit.conversations.newest(conversation, Kind.TEXT)
            silent = None if last is None else last.at
            w.apply(state, ev.ConversationClosed(None, None, None, "idle", silent_since=silent))

    return work
