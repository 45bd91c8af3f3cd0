"""What a transition asks for, in the imperative. The bridge stores first and acts after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from handoff.core.message import Message


@dataclass(frozen=True, slots=True)
class Deliver:
    message: Message


@dataclass(frozen=True, slots=True)
class AskBot:
    """Order one turn of the bot. A reply counts only while `control` still holds."""

    turn_id: str
    control: int
    text: str
    is_payload: bool


@dataclass(frozen=True, slots=True)
class WakeBot:
    """Tell the bot what people said and did meanwhile, set `slots`, and let it listen again."""

    slots: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offer:
    """Put the conversation's handoff in the queue (again)."""


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take the handoff out of the queue. `cause`: claimed, contact, left or closed."""

    handoff_id: str
    cause: str


@dataclass(frozen=True, slots=True)
class FreeAgent:
    """One chat less on this agent's desk."""

    agent: str


@dataclass(frozen=True, slots=True)
class KeepTask:
    task_id: str
    name: str
    reach: str
    text: str


@dataclass(frozen=True, slots=True)
class RecordContact:
    """The contact ended: write its one row."""

    reason: str | None
    outcome: str  # bot, person, abandoned or task
    resolved: bool | None
    started: float
    bot_seconds: float
    person_seconds: float
    waited_seconds: float


Effect = Deliver | AskBot | WakeBot | Offer | Withdraw | FreeAgent | KeepTask | RecordContact
