"""Pages in one process, as light as the wire allows, each at an address of 127.1.0.0/16."""

from __future__ import annotations

import asyncio
import json
import resource
from collections.abc import Callable, Sequence
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

Frame = dict[str, Any]
PER_ADDRESS = 100


def lines_of(frame: Frame) -> Sequence[Frame]:
    """The lines of a frame of either stream."""
    return frame.get("lines") or ([frame["line"]] if "line" in frame else [])


def raise_descriptors(wanted: int) -> None:
    """Raises RuntimeError where this machine does not allow so many open files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise RuntimeError(
            f"{wanted} connections need as many open files, and {hard} are allowed here. "
            "Raise the hard limit (ulimit -Hn), or ask for fewer connections."
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


def address(number: int) -> str:
    """Where page `number` comes from: `PER_ADDRESS` pages share one."""
    group = number // PER_ADDRESS
    return f"127.1.{group // 250}.{1 + group % 250}"


async def open_socket(url: str, origin: str | None = None, number: int = 0) -> ClientConnection:
    return await connect(
        url,
        origin=origin,  # type: ignore[arg-type]
        compression=None,
        ping_interval=None,
        proxy=None,
        open_timeout=60,
        max_queue=16,
        local_addr=(address(number), 0),
    )


class Page:
    """A page that has been welcomed. `on_frame` hears everything but heartbeats."""

    def __init__(self, socket: ClientConnection, on_frame: Callable[[Frame], None]) -> None:
        self.socket = socket
        self.welcome: Frame = {}
        self.on_frame = on_frame

    @classmethod
    async def open(
        cls,
        url: str,
        origin: str,
        token: str,
        on_frame: Callable[[Frame], None] = lambda frame: None,
        number: int = 0,
    ) -> Page:
        page = cls(await open_socket(url, origin, number), on_frame)
        try:
            await page.send({"t": "hello", "v": 1, "resume_token": token})
            page.welcome = json.loads(await page.socket.recv())
            if not page.welcome["t"].endswith("welcome"):
                raise RuntimeError(f"No welcome, but {page.welcome}")
        except BaseException:
            page.socket.transport.abort()
            raise
        return page

    async def send(self, frame: Frame) -> None:
        await self.socket.send(json.dumps(frame))

    async def read(self) -> None:
        """Hear frames and answer heartbeats, until the socket closes."""
        async for text in self.socket:
            frame = json.loads(text)
            if frame["t"] in ("heartbeat", "agent_heartbeat"):
                await self.socket.send('{"t":"beat"}')
            elif frame["t"] == "problem":
                raise RuntimeError(f"The service refused: {frame}")
            else:
                self.on_frame(frame)


async def opened(count: int, at_once: int, open_one: Callable[[int], Any]) -> list[Any]:
    """`open_one(0)` to `open_one(count - 1)`, `at_once` at a time."""
    room = asyncio.Semaphore(at_once)

    async def one(number: int) -> Any:
        async with room:
            return await open_one(number)

    return list(await asyncio.gather(*(one(number) for number in range(count))))
