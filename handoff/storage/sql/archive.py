"""What is held about conversations as a whole, in SQL: to show it, and to forget it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, bindparam, delete, or_, select, update

from handoff.core.conversation import Conversation
from handoff.core.message import Audience
from handoff.errors import NotFound
from handoff.records import Erasure, Forgotten, Held, PastHandoff
from handoff.storage.limits import UNDER_WAY_SECONDS
from handoff.storage.sql.conversations import SqlConversations
from handoff.storage.sql.dialect import MOST, Upsert
from handoff.storage.sql.ledger import SqlLedger
from handoff.storage.sql.link import Link
from handoff.storage.sql.outbox import SqlOutbox
from handoff.storage.tables import conversation as table
from handoff.storage.tables import erasure as erasures
from handoff.storage.tables import handoff as handoffs
from handoff.storage.tables import message, outbox, task, transition

# More than a conversation can hold: its lines are numbered by an INTEGER.
MOST_LINES = 2**31 - 1
# After every conversation, in seconds since the epoch.
_END_OF_TIME = 1e18

_THIS = (table.c.client_id == bindparam("client"), table.c.id == bindparam("conversation"))

_COMPANIES = select(table.c.client_id).distinct()
_OUTDATED = (
    select(table.c.id)
    .where(table.c.client_id == bindparam("client"), table.c.last_at < bindparam("before"))
    .order_by(table.c.last_at)
    .limit(MOST)
)
_RECENT = (
    select(table.c.last_at, table.c.id)
    .where(
        table.c.client_id == bindparam("client"),
        table.c.last_at >= bindparam("since"),
        or_(
            table.c.last_at < bindparam("before"),
            and_(table.c.last_at == bindparam("before"), table.c.id < bindparam("before_id")),
        ),
    )
    .order_by(table.c.last_at.desc(), table.c.id.desc())
    .limit(MOST)
)
_TIMES = select(table.c.started, table.c.last_at).where(*_THIS)
_one = table.alias("one")
_OF_VISITOR = (
    select(table.c.id)
    .join_from(
        _one,
        table,
        and_(_one.c.client_id == table.c.client_id, _one.c.visitor == table.c.visitor),
    )
    .where(_one.c.client_id == bindparam("client"), _one.c.id == bindparam("conversation"))
    .order_by(table.c.started, table.c.id)
)
_HANDOFFS = (
    select(
        handoffs.c.id,
        handoffs.c.state,
        handoffs.c.reason,
        handoffs.c.topic,
        handoffs.c.since,
        handoffs.c.agent,
        handoffs.c.cause,
    )
    .where(handoffs.c.conversation == bindparam("conversation"))
    .order_by(handoffs.c.since, handoffs.c.id)
)

_PARTS = {
    part.name: delete(part).where(part.c.conversation == bindparam("conversation"))
    for part in (message, transition, task, outbox)
}
_FORGET = delete(table).where(*_THIS)

_ASK = Upsert(lambda insert: insert(erasures).on_conflict_do_nothing())
_WAITS = select(
    erasures.c.client_id, erasures.c.conversation, erasures.c.attempts, erasures.c.ready_at
)
_ERASURES = (
    _WAITS.where(erasures.c.ready_at <= bindparam("now")).order_by(erasures.c.ready_at).limit(MOST)
)
_ERASURE = _WAITS.where(
    erasures.c.client_id == bindparam("client"),
    erasures.c.conversation == bindparam("conversation"),
)
_ERASED = delete(erasures).where(erasures.c.conversation == bindparam("conversation"))
_POSTPONE = (
    update(erasures)
    .where(erasures.c.conversation == bindparam("of_conversation"))
    .values(attempts=erasures.c.attempts + 1, ready_at=bindparam("not_before"))
)


class SqlArchive:
    def __init__(
        self,
        link: Link,
        conversations: SqlConversations,
        orders: SqlOutbox,
        ledger: SqlLedger,
    ) -> None:
        self._link = link
        self._conversations = conversations
        self._orders = orders
        self._ledger = ledger

    def companies(self) -> Sequence[str]:
        return sorted(row[0] for row in self._link.all(_COMPANIES, {}))

    def outdated(self, client: str, before: float, limit: int) -> Sequence[str]:
        rows = self._link.all(_OUTDATED, {"client": client, "before": before, "most": limit})
        return [row[0] for row in rows]

    def recent(
        self, client: str, since: float, before: tuple[float, str] | None, limit: int
    ) -> Sequence[tuple[float, str]]:
        at, conversation = before or (_END_OF_TIME, "")
        rows = self._link.all(
            _RECENT,
            {
                "client": client,
                "since": since,
                "before": at,
                "before_id": conversation,
                "most": limit,
            },
        )
        return [(row[0], row[1]) for row in rows]

    def last_activity(self, client: str, conversation: str) -> float | None:
        row = self._link.first(_TIMES, {"client": client, "conversation": conversation})
        return None if row is None else float(row[1])

    def of_visitor(self, client: str, conversation: str) -> Sequence[str]:
        rows = self._link.all(_OF_VISITOR, {"client": client, "conversation": conversation})
        return [row[0] for row in rows]

    def held(self, client: str, conversation: str) -> Held:
        which = {"client": client, "conversation": conversation}
        state = self._conversations.get(client, conversation)
        times = self._link.first(_TIMES, which) or (None, None)
        contacts = self._ledger.contacts_of(client, conversation)
        reads = self._ledger.reads(client, conversation)
        if state is None:
            return Held(None, None, None, (), (), {}, (), (), (), contacts, reads)
        lines = self._conversations.messages(conversation, Audience.STAFF, 0, MOST_LINES)
        handed = self._link.all(_HANDOFFS, {"conversation": conversation})
        return Held(
            state=state,
            started=times[0],
            last_at=times[1],
            lines=lines,
            history=self._conversations.history(conversation),
            seen=self._conversations.seen(conversation),
            handoffs=[PastHandoff(*row) for row in handed],
            orders=self._orders.of(conversation),
            tasks=self._ledger.tasks_of(client, conversation),
            contacts=contacts,
            reads=reads,
        )

    def forget(self, conversation: Conversation, now: float) -> Forgotten:
        """Raises NotFound. What is deleted on SQLite is also overwritten in the file."""
        which: dict[str, object] = {"conversation": conversation.id}
        # While the conversation is there, which may be the visitor's coming again.
        self._ledger.unmark(conversation)
        late = UNDER_WAY_SECONDS if self._orders.under_way(conversation.id) else 0.0
        gone = {name: self._link.count(part, which) for name, part in _PARTS.items()}
        if self._link.count(_FORGET, {"client": conversation.client, **which}) == 0:
            raise NotFound("There is no such conversation.")
        self._link.count(
            _ASK,
            {
                "conversation": conversation.id,
                "client_id": conversation.client,
                "asked": now,
                "attempts": 0,
                "ready_at": now + late,
            },
        )
        return Forgotten(
            lines=gone["message"],
            changes=gone["transition"],
            tasks=gone["task"],
            orders=gone["outbox"],
        )

    def erasures(self, now: float, limit: int) -> Sequence[Erasure]:
        return [Erasure(*row) for row in self._link.all(_ERASURES, {"now": now, "most": limit})]

    def erasure(self, client: str, conversation: str) -> Erasure | None:
        row = self._link.first(_ERASURE, {"client": client, "conversation": conversation})
        return None if row is None else Erasure(*row)

    def erased(self, conversation: str) -> None:
        self._link.count(_ERASED, {"conversation": conversation})

    def postpone(self, conversation: str, not_before: float) -> None:
        self._link.count(_POSTPONE, {"of_conversation": conversation, "not_before": not_before})
