"""The state of one conversation: who owns it, who waits, and the clock of its contact."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Mode(StrEnum):
    BOT = "bot"
    WAITING = "waiting"
    AGENT = "agent"
    CLOSED = "closed"


class Owner(StrEnum):
    """Who may speak to the customer. In WAITING the bot may, if the customer chose so."""

    NOBODY = "nobody"
    BOT = "bot"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class Handoff:
    """A request for a person. `since` (epoch seconds) keeps the place through every return."""

    id: str
    reason: str
    topic: str | None
    front: bool
    since: float
    preferred_agent: str | None = None
    preferred_until: float = 0.0


@dataclass(frozen=True, slots=True)
class Contact:
    """The running contact's clock. `mark` is when the present owner took over (epoch seconds)."""

    started: float
    mark: float
    bot_seconds: float = 0.0
    person_seconds: float = 0.0
    waited_seconds: float = 0.0
    had_person: bool = False
    left_task: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """One thread between a visitor and a client company.

    `control` rises at every change of owner: whoever speaks says which number they saw.
    """

    id: str
    client: str
    visitor: str
    epoch: str
    mode: Mode = Mode.BOT
    owner: Owner = Owner.BOT
    agent: str | None = None
    control: int = 1
    language: str = "nb"
    language_chosen: bool = False
    topic: str | None = None
    handoff: Handoff | None = None
    contact: Contact | None = None


def handed_to(
    conversation: Conversation, now: float, *, mode: Mode, owner: Owner, agent: str | None = None
) -> Conversation:
    """A change of owner: the control number rises and the contact's clock is read."""
    contact = conversation.contact
    if contact is not None:
        spent = max(0.0, now - contact.mark)
        match conversation.owner:
            case Owner.BOT:
                contact = replace(contact, bot_seconds=contact.bot_seconds + spent)
            case Owner.AGENT:
                contact = replace(contact, person_seconds=contact.person_seconds + spent)
            case Owner.NOBODY:
                contact = replace(contact, waited_seconds=contact.waited_seconds + spent)
        contact = replace(contact, mark=now, had_person=contact.had_person or owner is Owner.AGENT)
    return replace(
        conversation,
        mode=mode,
        owner=owner,
        agent=agent,
        control=conversation.control + 1,
        contact=contact,
    )
