"""What remains of contacts, in SQL: their rows, the desk's tasks, and who read what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import (
    bindparam,
    delete,
    exists,
    false,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.sql.dml import Insert

from handoff.core.conversation import Conversation
from handoff.core.effects import KeepTask, RecordContact
from handoff.errors import IdReuse, NotFound
from handoff.records import ContactRow, Read, Task
from handoff.storage.limits import AGAIN_SECONDS
from handoff.storage.sql.dialect import MOST, Upsert, among, listed
from handoff.storage.sql.link import AnyRow, Link
from handoff.storage.tables import access_log, transition
from handoff.storage.tables import contact as table
from handoff.storage.tables import conversation as conversations
from handoff.storage.tables import task as tasks

_RECORD = insert(table).inline()
# When it is closed nobody owns it any more; the history knows who did.
_LAST_AGENT = (
    select(transition.c.agent)
    .where(
        transition.c.conversation == bindparam("conversation"),
        transition.c.at >= bindparam("started"),
        transition.c.agent.is_not(None),
    )
    .order_by(transition.c.n.desc())
    .limit(literal_column("1"))
)

_next = table.alias("next")
_again = or_(
    exists(
        select(literal(1)).where(
            _next.c.client_id == table.c.client_id,
            _next.c.visitor == table.c.visitor,
            _next.c.n != table.c.n,
            _next.c.started >= table.c.ended,
            _next.c.started <= table.c.ended + AGAIN_SECONDS,
        )
    ),
    exists(
        select(literal(1)).where(
            conversations.c.client_id == table.c.client_id,
            conversations.c.visitor == table.c.visitor,
            conversations.c.contact_started >= table.c.ended,
            conversations.c.contact_started <= table.c.ended + AGAIN_SECONDS,
        )
    ),
)
_ROWS = (
    select(
        table.c.client_id,
        table.c.conversation,
        table.c.reason,
        table.c.outcome,
        table.c.resolved,
        table.c.started,
        table.c.ended,
        table.c.bot_seconds,
        table.c.person_seconds,
        table.c.waited_seconds,
        table.c.agent,
        func.coalesce(table.c.again, _again).label("again"),
    )
    .where(table.c.client_id == bindparam("client"))
    .order_by(table.c.ended, table.c.n)
)
_CONTACTS = _ROWS.where(table.c.ended >= bindparam("since"), table.c.ended < bindparam("until"))
_CONTACTS_OF = _ROWS.where(table.c.conversation == bindparam("conversation"))
# Once true it stays true; then the rows lose the mark that would tell it.
_AGAIN_FOR_GOOD = (
    update(table)
    .where(
        table.c.client_id == bindparam("client"),
        table.c.visitor == bindparam("by_visitor"),
        table.c.again.is_(None),
        _again,
    )
    .values(again=true())
)
_UNMARK = (
    update(table)
    .where(
        table.c.client_id == bindparam("client"),
        table.c.conversation == bindparam("of_conversation"),
    )
    .values(visitor=literal_column("''"), again=func.coalesce(table.c.again, false()))
)

_KEEP = Upsert(lambda insert: insert(tasks).on_conflict_do_nothing().returning(tasks.c.id))
_TASKS = (
    select(
        tasks.c.id,
        tasks.c.client_id,
        tasks.c.conversation,
        tasks.c.name,
        tasks.c.reach,
        tasks.c.text,
        tasks.c.created,
        tasks.c.done_by,
        tasks.c.done_at,
    )
    .where(among(tasks.c.client_id, "clients"))
    .order_by(tasks.c.created, tasks.c.id)
)
_TASKS_OF = (
    select(*_TASKS.selected_columns)
    .where(
        tasks.c.client_id == bindparam("client"),
        tasks.c.conversation == bindparam("conversation"),
    )
    .order_by(tasks.c.created, tasks.c.id)
)
_OPEN_TASKS = _TASKS.where(tasks.c.done_at.is_(None))
_OPEN = (
    select(func.count())
    .select_from(tasks)
    .where(among(tasks.c.client_id, "clients"), tasks.c.done_at.is_(None))
)
_DONE = (
    update(tasks)
    .where(
        tasks.c.id == bindparam("task"),
        among(tasks.c.client_id, "clients"),
        tasks.c.done_at.is_(None),
    )
    .values(done_by=bindparam("who"), done_at=bindparam("now"))
)

_READ: Insert = (
    insert(access_log)
    .inline()
    .from_select(
        ["client_id", "agent", "conversation", "what", "at"],
        select(
            conversations.c.client_id,
            bindparam("who", type_=access_log.c.agent.type),
            conversations.c.id,
            bindparam("what", type_=access_log.c.what.type),
            bindparam("now", type_=access_log.c.at.type),
        ).where(conversations.c.id == bindparam("conversation")),
    )
    .returning(literal_column("1"))
)
_READS = (
    select(
        access_log.c.at,
        access_log.c.agent,
        access_log.c.client_id,
        access_log.c.conversation,
        access_log.c.what,
    )
    .where(
        access_log.c.client_id == bindparam("client"),
        access_log.c.conversation == bindparam("conversation"),
    )
    .order_by(access_log.c.n)
)
_FORGET_READS = delete(access_log).where(
    access_log.c.n.in_(
        select(access_log.c.n)
        .where(access_log.c.at < bindparam("before"))
        .order_by(access_log.c.at)
        .limit(MOST)
    )
)


class SqlLedger:
    def __init__(self, link: Link) -> None:
        self._link = link

    def record(self, conversation: Conversation, row: RecordContact, now: float) -> None:
        """Write an ended contact; the agent is the last who owned it."""
        agent = conversation.agent
        if agent is None:
            agent = self._link.value(
                _LAST_AGENT, {"conversation": conversation.id, "started": row.started}
            )
        self._link.count(
            _RECORD,
            {
                "client_id": conversation.client,
                "conversation": conversation.id,
                "visitor": conversation.visitor,
                "reason": row.reason,
                "outcome": row.outcome,
                "resolved": row.resolved,
                "started": row.started,
                "ended": now,
                "bot_seconds": row.bot_seconds,
                "person_seconds": row.person_seconds,
                "waited_seconds": row.waited_seconds,
                "agent": agent,
            },
        )

    def contacts(self, client: str, since: float, until: float) -> Sequence[ContactRow]:
        """Contacts that ended from `since` up to but not at `until`, by their end."""
        rows = self._link.all(_CONTACTS, {"client": client, "since": since, "until": until})
        return [_contact(row) for row in rows]

    def contacts_of(self, client: str, conversation: str) -> Sequence[ContactRow]:
        rows = self._link.all(_CONTACTS_OF, {"client": client, "conversation": conversation})
        return [_contact(row) for row in rows]

    def unmark(self, conversation: Conversation) -> None:
        """Take the visitor's mark from the conversation's contacts, and keep what it told."""
        self._link.count(
            _AGAIN_FOR_GOOD, {"client": conversation.client, "by_visitor": conversation.visitor}
        )
        self._link.count(
            _UNMARK, {"client": conversation.client, "of_conversation": conversation.id}
        )

    def keep_task(self, conversation: Conversation, task: KeepTask, now: float) -> None:
        """Raises IdReuse when the task was kept before."""
        kept = self._link.first(
            _KEEP,
            {
                "id": task.task_id,
                "client_id": conversation.client,
                "conversation": conversation.id,
                "name": task.name,
                "reach": task.reach,
                "text": task.text,
                "created": now,
                "done_by": None,
                "done_at": None,
            },
        )
        if kept is None:
            raise IdReuse("This contact form was kept before.")

    def tasks(self, clients: Iterable[str], open_only: bool) -> Sequence[Task]:
        """Oldest first."""
        rows = self._link.all(_OPEN_TASKS if open_only else _TASKS, {"clients": listed(clients)})
        return [Task(*row) for row in rows]

    def open_tasks(self, clients: Iterable[str]) -> int:
        count: int = self._link.value(_OPEN, {"clients": listed(clients)})
        return count

    def tasks_of(self, client: str, conversation: str) -> Sequence[Task]:
        rows = self._link.all(_TASKS_OF, {"client": client, "conversation": conversation})
        return [Task(*row) for row in rows]

    def task_done(self, task: str, clients: Iterable[str], agent: str, now: float) -> bool:
        """False when there is no such open task among these client companies'."""
        done = self._link.count(
            _DONE, {"task": task, "clients": listed(clients), "who": agent, "now": now}
        )
        return done > 0

    def log_access(self, agent: str, conversation: str, what: str, now: float) -> None:
        """Raises NotFound without the conversation."""
        logged = self._link.first(
            _READ, {"who": agent, "conversation": conversation, "what": what, "now": now}
        )
        if logged is None:
            raise NotFound("There is no such conversation.")

    def reads(self, client: str, conversation: str) -> Sequence[Read]:
        rows = self._link.all(_READS, {"client": client, "conversation": conversation})
        return [Read(*row) for row in rows]

    def forget_reads(self, before: float, limit: int) -> int:
        return self._link.count(_FORGET_READS, {"before": before, "most": limit})


def _contact(row: AnyRow) -> ContactRow:
    return ContactRow(
        client=row[0],
        conversation=row[1],
        reason=row[2],
        outcome=row[3],
        resolved=None if row[4] is None else bool(row[4]),
        started=row[5],
        ended=row[6],
        bot_seconds=row[7],
        person_seconds=row[8],
        waited_seconds=row[9],
        agent=row[10],
        again=bool(row[11]),
    )
