"""`stafett migrate`: brings the database to the present shape."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    app.command()(migrate)


def migrate() -> None:
    """Create the database, or bring it to the present shape; nothing is lost."""
    from handoff.settings import read_settings
    from handoff.storage import migrate as migrate_database

    migrate_database(read_settings().database_url)
