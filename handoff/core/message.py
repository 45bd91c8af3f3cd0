"""One line of a conversation, as it is stored and shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Author(StrEnum):
    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


class Audience(StrEnum):
    """Who may see a message. The staff's stream also holds all that the customer sees."""

    CUSTOMER = "customer"
    STAFF = "staff"


class Kind(StrEnum):
    TEXT = "text"  # said by customer, bot or agent: {"text", "buttons"}
    NOTICE = "notice"  # an honest line of the system: {"code", "params"}, worded when stored
    NOTE = "note"  # between agents: {"text"}
    CARD = "card"  # why it was handed over: the signal, whole
    UNDERSTANDING = "understanding"  # what the bot made of one turn
    STATE = "state"  # mode, owner and control after a change: {"mode", "owner", "agent", "control"}
    VISIT = "visit"  # the page the customer writes from: {"page"}
    VERDICT = "verdict"  # an agent's word on the handover: {"verdict"}
    RATING = "rating"  # the customer's word on the help: {"stars"}


@dataclass(frozen=True, slots=True)
class Message:
    """A line with its author. `cmid` is the sender's own id, `turn_id` and `part` the bot's."""

    author: Author
    kind: Kind
    body: Mapping[str, object]
    audience: Audience = Audience.CUSTOMER
    author_id: str = ""
    author_name: str = ""
    cmid: str | None = None
    turn_id: str | None = None
    part: int = 0


@dataclass(frozen=True, slots=True)
class Stored:
    """A message as the database keeps it.

    `staff_seq` and `customer_seq` count from 1 without gaps within the conversation, each in
    its own stream; `customer_seq` is None for what only staff may see. `at` is seconds since
    the epoch (UTC).
    """

    conversation: str
    staff_seq: int
    customer_seq: int | None
    at: float
    message: Message


@dataclass(frozen=True, slots=True)
class Reply:
    """One bot message before it is stored. Each button is {"title", "payload"}."""

    text: str
    buttons: tuple[Mapping[str, str], ...] = field(default=())
