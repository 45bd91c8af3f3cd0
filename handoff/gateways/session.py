"""One open connection: a bounded way out, a pace on the way in, an orderly end."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol

from handoff.errors import Overloaded
from handoff.protocol.codec import encode
from handoff.protocol.codes import Close
from handoff.protocol.messages import Frame

OUT_FRAMES = 256
SEND_SECONDS = 10.0
FRAMES_PER_SECOND = 20.0
BURST = 100.0


class Socket(Protocol):
    """What a session needs of a connection; server.py adapts the library to it."""

    async def send(self, text: str) -> None: ...

    async def close(self, code: int, reason: str) -> None: ...


class Session:
    """Frames out in order through a queue of `OUT_FRAMES`; a slow reader is closed with 1013."""

    def __init__(self, socket: Socket) -> None:
        self._socket = socket
        self._out: asyncio.Queue[str | None] = asyncio.Queue(OUT_FRAMES)
        self._closing: tuple[Close, str] | None = None
        self._tokens = BURST
        self._filled = time.monotonic()
        self.heard = time.monotonic()

    @property
    def room(self) -> int:
        """Frames that fit in the way out before the reader counts as slow."""
        return self._out.maxsize - self._out.qsize()

    def send(self, frame: Frame) -> None:
        """Queue a frame. A full queue ends the connection; the page resumes where it was."""
        if self._closing is not None:
            return
        try:
            self._out.put_nowait(encode(frame))
        except asyncio.QueueFull:
            self.end(Close.OVERLOAD, "too slow")

    def end(self, code: Close, reason: str) -> None:
        """Ask for the connection to be closed once what is queued has left.

        The first reason stands. A slow reader gets nothing more.
        """
        if self._closing is not None:
            return
        self._closing = (code, reason)
        while self._out.full() or (code is Close.OVERLOAD and not self._out.empty()):
            self._out.get_nowait()
        self._out.put_nowait(None)

    def pace(self) -> None:
        """Count one frame in. Raises Overloaded above `FRAMES_PER_SECOND` after a burst."""
        now = time.monotonic()
        self._tokens = min(BURST, self._tokens + (now - self._filled) * FRAMES_PER_SECOND)
        self._filled = self.heard = now
        if self._tokens < 1.0:
            raise Overloaded("Too many frames a second.")
        self._tokens -= 1.0

    async def write(self) -> None:
        """Carry queued frames out until the session ends, then close the socket."""
        try:
            while (text := await self._out.get()) is not None:
                async with asyncio.timeout(SEND_SECONDS):
                    await self._socket.send(text)
        except TimeoutError:
            self.end(Close.OVERLOAD, "too slow")
        finally:
            code, reason = self._closing or (Close.NORMAL, "")
            await self._socket.close(code, reason)
