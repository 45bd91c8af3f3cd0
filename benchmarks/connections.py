"""Many open widgets on one process: what each weighs beside a bare server's, and their return."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import msgspec
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from benchmarks.crowd import Frame, Page, lines_of, open_socket, opened, raise_descriptors
from benchmarks.doors import CLIENT
from benchmarks.figures import Figure
from benchmarks.servers import Server, Service, bare_relay
from benchmarks.visits import listening
from handoff.core.message import Audience, Author, Kind, Message, Stored
from handoff.ports import Unit
from handoff.protocol.codes import ADVICE
from handoff.protocol.lines import customer_line
from handoff.tokens import new_id

WIDGETS = 10_000
AT_ONCE = 50
MOST_RATIO = 1.3
RETURN_SECONDS = 60.0
# Longer than a heartbeat, so that every widget has had one.
SETTLE_SECONDS = 20.0
# Who is not current by then is counted as lost.
PATIENCE_SECONDS = 300.0
# The widget's own: it lets go of a socket that is not welcomed within the first, and of one that
# is silent after that for the second, two and a half heartbeats.
OPENING_SECONDS, SILENT_SECONDS = 10.0, 37.5
MOST_LINES = 100
UNSEEN = "Pakken er på vei igjen."
_STOPS = {int(code) for code, advice in ADVICE.items() if not advice.retry}


def pause(attempt: int, random_: Callable[[], float]) -> float:
    """Seconds until a widget tries again, as handoff/web/shared/retry.js has it: full jitter,
    0.5 s to a ceiling that doubles from 2 s to 30 s."""
    ceiling = min(30.0, 2.0 * 2.0 ** min(attempt, 10))
    return 0.5 + random_() * (ceiling - 0.5)


@dataclass(slots=True)
class Widget:
    """A widget as a server sees it: current, silent but for heartbeats.

    `lines` are all it was ever sent, in the order in which they came.
    """

    service: Service
    conversation: str
    number: int
    token: str
    lines: list[Frame] = field(default_factory=list)
    page: Page | None = None
    reading: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Returns once it shows all that is stored. Raises what a socket may fail with."""
        async with asyncio.timeout(OPENING_SECONDS):
            page = self.page = await Page.open(
                self.service.customer_url,
                self.service.customer_origin,
                self.token,
                number=self.number,
            )
        self.token = page.welcome["resume_token"]
        shown = self.lines[-1]["seq"] if self.lines else 0
        await page.send({"t": "resume", "epoch": page.welcome["epoch"], "after": shown})
        current = asyncio.get_running_loop().create_future()

        def hear(frame: Frame) -> None:
            self.lines.extend(lines_of(frame))
            if frame["t"] == "batch" and not frame["more"] and not current.done():
                current.set_result(None)

        page.on_frame = hear
        reading = self.reading = asyncio.create_task(page.read())
        await asyncio.wait(
            (current, reading), timeout=SILENT_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
        if current.done():
            return
        page.socket.transport.abort()
        with suppress(ConnectionClosed):
            await reading
        raise page.socket.protocol.close_exc

    async def come_back(self, dice: random.Random) -> float:
        """As widgets do after the end of a connection: again and again until current.

        Returns when that was, of `time.perf_counter`. Raises ConnectionClosed where the service
        forbids to try again.
        """
        assert self.reading is not None
        with suppress(ConnectionClosed):
            await self.reading
        attempt = 0
        while True:
            await asyncio.sleep(pause(attempt, dice.random))
            attempt += 1
            try:
                await self.open()
                return time.perf_counter()
            except ConnectionClosed as closed:
                if closed.rcvd is not None and closed.rcvd.code in _STOPS:
                    raise
            except (OSError, InvalidHandshake, TimeoutError, EOFError):
                pass


@dataclass(frozen=True, slots=True)
class Return:
    """Seconds from the kill: until the new process listened, and until the last was current.

    `late` widgets were not within `PATIENCE_SECONDS` of the first, or were closed again.
    """

    listening: float
    current: float
    late: int


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
    """Memory of `count` widgets, beside a bare server's, and how soon all are back."""
    raise_descriptors(count + 1_000)
    bare = await held_bare(count)
    service = Service(folder)
    them = await widgets_of(service, count)
    async with AsyncExitStack() as stack:
        stack.callback(_leave, them)
        with service.running("handoff.cli", "serve") as server:
            ours = await _held(server, them, settle)
            await store_unseen(service, them)
            killed = time.perf_counter()
            server.kill()
        back = await _returned(service, them, killed)
    wrong = await wrong_widgets(service, them)
    what = f"{count:,} widgets"
    figures.append(Figure(f"{what}: memory of each, bare server", bare / 1e3, "kB"))
    figures.append(Figure(f"{what}: memory of each", ours / 1e3, "kB"))
    figures.append(Figure(f"{what}: memory, of the bare server's", ours / bare, "", MOST_RATIO))
    what = f"{count:,} widgets reconnecting after a restart"
    figures.append(Figure(f"{what}: from the kill until it listens", back.listening, "s"))
    figures.append(
        Figure(f"{what}: from the kill until all are current", back.current, "s", RETURN_SECONDS)
    )
    figures.append(Figure(f"{what}: never current, or closed again", back.late, "", 0))
    figures.append(Figure(f"{what}: show other lines than are stored", wrong, "", 0))


async def store_unseen(service: Service, them: Sequence[Widget]) -> None:
    """A line for each widget, all in one commit that the service is not told of.

    The kill follows at once: what is stored and was not shown is what could be lost.
    """

    def work(unit: Unit) -> None:
        for one in them:
            state = unit.conversations.get(CLIENT, one.conversation)
            assert state is not None
            message = Message(Author.BOT, Kind.TEXT, {"text": f"{UNSEEN} ({one.number})"})
            unit.conversations.append(state, message, unit.now())

    async with service.bridge() as (store, _):
        await store.write(work)


async def wrong_widgets(service: Service, them: Sequence[Widget]) -> int:
    """Widgets with a line lost, doubled, out of order or of other words than the stored ones."""
    wrong = 0
    async with service.bridge() as (store, _):
        for one in them:
            stored = await store.read(partial(_stored, conversation=one.conversation))
            assert len(stored) < MOST_LINES
            wrong += one.lines != [msgspec.to_builtins(customer_line(line)) for line in stored]
    return wrong


def _stored(unit: Unit, conversation: str) -> Sequence[Stored]:
    return unit.conversations.messages(conversation, Audience.CUSTOMER, 0, MOST_LINES)


async def _held(server: Server, them: Sequence[Widget], settle: float) -> float:
    before = server.resident()
    await opened(len(them), AT_ONCE, lambda number: them[number].open())
    await asyncio.sleep(settle)
    still = sum(one.reading is not None and not one.reading.done() for one in them)
    if still < len(them):
        raise RuntimeError(f"{len(them) - still} of {len(them)} widgets were closed.")
    return (server.resident() - before) / len(them)


async def _returned(service: Service, them: Sequence[Widget], killed: float) -> Return:
    """The widgets try from the kill on, as they would, while the service starts."""
    dice = random.Random(1)
    coming = [asyncio.create_task(one.come_back(dice)) for one in them]
    with service.started("handoff.cli", "serve"):
        await listening(service)
        up = time.perf_counter() - killed
        _, late = await asyncio.wait(coming, timeout=PATIENCE_SECONDS)
        for task in late:
            task.cancel()
        found = await asyncio.gather(*coming, return_exceptions=True)
        closed = sum(one.reading is None or one.reading.done() for one in them)
    for error in found:
        if not isinstance(error, float | asyncio.CancelledError | ConnectionClosed):
            raise error
    back = [at - killed for at in found if isinstance(at, float)]
    missing = max(closed, len(them) - len(back))
    return Return(up, PATIENCE_SECONDS if missing else max(back), missing)


def _leave(them: Sequence[Widget]) -> None:
    for one in them:
        if one.reading is not None:
            one.reading.cancel()
        if one.page is not None:
            one.page.socket.transport.abort()
