"""Fills a database with many conversations, row for row as the service writes them.

A few conversations go through the bridge itself; every further one is a copy of their rows with
ids of its own and an earlier time. The copies are written past the service, in bulk.
"""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Double, Table

from handoff.bridge import Bridge
from handoff.core.message import Audience
from handoff.core.roster import Agent, Role, Status
from handoff.fanout.local import LocalFanout
from handoff.ports import Store, Unit
from handoff.storage import tables
from handoff.storage.address import SqliteAddress, locate, sqlite_driver
from handoff.tokens import new_id
from tests.service.bridge import LEASE_SECONDS, clients

LINES = 10
"""Of each conversation, as the staff see them."""
STEP_SECONDS = 7.0
"""Between two conversations' times."""
CHUNK = 5_000
ROOM = 100_000

COPIED = (tables.conversation, tables.message, tables.transition, tables.handoff, tables.contact,
          tables.access_log)  # fmt: skip
_IDS = {"id", "visitor", "epoch", "conversation", "cmid", "turn_id"}
_NESTED = {"handoff", "contact"}
_NUMBERED = "n"
_NESTED_TIMES = {"since", "preferred_until", "started", "mark"}

Row = dict[str, Any]
Rows = dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class Templates:
    """The rows of one conversation that ended, and of one that waits."""

    ended: Rows
    waiting: Rows


def bridge_over(store: Store) -> Bridge:
    """The service's bridge, with nobody listening."""
    return Bridge(store, LocalFanout(), clients(), new_id, LEASE_SECONDS)


async def hire(store: Store) -> Agent:
    """An agent on duty whose desk is never full."""
    agent = Agent(new_id(), f"{new_id()}@example.no", "Kari", Role.AGENT,
                  frozenset({"heimbud", "varde"}), frozenset({"nb", "nn", "en"}), ROOM)  # fmt: skip

    def work(unit: Unit) -> None:
        unit.agents.add(agent, "")
        unit.agents.set_status(agent.id, Status.ONLINE, unit.now())

    await store.write(work)
    return agent


async def live(bridge: Bridge, store: Store, agent: Agent, *, waits: bool) -> str:
    """One conversation of `LINES` lines through the bridge. Its id; it waits, or has ended."""
    one = await bridge.arrive("heimbud", new_id(), "https://heimbud.example/", None)
    await bridge.ask_person("heimbud", one.id, str(uuid.uuid4()))
    state = await _state(store, one.id)
    if not waits:
        assert state.handoff is not None
        state = await bridge.claim(
            agent, "heimbud", one.id, state.handoff.id, state.control, str(uuid.uuid4())
        )
    # The end leaves two lines of its own.
    while await _length(store, one.id) < LINES - 2 * (not waits):
        id_ = str(uuid.uuid4())
        if not waits and await _length(store, one.id) % 2:
            await bridge.agent_says(
                agent, "heimbud", one.id, state.control, id_, "Jeg ser på det med en gang."
            )
        else:
            await bridge.customer_says("heimbud", one.id, id_, "Hvor er pakken min, HB12345678?")
    if not waits:
        reason = clients()["heimbud"].contact_reasons[0].id
        await bridge.finish(
            agent, "heimbud", one.id, state.control, reason, True, str(uuid.uuid4())
        )
    return one.id


async def templates(bridge: Bridge, store: Store, url: str, agent: Agent) -> Templates:
    """Both kinds, written by the service and read back as rows."""
    ended = await live(bridge, store, agent, waits=False)
    waiting = await live(bridge, store, agent, waits=True)
    return Templates(await rows_of(url, ended), await rows_of(url, waiting))


async def rows_of(url: str, conversation: str) -> Rows:
    """Every row that belongs to a conversation, by table."""
    found: Rows = {}
    for table in COPIED:
        column = "id" if table is tables.conversation else "conversation"
        names = ", ".join(f'"{one.name}"' for one in table.columns)
        sql = f"SELECT {names} FROM {table.name} WHERE {column} = '{conversation}'"
        answers = await _ask(url, sql)
        keys = [one.name for one in table.columns]
        found[table.name] = [dict(zip(keys, row, strict=True)) for row in answers]
    return found


