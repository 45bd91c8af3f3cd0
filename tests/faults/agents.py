"""Agents: they take whoever waits, answer every line, and hand customers back to the bot."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx

from handoff.routes.guards import COOKIE
from tests.faults.history import Screen, Shown
from tests.faults.page import Frame, Page
from tests.service.running import PASSWORD
from tests.simulation.page import Receiver

LONG_CHAT = 40


def shown(line: Frame) -> Shown:
    """A line of the staff's stream as the checker sees it."""
    body, kind = line["body"], line["kind"]
    text = body.get("text", "") if kind == "text" else body.get("code", kind)
    return Shown(
        line["seq"],
        line["author"],
        str(text),
        line.get("cmid"),
        line.get("author_id", ""),
        line.get("customer_seq"),
        (body.get("agent") or body["owner"]) if kind == "state" else None,
        body["control"] if kind == "state" else 0,
        kind,
        line.get("turn_id"),
    )


@dataclass(slots=True)
class Chat:
    """One conversation on a desk."""

    client: str
    conversation: str
    screen: Screen
    epoch: str = ""
    receiver: Receiver = field(default_factory=Receiver)
    control: int = 0
    owner: str = ""
    owed: int = 0
    answers: int = 0

    def opening(self, after: int) -> Frame:
        return {
            "t": "open",
            "client": self.client,
            "conversation": self.conversation,
            "epoch": self.epoch or None,
            "after": after,
        }


