"""What the database itself knows: how far every stream goes, and what the bot still owes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import make_url

from handoff.storage.address import sqlite_driver

STREAMS = "SELECT id, customer_seq, staff_seq FROM conversation"
ORDERS = "SELECT conversation FROM outbox"


@dataclass(slots=True)
class Numbers:
    """`newest` is the last number of each (conversation, audience), `owing` has open orders."""

    newest: dict[tuple[str, str], int]
    owing: set[str]


async def read_numbers(database: str) -> Numbers:
    """As of now. `database` is an address as in DATABASE_URL."""
    if not database.startswith("postgresql"):
        return await asyncio.to_thread(_read_file, str(make_url(database).database))
    server = await asyncpg.connect(database)
    try:
        return _numbers(await server.fetch(STREAMS), await server.fetch(ORDERS))
    finally:
        await server.close()


def _read_file(path: str) -> Numbers:
    # The service's own driver: an older SQLite beside a newer one may damage the file.
    with closing(sqlite_driver().connect(path)) as link:
        link.execute("PRAGMA query_only = ON")
        return _numbers(link.execute(STREAMS).fetchall(), link.execute(ORDERS).fetchall())


def _numbers(streams: Iterable[tuple[str, int, int]], orders: Iterable[tuple[str]]) -> Numbers:
    newest: dict[tuple[str, str], int] = {}
    for id_, customer, staff in streams:
        newest[id_, "customer"], newest[id_, "staff"] = customer, staff
    return Numbers(newest, {place for (place,) in orders})
