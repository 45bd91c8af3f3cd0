"""What the memory twin keeps: tables that can undo what a failed unit did to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from handoff.core.conversation import Conversation
from handoff.core.effects import RecordContact
from handoff.core.message import Stored
from handoff.core.roster import Agent
from handoff.errors import StoreError
from handoff.records import Change, Erasure, Order, Read, Task

K = TypeVar("K")
V = TypeVar("V")

_NOTHING: Any = object()


class Journal:
    """How to undo the unit that is running. Outside of one, nothing may be written."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], object]] = []
        self.writing = False

    def note(self, undo: Callable[[], object]) -> None:
        if not self.writing:
            raise StoreError("The database is read-only.", cure="Write only within `write`.")
        self._undo.append(undo)

    def keep(self) -> None:
        self._undo.clear()

    def roll_back(self) -> None:
        while self._undo:
            self._undo.pop()()


class Table(Generic[K, V]):
    """Rows are values that never change: a new one takes the place of the old."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._rows: dict[K, V] = {}

    def __contains__(self, key: K) -> bool:
        return key in self._rows

    def get(self, key: K) -> V | None:
        return self._rows.get(key)

    def items(self) -> Iterator[tuple[K, V]]:
        return iter(list(self._rows.items()))

    def values(self) -> Iterator[V]:
        return iter(list(self._rows.values()))

    def put(self, key: K, row: V) -> None:
        before = self._rows.get(key, _NOTHING)
        self._journal.note(lambda: self._restore(key, before))
        self._rows[key] = row

    def drop(self, key: K) -> None:
        before = self._rows.get(key, _NOTHING)
        self._journal.note(lambda: self._restore(key, before))
        self._rows.pop(key, None)

    def _restore(self, key: K, row: V) -> None:
        if row is _NOTHING:
            self._rows.pop(key, None)
        else:
            self._rows[key] = row


@dataclass(frozen=True, slots=True)
class Thread:
    state: Conversation
    started: float
    last_at: float
    staff_seq: int = 0
    customer_seq: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A message; `body` is JSON, so that what comes back is a copy."""

    stored: Stored
    body: str


@dataclass(frozen=True, slots=True)
class Due:
    n: int
    order: Order
    body: str
    ready_at: float
    worker: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A row of the waiting line. `state` is waiting, active or done."""

    id: str
    client: str
    conversation: str
    state: str
    control: int
    language: str
    reason: str
    topic: str | None
    front: bool
    since: float
    preferred_agent: str | None
    preferred_until: float
    agent: str | None = None
    lease_until: float = 0.0
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class Login:
    agent: Agent
    password_hash: str
    status_since: float = 0.0
    seen_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Session:
    agent: str
    version: int
    expires: float


@dataclass(frozen=True, slots=True)
class Ended:
    n: int
    client: str
    conversation: str
    visitor: str
    agent: str | None
    row: RecordContact
    ended: float
    again: bool | None = None


@dataclass(frozen=True, slots=True)
class ClientWrite:
    holder: str
    answer: str | None
    until: float


class World:
    """Every table, and the counters that a failed unit sets back too."""

    def __init__(self) -> None:
        self.journal = Journal()
        self.threads: Table[str, Thread] = Table(self.journal)
        self.lines: Table[tuple[str, int], Line] = Table(self.journal)
        self.senders: Table[tuple[str, str, str, str], int] = Table(self.journal)
        self.replies: Table[tuple[str, str, int, str], int] = Table(self.journal)
        self.customer_lines: Table[tuple[str, int], int] = Table(self.journal)
        self.seen: Table[tuple[str, str], int] = Table(self.journal)
        self.changes: Table[int, tuple[str, Change]] = Table(self.journal)
        self.outbox: Table[str, Due] = Table(self.journal)
        self.places: Table[str, Place] = Table(self.journal)
        self.logins: Table[str, Login] = Table(self.journal)
        self.sessions: Table[str, Session] = Table(self.journal)
        self.nonces: Table[str, float] = Table(self.journal)
        self.ended: Table[int, Ended] = Table(self.journal)
        self.tasks: Table[str, Task] = Table(self.journal)
        self.reads: Table[int, Read] = Table(self.journal)
        self.erasures: Table[str, Erasure] = Table(self.journal)
        self.client_writes: Table[str, ClientWrite] = Table(self.journal)
        self.counters: Table[str, int] = Table(self.journal)

    def count(self, name: str) -> int:
        """The next number of a counter."""
        number = (self.counters.get(name) or 0) + 1
        self.counters.put(name, number)
        return number
