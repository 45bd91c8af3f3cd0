"""A page that comes back until it is told to leave: what customer and agent have in common."""

from __future__ import annotations

import asyncio
import json
import random
import uuid
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from tests.faults.history import History, Outcome

Frame = dict[str, Any]
PASSING = ("overloaded", "store_failed")
NEW_TICKET = 4001
FIRST_PAUSE, LONGEST_PAUSE = 0.3, 4.0
SILENT_BEATS = 2.5
HTTP_SECONDS = 8.0


class Cut(Exception):
    """The page drops its connection and comes back."""


@dataclass(slots=True, kw_only=True)
class Page:
    """`outbox` is what has no answer yet, in the order it was made, kept over connections.

    `cuts` counts connections that ended, `problems` what the service refused, by its codes, `tab`
    how often it was closed for good and opened anew.
    """

    name: str
    history: History
    rng: random.Random
    origin: str
    outbox: dict[str, Frame] = field(default_factory=dict)
    token: str | None = None
    socket: ClientConnection | None = None
    url: str = ""
    beat: float = 15.0
    connections: int = 0
    is_away: bool = False
    cuts: int = 0
    tab: int = 0
    problems: Counter[str] = field(default_factory=Counter)
    _pause: float = FIRST_PAUSE

    async def ticket(self, http: httpx.AsyncClient) -> str:
        """A new one over HTTP; sets `url`."""
        raise NotImplementedError

    def welcomed(self, welcome: Frame) -> list[Frame]:
        """What the page sends before what it has not had an answer to."""
        raise NotImplementedError

    async def take(self, frame: Frame) -> None:
        raise NotImplementedError

    async def run(self) -> None:
        """Connected, again and again, until cancelled."""
        while not self.is_away:
            try:
                await self._connected()
            except ConnectionClosed as end:
                if end.rcvd is not None and end.rcvd.code == NEW_TICKET:
                    self.token = None
            except (OSError, InvalidHandshake, InvalidMessage, httpx.HTTPError, Cut, EOFError):
                pass  # whatever it was, the cure is the same
            self.socket = None
            self.cuts += 1
            await asyncio.sleep(self.rng.uniform(0.05, self._pause))
            self._pause = min(2 * self._pause, LONGEST_PAUSE)

    async def _connected(self) -> None:
        hello: Frame = {"t": "hello", "v": 1}
        if self.token is None:
            async with httpx.AsyncClient(trust_env=False, timeout=HTTP_SECONDS) as http:
                hello["ticket"] = await self.ticket(http)
        else:
            hello["resume_token"] = self.token
        socket = await connect(
            self.url, origin=self.origin, compression=None, ping_interval=None, proxy=None,
            open_timeout=HTTP_SECONDS, close_timeout=0.5, max_size=None,
        )  # fmt: skip
        try:
            await socket.send(json.dumps(hello))
            async with asyncio.timeout(HTTP_SECONDS):
                welcome = json.loads(await socket.recv())
            if welcome["t"] == "problem":
                await socket.recv()
            assert welcome["t"] in ("welcome", "agent_welcome"), welcome
            self.token, self.beat = welcome["resume_token"], welcome["heartbeat"]
            self._pause = FIRST_PAUSE
            self.connections += 1
            for frame in self.welcomed(welcome):
                await socket.send(json.dumps(frame))
            again: set[str] = set()
            while late := [key for key in self.outbox if key not in again]:
                again.add(late[0])
                await socket.send(json.dumps(self.outbox[late[0]]))
            if self.is_away:
                raise Cut
            self.socket = socket  # only now: a new line must not overtake an old one
            while True:
                async with asyncio.timeout(SILENT_BEATS * self.beat):
                    text = await socket.recv()
                await self._heard(json.loads(text))
        except TimeoutError:
            raise Cut from None  # half open: nothing was heard for beats
        finally:
            self.socket = None
            socket.transport.abort()

    async def _heard(self, frame: Frame) -> None:
        if frame["t"] == "problem":
            if frame["code"] in PASSING:
                raise Cut
            self.problems[frame["code"]] += 1
            if frame.get("cmid"):
                self.outbox.pop(frame["cmid"], None)
                self.history.ended(frame["cmid"], Outcome.FAILED, code=frame["code"])
        if frame["t"] in ("ack", "agent_ack"):
            self.outbox.pop(frame["cmid"], None)
            self.history.ended(frame["cmid"], Outcome.ACKED, number=frame["seq"])
        if frame["t"] in ("heartbeat", "agent_heartbeat"):
            await self.put_on_wire({"t": "beat"})
        await self.take(frame)

    async def put_on_wire(self, frame: Frame) -> None:
        """Send it, if there is a connection; the outbox sees to it otherwise."""
        if self.socket is not None:
            with suppress(ConnectionClosed):
                await self.socket.send(json.dumps(frame))

    async def line(self, place: str, text: str, **frame: Any) -> str:
        """Keep a line of the conversation `place`, then send it. Returns its cmid at once."""
        cmid = str(uuid.UUID(int=self.rng.getrandbits(128), version=4))
        self.outbox[cmid] = {**frame, "cmid": cmid, "text": text}
        self.history.invoked(cmid, place, self.name, text, self.tab)
        await self.put_on_wire(self.outbox[cmid])
        return cmid

    async def drop(self) -> None:
        """The connection is lost, and another made."""
        if self.socket is not None:
            self.socket.transport.abort()
            self.socket = None

    def forget(self) -> None:
        """The page is gone with its unsent lines: nobody will ever know of them."""
        for cmid in self.outbox:
            self.history.ended(cmid, Outcome.UNKNOWN)
        self.outbox.clear()
        self.tab += 1
