"""When an agent's page was last known to be open, at whichever process.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    op.add_column("agent", sa.Column("seen_at", sa.Double(), nullable=True))
    op.execute("UPDATE meta SET value = 4 WHERE name = 'schema'")