def copy_of(rows: Rows, earlier: float) -> Rows:
    """The same conversation under new ids, `earlier` seconds before; row numbers are left out."""
    ids: dict[str, str] = defaultdict(new_id)
    return {
        table.name: [_copied(table, row, ids, earlier) for row in rows[table.name]]
        for table in COPIED
    }


def _copied(table: Table, row: Row, ids: dict[str, str], earlier: float) -> Row:
    made: Row = {}
    for column in table.columns:
        name, value = column.name, row[column.name]
        if name == _NUMBERED:
            continue
        if value is None:
            made[name] = None
        elif name in _IDS:
            made[name] = str(uuid.UUID(ids[value])) if "-" in value else ids[value]
        elif name in _NESTED and table is tables.conversation:
            made[name] = _nested(value, ids, earlier)
        elif isinstance(column.type, Double) and not name.endswith("_seconds") and value:
            made[name] = value - earlier
        else:
            made[name] = value
    return made


def _nested(text: str, ids: dict[str, str], earlier: float) -> str:
    held = json.loads(text)
    if "id" in held:
        held["id"] = ids[held["id"]]
    for name in _NESTED_TIMES & held.keys():
        held[name] = held[name] - earlier if held[name] else held[name]
    return json.dumps(held, separators=(",", ":"))


def copies(found: Templates, stored: int, waiting: int, already: int) -> Iterator[Rows]:
    """Conversations numbered from `already` up to `stored`, the waiting ones spread among them."""
    every = max(1, (stored - already) // waiting)
    for number in range(already, stored):
        place, rest = divmod(number - already, every)
        waits = rest == 0 and place < waiting
        yield copy_of(found.waiting if waits else found.ended, (stored - number) * STEP_SECONDS)


async def fill(url: str, made: Iterable[Rows]) -> None:
    """Write copies in bulk, and leave the files as a long life would.

    SQLite's log is written back into the database; the service never lets it count its rows, so
    neither is that done here. PostgreSQL counts and tidies, as it does by itself in time.
    """
    address = locate(url)
    if isinstance(address, SqliteAddress):
        _fill_sqlite(address, made)
    else:
        await _fill_postgres(url, made)


def _fill_sqlite(address: SqliteAddress, made: Iterable[Rows]) -> None:
    connection = sqlite_driver().connect(str(address.path), isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    for name, columns, rows in _chunks(made):
        connection.execute("BEGIN")
        marks = ", ".join("?" * len(columns))
        listed = ", ".join(f'"{one}"' for one in columns)
        connection.executemany(f"INSERT INTO {name} ({listed}) VALUES ({marks})", rows)
        connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


async def _fill_postgres(url: str, made: Iterable[Rows]) -> None:
    import asyncpg  # type: ignore[import-untyped]

    connection = await asyncpg.connect(url)
    for name, columns, rows in _chunks(made):
        await connection.copy_records_to_table(name, records=rows, columns=columns)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


def _chunks(made: Iterable[Rows]) -> Iterator[tuple[str, list[str], list[Sequence[Any]]]]:
    """(table, columns, rows), a parent's rows before its children's."""
    held: Rows = defaultdict(list)
    for count, one in enumerate(made, 1):
        for name, rows in one.items():
            held[name] += rows
        if count % CHUNK == 0:
            yield from _drained(held)
    yield from _drained(held)


def _drained(held: Rows) -> Iterator[tuple[str, list[str], list[Sequence[Any]]]]:
    for table in COPIED:
        rows = held.pop(table.name, [])
        if rows:
            yield table.name, list(rows[0]), [tuple(row.values()) for row in rows]


async def _ask(url: str, sql: str) -> list[Sequence[Any]]:
    address = locate(url)
    if isinstance(address, SqliteAddress):
        connection = sqlite_driver().connect(str(address.path))
        try:
            return list(connection.execute(sql))
        finally:
            connection.close()
    import asyncpg

    server = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await server.fetch(sql)]
    finally:
        await server.close()


async def _state(store: Store, conversation: str) -> Any:
    return await store.read(lambda unit: unit.conversations.get("heimbud", conversation))


async def _length(store: Store, conversation: str) -> int:
    last = await store.read(lambda u: u.conversations.last_seqs([conversation], Audience.STAFF))
    return last[conversation]
