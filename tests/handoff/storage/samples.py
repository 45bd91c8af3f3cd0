"""Conversations, lines and people to store."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from handoff.core.conversation import Contact, Conversation, Handoff, Mode, Owner, handed_to
from handoff.core.message import Audience, Author, Kind, Message, Stored
from handoff.core.roster import Agent, Role, Status
from handoff.ports import Store, Unit
from handoff.records import Order

_numbers = itertools.count(1)


@dataclass
class HandClock:
    """Moved by hand. Only where the database has no clock of its own is it asked."""

    at: float = 1_000_000.0

    def __call__(self) -> float:
        return self.at


def new_id() -> str:
    return f"{next(_numbers):032x}"


def conversation(client: str = "heimbud", visitor: str | None = None) -> Conversation:
    return Conversation(
        id=new_id(), client=client, visitor=visitor or new_id(), epoch="e1", language="nb"
    )


def said(text: str = "hei", cmid: str | None = None) -> Message:
    return Message(
        Author.CUSTOMER, Kind.TEXT, {"text": text}, cmid=cmid or new_id(), turn_id=new_id()
    )


def bot_said(turn_id: str, part: int = 0, text: str = "Hei!") -> Message:
    return Message(Author.BOT, Kind.TEXT, {"text": text, "buttons": []}, turn_id=turn_id, part=part)


def understood(turn_id: str) -> Message:
    body = {"nlu": {"intent": "greet", "confidence": 0.93}}
    return Message(Author.BOT, Kind.UNDERSTANDING, body, Audience.STAFF, turn_id=turn_id)


def noted(agent: str, text: str = "husk kvittering") -> Message:
    return Message(
        Author.AGENT,
        Kind.NOTE,
        {"text": text},
        Audience.STAFF,
        author_id=agent,
        author_name="Kari",
        cmid=new_id(),
    )


def person(login: str | None = None, *, capacity: int = 5, status: Status = Status.ONLINE) -> Agent:
    number = new_id()
    return Agent(
        id=number,
        login=login or f"{number}@demo.example",
        name="Kari Nordli",
        role=Role.AGENT,
        clients=frozenset({"heimbud", "varde"}),
        languages=frozenset({"nb", "nn", "en"}),
        capacity=capacity,
        status=status,
    )


def order(state: Conversation, created: float = 10.0) -> Order:
    return Order(
        id=new_id(),
        client=state.client,
        conversation=state.id,
        kind="turn",
        control=state.control,
        body={"text": "hei", "is_payload": False},
        created=created,
        turn_id=new_id(),
    )


def waits(
    state: Conversation, since: float = 100.0, *, front: bool = False, reason: str = "asked_human"
) -> Conversation:
    """The conversation after it asked for a person."""
    handoff = Handoff(new_id(), reason, "track_parcel", front, since)
    contact = state.contact or Contact(started=since, mark=since)
    waiting = handed_to(
        replace(state, contact=contact), since, mode=Mode.WAITING, owner=Owner.NOBODY
    )
    return replace(waiting, handoff=handoff)


async def started(
    store: Store, state: Conversation | None = None, now: float = 1.0
) -> Conversation:
    """A conversation that is in the store."""
    kept = state or conversation()
    await store.write(lambda unit: unit.conversations.start(kept, now))
    return kept


async def waiting(
    store: Store,
    since: float = 100.0,
    *,
    client: str = "heimbud",
    front: bool = False,
    language: str = "nb",
) -> Conversation:
    """A conversation that is in the store and in the line."""
    before = await started(store, replace(conversation(client), language=language), since)
    after = waits(before, since, front=front)

    def work(unit: Unit) -> None:
        unit.conversations.save(before, after, "HandoffRequested", "customer", since)
        unit.queue.offer(after, since)

    await store.write(work)
    return after


async def stored(store: Store, state: Conversation, line: Message, now: float = 1.0) -> Stored:
    """The line, once it is in the store."""
    return await store.write(lambda unit: unit.conversations.append(state, line, now))


async def lines(store: Store, state: Conversation, audience: Audience) -> Sequence[Stored]:
    return await store.read(lambda unit: unit.conversations.messages(state.id, audience, 0, 1_000))


async def kept(store: Store, state: Conversation, client: str = "heimbud") -> Conversation | None:
    """The state the store shows to that client company."""
    return await store.read(lambda unit: unit.conversations.get(client, state.id))


async def employed(store: Store, agent: Agent | None = None) -> Agent:
    """An agent who is in the store."""
    kept = agent or person()
    await store.write(lambda unit: unit.agents.add(kept, "hash"))
    return kept


def handoff_of(state: Conversation) -> str:
    assert state.handoff is not None
    return state.handoff.id
