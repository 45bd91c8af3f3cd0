"""Customers who come, ask for a person, talk, go and come back, and the agents they talk with."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
from websockets.exceptions import ConnectionClosed

from benchmarks.crowd import PER_ADDRESS, Frame, Page, address, lines_of, open_socket
from benchmarks.doors import CLIENT
from benchmarks.servers import START_SECONDS, Service
from handoff.tokens import new_id

EXCHANGES = 6
WAIT_SECONDS = 60.0
FINISH = "finish, please"
_ASKED = "Hei, pakken min skulle ha kommet i går. Hvor er den? ({})"


@dataclass(slots=True)
class Round:
    """What all of them lived through. `wrong` are answers lost, doubled or out of order."""

    lines: int = 0
    contacts: int = 0
    wrong: int = 0
    open_pages: int = 0


async def listening(service: Service) -> None:
    """Returns when its socket can be had, a moment after its pages. Raises TimeoutError."""
    async with asyncio.timeout(START_SECONDS):
        while True:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", service.settings.ws_port)
                writer.close()
                return
            await asyncio.sleep(0.05)


@dataclass(slots=True)
class Desk:
    """An agent who takes whoever waits, answers each line, and finishes when asked to."""

    page: Page
    capacity: int
    them: Round
    controls: dict[str, int] = field(default_factory=dict)
    claims: dict[str, tuple[str, int]] = field(default_factory=dict)
    ends: dict[str, str] = field(default_factory=dict)
    out: asyncio.Queue[Frame] = field(default_factory=asyncio.Queue)

    @classmethod
    async def open(
        cls, service: Service, token: str, number: int, capacity: int, them: Round
    ) -> Desk:
        page = await Page.open(
            service.agent_url, service.settings.public_url, token, number=number * PER_ADDRESS
        )
        desk = cls(page, capacity, them)
        page.on_frame = desk.hear
        them.open_pages += 1
        return desk

    async def work(self) -> None:
        """Until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.page.read())
                tasks.create_task(self._write())
        finally:
            self.them.open_pages -= 1
            self.page.socket.transport.abort()

    async def _write(self) -> None:
        while True:
            await self.page.send(await self.out.get())

    def hear(self, frame: Frame) -> None:
        match frame["t"]:
            case "queue":
                for row in frame["waiting"]:
                    self._claim(row)
            case "result":
                self._told(frame)
            case "agent_event" | "agent_batch":
                for line in lines_of(frame):
                    if line["author"] == "customer" and line["kind"] == "text":
                        self._answer(frame["conversation"], line["body"]["text"])

    def _claim(self, row: Frame) -> None:
        held = len(self.controls) + len(self.claims)
        if held >= self.capacity or row["conversation"] in self.controls:
            return
        if any(row["conversation"] == one for one, _ in self.claims.values()):
            return
        request = str(uuid.uuid4())
        self.claims[request] = row["conversation"], row["control"] + 1
        self._send("claim", row["conversation"], request=request, handoff=row["handoff"],
                   control=row["control"])  # fmt: skip

    def _told(self, frame: Frame) -> None:
        """Of a claim, which a colleague may have won; or of an end."""
        if frame["request"] in self.claims:
            conversation, control = self.claims.pop(frame["request"])
            if frame["ok"]:
                self.controls[conversation] = control
                self._send("open", conversation)
            return
        conversation = self.ends.pop(frame["request"])
        if not frame["ok"]:
            raise RuntimeError(f"The service refused an end: {frame}")
        del self.controls[conversation]
        self.out.put_nowait({"t": "shut", "conversation": conversation})

    def _answer(self, conversation: str, text: str) -> None:
        control = self.controls[conversation]
        if text == FINISH:
            request = str(uuid.uuid4())
            self.ends[request] = conversation
            self._send("finish", conversation, control=control, request=request,
                       reason="other", resolved=True)  # fmt: skip
        else:
            self._send("say", conversation, control=control, cmid=str(uuid.uuid4()), text=text)

    def _send(self, kind: str, conversation: str, **fields: object) -> None:
        self.out.put_nowait({"t": kind, "client": CLIENT, "conversation": conversation, **fields})


