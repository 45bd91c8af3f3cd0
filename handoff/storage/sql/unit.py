"""One transaction over a synchronous connection, the same for SQLite and PostgreSQL."""

from __future__ import annotations

import time

from sqlalchemy import Double, cast, extract, func, select, update

from handoff.errors import StoreError
from handoff.ports import Clock
from handoff.storage.sql.agents import SqlAgents
from handoff.storage.sql.archive import SqlArchive
from handoff.storage.sql.client_writes import SqlClientWrites
from handoff.storage.sql.conversations import SqlConversations
from handoff.storage.sql.ledger import SqlLedger
from handoff.storage.sql.link import Link
from handoff.storage.sql.outbox import SqlOutbox
from handoff.storage.sql.queue import SqlQueue
from handoff.storage.tables import SCHEMA, meta

_NOW = select(cast(extract("epoch", func.clock_timestamp()), Double))
_SCHEMA = select(meta.c.value).where(meta.c.name == "schema")
_DURABLE = select(
    func.current_setting("fsync").label("fsync"),
    func.current_setting("synchronous_commit").label("synchronous_commit"),
)
# A count, for SQLite writes nothing where the new row is the old one.
_BEAT = update(meta).where(meta.c.name == "heartbeat").values(value=meta.c.value + 1)


class _Now:
    """The unit's clock. Its own object: a method of the unit would make each a cycle of garbage."""

    __slots__ = ("_asked", "_clock", "_link")

    def __init__(self, link: Link, clock: Clock) -> None:
        self._link = link
        self._clock = clock
        self._asked: float | None = None

    def __call__(self) -> float:
        if self._link.dialect == "sqlite":
            return self._clock()
        if self._asked is None:
            # Asked once, then counted on: asking costs as much as storing a line.
            self._asked = self._link.value(_NOW, {}) - time.monotonic()
        return self._asked + time.monotonic()


class SqlUnit:
    """What `Store.write` and `Store.read` give to the work. Not kept beyond it."""

    def __init__(self, link: Link, clock: Clock, writing: bool) -> None:
        self._link = link
        self.now = _Now(link, clock)
        self.queue = SqlQueue(link)
        self.conversations = SqlConversations(link, self.queue, writing)
        self.outbox = SqlOutbox(link)
        self.agents = SqlAgents(link, self.now)
        self.ledger = SqlLedger(link)
        self.archive = SqlArchive(link, self.conversations, self.outbox, self.ledger)
        self.client_writes = SqlClientWrites(link)

    def settle(self) -> None:
        """What is left to do before the commit."""
        self.queue.settle()

    def check_schema(self) -> None:
        """Raises StoreError when the database is laid out for another version of this code."""
        kept = self._link.value(_SCHEMA, {})
        if kept != SCHEMA:
            raise StoreError(
                f"The database has layout {kept}, this version needs {SCHEMA}.",
                cure="Run `stafett migrate`, or start the version that wrote it.",
            )

    def check_durable(self) -> None:
        """Raises StoreError where PostgreSQL calls committed what a power cut could lose."""
        if self._link.dialect == "sqlite":
            return  # set on each connection, and by nobody else
        values = self._link.all(_DURABLE, {})[0]
        for name, value in zip(("fsync", "synchronous_commit"), values, strict=True):
            if value == "off":
                raise StoreError(
                    f"PostgreSQL has `{name} = off`: a power cut loses what was acknowledged.",
                    cure=f"Set `{name} = on` for the server, the database and the role.",
                )

    def beat(self) -> None:
        """Write that the database still takes what it is given, and keeps it."""
        self.check_schema()
        self.check_durable()
        self._link.count(_BEAT, {})
