"""The library's connection, with bounds where it has none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from websockets.asyncio.server import ServerConnection, broadcast
from websockets.frames import Frame, Opcode
from websockets.protocol import Event

from handoff.gateways.pace import FramePace

SLICE_BYTES = 4_096
CLOSE_SECONDS = 5.0
FLOODED_SECONDS = 1.0


class Connection(ServerConnection):
    """Paces pings and pongs: the library answers them all, whether or not anybody reads that.

    `on_flood` is called once, when there were too many; nothing is read from then on.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.on_flood: Callable[[], None] | None = None
        self._pace: FramePace | None = None
        self._is_flooded = False

    def forget_handshake(self) -> None:
        """Headers are as big as all else that an open, silent page needs.

        The library's parser holds the request as long as the connection, so it is emptied.
        """
        for handshake in (self.request, self.response):
            if handshake is not None:
                handshake.headers.clear()
        self.response = None

    def data_received(self, data: bytes) -> None:
        # One read may bring 40,000 empty pings, all answered before anybody else's turn.
        for begin in range(0, len(data), SLICE_BYTES):
            if not self._is_flooded:
                super().data_received(data[begin : begin + SLICE_BYTES])

    def process_event(self, event: Event) -> None:
        super().process_event(event)
        if not isinstance(event, Frame) or event.opcode not in (Opcode.PING, Opcode.PONG):
            return
        self._pace = self._pace or FramePace()
        if not self._is_flooded and not self._pace.take():
            self._is_flooded = True
            if self.on_flood is not None:
                self.on_flood()
            # The answer to a close is not read either.
            self.loop.call_later(FLOODED_SECONDS, self.abort)

    def abort(self) -> None:
        self.transport.abort()


class ConnectionSocket:
    """A connection as a session sees it."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def push(self, text: str) -> bool:
        """A page that keeps up needs no task to be written to, nor a wait for room."""
        if self._connection.transport.get_write_buffer_size():
            return False
        broadcast((self._connection,), text)
        return True

    async def send(self, text: str) -> None:
        await self._connection.send(text)

    async def close(self, code: int, reason: str) -> None:
        """Closed in twice `CLOSE_SECONDS` at most, also where nobody reads what is sent."""
        try:
            # The library waits without end for room to write its close frame.
            async with asyncio.timeout(2 * CLOSE_SECONDS):
                await self._connection.close(code, reason)
        except TimeoutError:
            self._connection.abort()
