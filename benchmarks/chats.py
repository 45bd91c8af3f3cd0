"""Pairs of a customer and an agent who answers each line, at the service and at the bare relay."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, Protocol

from websockets.asyncio.client import ClientConnection

from benchmarks.crowd import Frame, Page, lines_of, open_socket
from benchmarks.doors import CLIENT, Doors, Pair

TEXT = "Hei, pakken min skulle ha kommet i går. Hvor er den?"


@dataclass(slots=True)
class Told:
    """Seconds: of every round trip, of every ack, and by how much a line left after it was due.

    Trips and customers' acks count from the moment when the line was due, however late it left.
    """

    trips: list[float] = field(default_factory=list)
    acks: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)

    def clear(self) -> None:
        for one in (self.trips, self.acks, self.late):
            one.clear()


class Talker(Protocol):
    """A pair of either kind."""

    async def trip(self, due: float) -> None:
        """One line there and one back; `due` is of `time.perf_counter`."""


@dataclass(slots=True)
class Chat:
    """One pair at the service."""

    customer: Page
    agent: Page
    pair: Pair
    told: Told
    sent: dict[str, float] = field(default_factory=dict)
    back: asyncio.Event = field(default_factory=asyncio.Event)

    async def trip(self, due: float) -> None:
        self.told.late.append(time.perf_counter() - due)
        self.back.clear()
        cmid = str(uuid.uuid4())
        self.sent[cmid] = due
        await self.customer.send({"t": "send", "cmid": cmid, "text": TEXT})
        await self.back.wait()
        self.told.trips.append(time.perf_counter() - due)

    def customer_hears(self, frame: Frame) -> None:
        if frame["t"] == "ack":
            if (began := self.sent.pop(frame["cmid"], None)) is not None:
                self.told.acks.append(time.perf_counter() - began)
            return
        if any(line["author"] == "agent" for line in lines_of(frame)):
            self.back.set()

    def agent_hears(self, frame: Frame) -> Frame | None:
        """What the agent says to that, if anything."""
        if not any(line["author"] == "customer" for line in lines_of(frame)):
            return None
        cmid = str(uuid.uuid4())
        self.sent[cmid] = time.perf_counter()
        return {
            "t": "say", "client": CLIENT, "conversation": self.pair.conversation,
            "control": self.pair.control, "cmid": cmid, "text": TEXT,
        }  # fmt: skip


async def chats(
    stack: AsyncExitStack,
    doors: Doors,
    made: Sequence[Pair],
    tokens: dict[str, str],
    told: Told,
    first: int = 0,
) -> list[Chat]:
    """All pages opened and current, numbered from `first`. They are read until the stack ends."""
    tasks = await stack.enter_async_context(asyncio.TaskGroup())
    reading: list[asyncio.Task[None]] = []
    desks: dict[str, Page] = {}
    by_conversation: dict[str, Chat] = {}
    acked: dict[str, Chat] = {}
    out: asyncio.Queue[tuple[Page, Frame]] = asyncio.Queue()

    async def write() -> None:
        while True:
            page, frame = await out.get()
            await page.send(frame)

    def desk_hears(page: Page) -> Any:
        def hear(frame: Frame) -> None:
            if frame["t"] == "agent_ack":
                whose = acked.pop(frame["cmid"])
                told.acks.append(time.perf_counter() - whose.sent.pop(frame["cmid"]))
                return
            chat = by_conversation.get(frame.get("conversation", ""))
            if chat is None or frame["t"] != "agent_event":
                return
            answer = chat.agent_hears(frame)
            if answer is not None:
                acked[answer["cmid"]] = chat
                out.put_nowait((page, answer))

        return hear

    for agent, token in tokens.items():
        desk = desks[agent] = await Page.open(
            doors.agent, doors.agent_origin, token, number=first + len(desks)
        )
        desk.on_frame = desk_hears(desk)
        reading.append(tasks.create_task(desk.read()))
    reading.append(tasks.create_task(write()))
    for number, pair in enumerate(made, first):
        page = await Page.open(
            doors.customer, doors.customer_origin, pair.customer_token, number=number
        )
        chat = by_conversation[pair.conversation] = Chat(page, desks[pair.agent], pair, told)
        page.on_frame = chat.customer_hears
        reading.append(tasks.create_task(page.read()))
        await page.send({"t": "resume", "epoch": page.welcome["epoch"], "after": 0})
        opening = {"t": "open", "client": CLIENT, "conversation": pair.conversation, "after": 0}
        await chat.agent.send(opening)

    pages = [*desks.values(), *(chat.customer for chat in by_conversation.values())]
    stack.callback(_cut, reading, [page.socket for page in pages])
    await asyncio.sleep(1.0)
    return list(by_conversation.values())


class BarePair:
    """One pair at the bare relay; each line is as long as the service's own."""

    def __init__(self, customer: ClientConnection, agent: ClientConnection, told: Told) -> None:
        self._customer, self._agent, self._told = customer, agent, told
        self._line = json.dumps({"t": "send", "cmid": str(uuid.uuid4()), "text": TEXT})

    async def answer(self) -> None:
        async for message in self._agent:
            json.loads(message)
            await self._agent.send(self._line)

    async def trip(self, due: float) -> None:
        self._told.late.append(time.perf_counter() - due)
        await self._customer.send(self._line)
        json.loads(await self._customer.recv())
        self._told.trips.append(time.perf_counter() - due)


async def bare_pairs(
    stack: AsyncExitStack, url: str, numbers: Sequence[int], told: Told
) -> list[BarePair]:
    """Connected pairs; their agents answer until the stack ends."""
    tasks = await stack.enter_async_context(asyncio.TaskGroup())
    made, answering, sockets = [], [], []
    for number in numbers:
        customer = await open_socket(f"{url}/{number}/customer", number=number)
        agent = await open_socket(f"{url}/{number}/agent", number=number)
        pair = BarePair(customer, agent, told)
        answering.append(tasks.create_task(pair.answer()))
        made.append(pair)
        sockets += [customer, agent]
    stack.callback(_cut, answering, sockets)
    return made


def _cut(tasks: Sequence[asyncio.Task[None]], sockets: Sequence[ClientConnection]) -> None:
    for task in tasks:
        task.cancel()
    for socket in sockets:
        socket.transport.abort()
