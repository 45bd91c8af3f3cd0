"""A login can be switched off, and a supervisor finds what is going on.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    # With a default the column is added in place: no table that sessions hang on is made anew.
    op.add_column(
        "agent", sa.Column("disabled", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    going_on = sa.text("contact IS NOT NULL")
    op.create_index(
        "ix_conversation_ongoing",
        "conversation",
        ["client_id"],
        unique=False,
        sqlite_where=going_on,
        postgresql_where=going_on,
    )
    meta = sa.table("meta", sa.column("name", sa.String), sa.column("value", sa.BigInteger))
    op.execute(meta.update().where(meta.c.name == "schema").values(value=2))
