"""Customers: some talk with an agent, some with the bot."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from handoff.tokens import new_id
from tests.faults.history import Screen, Shown
from tests.faults.page import Frame, Page
from tests.simulation.page import Receiver

CLIENT = "heimbud"
ANSWER_SECONDS = 40.0
QUESTIONS = (
    "hvor er pakken min?",
    "HB33019246",
    "når er dere åpne?",
    "avisen kom ikke i dag",
    "hva kan du hjelpe meg med?",
)


def shown(line: Frame) -> Shown:
    """A line of the customer's stream as the checker sees it."""
    kind = line["kind"]
    text = line.get("code") if kind == "notice" else line.get("text", "")
    return Shown(line["seq"], line["author"], str(text), line.get("cmid"), kind=kind)


@dataclass(slots=True, kw_only=True)
class Customer(Page):
    """`chatty` asks for a person and writes bursts; the others ask the bot and wait."""

    web: str
    chatty: bool
    pause: float
    visitor: str = field(default_factory=new_id)
    conversation: str = ""
    epoch: str = ""
    screen: Screen | None = None
    mode: str = "bot"
    written: int = 0
    receives: Callable[[], Receiver] = Receiver
    receiver: Receiver = field(default_factory=Receiver)
    resumed: bool = False
    _generation: int = 0
    _asked: str | None = None

    async def ticket(self, http: httpx.AsyncClient) -> str:
        answer = await http.post(
            f"{self.web}/api/clients/{CLIENT}/tickets",
            json={"visitor": self.visitor},
            headers={"Origin": self.origin},
        )
        given = answer.raise_for_status().json()
        self.url = given["socket"]
        return str(given["ticket"])

    def welcomed(self, welcome: Frame) -> list[Frame]:
        if welcome["conversation"] != self.conversation:
            self.conversation = welcome["conversation"]
            for cmid in self.outbox:
                self.history.moved(cmid, self.conversation)
            self.epoch = ""
        self.mode = welcome["mode"]
        if self.screen is None or welcome["epoch"] != self.epoch:
            self._new_screen(welcome["epoch"])
        self.receiver.begin(welcome["last_seq"])
        self.resumed = False
        return [{"t": "resume", "epoch": self.epoch, "after": self.receiver.ask()}]

    def _new_screen(self, epoch: str) -> None:
        self.epoch, self.receiver = epoch, self.receives()
        if self.screen is not None:
            self.history.leave(self.screen)
        self._generation += 1
        name = f"{self.name}/{self._generation}"
        self.screen = self.history.screen(name, self.conversation, "customer", epoch)

    async def take(self, frame: Frame) -> None:
        match frame["t"]:
            case "batch":
                assert self.screen is not None
                self.history.fetched(self.screen, [line["seq"] for line in frame["lines"]])
                self.show(frame["lines"])
                if not frame["more"]:
                    self.resumed = True
                    self.receiver.answered()
            case "event":
                self.show([frame["line"]])
            case "heartbeat":
                self.receiver.heard(frame["last_seq"])
            case "ephemeral":
                self.mode = frame.get("mode") or self.mode
            case "reset":
                self._new_screen(frame["epoch"])
        if (after := self.receiver.lacks()) is not None:
            await self.put_on_wire({"t": "resume", "epoch": self.epoch, "after": after})

    def show(self, lines: list[Frame]) -> None:
        """What may be shown now, in order and once."""
        assert self.screen is not None
        for line in self.receiver.take([shown(one) for one in lines]):  # type: ignore[arg-type]
            self.history.shows(self.screen, line)  # type: ignore[arg-type]

    async def reload(self) -> None:
        """The page is loaded anew: an empty screen, the same outbox."""
        if self.screen is not None:
            self._new_screen(self.epoch)
        await self.drop()

    async def close_tab(self) -> None:
        """The page is closed with what it had not sent, and opened again."""
        self.forget()
        await self.reload()

    async def chat(self) -> None:
        """Write until cancelled."""
        while True:
            await asyncio.sleep(self.rng.uniform(0.3, 1.7) * self.pause)
            if self.connections == 0:
                continue
            if not self.chatty:
                await self._ask_the_bot()
                continue
            if self.mode in ("bot", "closed"):
                await self.ask_for_a_person()
            for _ in range(self.rng.choice((1, 1, 2, 3)) if len(self.outbox) < 6 else 0):
                await self.write("linje")

    async def write(self, words: str, **more: Any) -> str:
        """A line that no one else has written. Returns its cmid."""
        self.written += 1
        text = f"{words} {self.name}.{self.written}"
        return await self.line(self.conversation, text, t="send", **more)

    async def _ask_the_bot(self) -> None:
        if self.mode == "bot" and self.screen is not None and not self.outbox:
            known = len(self.screen.shown)
            await self.write(QUESTIONS[self.written % len(QUESTIONS)])
            deadline = time.monotonic() + ANSWER_SECONDS
            while time.monotonic() < deadline and self.mode == "bot":
                await asyncio.sleep(0.2)
                if any(line.author != "customer" for line in self.screen.shown[known:]):
                    break

    async def ask_for_a_person(self) -> None:
        """Once, until it is answered."""
        if self._asked is not None and self._asked in self.outbox:
            return
        self.mode = "waiting"  # unless a frame says otherwise
        self.written += 1
        self._asked = f"{self.rng.getrandbits(32):08x}-0000-4000-8000-{self.written:012x}"
        self.outbox[self._asked] = {"t": "ask_person", "cmid": self._asked}
        await self.put_on_wire(self.outbox[self._asked])
