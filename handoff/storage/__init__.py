"""The stores: SQL for life, memory for tests of what stands above."""

import time

from handoff.ports import Clock, Committed, Store
from handoff.storage.memory_store import MemoryStore
from handoff.storage.sql_store import SqlStore, unheard

__all__ = ["MemoryStore", "SqlStore", "migrate", "open_store"]


async def open_store(url: str, clock: Clock = time.time, committed: Committed = unheard) -> Store:
    """The store at `url` (as in DATABASE_URL), reached and of the right layout.

    `clock` gives epoch seconds where the database has none; `committed` is told of every
    commit. Raises SettingError, StoreError.
    """
    store = SqlStore.open(url, clock, committed)
    try:
        await store.ready()
    except BaseException:
        await store.close()
        raise
    return store


def migrate(url: str) -> None:
    """Bring the database at `url` (as in DATABASE_URL) to the layout this version needs.

    Raises SettingError for the URL and StoreError when the database refuses.
    """
    # Alembic is 10 MB that the service itself never needs.
    from handoff.storage.schema import migrate as run

    run(url)
