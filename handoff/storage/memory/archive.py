"""What is held about conversations as a whole, in memory."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from handoff.core.conversation import Conversation
from handoff.core.message import Audience
from handoff.errors import NotFound
from handoff.records import Erasure, Forgotten, Held, PastHandoff
from handoff.storage.limits import UNDER_WAY_SECONDS
from handoff.storage.memory.conversations import MemoryConversations
from handoff.storage.memory.ledger import MemoryLedger
from handoff.storage.memory.outbox import MemoryOutbox
from handoff.storage.memory.world import Table, World


class MemoryArchive:
    def __init__(
        self,
        world: World,
        conversations: MemoryConversations,
        orders: MemoryOutbox,
        ledger: MemoryLedger,
    ) -> None:
        self._world = world
        self._conversations = conversations
        self._orders = orders
        self._ledger = ledger

    def companies(self) -> Sequence[str]:
        return sorted({thread.state.client for thread in self._world.threads.values()})

    def outdated(self, client: str, before: float, limit: int) -> Sequence[str]:
        still = [
            (thread.last_at, thread.state.id)
            for thread in self._world.threads.values()
            if thread.state.client == client and thread.last_at < before
        ]
        return [conversation for _, conversation in sorted(still)[:limit]]

    def recent(
        self, client: str, since: float, before: tuple[float, str] | None, limit: int
    ) -> Sequence[tuple[float, str]]:
        found = [
            (thread.last_at, thread.state.id)
            for thread in self._world.threads.values()
            if thread.state.client == client
            and thread.last_at >= since
            and (before is None or (thread.last_at, thread.state.id) < before)
        ]
        return sorted(found, reverse=True)[:limit]

    def last_activity(self, client: str, conversation: str) -> float | None:
        thread = self._world.threads.get(conversation)
        return thread.last_at if thread is not None and thread.state.client == client else None

    def of_visitor(self, client: str, conversation: str) -> Sequence[str]:
        state = self._conversations.get(client, conversation)
        if state is None:
            return []
        return [
            thread.state.id
            for thread in sorted(
                self._world.threads.values(), key=lambda thread: (thread.started, thread.state.id)
            )
            if (thread.state.client, thread.state.visitor) == (client, state.visitor)
        ]

    def held(self, client: str, conversation: str) -> Held:
        state = self._conversations.get(client, conversation)
        thread = self._world.threads.get(conversation)
        contacts = self._ledger.contacts_of(client, conversation)
        reads = self._ledger.reads(client, conversation)
        if state is None or thread is None:
            return Held(None, None, None, (), (), {}, (), (), (), contacts, reads)
        places = [one for one in self._world.places.values() if one.conversation == conversation]
        return Held(
            state=state,
            started=thread.started,
            last_at=thread.last_at,
            lines=self._conversations.messages(conversation, Audience.STAFF, 0, sys.maxsize),
            history=self._conversations.history(conversation),
            seen=self._conversations.seen(conversation),
            handoffs=[
                PastHandoff(p.id, p.state, p.reason, p.topic, p.since, p.agent, p.cause)
                for p in sorted(places, key=lambda place: (place.since, place.id))
            ],
            orders=self._orders.of(conversation),
            tasks=self._ledger.tasks_of(client, conversation),
            contacts=contacts,
            reads=reads,
        )

    def forget(self, conversation: Conversation, now: float) -> Forgotten:
        world, this = self._world, conversation.id
        if self._conversations.get(conversation.client, this) is None:
            raise NotFound("There is no such conversation.")
        self._ledger.unmark(conversation)
        late = UNDER_WAY_SECONDS if self._orders.under_way(this) else 0.0
        forgotten = Forgotten(
            lines=_drop(world.lines, lambda key, _: key[0] == this),
            changes=_drop(world.changes, lambda _, row: row[0] == this),
            tasks=_drop(world.tasks, lambda _, row: row.conversation == this),
            orders=_drop(world.outbox, lambda _, row: row.order.conversation == this),
        )
        for table in (world.senders, world.replies, world.customer_lines, world.seen):
            _drop(table, lambda key, _: key[0] == this)
        _drop(world.places, lambda _, row: row.conversation == this)
        world.threads.drop(this)
        if this not in world.erasures:
            world.erasures.put(this, Erasure(conversation.client, this, 0, now + late))
        return forgotten

    def erasures(self, now: float, limit: int) -> Sequence[Erasure]:
        due = [waits for waits in self._world.erasures.values() if waits.ready_at <= now]
        return sorted(due, key=lambda waits: waits.ready_at)[:limit]

    def erasure(self, client: str, conversation: str) -> Erasure | None:
        waits = self._world.erasures.get(conversation)
        return waits if waits is not None and waits.client == client else None

    def erased(self, conversation: str) -> None:
        self._world.erasures.drop(conversation)

    def postpone(self, conversation: str, not_before: float) -> None:
        waits = self._world.erasures.get(conversation)
        if waits is not None:
            again = replace(waits, attempts=waits.attempts + 1, ready_at=not_before)
            self._world.erasures.put(conversation, again)


def _drop(table: Table[Any, Any], of_this: Callable[[Any, Any], bool]) -> int:
    gone = [key for key, row in table.items() if of_this(key, row)]
    for key in gone:
        table.drop(key)
    return len(gone)
