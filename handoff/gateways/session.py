"""One open connection: a bounded way out, a pace on the way in, an orderly end."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Protocol

from websockets.exceptions import ConnectionClosed

from handoff.errors import Overloaded
from handoff.gateways.pace import FramePace
from handoff.protocol.codec import encode
from handoff.protocol.codes import Close
from handoff.protocol.messages import Frame

OUT_FRAMES = 256
OUT_BYTES = 1_048_576
BATCHES_AHEAD = 2
SEND_SECONDS = 10.0


class Socket(Protocol):
    """What a session needs of a connection; server.py adapts the library to it."""

    def push(self, text: str) -> bool:
        """Send at once and whole if nothing waits to leave before it; else False."""
        ...

    async def send(self, text: str) -> None: ...

    async def close(self, code: int, reason: str) -> None: ...


class OnDemand:
    """Work in a task of its own, which is there only while there is something to do.

    Ten thousand silent pages must not be as many sleeping tasks.
    """

    __slots__ = ("_failed", "_is_due", "_task", "_work")

    def __init__(
        self, work: Callable[[], Awaitable[None]], failed: Callable[[Exception], None]
    ) -> None:
        self._work = work
        self._failed = failed
        self._is_due = False
        self._task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Do it, once more if it is under way."""
        self._is_due = True
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Returns when nothing is under way any more, for good: its owner is let go of."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        self._work, self._failed = _no_work, _no_fault

    async def _run(self) -> None:
        try:
            while self._is_due:
                self._is_due = False
                await self._work()
        except Exception as error:
            self._failed(error)
        finally:
            self._task = None


async def _no_work() -> None:
    pass


def _nobody() -> None:
    pass


def _no_fault(_: Exception) -> None:
    pass


class Session:
    """Frames out in order through a bounded queue; a slow reader is closed with 1013."""

    __slots__ = (
        "_at_work",
        "_beat",
        "_closed",
        "_closing",
        "_out",
        "_pace",
        "_retiring",
        "_room",
        "_socket",
        "_waiting_bytes",
        "_writing",
        "heard",
    )

    def __init__(self, socket: Socket, closed: Callable[[], object] | None = None) -> None:
        """`closed` is called once this side has closed the socket."""
        self._socket = socket
        self._closed = closed or _nobody
        # None behind the last frame: to be closed then.
        self._out: list[str | None] = []
        self._waiting_bytes = 0
        self._room: asyncio.Event | None = None
        self._writing: asyncio.Task[None] | None = None
        self._closing: tuple[Close, str] | None = None
        self._at_work = self._retiring = False
        self._pace = FramePace()
        self._beat = 0.0
        self.heard = time.monotonic()

    @property
    def closing(self) -> Close | None:
        """The code this side closes with, None while it goes on."""
        return self._closing[0] if self._closing else None

    @property
    def has_room(self) -> bool:
        """Whether little enough waits to leave for more to be said at once."""
        return len(self._out) < BATCHES_AHEAD

    async def room(self) -> None:
        """Wait until most of what was queued has left: history is read no faster than shown."""
        while not self.has_room and self._closing is None:
            self._room = self._room or asyncio.Event()
            self._room.clear()
            await self._room.wait()

    def send(self, frame: Frame) -> None:
        """Queue a frame. A full queue ends the connection; the page resumes where it was."""
        if self._closing is not None:
            return
        text = encode(frame)
        if len(self._out) >= OUT_FRAMES or self._waiting_bytes > OUT_BYTES:
            self.end(Close.OVERLOAD, "too slow")
            return
        if self._writing is None and self._socket.push(text):
            return
        self._waiting_bytes += len(text)
        self._queue(text)

    def end(self, code: Close, reason: str, *, told: bool = False) -> None:
        """Ask for the connection to be closed once what is queued has left.

        The first reason stands. Overload gets nothing more, unless it is to be ``told``.
        """
        if self._closing is not None:
            return
        self._closing = (code, reason)
        if code is Close.OVERLOAD and not told:
            self._out.clear()
        self._queue(None)
        self._make_room()

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        """While a frame is acted on: a restart waits for its answer."""
        self._at_work = True
        try:
            yield
        finally:
            self._at_work = False
            if self._retiring:
                self.retire()

    def flooded(self) -> None:
        """There were more pings than anybody needs."""
        self.end(Close.OVERLOAD, "too many pings")

    def retire(self) -> None:
        """Send the page to another process, after the frame that is acted on now."""
        self._retiring = True
        if not self._at_work:
            self.end(Close.RESTART, "restart")

    def pace(self) -> None:
        """Count one frame in. Raises Overloaded where there are too many."""
        self.heard = time.monotonic()
        if not self._pace.take():
            raise Overloaded("Too many frames a second.")

    def is_due_beat(self, now: float, heartbeat: float) -> bool:
        """Whether a heartbeat is due at `now`; from then on it counts as sent."""
        if now - self._beat < heartbeat - 0.5:
            return False
        self._beat = now
        return True

    async def ended(self) -> None:
        """Returns when what was queued has left and the socket is closed."""
        while (writing := self._writing) is not None:
            await asyncio.wait([writing])

    def _queue(self, text: str | None) -> None:
        self._out.append(text)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())

    def _make_room(self) -> None:
        if self._room is not None:
            self._room.set()

    async def _write(self) -> None:
        """Carry out what is queued, and close the socket where that is asked for."""
        try:
            while self._out:
                text = self._out.pop(0)
                if text is None:
                    await self._close()
                    return
                self._waiting_bytes -= len(text)
                self._make_room()
                await self._carry(text)
        finally:
            self._writing = None

    async def _carry(self, text: str) -> None:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._socket.send(text)
        except TimeoutError:
            self.end(Close.OVERLOAD, "too slow")
            self._out[:] = [None]
        except ConnectionClosed:
            self.end(Close.NORMAL, "")
            self._out[:] = [None]

    async def _close(self) -> None:
        code, reason = self._closing or (Close.NORMAL, "")
        try:
            await self._socket.close(code, reason)
        finally:
            closed, self._closed = self._closed, _nobody
            closed()
