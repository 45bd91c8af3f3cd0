"""Conversations in SQL: the state, its history, and who has seen what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    and_,
    bindparam,
    case,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    update,
)

from handoff.core.conversation import Conversation, Mode, Owner
from handoff.core.message import Audience, Kind, Message, Stored
from handoff.errors import IdReuse, NotFound, StaleControl
from handoff.records import Change, Summary
from handoff.storage import codec
from handoff.storage.sql.dialect import MOST, Upsert, among, capped, listed
from handoff.storage.sql.link import AnyRow, Link
from handoff.storage.sql.messages import SqlMessages
from handoff.storage.sql.queue import SqlQueue
from handoff.storage.tables import conversation as table
from handoff.storage.tables import seen, transition

_COLUMNS = (
    table.c.id,
    table.c.client_id,
    table.c.visitor,
    table.c.epoch,
    table.c.mode,
    table.c.owner,
    table.c.agent,
    table.c.control,
    table.c.language,
    table.c.language_chosen,
    table.c.topic,
    table.c.handoff,
    table.c.contact,
)
_BY_ID = and_(table.c.client_id == bindparam("client"), table.c.id == bindparam("conversation"))

_GET = select(*_COLUMNS).where(_BY_ID)
_LOCK = _GET.with_for_update()
_LATEST = (
    select(*_COLUMNS)
    .where(table.c.client_id == bindparam("client"), table.c.visitor == bindparam("visitor"))
    .order_by(table.c.started.desc(), table.c.id.desc())
    .limit(literal_column("1"))
)
_LATEST_LOCK = _LATEST.with_for_update()
# Two tabs opened at once must not start two threads: no row is there to lock yet.
_VISITOR_LOCK = select(
    func.pg_advisory_xact_lock(
        func.hashtextextended(bindparam("visitor", type_=table.c.id.type), 0)
    )
)

_later = table.alias("later")
_EARLIER = (
    select(
        table.c.id,
        table.c.client_id,
        table.c.mode,
        table.c.topic,
        table.c.language,
        table.c.started,
        table.c.last_at,
    )
    .where(
        table.c.client_id == bindparam("client"),
        table.c.visitor == bindparam("visitor"),
        _later.c.client_id == bindparam("client"),
        _later.c.id == bindparam("before"),
        or_(
            table.c.started < _later.c.started,
            and_(table.c.started == _later.c.started, table.c.id < _later.c.id),
        ),
    )
    .order_by(table.c.started.desc(), table.c.id.desc())
    .limit(MOST)
)

_START = Upsert(lambda insert: insert(table).on_conflict_do_nothing().returning(table.c.id))
_SAVE = (
    update(table)
    .where(_BY_ID, table.c.control == bindparam("seen_control"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in (
                "mode",
                "owner",
                "agent",
                "control",
                "language",
                "language_chosen",
                "topic",
                "handoff",
                "contact",
                "contact_started",
            )
        }
    )
)
_EXISTS = select(literal(1)).where(_BY_ID)
_CHANGED = insert(transition).inline()
_HISTORY = (
    select(
        transition.c.at,
        transition.c.old_mode,
        transition.c.new_mode,
        transition.c.old_owner,
        transition.c.new_owner,
        transition.c.agent,
        transition.c.control,
        transition.c.cause,
        transition.c.actor,
    )
    .where(transition.c.conversation == bindparam("conversation"))
    .order_by(transition.c.n)
)

_LAST_STAFF = select(table.c.id, table.c.staff_seq).where(among(table.c.id, "ids"))
_LAST_CUSTOMER = select(table.c.id, table.c.customer_seq).where(among(table.c.id, "ids"))

# Nobody can have seen what was never said: a page that claims it is believed up to the newest.
_asked = bindparam("seq", type_=seen.c.seq.type)


def _see(insert: Any) -> Any:
    statement = insert(seen).from_select(
        ["client_id", "conversation", "reader", "seq"],
        select(
            table.c.client_id,
            table.c.id,
            bindparam("reader", type_=seen.c.reader.type),
            case((_asked > table.c.customer_seq, table.c.customer_seq), else_=_asked),
        ).where(table.c.id == bindparam("conversation")),
    )
    asked = statement.excluded.seq
    return statement.on_conflict_do_update(
        index_elements=["conversation", "reader"],
        set_={"seq": case((asked > seen.c.seq, asked), else_=seen.c.seq)},
    ).returning(seen.c.seq)


_SEE = Upsert(_see)
_SEEN = select(seen.c.reader, seen.c.seq).where(seen.c.conversation == bindparam("conversation"))

# People's first, then who waits, then the bot's.
_turn = case(
    (table.c.mode == literal_column("'agent'"), 0),
    (table.c.mode == literal_column("'waiting'"), 1),
    else_=2,
)
_ONGOING = (
    select(*_COLUMNS)
    .where(table.c.contact.is_not(None), among(table.c.client_id, "clients"))
    .order_by(_turn, table.c.contact_started, table.c.id)
    .limit(MOST)
)
_IDLE = (
    select(table.c.client_id, table.c.id)
    .where(
        table.c.mode == literal_column("'bot'"),
        table.c.contact.is_not(None),
        table.c.last_at < bindparam("before"),
    )
    .order_by(table.c.last_at)
    .limit(MOST)
)


class SqlConversations:
    def __init__(self, link: Link, queue: SqlQueue, writing: bool) -> None:
        self._link = link
        self._messages = SqlMessages(link)
        self._queue = queue
        self._writing = writing

    def start(self, conversation: Conversation, now: float) -> None:
        """Keep a new conversation; raises IdReuse when its id exists."""
        added = self._link.first(
            _START,
            {
                "client_id": conversation.client,
                "id": conversation.id,
                "visitor": conversation.visitor,
                "epoch": conversation.epoch,
                "staff_seq": 0,
                "customer_seq": 0,
                "started": now,
                "last_at": now,
                **_state(conversation),
            },
        )
        if added is None:
            raise IdReuse("A conversation with this id exists.")

    def get(self, client: str, conversation: str) -> Conversation | None:
        statement = _LOCK if self._writing else _GET
        row = self._link.first(statement, {"client": client, "conversation": conversation})
        return None if row is None else _conversation(row)

    def latest_of(self, client: str, visitor: str) -> Conversation | None:
        """The visitor's newest; within `write` nobody else starts one before the commit."""
        if self._writing and self._link.dialect == "postgresql":
            self._link.count(_VISITOR_LOCK, {"visitor": f"{client}/{visitor}"})
        row = self._link.first(
            _LATEST_LOCK if self._writing else _LATEST, {"client": client, "visitor": visitor}
        )
        return None if row is None else _conversation(row)

    def earlier_of(self, client: str, visitor: str, before: str, limit: int) -> Sequence[Summary]:
        """The visitor's conversations that started before that one, newest first."""
        rows = self._link.all(
            _EARLIER, {"client": client, "visitor": visitor, "before": before, "most": limit}
        )
        return [Summary(*row) for row in rows]

    def save(
        self, before: Conversation, after: Conversation, cause: str, actor: str, now: float
    ) -> None:
        """Keep the new state; raises StaleControl when `before` is not what is kept."""
        if before == after:
            return
        who = {"client": before.client, "conversation": before.id}
        kept = self._link.count(
            _SAVE,
            {
                **who,
                "seen_control": before.control,
                **{f"new_{name}": value for name, value in _state(after).items()},
            },
        )
        if kept == 0:
            if self._link.first(_EXISTS, who) is None:
                raise NotFound("There is no such conversation.")
            raise StaleControl("The conversation changed hands since you last saw it.")
        if (before.mode, before.owner, before.agent, before.control) != (
            after.mode,
            after.owner,
            after.agent,
            after.control,
        ):
            self._link.count(
                _CHANGED,
                {
                    "client_id": after.client,
                    "conversation": after.id,
                    "at": now,
                    "old_mode": before.mode.value,
                    "new_mode": after.mode.value,
                    "old_owner": before.owner.value,
                    "new_owner": after.owner.value,
                    "agent": after.agent,
                    "control": after.control,
                    "cause": cause,
                    "actor": actor,
                },
            )
        self._queue.follow(before, after, now)

    def history(self, conversation: str) -> Sequence[Change]:
        rows = self._link.all(_HISTORY, {"conversation": conversation})
        return [Change(*row) for row in rows]

    def append(self, conversation: Conversation, message: Message, now: float) -> Stored:
        return self._messages.append(conversation, message, now)

    def sent(self, conversation: str, author: str, author_id: str, cmid: str) -> Stored | None:
        return self._messages.sent(conversation, author, author_id, cmid)

    def answered(self, conversation: str, cmid: str) -> Stored | None:
        return self._messages.answered(conversation, cmid)

    def messages(
        self, conversation: str, audience: Audience, after: int, limit: int
    ) -> Sequence[Stored]:
        return self._messages.after(conversation, audience, after, limit)

    def message_at(self, conversation: str, audience: Audience, seq: int) -> Stored | None:
        return self._messages.at(conversation, audience, seq)

    def newest(self, conversation: str, kind: Kind) -> Stored | None:
        return self._messages.newest(conversation, kind)

    def last_seqs(self, conversations: Iterable[str], audience: Audience) -> Mapping[str, int]:
        statement = _LAST_CUSTOMER if audience is Audience.CUSTOMER else _LAST_STAFF
        rows = self._link.all(statement, {"ids": listed(conversations)})
        return {row[0]: row[1] for row in rows}

    def set_seen(self, conversation: str, reader: str, seq: int) -> int | None:
        kept: int | None = self._link.value(
            _SEE,
            {"conversation": conversation, "reader": reader, "seq": capped(seq)},
        )
        return kept

    def seen(self, conversation: str) -> Mapping[str, int]:
        rows = self._link.all(_SEEN, {"conversation": conversation})
        return {row[0]: row[1] for row in rows}

    def ongoing(self, clients: Iterable[str], limit: int) -> Sequence[Conversation]:
        rows = self._link.all(_ONGOING, {"clients": listed(clients), "most": limit})
        return [_conversation(row) for row in rows]

    def idle(self, before: float, limit: int) -> Sequence[tuple[str, str]]:
        rows = self._link.all(_IDLE, {"before": before, "most": limit})
        return [(row[0], row[1]) for row in rows]


def _state(conversation: Conversation) -> dict[str, object]:
    """The columns a transition may change."""
    contact = conversation.contact
    return {
        "mode": conversation.mode.value,
        "owner": conversation.owner.value,
        "agent": conversation.agent,
        "control": conversation.control,
        "language": conversation.language,
        "language_chosen": conversation.language_chosen,
        "topic": conversation.topic,
        "handoff": codec.pack_handoff(conversation.handoff),
        "contact": codec.pack_contact(contact),
        "contact_started": None if contact is None else contact.started,
    }


def _conversation(row: AnyRow) -> Conversation:
    return Conversation(
        id=row[0],
        client=row[1],
        visitor=row[2],
        epoch=row[3],
        mode=Mode(row[4]),
        owner=Owner(row[5]),
        agent=row[6],
        control=row[7],
        language=row[8],
        language_chosen=bool(row[9]),
        topic=row[10],
        handoff=codec.unpack_handoff(row[11]),
        contact=codec.unpack_contact(row[12]),
    )
