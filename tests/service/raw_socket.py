"""A websocket client that may do everything wrong: it writes the bytes it is told to."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any, Self

WAIT_SECONDS = 15.0
CONT, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
_KEY = "dGhlIHNhbXBsZSBub25jZQ=="


def frame(
    opcode: int,
    payload: bytes = b"",
    *,
    fin: bool = True,
    rsv: int = 0,
    masked: bool = True,
    length: bytes | None = None,
) -> bytes:
    """A frame's bytes. `length` stands in place of the true one, without the mask's bit."""
    if length is None:
        size = len(payload)
        if size < 126:
            length = bytes([size])
        elif size < 65_536:
            length = b"\x7e" + size.to_bytes(2, "big")
        else:
            length = b"\x7f" + size.to_bytes(8, "big")
    head = bytes([fin << 7 | rsv << 4 | opcode, masked << 7 | length[0]]) + length[1:]
    if not masked:
        return head + payload
    mask = b"\x37\xfa\x21\x3d"
    return head + mask + bytes(byte ^ mask[n % 4] for n, byte in enumerate(payload))


def text(**fields: Any) -> bytes:
    """A frame of the protocol."""
    return frame(TEXT, json.dumps(fields).encode())


def request(path: str, origin: str, *more: str, method: str = "GET", host: str = "x") -> bytes:
    """A handshake that is right, unless it is told otherwise; `more` are header lines."""
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {host}",
        f"Origin: {origin}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {_KEY}",
        *more,
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class RawSocket:
    """A TCP connection to the websocket port."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self.writer = reader, writer

    @classmethod
    async def open(cls, port: int) -> Self:
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=1 << 20))

    async def send(self, data: bytes) -> None:
        with contextlib.suppress(ConnectionError):
            self.writer.write(data)
            await self.writer.drain()

    async def status(self) -> int | None:
        """The status of the HTTP answer, None where the connection was closed without one."""
        async with asyncio.timeout(WAIT_SECONDS):
            try:
                head = await self._reader.readuntil(b"\r\n\r\n")
            except (asyncio.IncompleteReadError, ConnectionError):
                return None
        return int(head.split(b" ")[1])

    async def next(self) -> tuple[int, bytes] | None:
        """The next frame's opcode and payload, None at the end of the connection."""
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                first, second = await self._reader.readexactly(2)
                size = second & 0x7F
                if size >= 126:
                    size = int.from_bytes(await self._reader.readexactly(2 if size == 126 else 8))
                return first & 0x0F, await self._reader.readexactly(size)
        except (asyncio.IncompleteReadError, ConnectionError):
            return None

    async def got(self, kind: str) -> dict[str, Any]:
        """The next frame of the protocol that is of that kind."""
        while (came := await self.next()) is not None:
            if came[0] == TEXT and (found := json.loads(came[1]))["t"] == kind:
                return dict(found)
        raise AssertionError(f"closed before `{kind}` came")

    async def ended(self) -> tuple[int | None, list[str]]:
        """The close code, None without one, and the codes of the problems told before it.

        A close is answered, as every client must.
        """
        code, problems = None, []
        while (came := await self.next()) is not None:
            opcode, payload = came
            if opcode == CLOSE:
                code = int.from_bytes(payload[:2]) if payload else 1005
                await self.send(frame(CLOSE, payload))
            elif opcode == TEXT and (told := json.loads(payload))["t"] == "problem":
                problems.append(str(told["code"]))
        return code, problems

    def mute(self) -> None:
        """Read nothing from here on."""
        transport = self.writer.transport
        assert isinstance(transport, asyncio.ReadTransport)
        transport.pause_reading()

    async def pushed(self, data: bytes) -> bool:
        """Whether the other end still takes data."""
        try:
            self.writer.write(data)
            await self.writer.drain()
        except ConnectionError:
            return False
        return not self.writer.transport.is_closing()

    async def leave(self) -> None:
        self.writer.close()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()
