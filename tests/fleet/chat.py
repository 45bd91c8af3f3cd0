"""A customer's page that does what the widget does: resend, resume, reconnect, show in order."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from handoff.tokens import new_id
from tests.service.pages import cmid

Line = dict[str, Any]
RECONNECT_SECONDS = (0.05, 0.3)
WAIT_SECONDS = 30.0


@dataclass(slots=True)
class Chat:
    """`lines` are what is shown; `codes` how each connection but the last one ended."""

    web: str
    origin: str
    client: str
    lines: list[Line] = field(default_factory=list)
    codes: list[int | None] = field(default_factory=list)
    conversation: str = ""
    _unsent: dict[str, dict[str, Any]] = field(default_factory=dict)
    _socket: ClientConnection | None = None
    _url: str = ""
    _resume_token: str | None = None
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def says(self, text: str) -> None:
        """Returns when it is acknowledged, over however many connections."""
        await self._asks(t="send", text=text)

    async def asks_for_a_person(self) -> None:
        await self._asks(t="ask_person")

    async def asks_the_bot(self, text: str) -> list[str]:
        """What the bot says next."""
        known = len(self.lines)
        await self.says(text)
        await self.until(lambda: any(line["author"] == "bot" for line in self.lines[known:]))
        return [line["text"] for line in self.lines[known:] if line["author"] == "bot"]

    async def until(self, fits: Callable[[], bool]) -> None:
        async with asyncio.timeout(WAIT_SECONDS), self._news:
            await self._news.wait_for(fits)

    async def _asks(self, **frame: Any) -> None:
        id_ = cmid()
        self._unsent[id_] = {**frame, "cmid": id_}
        if self._socket is not None:
            with suppress(ConnectionClosed):
                await self._socket.send(json.dumps(self._unsent[id_]))
        await self.until(lambda: id_ not in self._unsent)

    async def run(self) -> None:
        """Connected, again and again, until cancelled."""
        while True:
            try:
                await self._connected()
            except ConnectionClosed as end:
                self.codes.append(end.rcvd.code if end.rcvd else None)
            except (OSError, InvalidHandshake, httpx.HTTPError):
                pass  # the next process may be well
            self._socket = None
            await asyncio.sleep(random.uniform(*RECONNECT_SECONDS))

    async def _connected(self) -> None:
        hello: dict[str, Any] = {"t": "hello", "v": 1, "resume_token": self._resume_token}
        if self._resume_token is None:
            hello = {"t": "hello", "v": 1, "ticket": await self._ticket()}
        async with connect(
            self._url, origin=self.origin, compression=None, ping_interval=None, proxy=None  # type: ignore[arg-type]
        ) as socket:  # fmt: skip
            await socket.send(json.dumps(hello))
            welcome = json.loads(await socket.recv())
            assert welcome["t"] == "welcome", welcome
            assert self.conversation in ("", welcome["conversation"])
            self.conversation = welcome["conversation"]
            self._resume_token = welcome["resume_token"]
            resume = {"t": "resume", "epoch": welcome["epoch"], "after": len(self.lines)}
            await socket.send(json.dumps(resume))
            self._socket = socket
            for frame in list(self._unsent.values()):
                await socket.send(json.dumps(frame))
            while True:
                await self._take(socket, json.loads(await socket.recv()))

    async def _ticket(self) -> str:
        async with httpx.AsyncClient(headers={"Origin": self.origin}, trust_env=False) as http:
            url = f"{self.web}/api/clients/{self.client}/tickets"
            answer = await http.post(url, json={"visitor": new_id()})
        given = answer.raise_for_status().json()
        self._url = given["socket"]
        return str(given["ticket"])

    async def _take(self, socket: ClientConnection, frame: dict[str, Any]) -> None:
        match frame["t"]:
            case "heartbeat":
                await socket.send('{"t":"beat"}')
            case "ack":
                self._unsent.pop(frame["cmid"], None)
            case "batch":
                for line in frame["lines"]:
                    self._show(line)
            case "event":
                self._show(frame["line"])
            case "problem":
                raise AssertionError(frame)
        async with self._news:
            self._news.notify_all()

    def _show(self, line: Line) -> None:
        if line["seq"] > len(self.lines):
            assert line["seq"] == len(self.lines) + 1, "a gap"
            self.lines.append(line)


@asynccontextmanager
async def chat(web: str, origin: str, client: str = "heimbud") -> AsyncIterator[Chat]:
    """An open page that shows its whole conversation."""
    page = Chat(web, origin, client)
    running = asyncio.create_task(page.run())
    try:
        await page.until(lambda: bool(page.lines))
        yield page
        assert not running.done(), running.exception()
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError, AssertionError):
            await running
