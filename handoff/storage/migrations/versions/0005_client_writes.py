"""Writes to client systems, known to every process for a while.

Revision ID: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"


def upgrade() -> None:
    op.create_table(
        "client_write",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("until", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_client_write")),
    )
    op.create_index(op.f("ix_client_write_until"), "client_write", ["until"], unique=False)
    op.execute("UPDATE meta SET value = 5 WHERE name = 'schema'")
