"""The store, and what one transaction of it can do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from handoff.core.conversation import Conversation
from handoff.core.effects import KeepTask, RecordContact
from handoff.core.message import Audience, Kind, Message, Stored
from handoff.core.roster import Agent, Status
from handoff.core.waiting_line import Waiter
from handoff.records import (
    Backlog,
    Begun,
    Change,
    ContactRow,
    Erasure,
    Forgotten,
    Held,
    Load,
    Order,
    Read,
    Summary,
    Task,
)

T = TypeVar("T")


class Conversations(Protocol):
    """Conversations and their messages. Every call is bound to a client company."""

    def start(self, conversation: Conversation, now: float) -> None: ...

    def get(self, client: str, conversation: str) -> Conversation | None:
        """The state; within `write` its row stays locked until the commit."""
        ...

    def latest_of(self, client: str, visitor: str) -> Conversation | None: ...

    def earlier_of(
        self, client: str, visitor: str, before: str, limit: int
    ) -> Sequence[Summary]: ...

    def save(
        self, before: Conversation, after: Conversation, cause: str, actor: str, now: float
    ) -> None:
        """Keep the new state; a change of mode or owner leaves a row in the history."""
        ...

    def history(self, conversation: str) -> Sequence[Change]:
        """Every change of mode or owner, oldest first."""
        ...

    def append(self, conversation: Conversation, message: Message, now: float) -> Stored:
        """Store a message with the next number of each stream it belongs to."""
        ...

    def sent(self, conversation: str, author: str, author_id: str, cmid: str) -> Stored | None:
        """The message this sender stored under `cmid` before, if any."""
        ...

    def answered(self, conversation: str, cmid: str) -> Stored | None:
        """What the customer sent under `cmid` before: a line, or the answer to a command."""
        ...

    def messages(
        self, conversation: str, audience: Audience, after: int, limit: int
    ) -> Sequence[Stored]:
        """Messages with a number above `after` in that stream, oldest first."""
        ...

    def message_at(self, conversation: str, audience: Audience, seq: int) -> Stored | None: ...

    def newest(self, conversation: str, kind: Kind) -> Stored | None:
        """The latest message of that kind."""
        ...

    def last_seqs(self, conversations: Iterable[str], audience: Audience) -> Mapping[str, int]:
        """The newest number of each conversation's stream, in one query."""
        ...

    def set_seen(self, conversation: str, reader: str, seq: int) -> int | None:
        """`reader` (`customer` or an agent's id) has rendered the customer's lines up to `seq`.

        Returns the highest so far, at most the newest line's; None without its conversation.
        """
        ...

    def seen(self, conversation: str) -> Mapping[str, int]: ...

    def ongoing(self, clients: Iterable[str], limit: int) -> Sequence[Conversation]:
        """With a running contact: people's first, then who waits, then the bot's; oldest first."""
        ...

    def idle(self, before: float, limit: int) -> Sequence[tuple[str, str]]:
        """(client, conversation) with a running contact in BOT and nothing said since `before`."""
        ...


class Outbox(Protocol):
    """Orders to the bot, at most one under way for a conversation.

    A conversation's own orders go oldest first. Among conversations it is who has waited longest
    for their next: with one done, the conversation's following order joins the line at its end, so
    that who sends much makes nobody wait who sends little.
    """

    def put(self, order: Order) -> None: ...

    def due(self, now: float) -> bool:
        """Whether any order could be leased now."""
        ...

    def lease(self, worker: str, now: float, seconds: float, limit: int) -> Sequence[Order]:
        """Take up to `limit` orders, each the oldest of its conversation, not leased, and due."""
        ...

    def of(self, conversation: str) -> Sequence[Order]:
        """Every order of the conversation, oldest first, under way or not."""
        ...

    def held(self, order: Order, worker: str) -> bool:
        """Whether the lease of this attempt is still that worker's, in `write` until the commit.

        A worker that was late may have leased the order anew itself: then the later one has it.
        """
        ...

    def count(self, conversation: str) -> int:
        """How many orders the conversation has, under way or not."""
        ...

    def done(self, order: str, now: float) -> None: ...

    def retry(self, order: str, not_before: float) -> None:
        """Give an order back, one attempt the poorer."""
        ...

    def backlog(self) -> Backlog: ...


class Queue(Protocol):
    """The waiting line and the claims. Claims are conditional updates, one winner each."""

    def offer(self, conversation: Conversation, now: float) -> None: ...

    def withdraw(self, handoff: str, cause: str, now: float) -> None: ...

    def waiting(self, clients: Iterable[str], limit: int) -> Sequence[Waiter]: ...

    def length(self, clients: Iterable[str], most: int) -> int:
        """How many wait, counted no further than `most`."""
        ...

    def loads(self) -> Mapping[str, Load]:
        """Every client company that has a customer waiting or with an agent."""
        ...

    def place(self, client: str, front: bool, since: float) -> int:
        """The place, from 1, of a customer of `client` who waits since then."""
        ...

    def claim(self, agent: str, handoff: str, control: int, lease_until: float) -> None:
        """Raises AtCapacity when the agent has no room or is not online, Taken when too late."""
        ...

    def free(self, agent: str) -> None: ...

    def held_by(self, agent: str) -> Sequence[tuple[str, str]]:
        """(client, conversation) this agent owns now."""
        ...

    def renew(self, agent: str, lease_until: float) -> None: ...

    def expired(self, now: float) -> Sequence[tuple[str, str, int]]:
        """(client, conversation, control) whose agent's lease has run out."""
        ...

    def mean_handling(self, client: str) -> float | None:
        """Mean seconds a person spent on the last 50 contacts, None below three."""
        ...

    def position(self) -> int:
        """A number that rises with every change of the line: the desk stream's cursor."""
        ...

    def touch(self) -> None:
        """Let the position rise: something else that every desk shows is another now."""
        ...


