"""The real service with people, clients and conversations on it, as a test needs them.

Only the bot's own server is away: what the bot said and understood is written through the
bridge, as it is when Rasa has answered.
"""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from handoff.app import Service, service
from handoff.bridge.unit_of_work import Work
from handoff.core import events as ev
from handoff.core.conversation import Conversation
from handoff.core.message import Audience, Kind, Reply
from handoff.core.roster import Agent, Role
from handoff.ports import Unit
from handoff.settings import Settings, read_settings
from handoff.storage import migrate
from handoff.tokens import new_id
from tests.ports import free_ports
from tests.service.pages import Customer

PASSWORD = "stafettpinnen"
# argon2id of PASSWORD with the cheapest parameters: a test need not wait for a slow hash.
PASSWORD_HASH = (
    "$argon2id$v=19$m=8,t=1,p=1$fgWRcLyhrhgzp5xjPFYH9w$1RL4HEMQGCm5azW8wQ0i31knt6HeYpqyGFZvqzQZTx0"
)
BOTH = frozenset({"heimbud", "varde"})


@dataclass
class Clock:
    """The time of day of the service; `shift` is seconds added to the machine's."""

    shift: float = 0.0

    def __call__(self) -> float:
        return time.time() + self.shift


@dataclass(frozen=True)
class Said:
    """One customer turn: words, what the bot understood, and what it answered."""

    text: str
    intent: str = "nlu_fallback"
    confidence: float = 0.31
    answer: str = ""
    buttons: Sequence[str] = ()
    entities: Mapping[str, str] = field(default_factory=dict)
    slots: Mapping[str, Any] = field(default_factory=dict)
    lookups: Sequence[Mapping[str, Any]] = ()
    others: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """A conversation that ends in the queue. `ago` is seconds since it was handed over."""

    client: str
    turns: Sequence[Said]
    reason: str
    reasons: Sequence[Mapping[str, Any]]
    ago: float = 30.0
    topic: str | None = None
    front: bool = False
    language: str = "nb"
    page: str = ""
    tried: Sequence[Mapping[str, str]] = ()
    confirmed: Mapping[str, Any] = field(default_factory=dict)
    guessed: Mapping[str, Any] = field(default_factory=dict)


