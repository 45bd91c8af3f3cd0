"""The network between pages and nginx, to be slowed, cut, and left hanging."""

from __future__ import annotations

import asyncio
import socket
import struct
from contextlib import suppress

CHUNK = 65_536


class Proxy:
    """Listens on `port` and carries bytes to `target`. `delay` is seconds for each chunk.

    What is `hung` takes nothing and gives nothing, and no end of it is closed.
    """

    def __init__(self, port: int, target: int) -> None:
        self.port = port
        self.target = target
        self.delay = 0.0
        self._clients: set[asyncio.StreamWriter] = set()
        self._hung: set[asyncio.StreamWriter] = set()
        self._carried: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        self.reset()
        await asyncio.gather(*self._carried, return_exceptions=True)

    def reset(self, share: float = 1.0) -> int:
        """Cut that share of what is open, with RST. Returns how many ends were."""
        chosen = list(self._clients)[: max(1, int(len(self._clients) * share))]
        for writer in chosen:
            sock = writer.get_extra_info("socket")
            with suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
        return len(chosen)

    def hang(self, share: float) -> int:
        """Leave that share of the connections half open, for good."""
        chosen = list(self._clients)[: max(1, int(len(self._clients) * share))]
        self._hung.update(chosen)
        return len(chosen)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._carried.add(task)
        task.add_done_callback(self._carried.discard)
        try:
            inner, out = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        self._clients.add(writer)
        ways = [
            asyncio.create_task(self._copy(reader, out, writer)),
            asyncio.create_task(self._copy(inner, writer, writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            self._clients.discard(writer)
            self._hung.discard(writer)
            for one in (writer, out):
                one.close()

    async def _copy(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        client: asyncio.StreamWriter,
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(CHUNK):
                if self.delay:
                    await asyncio.sleep(self.delay)
                if client in self._hung:
                    continue  # as a network that swallows packets
                writer.write(data)
                await writer.drain()
