"""Run by Alembic. The connection, its transaction and its lock are `migrate`'s."""

from __future__ import annotations

from alembic import context

from handoff.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
