"""What the bot has yet to forget: asked of it until it has, however long it is away."""

from __future__ import annotations

import asyncio

import structlog

from handoff.bridge.unit_of_work import ERASURES
from handoff.errors import BotError, StafettError
from handoff.ports import Bot, Fanout, Store
from handoff.records import Erasure

POLL_SECONDS = 5.0
AT_ONCE = 50
RETRY_SECONDS = 5.0
LONGEST_RETRY_SECONDS = 3600.0

log = structlog.get_logger(__name__)


class Erasures:
    """Carries erasures to the bot until stopped. Asking twice does no harm."""

    def __init__(self, store: Store, bot: Bot, fanout: Fanout) -> None:
        self._store = store
        self._bot = bot
        self._fanout = fanout

    async def run(self) -> None:
        due = asyncio.Event()
        unsubscribe = self._fanout.subscribe(ERASURES, lambda note: due.set())
        try:
            while True:
                due.clear()
                try:
                    await self.round()
                except StafettError as error:
                    log.warning("erasures", action="round_failed", code=error.code)
                try:
                    async with asyncio.timeout(POLL_SECONDS):
                        await due.wait()
                except TimeoutError:
                    continue
        finally:
            unsubscribe()

    async def round(self) -> None:
        """What is due now, until the bot fails once: the others would meet the same."""
        found = await self._store.read(lambda unit: unit.archive.erasures(unit.now(), AT_ONCE))
        for erasure in found:
            if await carry(self._store, self._bot, erasure) is None:
                return


async def carry(store: Store, bot: Bot, erasure: Erasure) -> int | None:
    """Ask the bot to forget. How many events it held; None when it is asked again later."""
    conversation = erasure.conversation
    try:
        deleted = await bot.forget(conversation)
    except BotError as error:
        wait = min(RETRY_SECONDS * 2 ** min(erasure.attempts, 20), LONGEST_RETRY_SECONDS)
        await store.write(lambda unit: unit.archive.postpone(conversation, unit.now() + wait))
        log.warning(
            "erasures",
            action="erasure_postponed",
            code=error.code,
            client=erasure.client,
            conversation=conversation,
            attempt=erasure.attempts,
        )
        return None
    await store.write(lambda unit: unit.archive.erased(conversation))
    return deleted