@dataclass(slots=True, kw_only=True)
class Agent(Page):
    """A desk. `hands_back` are names of customers who go back to the bot after one answer.

    All others do after `LONG_CHAT` answers, so that chats wander from desk to desk.
    """

    web: str
    login: str
    cookie: str
    capacity: int
    hands_back: tuple[str, ...] = ()
    takes: bool = True
    id: str = ""
    chats: dict[str, Chat] = field(default_factory=dict)
    mine: set[str] = field(default_factory=set)
    waiting: int = 0
    written: int = 0
    _next: str | None = None
    _generation: int = 0

    async def ticket(self, http: httpx.AsyncClient) -> str:
        answer = await self._post(http, "/api/desk/ticket")
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            entry = {"login": self.login, "password": PASSWORD}
            entered = await self._post(http, "/api/login", json=entry)
            self.cookie = entered.raise_for_status().cookies[COOKIE]
            answer = await self._post(http, "/api/desk/ticket")
        given = answer.raise_for_status().json()
        self.url = given["socket"]
        return str(given["ticket"])

    async def _post(self, http: httpx.AsyncClient, path: str, **more: Any) -> httpx.Response:
        http.cookies.clear()
        headers = {"Origin": self.origin, "Cookie": f"{COOKIE}={self.cookie}"}
        return await http.post(f"{self.web}{path}", headers=headers, **more)

    def welcomed(self, welcome: Frame) -> list[Frame]:
        self.id = welcome["agent"]
        self.mine = {one["conversation"] for one in welcome["mine"]}
        out: list[Frame] = [{"t": "status", "status": "online"}] if self.takes else []
        for one in welcome["mine"]:
            self._chat(one["client"], one["conversation"])
        for chat in self.chats.values():
            chat.receiver.begin(chat.receiver.known)
            out.append(chat.opening(chat.receiver.ask()))
        return out

    def _chat(self, client: str, conversation: str) -> Chat:
        if conversation not in self.chats:
            self.chats[conversation] = Chat(client, conversation, self._screen(conversation))
        return self.chats[conversation]

    def _screen(self, conversation: str) -> Screen:
        self._generation += 1
        return self.history.screen(f"{self.name}/{self._generation}", conversation, "staff")

    async def opens(self, client: str, conversation: str) -> None:
        """Follow a conversation from its first line."""
        if conversation not in self.chats:
            await self.put_on_wire(self._chat(client, conversation).opening(0))

    async def take(self, frame: Frame) -> None:
        match frame["t"]:
            case "queue":
                self.mine = {one["conversation"] for one in frame["mine"]}
                self.waiting = frame["total"]
                for one in frame["mine"]:
                    await self.opens(one["client"], one["conversation"])
                await self._take_somebody()
            case "result" if frame["request"] in self.outbox:
                del self.outbox[frame["request"]]
                if frame["ok"] and frame.get("conversation"):
                    await self.opens(frame["client"], frame["conversation"])
            case "agent_batch":
                chat = self.chats[frame["conversation"]]
                chat.epoch = chat.screen.epoch = chat.epoch or frame["epoch"]
                self.history.fetched(chat.screen, [line["seq"] for line in frame["lines"]])
                await self._show(chat, frame["lines"])
                if not frame["more"]:
                    chat.receiver.answered()
                await self._ask(chat)
            case "agent_event":
                chat = self.chats[frame["conversation"]]
                await self._show(chat, [frame["line"]])
                await self._ask(chat)
            case "agent_heartbeat":
                for conversation, last in frame["last_seqs"].items():
                    if chat := self.chats.get(conversation):
                        chat.receiver.heard(last)
                        await self._ask(chat)
                await self._take_somebody()
            case "agent_reset":
                await self._anew(self.chats[frame["conversation"]])

    async def _anew(self, chat: Chat) -> None:
        self.history.leave(chat.screen)
        del self.chats[chat.conversation]
        await self.opens(chat.client, chat.conversation)

    async def _ask(self, chat: Chat) -> None:
        if (after := chat.receiver.lacks()) is not None:
            await self.put_on_wire(chat.opening(after))

    async def _take_somebody(self) -> None:
        free = self.takes and self.waiting and len(self.mine) < self.capacity
        if free and (self._next is None or self._next not in self.outbox):
            self._next = await self.command(t="next")

    async def leave_for_good(self) -> None:
        """The machine is shut down: no word, and no way back."""
        self.is_away = True
        self.forget()
        await self.drop()
        self.history.gone.add(self.id)
        for chat in self.chats.values():
            self.history.leave(chat.screen)

    async def command(self, **frame: object) -> str:
        """Keep a command until it has its result. Returns its request id at once."""
        request = str(uuid.UUID(int=self.rng.getrandbits(128), version=4))
        self.outbox[request] = {**frame, "request": request}
        await self.put_on_wire(self.outbox[request])
        return request

    async def _show(self, chat: Chat, lines: list[Frame]) -> None:
        ready = chat.receiver.take([shown(one) for one in lines])  # type: ignore[arg-type]
        for line in ready:
            self.history.shows(chat.screen, line)  # type: ignore[arg-type]
            if line.owner is not None:  # type: ignore[attr-defined]
                chat.owner, chat.control = line.owner, line.control  # type: ignore[attr-defined]
            elif line.author == "customer" and chat.owner == self.id:  # type: ignore[attr-defined]
                chat.owed += 1

    async def chat(self) -> None:
        """Answer until cancelled, or gone: at most one line a chat and round."""
        while not self.is_away:
            await asyncio.sleep(self.rng.uniform(0.1, 0.3))
            for chat in list(self.chats.values()):
                if not chat.owed or chat.owner != self.id or len(self.outbox) > 12:
                    continue
                chat.owed -= 1
                await self.answer(chat)

    async def answer(self, chat: Chat) -> str:
        """One line to the customer. Returns its cmid."""
        self.written += 1
        cmid = await self.line(
            chat.conversation,
            f"svar {self.name}.{self.written}",
            t="say",
            client=chat.client,
            conversation=chat.conversation,
            control=chat.control,
        )
        wrote = [line.text for line in chat.screen.shown if line.author == "customer"][-1:]
        chat.answers += 1
        briefly = wrote and wrote[0].split()[-1].split(".")[0] in self.hands_back
        if briefly or chat.answers >= LONG_CHAT:
            chat.owed = chat.answers = 0
            await self.command(
                t="hand_back",
                client=chat.client,
                conversation=chat.conversation,
                control=chat.control,
            )
        return cmid