class Visit:
    """One customer's conversation. `heard` are the agent's lines in the order they came."""

    def __init__(self, service: Service, number: int, them: Round) -> None:
        self._service, self._number, self._them = service, number, them
        self._token = ""
        self._shown = 0
        self._unacknowledged: dict[str, Frame] = {}
        self._page: Page | None = None
        self._reading: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self.heard: list[str] = []
        self._has_ended = False

    async def arrive(self) -> None:
        """As the widget does: a ticket over HTTP, then the socket."""
        transport = httpx.AsyncHTTPTransport(local_address=address(self._number))
        async with httpx.AsyncClient(transport=transport, timeout=WAIT_SECONDS) as web:
            answer = await web.post(
                f"{self._service.settings.public_url}/api/clients/{CLIENT}/tickets",
                json={"visitor": new_id()},
                headers={"Origin": self._service.customer_origin},
            )
        answer.raise_for_status()
        await self._open({"ticket": answer.json()["ticket"]})

    async def _open(self, whom: Frame) -> None:
        page = self._page = Page(
            await open_socket(
                self._service.customer_url, self._service.customer_origin, self._number
            ),
            self._hear,
        )
        await page.send({"t": "hello", "v": 1, **whom})
        page.welcome = json.loads(await page.socket.recv())
        self._token = page.welcome["resume_token"]
        self._them.open_pages += 1
        self._reading = asyncio.create_task(page.read())
        await page.send({"t": "resume", "epoch": page.welcome["epoch"], "after": self._shown})

    def _hear(self, frame: Frame) -> None:
        for line in lines_of(frame):
            if line["seq"] != self._shown + 1:
                self._them.wrong += 1
            self._shown = line["seq"]
            if line["author"] == "agent":
                self.heard.append(line["text"])
        if frame["t"] == "ack":
            self._unacknowledged.pop(frame["cmid"], None)
        if frame["t"] == "ephemeral" and frame.get("mode") == "closed":
            self._has_ended = True
        self._news.set()

    async def leave(self) -> None:
        """As a closed tab does it. Raises what the page was refused with, if it was."""
        assert self._page is not None
        assert self._reading is not None
        self._them.open_pages -= 1
        self._page.socket.transport.abort()
        with contextlib.suppress(ConnectionClosed):
            await self._reading

    async def come_back(self) -> None:
        """What was not acknowledged is sent once more, as the widget does."""
        await self._open({"resume_token": self._token})
        assert self._page is not None
        for frame in list(self._unacknowledged.values()):
            await self._page.send(frame)

    async def ask_person(self) -> None:
        await self._send("ask_person")

    async def says(self, text: str) -> None:
        """Sent, but not waited for."""
        await self._send("send", text=text)
        self._them.lines += 1

    async def _send(self, kind: str, **fields: str) -> None:
        assert self._page is not None
        cmid = str(uuid.uuid4())
        frame = self._unacknowledged[cmid] = {"t": kind, "cmid": cmid, **fields}
        await self._page.send(frame)

    async def answered(self, count: int) -> None:
        """Raises TimeoutError when that many answers do not come within `WAIT_SECONDS`."""
        await self._until(lambda: len(self.heard) >= count)

    async def ended(self) -> None:
        """Raises TimeoutError when the agent's end does not come within `WAIT_SECONDS`."""
        await self._until(lambda: self._has_ended)

    async def _until(self, fits: Callable[[], bool]) -> None:
        async with asyncio.timeout(WAIT_SECONDS):
            while not fits():
                self._news.clear()
                await self._news.wait()


async def come_and_go(
    service: Service, number: int, pause: float, until: float, them: Round
) -> None:
    """One customer after another, from an address of their own, until the monotonic clock says
    `until`.
    """
    dice = random.Random(number)
    while time.monotonic() < until:
        await _talk(Visit(service, number * PER_ADDRESS, them), pause, dice, them)


async def _talk(visit: Visit, pause: float, dice: random.Random, them: Round) -> None:
    """Come, ask for a person, talk, go away in the midst of it, come back, be finished with."""
    await visit.arrive()
    await visit.ask_person()
    said = [_ASKED.format(turn) for turn in range(EXCHANGES)]
    for turn, text in enumerate(said):
        await asyncio.sleep(pause * (0.5 + dice.random()))
        await visit.says(text)
        if turn == EXCHANGES // 2:
            await visit.leave()
            await asyncio.sleep(pause * dice.random())
            await visit.come_back()
        await visit.answered(turn + 1)
        them.lines += 1
    await visit.says(FINISH)
    await visit.ended()
    them.wrong += visit.heard != said
    them.contacts += 1
    await visit.leave()
