"""What one customer in ten who does not read costs the others, and loses."""

from __future__ import annotations

import asyncio
import json
import random
import re
import socket
import time
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from benchmarks.crowd import PER_ADDRESS, Frame, Page, address, lines_of
from benchmarks.doors import CLIENT, Pair
from benchmarks.figures import Figure, p99
from benchmarks.relay import PER_AGENT
from benchmarks.servers import Service, pairs
from benchmarks.visits import listening
from handoff.protocol.codes import Close

CUSTOMERS, SHARE = 200, 10
SECONDS, ROUNDS = 40.0, 2
MOST_MORE = 1.1
CLOSE_WAIT_SECONDS = 60.0
RETURN_SECONDS = 30.0
# What one network packet carries: the loopback's own would let 2.6 MB wait in the kernel.
SEGMENT_BYTES = 1_400
BUFFER_BYTES = 8_192
_SHORT = "Pakken ligger på terminalen og kommer i morgen."
# Eight kilobytes, as long as a line may be: a stalled reader's buffers fill within a round.
_LONG = "å" * 3_900
_CLOSED = re.compile(r"^stafett_connections_closed_total\{(.*)\} (\S+)$", re.MULTILINE)


@dataclass(slots=True)
class Reader:
    """A customer in a chat. `took` are seconds from when a line was due at the agent to here.

    `was_closed` counts connections that ended while they were read.
    """

    service: Service
    pair: Pair
    number: int
    token: str
    is_long: bool
    said: dict[str, float] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    shown: int = 0
    was_closed: int = 0
    page: Page | None = None
    reading: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """A page behind a narrow network; it shows what was shown before."""
        wire = socket.socket()
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT_BYTES)
        wire.setblocking(False)
        wire.bind((address(self.number), 0))
        here = "127.0.0.1", self.service.settings.ws_port
        await asyncio.get_running_loop().sock_connect(wire, here)
        url, origin = self.service.customer_url, self.service.customer_origin
        page = self.page = Page(
            await connect(
                url, sock=wire, origin=Origin(origin), compression=None, ping_interval=None,
                proxy=None, open_timeout=60, max_queue=16,
            ),
            self._hear,
        )  # fmt: skip
        await page.send({"t": "hello", "v": 1, "resume_token": self.token})
        page.welcome = json.loads(await page.socket.recv())
        self.token = page.welcome["resume_token"]
        await page.send({"t": "resume", "epoch": page.welcome["epoch"], "after": self.shown})
        self.reading = asyncio.create_task(self._read(page))

    async def _read(self, page: Page) -> None:
        with suppress(ConnectionClosed):
            await page.read()
        self.was_closed += 1

    def _hear(self, frame: Frame) -> None:
        now = time.perf_counter()
        for line in lines_of(frame):
            self.shown = line["seq"]
            if line["author"] == "agent":
                self.heard.append(line["text"])
                self.took.append(now - self.said[line["text"]])

    def stall(self) -> None:
        """Read nothing more from the socket, as a page that hangs."""
        assert self.page is not None
        assert self.reading is not None
        self.reading.cancel()
        self.page.socket.transport.pause_reading()

    def leave(self) -> None:
        assert self.page is not None
        assert self.reading is not None
        self.reading.cancel()
        self.page.socket.transport.abort()

    @property
    def waited(self) -> list[float]:
        """Seconds of each line that has not come: so far, for it may never."""
        now = time.perf_counter()
        heard = set(self.heard)
        return [now - due for text, due in self.said.items() if text not in heard]

    @property
    def wrong(self) -> int:
        """Lines that are not here once, at their place."""
        missing = sum(one not in self.heard for one in self.said)
        return missing or int(self.heard != list(self.said))


