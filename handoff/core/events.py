"""What can happen to a conversation, in the past tense. Times arrive apart, as `now`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from handoff.core.message import Reply


class Choice(StrEnum):
    """What a waiting customer may choose."""

    STAY = "stay"
    BOT = "bot"
    CONTACT = "contact"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk as it looked in the transaction of the event.

    `place` is the place in the queue the customer gets, from 1; `wait` an honest estimate in
    seconds, None when nothing honest can be said.
    """

    open: bool
    staffed: bool
    place: int = 1
    wait: float | None = None


@dataclass(frozen=True, slots=True)
class ConversationStarted:
    greeting: str


@dataclass(frozen=True, slots=True)
class CustomerArrived:
    """The widget was opened, or opened on another page."""

    page: str


@dataclass(frozen=True, slots=True)
class CustomerSpoke:
    """`payload` is set when a button the server had sent was pressed; `text` is its title then.

    `masked` names the kinds of number that were hidden in the text before it came here.
    """

    text: str
    cmid: str
    turn_id: str
    payload: str | None = None
    masked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HandoffRequested:
    """By the bot's signal, by the customer's own button, or by the system when the bot is down."""

    handoff_id: str
    reason: str
    desk: Desk
    topic: str | None = None
    front: bool = False
    card: Mapping[str, object] = field(default_factory=dict)
    cmid: str | None = None


@dataclass(frozen=True, slots=True)
class BotReplied:
    """`control` is the number the order carried; `request` a handoff asked for in the turn."""

    turn_id: str
    control: int
    replies: tuple[Reply, ...]
    understanding: Mapping[str, object]
    request: HandoffRequested | None = None
    topic: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class BotFailed:
    """The bot's turn is given up after its retries; the customer is told and passed on."""

    turn_id: str
    control: int
    request: HandoffRequested


@dataclass(frozen=True, slots=True)
class CustomerChose:
    choice: Choice
    desk: Desk
    cmid: str | None = None


@dataclass(frozen=True, slots=True)
class ContactLeft:
    """A contact form: how to reach the customer, kept as a task for the desk."""

    task_id: str
    name: str
    reach: str
    text: str
    cmid: str | None = None


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    language: str


@dataclass(frozen=True, slots=True)
class AgentClaimed:
    """`by` is the supervisor who gave the conversation to the agent, None when they took it."""

    agent: str
    name: str
    control: int
    cmid: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class AgentSpoke:
    agent: str
    name: str
    control: int
    cmid: str
    text: str


@dataclass(frozen=True, slots=True)
class AgentNoted:
    agent: str
    name: str
    cmid: str
    text: str


@dataclass(frozen=True, slots=True)
class AgentTransferred:
    """To one colleague, or to the queue when `to` is None."""

    agent: str
    control: int
    to: str | None = None
    note: str = ""
    cmid: str | None = None


@dataclass(frozen=True, slots=True)
class ChatRecalled:
    """A supervisor put a colleague's conversation back in the queue, at its old place."""

    by: str
    control: int
    cmid: str | None = None


@dataclass(frozen=True, slots=True)
class AgentReleased:
    """Handed back to the bot, with slots the agent kept, set, or emptied (None)."""

    agent: str
    control: int
    slots: Mapping[str, object] = field(default_factory=dict)
    cmid: str | None = None


@dataclass(frozen=True, slots=True)
class LeaseExpired:
    """The agent's page has been silent for a whole lease."""

    control: int


@dataclass(frozen=True, slots=True)
class VerdictGiven:
    agent: str
    verdict: str  # needed, needless or too_late
    cmid: str | None = None


@dataclass(frozen=True, slots=True)
class CustomerRated:
    """How content the customer was when it was over: `stars` from 1 to 5."""

    stars: int
    cmid: str | None = None


@dataclass(frozen=True, slots=True)
class ConversationClosed:
    """`agent` is None when the customer ended it, it lay idle, or it is about to be forgotten.

    `silent_since` is when the last line of an idle contact was said (epoch seconds).
    """

    agent: str | None
    control: int | None
    reason: str | None
    by: str  # agent, customer, idle or forgotten
    resolved: bool | None = None
    cmid: str | None = None
    silent_since: float | None = None


Event = (
    ConversationStarted
    | CustomerArrived
    | CustomerSpoke
    | HandoffRequested
    | BotReplied
    | BotFailed
    | CustomerChose
    | ContactLeft
    | LanguageChosen
    | AgentClaimed
    | AgentSpoke
    | AgentNoted
    | AgentTransferred
    | ChatRecalled
    | AgentReleased
    | LeaseExpired
    | VerdictGiven
    | CustomerRated
    | ConversationClosed
)


def actor(event: Event) -> str:
    """Who caused the event, for the history: `customer`, `bot`, `system` or an agent's id."""
    match event:
        case (
            CustomerArrived()
            | CustomerSpoke()
            | CustomerChose()
            | ContactLeft()
            | LanguageChosen()
            | CustomerRated()
        ):
            return "customer"
        case BotReplied() | BotFailed():
            return "bot"
        case ConversationClosed(agent=None, by=by):
            return by
        case AgentClaimed(by=str(by)) | ChatRecalled(by=by):
            return by
        case (
            AgentClaimed(agent=str(agent))
            | AgentSpoke(agent=str(agent))
            | AgentNoted(agent=str(agent))
            | AgentTransferred(agent=str(agent))
            | AgentReleased(agent=str(agent))
            | VerdictGiven(agent=str(agent))
            | ConversationClosed(agent=str(agent))
        ):
            return agent
        case _:
            return "system"
