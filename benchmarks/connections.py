"""Many open widgets on one process: what each weighs beside a bare server's, and their return."""

from __future__ import annotations

import asyncio
import itertools
import random
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from benchmarks.crowd import Page, open_socket, opened, raise_descriptors
from benchmarks.figures import Figure
from benchmarks.servers import CLIENT, Server, Service, bare_relay
from handoff.core.message import Audience
from handoff.tokens import new_id

WIDGETS = 10_000
AT_ONCE = 50
MOST_RATIO = 1.3
RETURN_SECONDS = 60.0
# Longer than a heartbeat, so that every widget has had one.
SETTLE_SECONDS = 20.0
_FIRST_PAUSE, _FIRST_CEILING, _LONGEST_PAUSE = 0.5, 2.0, 30.0


@dataclass(slots=True)
class Widget:
    """A widget as a server sees it: current, silent but for heartbeats."""

    service: Service
    conversation: str
    number: int
    token: str
    shown: int = 0
    page: Page | None = None
    reading: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Returns once it shows all that is stored."""
        page = self.page = await Page.open(
            self.service.customer_url, self.service.customer_origin, self.token, number=self.number
        )
        self.token = page.welcome["resume_token"]
        await page.send({"t": "resume", "epoch": page.welcome["epoch"], "after": self.shown})
        current = asyncio.get_running_loop().create_future()

        def hear(frame: dict[str, object]) -> None:
            if frame["t"] == "batch":
                assert frame["first"] == self.shown + 1, f"a gap: {frame}"
                self.shown = int(str(frame["last"]))
                if not frame["more"] and not current.done():
                    current.set_result(None)

        page.on_frame = hear
        self.reading = asyncio.create_task(page.read())
        async with asyncio.timeout(60):
            await current

    async def come_back(self, dice: random.Random) -> None:
        """As widgets do, again and again, until an empty screen shows all; from when it is cut."""
        assert self.reading is not None
        with suppress(ConnectionClosed):
            await self.reading
        self.shown = 0
        for attempt in itertools.count():
            await asyncio.sleep(_pause(attempt, dice))
            with suppress(OSError, InvalidHandshake, ConnectionClosed, TimeoutError, EOFError):
                await self.open()
                return


def _pause(attempt: int, dice: random.Random) -> float:
    """Seconds before a widget's next try, as its `retry.js` has it."""
    ceiling = min(_LONGEST_PAUSE, _FIRST_CEILING * 2 ** min(attempt, 10))
    return _FIRST_PAUSE + dice.random() * (ceiling - _FIRST_PAUSE)


async def held_bare(count: int) -> float:
    """Bytes of the bare server for each connection that it holds."""
    with bare_relay() as (server, url):
        before = server.resident()

        async def one(number: int) -> ClientConnection:
            return await open_socket(f"{url}/{number}/customer", number=number)

        sockets = await opened(count, AT_ONCE, one)
        await asyncio.sleep(2.0)
        each = (server.resident() - before) / count
        for socket in sockets:
            socket.transport.abort()
    return each


async def widgets_of(service: Service, count: int) -> list[Widget]:
    """Conversations with their greeting, stored before the service starts."""
    async with service.bridge() as (_, bridge):

        async def arrive(number: int) -> Widget:
            state = await bridge.arrive(CLIENT, new_id(), "https://example.no/", "nb")
            return Widget(service, state.id, number, service.customer_token(state.id))

        return list(await opened(count, AT_ONCE, arrive))


async def measure_connections(
    folder: Path,
    figures: list[Figure],
    count: int = WIDGETS,
    settle: float = SETTLE_SECONDS,
) -> None:
    """Memory of `count` widgets, beside a bare server's, and how soon after a kill all are back."""
    raise_descriptors(count + 1_000)
    bare = await held_bare(count)
    service = Service(folder)
    them = await widgets_of(service, count)
    async with AsyncExitStack() as stack:
        stack.callback(_leave, them)
        with service.running("handoff.cli", "serve") as server:
            ours = await _held(server, them, settle)
            killed = time.perf_counter()
        dice = random.Random(1)
        back = [asyncio.create_task(one.come_back(dice)) for one in them]
        # In a thread: widgets try meanwhile too.
        await asyncio.to_thread(stack.enter_context, service.running("handoff.cli", "serve"))
        started = time.perf_counter() - killed
        await asyncio.gather(*back)
        took = time.perf_counter() - killed
        lost = await _lacking(service, them)
    what = f"{count:,} widgets"
    figures.append(Figure(f"{what}: memory of each, bare server", bare / 1e3, "kB"))
    figures.append(Figure(f"{what}: memory of each", ours / 1e3, "kB"))
    figures.append(Figure(f"{what}: memory, of the bare server's", ours / bare, "", MOST_RATIO))
    figures.append(Figure(f"{what}: killed, and started again after", started, "s"))
    figures.append(
        Figure(f"{what}: killed, and the last is current after", took, "s", RETURN_SECONDS)
    )
    figures.append(Figure(f"{what}: that lack a line then", lost, "", 0.0))


async def _held(server: Server, them: Sequence[Widget], settle: float) -> float:
    before = server.resident()
    await opened(len(them), AT_ONCE, lambda number: them[number].open())
    await asyncio.sleep(settle)
    still = sum(one.reading is not None and not one.reading.done() for one in them)
    if still < len(them):
        raise RuntimeError(f"{len(them) - still} of {len(them)} widgets were closed.")
    return (server.resident() - before) / len(them)


async def _lacking(service: Service, them: Sequence[Widget]) -> int:
    """How many do not show as many lines as the database holds for them."""
    ids = [one.conversation for one in them]
    async with service.bridge() as (store, _):
        stored = await store.read(lambda unit: unit.conversations.last_seqs(ids, Audience.CUSTOMER))
    return sum(one.shown < 1 or one.shown != stored[one.conversation] for one in them)


def _leave(them: Sequence[Widget]) -> None:
    for one in them:
        if one.reading is not None:
            one.reading.cancel()
        if one.page is not None:
            one.page.socket.transport.abort()
