"""How far every stream goes, asked of the database itself."""

from __future__ import annotations

import asyncio

import sqlalchemy

from handoff.storage.tables import conversation as table


async def newest_numbers(database: str) -> dict[tuple[str, str], int]:
    """The last number of each (conversation, audience)."""
    return await asyncio.to_thread(_read, database)


def _read(database: str) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    engine = sqlalchemy.create_engine(database)
    with engine.connect() as link:
        columns = (table.c.id, table.c.customer_seq, table.c.staff_seq)
        for id_, customer, staff in link.execute(sqlalchemy.select(*columns)):
            found[id_, "customer"], found[id_, "staff"] = customer, staff
    engine.dispose()
    return found
