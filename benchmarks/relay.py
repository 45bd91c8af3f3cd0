"""A message from customer to agent and back, durable, beside a relay that stores nothing."""

from __future__ import annotations

import asyncio
import json
import os
import random
import time
import uuid
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any

from websockets.asyncio.client import ClientConnection

from benchmarks.crowd import Frame, Page, open_socket, raise_descriptors
from benchmarks.figures import Figure
from benchmarks.servers import CLIENT, Pair, Service, bare_relay, pairs

BUSY_PAIRS, BUSY_SECONDS = 50, 10.0
PACED_PAIRS, PACED_SECONDS = 500, 20.0
PER_AGENT = 5
LEAST_RATIO = 0.12
ACK_MS = 50.0
FSYNCS = 4.0
TEXT = "Hei, pakken min skulle ha kommet i går. Hvor er den?"


@dataclass(slots=True)
class Told:
    """Seconds of every round trip from customer to agent and back, and of every ack."""

    trips: list[float] = field(default_factory=list)
    acks: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Chat:
    """One pair at the service. The agent answers each line of the customer."""

    customer: Page
    agent: Page
    pair: Pair
    told: Told
    sent: dict[str, float] = field(default_factory=dict)
    back: asyncio.Event = field(default_factory=asyncio.Event)
    next: int = 0

    async def trip(self, due: float | None = None) -> None:
        """One line there and one back. Its clock starts when it was due, if that is past."""
        began = time.perf_counter()
        self.back.clear()
        cmid = str(uuid.uuid4())
        self.sent[cmid] = began
        await self.customer.send({"t": "send", "cmid": cmid, "text": TEXT})
        await self.back.wait()
        self.told.trips.append(time.perf_counter() - (due or began))

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


def lines_of(frame: Frame) -> Sequence[Frame]:
    """The lines of a frame of either stream."""
    return frame.get("lines") or ([frame["line"]] if "line" in frame else [])


async def chats(
    stack: AsyncExitStack,
    service: Service,
    made: Sequence[Pair],
    tokens: dict[str, str],
    told: Told,
) -> list[Chat]:
    """All pages opened and current. They are read until the stack ends."""
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
            service.agent_url, service.settings.public_url, token, number=len(desks)
        )
        desk.on_frame = desk_hears(desk)
        reading.append(tasks.create_task(desk.read()))
    reading.append(tasks.create_task(write()))
    for number, pair in enumerate(made):
        page = await Page.open(
            service.customer_url, service.customer_origin, pair.customer_token, number=number
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

    async def trip(self, due: float | None = None) -> None:
        began = due or time.perf_counter()
        await self._customer.send(self._line)
        json.loads(await self._customer.recv())
        self._told.trips.append(time.perf_counter() - began)


async def bare_pairs(stack: AsyncExitStack, url: str, count: int, told: Told) -> list[BarePair]:
    tasks = await stack.enter_async_context(asyncio.TaskGroup())
    made, answering, sockets = [], [], []
    for number in range(count):
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


async def busy(them: Sequence[Any], told: Told, seconds: float) -> float:
    """Round trips a second when every pair begins the next as soon as one is done."""
    until = time.perf_counter() + seconds

    async def one(pair: Any) -> None:
        while time.perf_counter() < until:
            await pair.trip()

    began = time.perf_counter()
    await asyncio.gather(*(one(pair) for pair in them))
    return len(told.trips) / (time.perf_counter() - began)


async def paced(them: Sequence[Any], seconds: float) -> None:
    """Every customer writes once a second, each at a moment of its own.

    A trip that is late makes the next one late, and that counts: from when it was due.
    """
    dice = random.Random(1)
    until = time.perf_counter() + seconds

    async def one(pair: Any) -> None:
        due = time.perf_counter() + dice.random()
        while due < until:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            await pair.trip(due)
            due += 1.0

    await asyncio.gather(*(one(pair) for pair in them))


def fsync_seconds(folder: Path, tries: int = 200) -> float:
    """What one write and fsync of a page takes on the database's file system: its p99."""
    took = []
    path = folder / "fsync"
    with path.open("wb", buffering=0) as file:
        for _ in range(tries):
            began = time.perf_counter()
            file.write(b"x" * 4_096)
            os.fsync(file.fileno())
            took.append(time.perf_counter() - began)
    path.unlink()
    return p99(took)


def p99(seconds: Sequence[float]) -> float:
    return quantiles(seconds, n=100)[98]


async def at_bare(count: int, seconds: float, *, is_paced: bool) -> tuple[float, Told]:
    told = Told()
    with bare_relay() as (_, url):
        async with AsyncExitStack() as stack:
            them = await bare_pairs(stack, url, count, told)
            rate = await _play(them, told, seconds, is_paced)
    return rate, told


async def at_service(
    folder: Path, count: int, seconds: float, *, is_paced: bool
) -> tuple[float, Told]:
    told = Told()
    service = Service(folder)
    made, tokens = await pairs(service, count, PER_AGENT if is_paced else 1)
    with service.running(
        "handoff.cli" if is_paced else "benchmarks.unpaced", *(["serve"] if is_paced else [])
    ):
        async with AsyncExitStack() as stack:
            them = await chats(stack, service, made, tokens, told)
            rate = await _play(them, told, seconds, is_paced)
    return rate, told


async def _play(them: Sequence[Any], told: Told, seconds: float, is_paced: bool) -> float:
    if not is_paced:
        await busy(them, told, seconds / 5)  # warm
        told.trips.clear()
        told.acks.clear()
        return await busy(them, told, seconds)
    await paced(them, 3.0)
    told.trips.clear()
    told.acks.clear()
    await paced(them, seconds)
    return len(told.trips) / seconds


async def measure_relay(
    folder: Path,
    figures: list[Figure],
    busy_pairs: int = BUSY_PAIRS,
    paced_pairs: int = PACED_PAIRS,
    seconds: tuple[float, float] = (BUSY_SECONDS, PACED_SECONDS),
) -> None:
    """Round trips of busy pairs, and of many that write once a second."""
    raise_descriptors(2 * max(busy_pairs, paced_pairs) + 1_000)
    bare, _ = await at_bare(busy_pairs, seconds[0], is_paced=False)
    (folder / "busy").mkdir()
    ours, _ = await at_service(folder / "busy", busy_pairs, seconds[0], is_paced=False)
    what = f"round trips, {busy_pairs} busy pairs"
    figures.append(Figure(f"{what}, bare relay", bare, "/s"))
    figures.append(Figure(f"{what}, durable", ours, "/s"))
    figures.append(Figure(f"{what}, of the bare relay's", ours / bare, "", least=LEAST_RATIO))

    _, bare_told = await at_bare(paced_pairs, seconds[1], is_paced=True)
    (folder / "paced").mkdir()
    _, told = await at_service(folder / "paced", paced_pairs, seconds[1], is_paced=True)
    fsync = fsync_seconds(folder)
    limit = p99(bare_told.trips) + FSYNCS * fsync
    what = f"{paced_pairs} pairs once a second"
    figures.append(Figure(f"{what}, bare relay, p99", p99(bare_told.trips) * 1e3, "ms"))
    figures.append(Figure("write and fsync, p99", fsync * 1e3, "ms"))
    figures.append(Figure(f"{what}, durable, p99", p99(told.trips) * 1e3, "ms", limit * 1e3))
    figures.append(Figure(f"{what}, ack, p99", p99(told.acks) * 1e3, "ms", ACK_MS))
