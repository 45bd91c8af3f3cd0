"""The waiting line in SQL: who waits, who holds whom, and the claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)

from handoff.core.conversation import Conversation, Mode
from handoff.core.waiting_line import Waiter
from handoff.errors import AtCapacity, Taken
from handoff.records import Load
from handoff.storage.limits import HANDLING_LEAST, HANDLING_SAMPLE
from handoff.storage.sql.dialect import MOST, Upsert, among, listed
from handoff.storage.sql.link import Link
from handoff.storage.tables import agent as agents
from handoff.storage.tables import contact as contacts
from handoff.storage.tables import handoff as table
from handoff.storage.tables import meta

# Literals, not parameters: only so does SQLite see that a partial index covers the question.
_WAITING = table.c.state == literal_column("'waiting'")
_ACTIVE = table.c.state == literal_column("'active'")
_OPEN = table.c.state != literal_column("'done'")
_DONE: ColumnElement[str] = literal_column("'done'")
_THIS = table.c.id == bindparam("handoff")


def _offer(insert: Any) -> Any:
    statement = insert(table)
    again = {
        column.name: statement.excluded[column.name]
        for column in table.columns
        if column.name not in ("id", "client_id", "conversation")
    }
    return statement.on_conflict_do_update(index_elements=["id"], set_=again)


_OFFER = Upsert(_offer)
_WITHDRAW = (
    update(table)
    .where(_THIS, or_(_OPEN, table.c.cause.is_(None)))
    .values(
        state=_DONE,
        cause=bindparam("why"),
        ended=func.coalesce(table.c.ended, bindparam("now")),
        lease_until=None,
    )
)
_END = (
    update(table).where(_THIS, _OPEN).values(state=_DONE, ended=bindparam("now"), lease_until=None)
)
_FOLLOW = (
    update(table)
    .where(_THIS, _WAITING)
    .values(control=bindparam("new_control"), language=bindparam("new_language"))
)

# Only the index is read, and of it no more than may be told of: a long line costs what a short
# one does.
_FIRST = (
    select(table.c.since, table.c.id)
    .where(_WAITING, table.c.client_id == bindparam("client"))
    .order_by(table.c.lane, table.c.since, table.c.id)
    .limit(MOST)
)
_LINE = (
    select(
        table.c.id,
        table.c.conversation,
        table.c.client_id,
        table.c.language,
        table.c.reason,
        table.c.topic,
        table.c.lane,
        table.c.since,
        table.c.control,
        table.c.preferred_agent,
        table.c.preferred_until,
    )
    .where(_WAITING, among(table.c.id, "chosen"))
    .order_by(table.c.lane, table.c.since, table.c.id)
)
_LENGTH = select(func.count()).select_from(
    select(literal_column("1"))
    .select_from(table)
    .where(_WAITING, among(table.c.client_id, "clients"))
    .limit(MOST)
    .subquery()
)
_WAITING_BY_CLIENT = (
    select(table.c.client_id, func.count(), func.min(table.c.since))
    .where(_WAITING)
    .group_by(table.c.client_id)
)
_ACTIVE_BY_CLIENT = (
    select(table.c.client_id, func.count()).where(_ACTIVE).group_by(table.c.client_id)
)


def _ahead(*conditions: Any) -> Any:
    return (
        select(func.count())
        .select_from(table)
        .where(_WAITING, table.c.client_id == bindparam("client"), *conditions)
        .scalar_subquery()
    )


_lane = bindparam("lane", type_=table.c.lane.type)
_PLACE = select(
    _ahead(table.c.lane < _lane) + _ahead(table.c.lane == _lane, table.c.since < bindparam("since"))
)

_HAS_ROOM = (
    agents.c.id == bindparam("who"),
    agents.c.active < agents.c.capacity,
    agents.c.status == literal_column("'online'"),
)
_CLAIMABLE = (_THIS, _WAITING, table.c.control == bindparam("seen"))
_LOOK = select(exists().where(*_HAS_ROOM), exists().where(*_CLAIMABLE))
_TAKE_ROOM = update(agents).where(*_HAS_ROOM).values(active=agents.c.active + 1)
_GIVE_ROOM = (
    update(agents)
    .where(agents.c.id == bindparam("who"), agents.c.active > 0)
    .values(active=agents.c.active - 1)
)
_CLAIM = (
    update(table)
    .where(*_CLAIMABLE)
    .values(
        state=literal_column("'active'"),
        agent=bindparam("who"),
        control=table.c.control + 1,
        lease_until=bindparam("until"),
    )
)
_HELD = (
    select(table.c.client_id, table.c.conversation)
    .where(_ACTIVE, table.c.agent == bindparam("who"))
    .order_by(table.c.since, table.c.id)
)
_RENEW = (
    update(table)
    .where(_ACTIVE, table.c.agent == bindparam("who"))
    .values(lease_until=bindparam("until"))
)
_EXPIRED = (
    select(table.c.client_id, table.c.conversation, table.c.control)
    .where(_ACTIVE, table.c.lease_until <= bindparam("now"))
    .order_by(table.c.lease_until, table.c.id)
)

_last = (
    select(contacts.c.person_seconds)
    .where(
        contacts.c.client_id == bindparam("client"),
        contacts.c.outcome == literal_column("'person'"),
    )
    .order_by(contacts.c.ended.desc())
    .limit(literal_column(str(HANDLING_SAMPLE)))
    .subquery()
)
_HANDLING = select(func.count(), func.avg(_last.c.person_seconds))

_POSITION = select(meta.c.value).where(meta.c.name == literal_column("'position'"))
_RISE = (
    update(meta)
    .where(meta.c.name == literal_column("'position'"))
    .values(value=meta.c.value + bindparam("changes"))
)


class SqlQueue:
    def __init__(self, link: Link) -> None:
        self._link = link
        self._changes = 0

    def offer(self, conversation: Conversation, now: float) -> None:
        """Put the conversation's handoff in the line, at the place of its `since`."""
        handoff = conversation.handoff
        if handoff is None:
            raise ValueError("only a conversation with a handoff can be offered")
        self._link.count(
            _OFFER,
            {
                "id": handoff.id,
                "client_id": conversation.client,
                "conversation": conversation.id,
                "state": "waiting",
                "control": conversation.control,
                "language": conversation.language,
                "reason": handoff.reason,
                "topic": handoff.topic,
                "lane": _lane_of(handoff.front),
                "since": handoff.since,
                "preferred_agent": handoff.preferred_agent,
                "preferred_until": handoff.preferred_until,
                "offered_at": now,
                "agent": None,
                "lease_until": None,
                "ended": None,
                "cause": None,
            },
        )
        self._changes += 1

    def withdraw(self, handoff: str, cause: str, now: float) -> None:
        """Take it out of the line. `claimed` changes nothing: the claim itself took it out."""
        if cause != "claimed":
            self._change(_WITHDRAW, {"handoff": handoff, "why": cause, "now": now})

    def waiting(self, clients: Iterable[str], limit: int) -> Sequence[Waiter]:
        """Front first, then the longest waiting. Promise and weight are not known here.

        When more wait than `limit`, each client company keeps an equal share of the rows.
        """
        # The first of every client come before the hundredth of any: the limit starves nobody.
        ranked = sorted(
            (rank, row[0], row[1])
            for client in clients
            for rank, row in enumerate(self._link.all(_FIRST, {"client": client, "most": limit}))
        )
        chosen = [handoff for _, _, handoff in ranked[:limit]]
        rows = self._link.all(_LINE, {"chosen": listed(chosen)})
        return [
            Waiter(
                handoff=row[0],
                conversation=row[1],
                client=row[2],
                language=row[3],
                reason=row[4],
                topic=row[5],
                front=row[6] == 0,
                since=row[7],
                control=row[8],
                preferred_agent=row[9],
                preferred_until=row[10],
            )
            for row in rows
        ]

    def length(self, clients: Iterable[str], most: int) -> int:
        count: int = self._link.value(_LENGTH, {"clients": listed(clients), "most": most})
        return count

    def loads(self) -> Mapping[str, Load]:
        served: dict[str, int] = dict(map(tuple, self._link.all(_ACTIVE_BY_CLIENT, {})))
        found = {client: Load(served=count) for client, count in served.items()}
        for client, waiting, since in self._link.all(_WAITING_BY_CLIENT, {}):
            found[client] = Load(waiting, since, served.get(client, 0))
        return found

    def place(self, client: str, front: bool, since: float) -> int:
        ahead: int = self._link.value(
            _PLACE, {"client": client, "lane": _lane_of(front), "since": since}
        )
        return ahead + 1

    def claim(self, agent: str, handoff: str, control: int, lease_until: float) -> None:
        """Raises AtCapacity or Taken, and then leaves nothing even when the unit goes on.

        What is refused at the first look has not written: on SQLite a refused unit that wrote
        costs all that share its commit a second run. On PostgreSQL the look may be outdated.
        """
        who = {"who": agent}
        asked = {**who, "handoff": handoff, "seen": control}
        has_room, claimable = self._link.all(_LOOK, asked)[0]
        if not has_room:
            raise AtCapacity()
        if not claimable:
            raise _too_late()
        if self._link.count(_TAKE_ROOM, who) == 0:
            raise AtCapacity()
        if not self._change(_CLAIM, {**asked, "until": lease_until}):
            self._link.count(_GIVE_ROOM, who)
            raise _too_late()

    def free(self, agent: str) -> None:
        self._link.count(_GIVE_ROOM, {"who": agent})

    def held_by(self, agent: str) -> Sequence[tuple[str, str]]:
        rows = self._link.all(_HELD, {"who": agent})
        return [(row[0], row[1]) for row in rows]

    def renew(self, agent: str, lease_until: float) -> None:
        self._link.count(_RENEW, {"who": agent, "until": lease_until})

    def expired(self, now: float) -> Sequence[tuple[str, str, int]]:
        rows = self._link.all(_EXPIRED, {"now": now})
        return [(row[0], row[1], row[2]) for row in rows]

    def mean_handling(self, client: str) -> float | None:
        count, mean = self._link.all(_HANDLING, {"client": client})[0]
        return None if count < HANDLING_LEAST else float(mean)

    def position(self) -> int:
        self.settle()
        position: int = self._link.value(_POSITION, {})
        return position

    def touch(self) -> None:
        self._changes += 1

    def follow(self, before: Conversation, after: Conversation, now: float) -> None:
        """Keep the line in step with a conversation that moved on without the queue's doing."""
        kept, held = after.handoff, before.handoff
        if held is not None and (kept is None or kept.id != held.id):
            self._change(_END, {"handoff": held.id, "now": now})
        moved = (before.control, before.language) != (after.control, after.language)
        if kept is not None and after.mode is Mode.WAITING and moved:
            self._change(
                _FOLLOW,
                {
                    "handoff": kept.id,
                    "new_control": after.control,
                    "new_language": after.language,
                },
            )

    def settle(self) -> None:
        """Raise the position for all changes at once, as late as possible: the row is hot."""
        if self._changes:
            self._link.count(_RISE, {"changes": self._changes})
            self._changes = 0

    def _change(self, statement: Any, values: dict[str, object]) -> bool:
        changed = self._link.count(statement, values) > 0
        self._changes += changed
        return changed


def _too_late() -> Taken:
    return Taken("Somebody else has this conversation, or the customer no longer waits.")


def _lane_of(front: bool) -> int:
    return 0 if front else 1