class Desk:
    """An agent's page, which says and need not listen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.unacknowledged: set[str] = set()
        page.on_frame = self._hear

    def _hear(self, frame: Frame) -> None:
        if frame["t"] == "agent_ack":
            self.unacknowledged.discard(frame["cmid"])

    async def says(self, reader: Reader, due: float) -> None:
        """`due` is when this was to be sent, of `time.perf_counter`: what it waits here counts."""
        text = f"{len(reader.said)} {_LONG if reader.is_long else _SHORT}"
        cmid = str(uuid.uuid4())
        self.unacknowledged.add(cmid)
        reader.said[text] = due
        pair = reader.pair
        await self.page.send(
            {
                "t": "say", "client": CLIENT, "conversation": pair.conversation,
                "control": pair.control, "cmid": cmid, "text": text,
            }
        )  # fmt: skip


@dataclass(slots=True)
class Hall:
    """All who take part; every `SHARE`-th customer is written long lines, and may stall.

    `overdue` counts waits for acks or lines that `RETURN_SECONDS` did not suffice for.
    """

    service: Service
    readers: list[Reader]
    desks: dict[str, Desk]
    overdue: int = 0

    @property
    def stalling(self) -> list[Reader]:
        return [one for one in self.readers if one.is_long]

    @property
    def others(self) -> list[Reader]:
        return [one for one in self.readers if not one.is_long]

    async def write(self, seconds: float) -> None:
        """Every customer is written to once a second, each at a moment of its own."""
        dice = random.Random(1)
        began = time.perf_counter()

        async def one(reader: Reader) -> None:
            due = began + dice.random()
            while due < began + seconds:
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                await self.desks[reader.pair.agent].says(reader, due)
                due += 1.0

        await asyncio.gather(*(one(reader) for reader in self.readers))
        await self._until(lambda: not any(desk.unacknowledged for desk in self.desks.values()))

    async def measured(self, seconds: float) -> list[float]:
        """What delivery to the others took meanwhile; of what has not come, the time until now."""
        for one in self.others:
            one.took.clear()
        await self.write(seconds)
        await self._current(self.others)
        return [took for one in self.others for took in (*one.took, *one.waited)]

    async def _current(self, readers: Sequence[Reader]) -> None:
        """All show all that was said, or have had their time."""
        await self._until(lambda: all(len(one.heard) >= len(one.said) for one in readers))

    async def _until(self, fits: Callable[[], bool]) -> None:
        until = time.monotonic() + RETURN_SECONDS
        while not fits():
            if time.monotonic() > until:
                self.overdue += 1
                return
            await asyncio.sleep(0.1)

    async def overloaded(self) -> int:
        """Stalled customers closed with 1013 since the service started.

        The service counts customers, whoever they are, and whom it stopped writing to cannot be
        told. So each whose connection ended while it was read is taken off, whatever its code.
        """
        url = f"{self.service.settings.internal_url}/metrics"
        async with httpx.AsyncClient(trust_env=False, timeout=30) as web:
            text = (await web.get(url)).raise_for_status().text
        return max(0, overloads(text) - self.closed_readers)

    @property
    def closed_readers(self) -> int:
        """Connections that ended though they were read: nobody's are to."""
        return sum(one.was_closed for one in self.readers)

    async def closed(self, count: int, seconds: float) -> int:
        """How many were, as soon as it is `count`, or after `seconds`."""
        until = time.monotonic() + seconds
        while (found := await self.overloaded()) < count and time.monotonic() < until:
            await asyncio.sleep(1.0)
        return found

    async def stalled(self, seconds: float) -> list[float]:
        """As `measured`, while the long lines are not read."""
        for one in self.stalling:
            one.stall()
        return await self.measured(seconds)

    async def come_back(self) -> None:
        """The stalled show all that was said meanwhile, or have had their time."""
        for one in self.stalling:
            one.leave()
            await one.open()
        await self._current(self.stalling)


def overloads(metrics: str) -> int:
    """Customers closed with 1013, of a service's own metrics."""
    own = {f'code="{int(Close.OVERLOAD)}"', 'side="customer"'}
    return sum(
        int(float(count))
        for labels, count in _CLOSED.findall(metrics)
        if own <= {*labels.split(",")}
    )


async def _opened(stack: AsyncExitStack, service: Service, count: int) -> Hall:
    """Everybody, current. All leave when the stack ends."""
    made, tokens = await pairs(service, count, PER_AGENT)
    await stack.enter_async_context(_running(service))
    tasks = await stack.enter_async_context(asyncio.TaskGroup())
    desks, listening = {}, []
    for number, (agent, token) in enumerate(tokens.items()):
        page = await Page.open(
            service.agent_url, service.settings.public_url, token, number=number * PER_ADDRESS
        )
        desks[agent] = Desk(page)
        listening.append(tasks.create_task(page.read()))
    readers = [
        Reader(service, pair, number, pair.customer_token, is_long=number % SHARE == 0)
        for number, pair in enumerate(made)
    ]
    hall = Hall(service, readers, desks)

    def leave() -> None:
        for task in listening:
            task.cancel()
        for desk in desks.values():
            desk.page.socket.transport.abort()
        for reader in readers:
            reader.leave()

    for reader in readers:
        await reader.open()
    stack.callback(leave)
    return hall


@asynccontextmanager
async def _running(service: Service) -> AsyncIterator[None]:
    with service.running("handoff.cli", "serve"):
        await listening(service)
        yield


async def measure_stalled(
    folder: Path,
    figures: list[Figure],
    count: int = CUSTOMERS,
    seconds: float = SECONDS,
    rounds: int = ROUNDS,
    close_wait: float = CLOSE_WAIT_SECONDS,
) -> None:
    """Delivery to the others while all read, then while one in ten does not, in turns.

    Both times the same is written, so that only the reading differs.
    """
    reading: list[float] = []
    beside: list[float] = []
    closed = 0
    async with AsyncExitStack() as stack:
        hall = await _opened(stack, Service(folder), count)
        await hall.write(min(3.0, seconds))  # warm
        for turn in range(1, rounds + 1):
            reading += await hall.measured(seconds)
            beside += await hall.stalled(seconds)
            closed = await hall.closed(turn * len(hall.stalling), close_wait)
            await hall.come_back()
        wrong = sum(one.wrong for one in hall.readers)
        stalls = rounds * len(hall.stalling)
        others, overdue = hall.closed_readers, hall.overdue
    what = f"{count} customers, agents write once a second"
    more = f"{what}, {len(hall.stalling)} stalled"
    figures.append(Figure(f"{what}, p99", p99(reading) * 1e3, "ms"))
    figures.append(
        Figure(f"{more}, the others' p99", p99(beside) * 1e3, "ms", p99(reading) * 1e3 * MOST_MORE)
    )
    figures.append(Figure(f"{more}: closed with 1013, of {stalls}", closed, "", least=stalls))
    figures.append(Figure(f"{more}: closed though they read", others, "", 0.0))
    figures.append(
        Figure(f"{more}: waits of {RETURN_SECONDS:.0f} s that ran out", overdue, "", 0.0)
    )
    figures.append(Figure(f"{more}: lines lost, doubled or out of order", wrong, "", 0.0))
