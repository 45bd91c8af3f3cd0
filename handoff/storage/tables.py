"""The tables, for SQLite and PostgreSQL alike.

Times are seconds since the epoch, JSON is kept as text. Conversation ids are random 128-bit
values, so an id alone finds its rows; every row carries its client company all the same, and
the foreign keys hold id and company together, so that no row can belong to a company's
conversation without being that company's.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

SCHEMA = 5
"""The number in `meta` that this code understands; the newest migration sets it."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows by itself only in a column declared INTEGER.
_Serial = BigInteger().with_variant(Integer(), "sqlite")


def _of_conversation() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["client_id", "conversation"],
        ["conversation.client_id", "conversation.id"],
        ondelete="CASCADE",
    )


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


conversation = Table(
    "conversation",
    metadata,
    Column("client_id", String, nullable=False),
    Column("id", String, nullable=False),
    Column("visitor", String, nullable=False),
    Column("epoch", String, nullable=False),
    Column("mode", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("agent", String),
    Column("control", Integer, nullable=False),
    Column("language", String, nullable=False),
    Column("language_chosen", Boolean, nullable=False),
    Column("topic", String),
    Column("handoff", Text),
    Column("contact", Text),
    Column("contact_started", Double),
    Column("staff_seq", Integer, nullable=False),
    Column("customer_seq", Integer, nullable=False),
    Column("started", Double, nullable=False),
    Column("last_at", Double, nullable=False),
    PrimaryKeyConstraint("client_id", "id"),
    UniqueConstraint("id"),
    Index(None, "client_id", "visitor", "started"),
    Index("ix_conversation_ongoing", "client_id", **_where("contact IS NOT NULL")),
    Index("ix_conversation_idle", "last_at", **_where("mode = 'bot' AND contact IS NOT NULL")),
    Index(None, "client_id", "last_at"),
)

message = Table(
    "message",
    metadata,
    Column("client_id", String, nullable=False),
    Column("conversation", String, nullable=False),
    Column("staff_seq", Integer, nullable=False),
    Column("customer_seq", Integer),
    Column("at", Double, nullable=False),
    Column("author", String, nullable=False),
    Column("author_id", String, nullable=False),
    Column("author_name", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("cmid", String),
    Column("turn_id", String),
    Column("part", Integer, nullable=False),
    Column("body", Text, nullable=False),
    PrimaryKeyConstraint("conversation", "staff_seq"),
    _of_conversation(),
    Index(
        "uq_message_customer_seq",
        "conversation",
        "customer_seq",
        unique=True,
        **_where("customer_seq IS NOT NULL"),
    ),
    Index(
        "uq_message_sender",
        "conversation",
        "author",
        "author_id",
        "cmid",
        unique=True,
        **_where("cmid IS NOT NULL"),
    ),
    # A customer's own line carries the turn's id too: only the bot answers once.
    Index(
        "uq_message_reply",
        "conversation",
        "turn_id",
        "part",
        "kind",
        unique=True,
        **_where("author = 'bot' AND turn_id IS NOT NULL"),
    ),
)

seen = Table(
    "seen",
    metadata,
    Column("client_id", String, nullable=False),
    Column("conversation", String, nullable=False),
    Column("reader", String, nullable=False),
    Column("seq", Integer, nullable=False),
    PrimaryKeyConstraint("conversation", "reader"),
    _of_conversation(),
)

transition = Table(
    "transition",
    metadata,
    Column("n", _Serial, primary_key=True),
    Column("client_id", String, nullable=False),
    Column("conversation", String, nullable=False),
    Column("at", Double, nullable=False),
    Column("old_mode", String, nullable=False),
    Column("new_mode", String, nullable=False),
    Column("old_owner", String, nullable=False),
    Column("new_owner", String, nullable=False),
    Column("agent", String),
    Column("control", Integer, nullable=False),
    Column("cause", String, nullable=False),
    Column("actor", String, nullable=False),
    _of_conversation(),
    Index(None, "conversation", "n"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("n", _Serial, primary_key=True),
    Column("id", String, nullable=False),
    Column("client_id", String, nullable=False),
    Column("conversation", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("control", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("created", Double, nullable=False),
    Column("turn_id", String),
    Column("attempts", Integer, nullable=False),
    # When it may be taken: its due time, or the end of the lease that is running.
    Column("ready_at", Double, nullable=False),
    Column("worker", String),
    UniqueConstraint("id"),
    _of_conversation(),
    Index(None, "conversation", "n"),
)

handoff = Table(
    "handoff",
    metadata,
    Column("id", String, primary_key=True),
    Column("client_id", String, nullable=False),
    Column("conversation", String, nullable=False),
    Column("state", String, nullable=False),
    Column("control", Integer, nullable=False),
    Column("language", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("topic", String),
    # 0 is the front of the line, 1 the rest: one order for index and question.
    Column("lane", Integer, nullable=False),
    Column("since", Double, nullable=False),
    Column("preferred_agent", String),
    Column("preferred_until", Double, nullable=False),
    Column("offered_at", Double, nullable=False),
    Column("agent", String),
    Column("lease_until", Double),
    Column("ended", Double),
    Column("cause", String),
    _of_conversation(),
    Index(
        "uq_handoff_open",
        "conversation",
        unique=True,
        **_where("state <> 'done'"),
    ),
    Index(
        "ix_handoff_line",
        "client_id",
        "lane",
        "since",
        "id",
        **_where("state = 'waiting'"),
    ),
    Index("ix_handoff_lease", "lease_until", **_where("state = 'active'")),
    Index("ix_handoff_agent", "agent", **_where("state = 'active'")),
)

agent = Table(
    "agent",
    metadata,
    Column("id", String, primary_key=True),
    Column("login", String, nullable=False),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("clients", Text, nullable=False),
    Column("languages", Text, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("active", Integer, nullable=False),
    Column("status", String, nullable=False),
    Column("status_since", Double),
    # When a page of theirs was last known to be open, at whichever process.
    Column("seen_at", Double),
    Column("session_version", Integer, nullable=False),
    Column("password_hash", String, nullable=False),
    Column("disabled", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("login"),
    CheckConstraint("active >= 0", name="active"),
)

session = Table(
    "session",
    metadata,
    Column("digest", String, primary_key=True),
    Column("agent", String, ForeignKey("agent.id", ondelete="CASCADE"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("expires", Double, nullable=False),
    Index(None, "agent"),
    Index(None, "expires"),
)

nonce = Table(
    "nonce",
    metadata,
    Column("nonce", String, primary_key=True),
    Column("expires", Double, nullable=False),
    Index(None, "expires"),
)

# What remains of a contact names no words and outlives its conversation. When that is forgotten
# the visitor's mark is emptied, and `again` tells what could be told until then.
contact = Table(
    "contact",
    metadata,
    Column("n", _Serial, primary_key=True),
    Column("client_id", String, nullable=False),
    Column("conversation", String, nullable=False),
    Column("visitor", String, nullable=False),
    Column("reason", String),
    Column("outcome", String, nullable=False),
    Column("resolved", Boolean),
    Column("started", Double, nullable=False),
    Column("ended", Double, nullable=False),
    Column("bot_seconds", Double, nullable=False),
    Column("person_seconds", Double, nullable=False),
    Column("waited_seconds", Double, nullable=False),
    Column("agent", String),
    Column("again", Boolean),
    Index(None, "client_id", "ended"),
    Index(None, "client_id", "visitor", "started"),
    Index(None, "conversation"),
    Index("ix_contact_handled", "client_id", "ended", **_where("outcome = 'person'")),
)

task = Table(
    "task",
    metadata,
    Column("id", String, primary_key=True),
    Column("client_id", String, nullable=False),
    Column("conversation", String, nullable=False),
    Column("name", String, nullable=False),
    Column("reach", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("created", Double, nullable=False),
    Column("done_by", String),
    Column("done_at", Double),
    _of_conversation(),
    Index(None, "client_id", "created"),
    Index("ix_task_open", "client_id", "created", **_where("done_at IS NULL")),
    Index(None, "conversation"),
)

# Who read what stays when the conversation is erased.
access_log = Table(
    "access_log",
    metadata,
    Column("n", _Serial, primary_key=True),
    Column("client_id", String, nullable=False),
    Column("agent", String, nullable=False),
    Column("conversation", String, nullable=False),
    Column("what", String, nullable=False),
    Column("at", Double, nullable=False),
    Index(None, "client_id", "conversation"),
    Index(None, "client_id", "at"),
    Index(None, "at"),
)

# What the bot has yet to forget: conversations that are gone here, or went back to a backup.
erasure = Table(
    "erasure",
    metadata,
    Column("conversation", String, primary_key=True),
    Column("client_id", String, nullable=False),
    Column("asked", Double, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("ready_at", Double, nullable=False),
    Index(None, "ready_at"),
)

# Writes to client systems under way or done. The key is a digest, the answer the system's own.
client_write = Table(
    "client_write",
    metadata,
    Column("key", String, primary_key=True),
    Column("holder", String, nullable=False),
    Column("answer", Text),
    Column("until", Double, nullable=False),
    Index(None, "until"),
)

meta = Table(
    "meta",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", BigInteger, nullable=False),
)
