"""The stores: SQL for life, memory for tests of what stands above."""

from handoff.storage.sql_store import SqlStore

__all__ = ["SqlStore", "migrate"]


def migrate(url: str) -> None:
    """Bring the database at `url` (as in DATABASE_URL) to the layout this version needs.

    Raises SettingError for the URL and StoreError when the database refuses.
    """
    # Alembic is 10 MB that the service itself never needs.
    from handoff.storage.schema import migrate as run

    run(url)