class Stage:
    """A running service and the hands to move its conversations."""

    def __init__(self, running: Service, settings: Settings, clock: Clock) -> None:
        self.store = running.store
        self.bridge = running.bridge
        self.clients = running.clients
        self.settings = settings
        self.url = settings.public_url
        self.clock = clock

    async def agent(
        self,
        name: str,
        *,
        clients: frozenset[str] = BOTH,
        capacity: int = 5,
        role: Role = Role.AGENT,
    ) -> Agent:
        """A person with a login: the first name in small letters, and PASSWORD."""
        agent = Agent(
            id=new_id(),
            login=name.split()[0].lower(),
            name=name,
            role=role,
            clients=clients,
            languages=frozenset({"nb", "nn", "en"}),
            capacity=capacity,
        )
        await self.store.write(lambda unit: unit.agents.add(agent, PASSWORD_HASH))
        return agent

    async def waits(self, case: Case, visitor: str = "") -> Conversation:
        """The conversation up to its handover, told in the order and at the times it had."""
        visitor = visitor or new_id()

        def work(w: Work) -> Conversation:
            spread = 25.0 * len(case.turns) + 8.0
            self.clock.shift = -case.ago - spread
            state = w.unit.conversations.latest_of(case.client, visitor) or self._begun(
                w, case, visitor
            )
            state = w.apply(state, ev.CustomerArrived(case.page)).conversation
            for at, said in enumerate(case.turns):
                self.clock.shift = -case.ago - spread + 25.0 * at + 12.0
                turn = new_id()
                event = ev.CustomerSpoke(said.text, str(uuid.uuid4()), turn)
                state = w.apply(state, event).conversation
                self.clock.shift += 2.0
                last = at == len(case.turns) - 1
                if last:
                    self.clock.shift = -case.ago
                state = w.apply(state, self._reply(w, state, case, said, turn, last)).conversation
            return state

        try:
            return await self.bridge.commit(work)
        finally:
            self.clock.shift = 0.0

    def _begun(self, w: Work, case: Case, visitor: str) -> Conversation:
        state = Conversation(
            id=new_id(),
            client=case.client,
            visitor=visitor,
            epoch=new_id(),
            language=case.language,
            language_chosen=True,
        )
        w.unit.conversations.start(state, w.now())
        greeting = self.clients[case.client].greeting.of(case.language)
        return w.apply(state, ev.ConversationStarted(greeting)).conversation

    def _reply(
        self, w: Work, state: Conversation, case: Case, said: Said, turn: str, last: bool
    ) -> ev.BotReplied:
        ranking = [{"name": said.intent, "confidence": said.confidence}]
        ranking += [{"name": name, "confidence": share} for name, share in said.others.items()]
        signal = {
            "type": "handoff",
            "v": 1,
            "reason": case.reason,
            "topic": case.topic,
            "priority": "front" if case.front else "normal",
            "reasons": list(case.reasons),
            "tried": list(case.tried),
            "confirmed": dict(case.confirmed),
            "guessed": dict(case.guessed),
        }
        buttons = tuple({"title": title, "payload": "/affirm"} for title in said.buttons)
        return ev.BotReplied(
            turn_id=turn,
            control=state.control,
            replies=(Reply(said.answer, buttons),) if said.answer else (),
            understanding={
                "nlu": {
                    "intent": said.intent,
                    "confidence": said.confidence,
                    "ranking": ranking,
                    "entities": [
                        {"entity": name, "value": value, "start": 0, "end": len(value)}
                        for name, value in said.entities.items()
                    ],
                    "language": case.language,
                },
                "slots": dict(said.slots),
                "assessment": None,
                "lookups": list(said.lookups),
            },
            request=w.request(state, signal) if last else None,
            topic=case.topic,
        )

    async def customer(self, client: str, visitor: str) -> Customer:
        """One tab with the visitor's widget open, as its socket is."""
        origin = self.clients[client].origins[0]
        async with httpx.AsyncClient(trust_env=False) as http:
            response = await http.post(
                f"{self.url}/api/clients/{client}/tickets",
                json={"visitor": visitor},
                headers={"Origin": origin},
            )
        given = response.json()
        page = await Customer.open(given["socket"], origin)
        welcome = await page.hello(given["ticket"])
        await page.resume(welcome["epoch"])
        return page

    async def customer_says(self, conversation: Conversation, text: str) -> None:
        await self.bridge.customer_says(
            conversation.client, conversation.id, str(uuid.uuid4()), text
        )

    async def state(self, conversation: Conversation) -> Conversation:
        found = await self.store.read(
            lambda unit: unit.conversations.get(conversation.client, conversation.id)
        )
        assert found is not None
        return found

    async def said(self, conversation: Conversation) -> list[tuple[str, str]]:
        """Who said what, as the database has it."""

        def work(unit: Unit) -> list[tuple[str, str]]:
            lines = unit.conversations.messages(conversation.id, Audience.STAFF, 0, 1_000)
            return [
                (line.message.author.value, str(line.message.body["text"]))
                for line in lines
                if line.message.kind in (Kind.TEXT, Kind.NOTE)
            ]

        return await self.store.read(work)


@contextlib.asynccontextmanager
async def staged(folder: Path) -> AsyncIterator[Stage]:
    """A service of its own for one test, its data in `folder`."""
    names = ("WEB_PORT", "WS_PORT", "INTERNAL_PORT", "RASA_PORT", "DEMO_SYSTEMS_PORT")
    environment = {name: str(port) for name, port in zip(names, free_ports(5), strict=True)}
    environment |= {"DATA_DIR": str(folder), "AGENT_HEARTBEAT_SECONDS": "2"}
    settings = read_settings(environment)
    migrate(settings.database_url)
    clock = Clock()
    async with service(settings, clock=clock) as running:
        yield Stage(running, settings, clock)
