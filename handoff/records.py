"""Rows and answers that the ports speak of: plain values, no behaviour but what they tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from handoff.core.conversation import Conversation
from handoff.core.message import Reply, Stored


@dataclass(frozen=True, slots=True)
class Order:
    """One thing for the bot to do, kept in the outbox until done.

    `kind` is `turn` (a customer's line to answer) or `wake` (what people said and did
    meanwhile). `body` is JSON. Times are epoch seconds.
    """

    id: str
    client: str
    conversation: str
    kind: str
    control: int
    body: Mapping[str, object]
    created: float
    turn_id: str | None = None
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Backlog:
    """Orders not done yet, and when the oldest of them was put (epoch seconds)."""

    orders: int
    oldest: float | None


@dataclass(frozen=True, slots=True)
class Load:
    """One client company's customers: how many wait, since when the first, how many are served.

    `since` is epoch seconds, None when nobody waits.
    """

    waiting: int = 0
    since: float | None = None
    served: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """An earlier or present conversation in a list."""

    conversation: str
    client: str
    mode: str
    topic: str | None
    language: str
    started: float
    last_at: float


@dataclass(frozen=True, slots=True)
class Change:
    """One row of a conversation's history: who moved it from where to where, and why.

    `agent` is who owns it after the change, `actor` who made it. `at` is epoch seconds.
    """

    at: float
    old_mode: str
    new_mode: str
    old_owner: str
    new_owner: str
    agent: str | None
    control: int
    cause: str
    actor: str


@dataclass(frozen=True, slots=True)
class Task:
    """A contact form a customer left, to be answered by the desk."""

    id: str
    client: str
    conversation: str
    name: str
    reach: str
    text: str
    created: float
    done_by: str | None = None
    done_at: float | None = None


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One ended contact. `again` is whether the visitor came back within 7 days."""

    client: str
    conversation: str
    reason: str | None
    outcome: str
    resolved: bool | None
    started: float
    ended: float
    bot_seconds: float
    person_seconds: float
    waited_seconds: float
    agent: str | None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """One look at a conversation: `what` was opened, and by whom. `at` is epoch seconds.

    `agent` is an agent's id, or `command line` for whoever runs the service.
    """

    at: float
    agent: str
    client: str
    conversation: str
    what: str


@dataclass(frozen=True, slots=True)
class PastHandoff:
    """One request for a person, as it stood or ended. Times are epoch seconds."""

    id: str
    state: str
    reason: str
    topic: str | None
    since: float
    agent: str | None
    cause: str | None


@dataclass(frozen=True, slots=True)
class Held:
    """Everything the database holds about a conversation.

    `state` is None when the conversation itself is gone: `contacts` and `reads` outlive it.
    """

    state: Conversation | None
    started: float | None
    last_at: float | None
    lines: Sequence[Stored]
    history: Sequence[Change]
    seen: Mapping[str, int]
    handoffs: Sequence[PastHandoff]
    orders: Sequence[Order]
    tasks: Sequence[Task]
    contacts: Sequence[ContactRow]
    reads: Sequence[Read]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows of each kind an erasure took away."""

    lines: int
    changes: int
    tasks: int
    orders: int


@dataclass(frozen=True, slots=True)
class Erasure:
    """A conversation the bot has yet to forget. It is kept until the bot says it is done.

    `ready_at` (epoch seconds) is when it is asked next.
    """

    client: str
    conversation: str
    attempts: int
    ready_at: float


@dataclass(frozen=True, slots=True)
class Begun:
    """A write to a client's system: to be done by who asked (`mine`), or what came of it.

    Neither while another is at it.
    """

    mine: bool
    answer: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One order to the bot. `metadata` is documented in docs/bot-contract.md."""

    turn_id: str
    conversation: str
    text: str
    is_payload: bool
    metadata: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot answered: words, what it understood, and perhaps a signal to hand over."""

    turn_id: str
    replies: tuple[Reply, ...]
    nlu: Mapping[str, object]
    slots: Mapping[str, object]
    assessment: Mapping[str, object] | None
    signal: Mapping[str, object] | None
    lookups: Sequence[Mapping[str, object]] = field(default=())
    paused: bool = False
