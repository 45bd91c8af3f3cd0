"""Orders to the bot in SQL: at most one of a conversation under way, in turns among them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, case, delete, exists, func, literal, select, update

from handoff.errors import IdReuse
from handoff.records import Backlog, Order
from handoff.storage import codec
from handoff.storage.sql.dialect import MOST, Upsert
from handoff.storage.sql.link import AnyRow, Link
from handoff.storage.tables import outbox as table

_PUT = Upsert(lambda insert: insert(table).on_conflict_do_nothing().returning(table.c.n))

_older = table.alias("older")
_takable = select(table.c.n).where(
    table.c.ready_at <= bindparam("now"),
    ~exists(
        select(literal(1)).where(
            _older.c.conversation == table.c.conversation, _older.c.n < table.c.n
        )
    ),
)
_due = _takable.order_by(table.c.ready_at, table.c.n).limit(MOST).with_for_update(skip_locked=True)
_COLUMNS = (
    table.c.n,
    table.c.id,
    table.c.client_id,
    table.c.conversation,
    table.c.kind,
    table.c.control,
    table.c.body,
    table.c.created,
    table.c.turn_id,
    table.c.attempts,
)
_OF = select(*_COLUMNS).where(table.c.conversation == bindparam("conversation")).order_by(table.c.n)
_LEASED = select(
    exists(
        select(literal(1)).where(
            table.c.conversation == bindparam("conversation"), table.c.worker.is_not(None)
        )
    )
)
_DUE = select(_takable.exists())
_LEASE = (
    update(table)
    .where(table.c.n.in_(_due))
    .values(
        # A lease that ran out was an attempt too: its worker died over it.
        attempts=table.c.attempts + case((table.c.worker.is_not(None), 1), else_=0),
        worker=bindparam("by"),
        ready_at=bindparam("until"),
    )
    .returning(*_COLUMNS)
)
_HOLDER = (
    select(table.c.worker, table.c.attempts)
    .where(table.c.id == bindparam("order"))
    .with_for_update()
)
_BACKLOG = select(func.count(), func.min(table.c.created)).select_from(table)
_COUNT = select(func.count()).where(table.c.conversation == bindparam("conversation"))
_DONE = delete(table).where(table.c.id == bindparam("order")).returning(table.c.conversation)
_FOLLOWING = (
    update(table)
    .where(
        table.c.n
        == select(func.min(_older.c.n))
        .where(_older.c.conversation == bindparam("of"))
        .scalar_subquery(),
        table.c.ready_at < bindparam("now"),
    )
    .values(ready_at=bindparam("now"))
)
_RETRY = (
    update(table)
    .where(table.c.id == bindparam("order"))
    .values(attempts=table.c.attempts + 1, worker=None, ready_at=bindparam("not_before"))
)


class SqlOutbox:
    def __init__(self, link: Link) -> None:
        self._link = link

    def put(self, order: Order) -> None:
        """Keep an order, due at once; raises IdReuse when its id is waiting already."""
        added = self._link.first(
            _PUT,
            {
                "id": order.id,
                "client_id": order.client,
                "conversation": order.conversation,
                "kind": order.kind,
                "control": order.control,
                "body": codec.pack(order.body),
                "created": order.created,
                "turn_id": order.turn_id,
                "attempts": order.attempts,
                "ready_at": order.created,
                "worker": None,
            },
        )
        if added is None:
            raise IdReuse("An order with this id is waiting.")

    def due(self, now: float) -> bool:
        return bool(self._link.value(_DUE, {"now": now}))

    def lease(self, worker: str, now: float, seconds: float, limit: int) -> Sequence[Order]:
        """Take due orders for `seconds`; one whose lease ran out counts as an attempt."""
        rows = self._link.all(
            _LEASE, {"by": worker, "now": now, "until": now + seconds, "most": limit}
        )
        return [_order(row) for row in sorted(rows, key=lambda row: int(row[0]))]

    def backlog(self) -> Backlog:
        orders, oldest = self._link.all(_BACKLOG, {})[0]
        return Backlog(orders, oldest)

    def of(self, conversation: str) -> Sequence[Order]:
        return [_order(row) for row in self._link.all(_OF, {"conversation": conversation})]

    def under_way(self, conversation: str) -> bool:
        """Whether a worker has an order of this conversation."""
        return bool(self._link.value(_LEASED, {"conversation": conversation}))

    def held(self, order: Order, worker: str) -> bool:
        row = self._link.first(_HOLDER, {"order": order.id})
        return row is not None and (row[0], row[1]) == (worker, order.attempts)

    def count(self, conversation: str) -> int:
        count: int = self._link.value(_COUNT, {"conversation": conversation})
        return count

    def done(self, order: str, now: float) -> None:
        row = self._link.first(_DONE, {"order": order})
        if row is not None:
            self._link.count(_FOLLOWING, {"of": row[0], "now": now})

    def retry(self, order: str, not_before: float) -> None:
        self._link.count(_RETRY, {"order": order, "not_before": not_before})


def _order(row: AnyRow) -> Order:
    return Order(
        id=row[1],
        client=row[2],
        conversation=row[3],
        kind=row[4],
        control=row[5],
        body=codec.unpack(row[6]),
        created=row[7],
        turn_id=row[8],
        attempts=row[9],
    )
