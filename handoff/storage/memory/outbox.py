"""Orders to the bot in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handoff.errors import IdReuse, StoreError
from handoff.records import Backlog, Order
from handoff.storage import codec
from handoff.storage.memory.world import Due, World


class MemoryOutbox:
    def __init__(self, world: World) -> None:
        self._world = world

    def put(self, order: Order) -> None:
        thread = self._world.threads.get(order.conversation)
        if order.id in self._world.outbox:
            raise IdReuse("An order with this id is waiting.")
        if thread is None or thread.state.client != order.client:
            raise StoreError("The database refused a row.")
        body = codec.pack(order.body)
        number = self._world.count("order")
        self._world.outbox.put(order.id, Due(number, order, body, order.created))

    def due(self, now: float) -> bool:
        return bool(self._takable(now))

    def lease(self, worker: str, now: float, seconds: float, limit: int) -> Sequence[Order]:
        taken = []
        for due in self._takable(now)[:limit]:
            died = due.worker is not None
            order = replace(due.order, attempts=due.order.attempts + died)
            self._world.outbox.put(
                order.id, replace(due, order=order, ready_at=now + seconds, worker=worker)
            )
            taken.append(replace(order, body=codec.unpack(due.body)))
        return taken

    def held(self, order: Order, worker: str) -> bool:
        due = self._world.outbox.get(order.id)
        return due is not None and (due.worker, due.order.attempts) == (worker, order.attempts)

    def count(self, conversation: str) -> int:
        return len(self.of(conversation))

    def done(self, order: str, now: float) -> None:
        due = self._world.outbox.get(order)
        if due is None:
            return
        self._world.outbox.drop(order)
        for following in self.of(due.order.conversation)[:1]:
            kept = self._world.outbox.get(following.id)
            if kept is not None and kept.ready_at < now:
                self._world.outbox.put(following.id, replace(kept, ready_at=now))

    def retry(self, order: str, not_before: float) -> None:
        due = self._world.outbox.get(order)
        if due is not None:
            given_back = replace(due.order, attempts=due.order.attempts + 1)
            self._world.outbox.put(
                order, replace(due, order=given_back, ready_at=not_before, worker=None)
            )

    def backlog(self) -> Backlog:
        put = [due.order.created for due in self._world.outbox.values()]
        return Backlog(len(put), min(put, default=None))

    def of(self, conversation: str) -> Sequence[Order]:
        return [
            replace(due.order, body=codec.unpack(due.body))
            for due in sorted(self._world.outbox.values(), key=lambda due: due.n)
            if due.order.conversation == conversation
        ]

    def under_way(self, conversation: str) -> bool:
        return any(
            due.worker is not None and due.order.conversation == conversation
            for due in self._world.outbox.values()
        )

    def _takable(self, now: float) -> list[Due]:
        oldest: dict[str, Due] = {}
        for due in sorted(self._world.outbox.values(), key=lambda due: due.n):
            oldest.setdefault(due.order.conversation, due)
        takable = [due for due in oldest.values() if due.ready_at <= now]
        return sorted(takable, key=lambda due: (due.ready_at, due.n))
