"""The first layout.

Revision ID: 0001
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None


def _serial() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    op.create_table(
        "access_log",
        sa.Column("n", _serial(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("conversation", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_access_log")),
    )
    op.create_index(
        op.f("ix_access_log_client_id_at"), "access_log", ["client_id", "at"], unique=False
    )
    op.create_index(
        op.f("ix_access_log_client_id_conversation"),
        "access_log",
        ["client_id", "conversation"],
        unique=False,
    )
    op.create_table(
        "agent",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("clients", sa.Text(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("active", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("status_since", sa.Double(), nullable=True),
        sa.Column("session_version", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.CheckConstraint("active >= 0", name=op.f("ck_agent_active")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent")),
        sa.UniqueConstraint("login", name=op.f("uq_agent_login")),
    )
    op.create_table(
        "contact",
        sa.Column("n", _serial(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("conversation", sa.String(), nullable=False),
        sa.Column("visitor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("resolved", sa.Boolean(), nullable=True),
        sa.Column("started", sa.Double(), nullable=False),
        sa.Column("ended", sa.Double(), nullable=False),
        sa.Column("bot_seconds", sa.Double(), nullable=False),
        sa.Column("person_seconds", sa.Double(), nullable=False),
        sa.Column("waited_seconds", sa.Double(), nullable=False),
        sa.Column("agent", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_contact")),
    )
    op.create_index(
        op.f("ix_contact_client_id_ended"), "contact", ["client_id", "ended"], unique=False
    )
    op.create_index(
        op.f("ix_contact_client_id_visitor_started"),
        "contact",
        ["client_id", "visitor", "started"],
        unique=False,
    )
    op.create_index(
        "ix_contact_handled",
        "contact",
        ["client_id", "ended"],
        unique=False,
        **_where("outcome = 'person'"),
    )
    op.create_table(
        "conversation",
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("visitor", sa.String(), nullable=False),
        sa.Column("epoch", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("agent", sa.String(), nullable=True),
        sa.Column("control", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("language_chosen", sa.Boolean(), nullable=False),
        sa.Column("topic", sa.String(), nullable=True),
        sa.Column("handoff", sa.Text(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("contact_started", sa.Double(), nullable=True),
        sa.Column("staff_seq", sa.Integer(), nullable=False),
        sa.Column("customer_seq", sa.Integer(), nullable=False),
        sa.Column("started", sa.Double(), nullable=False),
        sa.Column("last_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("client_id", "id", name=op.f("pk_conversation")),
        sa.UniqueConstraint("id", name=op.f("uq_conversation_id")),
    )
    op.create_index(
        op.f("ix_conversation_client_id_visitor_started"),
        "conversation",
        ["client_id", "visitor", "started"],
        unique=False,
    )
    op.create_index(
        "ix_conversation_idle",
        "conversation",
        ["last_at"],
        unique=False,
        **_where("mode = 'bot' AND contact IS NOT NULL"),
    )
    op.create_table(
        "meta",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_meta")),
    )
    op.create_table(
        "nonce",
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("expires", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("nonce", name=op.f("pk_nonce")),
    )
    op.create_index(op.f("ix_nonce_expires"), "nonce", ["expires"], unique=False)
    op.create_table(
        "handoff",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("conversation", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("control", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=True),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
        sa.Column("preferred_agent", sa.String(), nullable=True),
        sa.Column("preferred_until", sa.Double(), nullable=False),
        sa.Column("offered_at", sa.Double(), nullable=False),
        sa.Column("agent", sa.String(), nullable=True),
        sa.Column("lease_until", sa.Double(), nullable=True),
        sa.Column("ended", sa.Double(), nullable=True),
        sa.Column("cause", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["client_id", "conversation"],
            ["conversation.client_id", "conversation.id"],
            name=op.f("fk_handoff_client_id_conversation_conversation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff")),
    )
    op.create_index(
        "ix_handoff_agent", "handoff", ["agent"], unique=False, **_where("state = 'active'")
    )
    op.create_index(
        "ix_handoff_lease", "handoff", ["lease_until"], unique=False, **_where("state = 'active'")
    )
    op.create_index(
        "ix_handoff_line",
        "handoff",
        ["client_id", "lane", "since", "id"],
        unique=False,
        **_where("state = 'waiting'"),
    )
    op.create_index(
        "uq_handoff_open", "handoff", ["conversation"], unique=True, **_where("state <> 'done'")
    )
    op.create_table(
        "message",
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("conversation", sa.String(), nullable=False),
        sa.Column("staff_seq", sa.Integer(), nullable=False),
        sa.Column("customer_seq", sa.Integer(), nullable=True),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("author_id", sa.String(), nullable=False),
        sa.Column("author_name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("cmid", sa.String(), nullable=True),
        sa.Column("turn_id", sa.String(), nullable=True),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id", "conversation"],
            ["conversation.client_id", "conversation.id"],
            name=op.f("fk_message_client_id_conversation_conversation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation", "staff_seq", name=op.f("pk_message")),
    )
    op.create_index(
        "uq_message_customer_seq",
        "message",
        ["conversation", "customer_seq"],
        unique=True,
        **_where("customer_seq IS NOT NULL"),
    )
    op.create_index(
        "uq_message_reply",
        "message",
        ["conversation", "turn_id", "part", "kind"],
        unique=True,
        **_where("author = 'bot' AND turn_id IS NOT NULL"),
    )
    op.create_index(
        "uq_message_sender",
        "message",
        ["conversation", "author", "author_id", "cmid"],
        unique=True,
        **_where("cmid IS NOT NULL"),
    )
    op.create_table(
        "outbox",
        sa.Column("n", _serial(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("conversation", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("control", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.Column("turn_id", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("ready_at", sa.Double(), nullable=False),
        sa.Column("worker", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["client_id", "conversation"],
            ["conversation.client_id", "conversation.id"],
            name=op.f("fk_outbox_client_id_conversation_conversation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_outbox")),
        sa.UniqueConstraint("id", name=op.f("uq_outbox_id")),
    )
    op.create_index(op.f("ix_outbox_conversation_n"), "outbox", ["conversation", "n"], unique=False)
    op.create_table(
        "seen",
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("conversation", sa.String(), nullable=False),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id", "conversation"],
            ["conversation.client_id", "conversation.id"],
            name=op.f("fk_seen_client_id_conversation_conversation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation", "reader", name=op.f("pk_seen")),
    )
    op.create_table(
        "session",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("expires", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent"], ["agent.id"], name=op.f("fk_session_agent_agent"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_agent"), "session", ["agent"], unique=False)
    op.create_index(op.f("ix_session_expires"), "session", ["expires"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("conversation", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("reach", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created", sa.Double(), nullable=False),
        sa.Column("done_by", sa.String(), nullable=True),
        sa.Column("done_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["client_id", "conversation"],
            ["conversation.client_id", "conversation.id"],
            name=op.f("fk_task_client_id_conversation_conversation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index(
        op.f("ix_task_client_id_created"), "task", ["client_id", "created"], unique=False
    )
    op.create_index(op.f("ix_task_conversation"), "task", ["conversation"], unique=False)
    op.create_index(
        "ix_task_open", "task", ["client_id", "created"], unique=False, **_where("done_at IS NULL")
    )
    op.create_table(
        "transition",
        sa.Column("n", _serial(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("conversation", sa.String(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("old_mode", sa.String(), nullable=False),
        sa.Column("new_mode", sa.String(), nullable=False),
        sa.Column("old_owner", sa.String(), nullable=False),
        sa.Column("new_owner", sa.String(), nullable=False),
        sa.Column("agent", sa.String(), nullable=True),
        sa.Column("control", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id", "conversation"],
            ["conversation.client_id", "conversation.id"],
            name=op.f("fk_transition_client_id_conversation_conversation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_transition")),
    )
    op.create_index(
        op.f("ix_transition_conversation_n"), "transition", ["conversation", "n"], unique=False
    )
    meta = sa.table("meta", sa.column("name", sa.String), sa.column("value", sa.BigInteger))
    op.bulk_insert(
        meta,
        [
            {"name": "schema", "value": 1},
            {"name": "position", "value": 0},
            {"name": "heartbeat", "value": 0},
        ],
    )
