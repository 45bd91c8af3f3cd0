"""What is older than promised: conversations by their client company, and rows of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import structlog

from handoff.bridge.bridge import Bridge
from handoff.bridge.forgetting import forget
from handoff.bridge.unit_of_work import Work
from handoff.errors import code_of
from handoff.ports import Store, Unit

DAY_SECONDS = 86_400.0
UNKNOWN_CLIENT_DAYS = 30
BATCH = 50
ROWS_BATCH = 1_000

log = structlog.get_logger(__name__)


class Retention:
    """Forgets in bounded batches, each conversation in a transaction of its own.

    A conversation is out of date when nothing was stored in it for its company's
    `retention_days`; a company whose file was taken away gets `UNKNOWN_CLIENT_DAYS`.
    """

    def __init__(self, store: Store, bridge: Bridge, access_log_days: int) -> None:
        self._store = store
        self._bridge = bridge
        self._access_log_seconds = access_log_days * DAY_SECONDS

    async def batch(self) -> bool:
        """Forget at most `BATCH` conversations. Whether there is more to do now."""
        found = await self._store.read(lambda unit: list(self._outdated(unit)))
        gone = 0
        for client, conversation, before in found:
            try:
                gone += await self._bridge.commit(_once_outdated(client, conversation, before))
            except Exception as error:  # one that cannot go must not hold up the others
                log.warning(
                    "retention",
                    action="retention_failed",
                    code=code_of(error),
                    client=client,
                    conversation=conversation,
                )
        if gone:
            log.info("retention", action="forgotten", conversations=gone)
            return len(found) == BATCH
        return await self._store.write(self._forget_rows)

    def _forget_rows(self, unit: Unit) -> bool:
        now = unit.now()
        reads = unit.ledger.forget_reads(now - self._access_log_seconds, ROWS_BATCH)
        writes = unit.client_writes.forget(now, ROWS_BATCH)
        return ROWS_BATCH in (reads, writes)

    def _outdated(self, unit: Unit) -> Iterator[tuple[str, str, float]]:
        now, room = unit.now(), BATCH
        for client in unit.archive.companies():
            before = now - self._days(client) * DAY_SECONDS
            found = unit.archive.outdated(client, before, room)
            yield from ((client, conversation, before) for conversation in found)
            room -= len(found)
            if not room:
                return

    def _days(self, client: str) -> int:
        config = self._bridge.clients.get(client)
        return UNKNOWN_CLIENT_DAYS if config is None else config.privacy.retention_days


def _once_outdated(client: str, conversation: str, before: float) -> Callable[[Work], bool]:
    def work(w: Work) -> bool:
        w.conversation(client, conversation)  # its row locked before it is looked at again
        last = w.unit.archive.last_activity(client, conversation)
        if last is None or last >= before:
            return False
        forget(w, client, conversation)
        return True

    return work
