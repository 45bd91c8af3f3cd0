"""Retention and erasure: what is out of date, what remains of a contact, what the bot still holds.

Revision ID: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    op.create_index(
        op.f("ix_conversation_client_id_last_at"),
        "conversation",
        ["client_id", "last_at"],
        unique=False,
    )
    op.add_column("contact", sa.Column("again", sa.Boolean(), nullable=True))
    op.create_index(op.f("ix_contact_conversation"), "contact", ["conversation"], unique=False)
    op.create_index(op.f("ix_access_log_at"), "access_log", ["at"], unique=False)
    op.create_table(
        "erasure",
        sa.Column("conversation", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("asked", sa.Double(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("ready_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("conversation", name=op.f("pk_erasure")),
    )
    op.create_index(op.f("ix_erasure_ready_at"), "erasure", ["ready_at"], unique=False)
    op.execute("UPDATE meta SET value = 3 WHERE name = 'schema'")