class Agents(Protocol):
    """Logins and sessions. Password hashes and session digests only, never the secrets."""

    def add(self, agent: Agent, password_hash: str) -> None: ...

    def get(self, agent: str) -> Agent | None: ...

    def by_login(self, login: str) -> tuple[Agent, str] | None: ...

    def all(self) -> Sequence[Agent]: ...

    def update(self, agent: Agent) -> None:
        """Keep name, role, clients, languages, capacity and disabled; sessions of before end."""
        ...

    def set_password(self, agent: str, password_hash: str) -> None: ...

    def set_status(self, agent: str, status: Status, now: float) -> None: ...

    def seen(self, agents: Iterable[str], now: float) -> None:
        """A page of each is open now."""
        ...

    def put_offline(self, before: float, now: float) -> int:
        """Set offline who is on duty and neither seen nor set so since `before`; how many."""
        ...

    def open_session(self, digest: str, agent: str, expires: float) -> None: ...

    def session(self, digest: str, now: float) -> Agent | None: ...

    def close_session(self, digest: str) -> None: ...

    def use_nonce(self, nonce: str, expires: float) -> bool:
        """False when this single-use ticket was used before."""
        ...


class Ledger(Protocol):
    """What remains of contacts: rows for the client company, tasks, and who read what."""

    def record(self, conversation: Conversation, row: RecordContact, now: float) -> None: ...

    def contacts(self, client: str, since: float, until: float) -> Sequence[ContactRow]: ...

    def keep_task(self, conversation: Conversation, task: KeepTask, now: float) -> None: ...

    def tasks(self, clients: Iterable[str], open_only: bool) -> Sequence[Task]: ...

    def open_tasks(self, clients: Iterable[str]) -> int: ...

    def task_done(self, task: str, clients: Iterable[str], agent: str, now: float) -> bool: ...

    def log_access(self, agent: str, conversation: str, what: str, now: float) -> None: ...

    def reads(self, client: str, conversation: str) -> Sequence[Read]:
        """Who looked at it, oldest first; also when the conversation itself is gone."""
        ...

    def forget_reads(self, before: float, limit: int) -> int:
        """Delete at most `limit` rows of the access log older than `before`; how many."""
        ...


class Archive(Protocol):
    """What is held about conversations as a whole: to show it, and to forget it."""

    def companies(self) -> Sequence[str]:
        """Every client company that has a conversation, configured or not."""
        ...

    def outdated(self, client: str, before: float, limit: int) -> Sequence[str]:
        """Conversations in which nothing was stored since `before`, the oldest first."""
        ...

    def recent(
        self, client: str, since: float, before: tuple[float, str] | None, limit: int
    ) -> Sequence[tuple[float, str]]:
        """(last activity, conversation) since `since`, the newest first.

        `before` is the last one of an earlier answer: what follows it comes next.
        """
        ...

    def last_activity(self, client: str, conversation: str) -> float | None: ...

    def of_visitor(self, client: str, conversation: str) -> Sequence[str]:
        """That conversation and the others of its visitor, in the order they began."""
        ...

    def held(self, client: str, conversation: str) -> Held: ...

    def forget(self, conversation: Conversation, now: float) -> Forgotten:
        """Delete the conversation with all that hangs on it, and order the bot to forget it.

        Its contacts stay without the visitor's mark, and keep what is known of `again`.
        Reads stay. Raises NotFound.
        """
        ...

    def erasures(self, now: float, limit: int) -> Sequence[Erasure]:
        """What the bot has yet to forget and may be asked now."""
        ...

    def erasure(self, client: str, conversation: str) -> Erasure | None:
        """What the bot has yet to forget of that conversation, asked for now or later."""
        ...

    def erased(self, conversation: str) -> None:
        """The bot has forgotten."""
        ...

    def postpone(self, conversation: str, not_before: float) -> None:
        """The bot could not be asked: once more, one attempt the poorer."""
        ...


class ClientWrites(Protocol):
    """Writes to clients' systems by key, so that each is done once, whoever is asked for it."""

    def begin(self, key: str, holder: str, now: float, until: float) -> Begun:
        """Take it for `holder` until then, unless it was taken or done and that still counts."""
        ...

    def keep(self, key: str, holder: str, answer: Mapping[str, object], until: float) -> None:
        """What came of it. Nothing happens when it is another's by now."""
        ...

    def drop(self, key: str, holder: str) -> None:
        """It came to nothing: whoever asks next may try."""
        ...

    def forget(self, before: float, limit: int) -> int:
        """Delete at most `limit` that count no longer; how many."""
        ...


class Unit(Protocol):
    """One transaction, used synchronously. Never kept beyond the function it was given to."""

    @property
    def conversations(self) -> Conversations: ...

    @property
    def outbox(self) -> Outbox: ...

    @property
    def queue(self) -> Queue: ...

    @property
    def agents(self) -> Agents: ...

    @property
    def ledger(self) -> Ledger: ...

    @property
    def archive(self) -> Archive: ...

    @property
    def client_writes(self) -> ClientWrites: ...

    def now(self) -> float:
        """Seconds since the epoch: the database's on PostgreSQL, else the clock's."""
        ...


Committed = Callable[[float, int], None]
"""Told of each commit: the seconds it took, and how many units it held. From any thread."""


class Store(Protocol):
    """The only truth. `write` returns after a durable commit; a raised error leaves nothing."""

    async def write(self, work: Callable[[Unit], T]) -> T: ...

    async def read(self, work: Callable[[Unit], T]) -> T: ...

    async def ready(self) -> None:
        """Raises StoreError unless a write truly reaches the disk."""
        ...

    async def close(self) -> None: ...
