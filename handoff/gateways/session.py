"""One open connection: a bounded way out, a pace on the way in, an orderly end."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator
from typing import Protocol

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

    async def send(self, text: str) -> None: ...

    async def close(self, code: int, reason: str) -> None: ...


class Session:
    """Frames out in order through a bounded queue; a slow reader is closed with 1013."""

    def __init__(self, socket: Socket) -> None:
        self._socket = socket
        self._out: asyncio.Queue[str | None] = asyncio.Queue(OUT_FRAMES)
        self._waiting_bytes = 0
        self._left = asyncio.Event()
        self._closing: tuple[Close, str] | None = None
        self._at_work = self._retiring = False
        self._pace = FramePace()
        self.heard = time.monotonic()

    @property
    def closing(self) -> Close | None:
        """The code this side closes with, None while it goes on."""
        return self._closing[0] if self._closing else None

    async def room(self) -> None:
        """Wait until most of what was queued has left: history is read no faster than shown."""
        while self._out.qsize() >= BATCHES_AHEAD and self._closing is None:
            self._left.clear()
            await self._left.wait()

    def send(self, frame: Frame) -> None:
        """Queue a frame. A full queue ends the connection; the page resumes where it was."""
        if self._closing is not None:
            return
        text = encode(frame)
        if self._out.full() or (self._waiting_bytes > OUT_BYTES):
            self.end(Close.OVERLOAD, "too slow")
            return
        self._waiting_bytes += len(text)
        self._out.put_nowait(text)

    def end(self, code: Close, reason: str, *, told: bool = False) -> None:
        """Ask for the connection to be closed once what is queued has left.

        The first reason stands. Overload gets nothing more, unless it is to be ``told``.
        """
        if self._closing is not None:
            return
        self._closing = (code, reason)
        self._left.set()
        dropped = code is Close.OVERLOAD and not told
        while self._out.full() or (dropped and not self._out.empty()):
            self._out.get_nowait()
        self._out.put_nowait(None)

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

    async def write(self) -> None:
        """Carry queued frames out until the session ends, then close the socket."""
        try:
            while (text := await self._out.get()) is not None:
                self._waiting_bytes -= len(text)
                self._left.set()
                async with asyncio.timeout(SEND_SECONDS):
                    await self._socket.send(text)
        except TimeoutError:
            self.end(Close.OVERLOAD, "too slow")
        finally:
            code, reason = self._closing or (Close.NORMAL, "")
            await self._socket.close(code, reason)
