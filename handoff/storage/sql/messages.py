"""Messages in SQL: numbered in the insert's own transaction, so no number is ever missing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Update, bindparam, literal_column, select, update

from handoff.core.conversation import Conversation
from handoff.core.message import Audience, Author, Kind, Message, Stored
from handoff.errors import IdReuse, NotFound
from handoff.storage import codec
from handoff.storage.sql.dialect import MOST, Upsert, capped
from handoff.storage.sql.link import AnyRow, Link
from handoff.storage.tables import conversation as counters
from handoff.storage.tables import message as table


def _number(step: int, customer: bool) -> Update:
    statement = (
        update(counters)
        .where(
            counters.c.client_id == bindparam("client"), counters.c.id == bindparam("conversation")
        )
        .values(staff_seq=counters.c.staff_seq + step)
    )
    if customer:
        statement = statement.values(customer_seq=counters.c.customer_seq + step)
    if step > 0:
        statement = statement.values(last_at=bindparam("now")).returning(
            counters.c.staff_seq, counters.c.customer_seq
        )
    return statement


_NEXT = {audience: _number(1, audience is Audience.CUSTOMER) for audience in Audience}
_GIVE_BACK = {audience: _number(-1, audience is Audience.CUSTOMER) for audience in Audience}
_INSERT = Upsert(lambda insert: insert(table).on_conflict_do_nothing().returning(table.c.staff_seq))

_COLUMNS = (
    table.c.conversation,
    table.c.staff_seq,
    table.c.customer_seq,
    table.c.at,
    table.c.author,
    table.c.kind,
    table.c.body,
    table.c.author_id,
    table.c.author_name,
    table.c.cmid,
    table.c.turn_id,
    table.c.part,
)
# Whose lines bear the ids that customers gave.
_CUSTOMERS = (Author.CUSTOMER.value, Author.SYSTEM.value)
_OF = select(*_COLUMNS).where(table.c.conversation == bindparam("conversation"))
_STREAM = {Audience.CUSTOMER: table.c.customer_seq, Audience.STAFF: table.c.staff_seq}
_AFTER = {
    audience: _OF.where(seq > bindparam("after")).order_by(seq).limit(MOST)
    for audience, seq in _STREAM.items()
}
_AT = {audience: _OF.where(seq == bindparam("seq")) for audience, seq in _STREAM.items()}
# The author is a literal: compared to a value that is bound, SQLite would make its plan anew at
# every run, for an index holds the bot's lines alone. That takes 15 of 20 us.
_SENT = {
    author: _OF.where(
        table.c.author == literal_column(f"'{author.value}'"),
        table.c.author_id == bindparam("author_id"),
        table.c.cmid == bindparam("cmid"),
    )
    for author in Author
}
_ANSWERED = _OF.where(
    table.c.author.in_([literal_column(f"'{one}'") for one in _CUSTOMERS]),
    table.c.author_id == literal_column("''"),
    table.c.cmid == bindparam("cmid"),
).order_by(table.c.author)
_NEWEST = (
    _OF.where(table.c.kind == bindparam("kind"))
    .order_by(table.c.staff_seq.desc())
    .limit(literal_column("1"))
)


class SqlMessages:
    def __init__(self, link: Link) -> None:
        self._link = link

    def append(self, conversation: Conversation, message: Message, now: float) -> Stored:
        """Raises NotFound without its conversation, IdReuse for a `cmid` or bot reply kept before.

        A refused message leaves no hole in the numbers, even when the unit goes on.
        """
        who = {"client": conversation.client, "conversation": conversation.id}
        body = codec.pack(message.body)
        numbers = self._link.first(_NEXT[message.audience], {**who, "now": now})
        if numbers is None:
            raise NotFound("There is no such conversation.")
        staff_seq: int = numbers[0]
        customer_seq: int | None = numbers[1] if message.audience is Audience.CUSTOMER else None
        added = self._link.first(
            _INSERT,
            {
                "client_id": conversation.client,
                "conversation": conversation.id,
                "staff_seq": staff_seq,
                "customer_seq": customer_seq,
                "at": now,
                "author": message.author.value,
                "author_id": message.author_id,
                "author_name": message.author_name,
                "kind": message.kind.value,
                "cmid": message.cmid,
                "turn_id": message.turn_id,
                "part": message.part,
                "body": body,
            },
        )
        if added is None:
            self._link.count(_GIVE_BACK[message.audience], who)
            raise IdReuse("This message was stored before under the same id.")
        return Stored(conversation.id, staff_seq, customer_seq, now, message)

    def sent(self, conversation: str, author: str, author_id: str, cmid: str) -> Stored | None:
        row = self._link.first(
            _SENT[Author(author)],
            {"conversation": conversation, "author_id": author_id, "cmid": cmid},
        )
        return None if row is None else _stored(row)

    def answered(self, conversation: str, cmid: str) -> Stored | None:
        row = self._link.first(_ANSWERED, {"conversation": conversation, "cmid": cmid})
        return None if row is None else _stored(row)

    def after(
        self, conversation: str, audience: Audience, after: int, limit: int
    ) -> Sequence[Stored]:
        rows = self._link.all(
            _AFTER[audience], {"conversation": conversation, "after": capped(after), "most": limit}
        )
        return [_stored(row) for row in rows]

    def at(self, conversation: str, audience: Audience, seq: int) -> Stored | None:
        row = self._link.first(_AT[audience], {"conversation": conversation, "seq": capped(seq)})
        return None if row is None else _stored(row)

    def newest(self, conversation: str, kind: Kind) -> Stored | None:
        row = self._link.first(_NEWEST, {"conversation": conversation, "kind": kind.value})
        return None if row is None else _stored(row)


def _stored(row: AnyRow) -> Stored:
    return Stored(
        conversation=row[0],
        staff_seq=row[1],
        customer_seq=row[2],
        at=row[3],
        message=Message(
            author=Author(row[4]),
            kind=Kind(row[5]),
            body=codec.unpack(row[6]),
            audience=Audience.STAFF if row[2] is None else Audience.CUSTOMER,
            author_id=row[7],
            author_name=row[8],
            cmid=row[9],
            turn_id=row[10],
            part=row[11],
        ),
    )
