"""A server whose wire a test holds in its hand: frames come and go as the test says.

For what the real service does only when something breaks: gaps, resets, lost answers, close
codes. Frames pass through the project's own strict codec in both directions, so a desk that
sends a frame outside the protocol fails the test.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from handoff.errors import ProtocolError
from handoff.listener import listening
from handoff.protocol import messages as m
from handoff.protocol.codec import decode_agent, encode
from handoff.routes.headers import SecurityHeaders
from handoff.routes.pages import PageRoutes
from tests.ports import free_ports

F = TypeVar("F", bound=m.Frame)

ME = "a" * 32
OTHER = "b" * 32
TALK = "c" * 32
EPOCH = "e" * 32
CLIENT = "heimbud"


class Wire:
    """What the desk sent, and the ways to answer it."""

    def __init__(self, url: str, socket_url: str) -> None:
        self.url = url
        self.socket_url = socket_url
        self.heard: list[m.AgentFrame] = []
        self.hellos: list[m.Hello] = []
        self.wrong: list[str] = []
        self.tickets = 0
        self.logged_in = True
        self.mine: tuple[m.Mine, ...] = (m.Mine(CLIENT, TALK),)
        self.answers_hello = True
        self.on_open: Callable[[m.Open], Any] | None = None
        self._socket: ServerConnection | None = None

    # --- the socket -----------------------------------------------------------------------

    async def serve(self, socket: ServerConnection) -> None:
        self._socket = socket
        with contextlib.suppress(ConnectionClosed):
            async for data in socket:
                try:
                    frame = decode_agent(data)
                except ProtocolError as error:
                    self.wrong.append(str(error))
                    raise
                await self._hear(frame)

    async def _hear(self, frame: m.AgentFrame) -> None:
        self.heard.append(frame)
        if isinstance(frame, m.Hello):
            self.hellos.append(frame)
            if self.answers_hello:
                await self.welcome()
        elif isinstance(frame, m.Open) and self.on_open is not None:
            await self.on_open(frame)

    async def send(self, *frames: m.Frame) -> None:
        assert self._socket is not None
        for frame in frames:
            await self._socket.send(encode(frame))

    async def close(self, code: int) -> None:
        assert self._socket is not None
        await self._socket.close(code)

    async def cut(self) -> None:
        """The line goes dead without a close."""
        assert self._socket is not None
        self._socket.transport.abort()

    async def welcome(self) -> None:
        await self.send(
            m.AgentWelcome(
                v=m.VERSION,
                agent=ME,
                name="Kari Nordli",
                role="agent",
                status="online",
                capacity=5,
                heartbeat=10.0,
                resume_token=f"token-{len(self.hellos)}",
                mine=self.mine,
            ),
            self.queue(),
        )

    def queue(self, *waiting: m.Waiting, mine: tuple[m.Mine, ...] | None = None) -> m.QueueView:
        return m.QueueView(
            position=len(waiting),
            now=time.time(),
            total=len(waiting),
            waiting=waiting,
            colleagues=(m.Colleague(OTHER, "Ola Dahle", "online", 1, 5, (CLIENT,)),),
            open_tasks=0,
            mine=self.mine if mine is None else mine,
            status="online",
        )

    async def next(self, kind: type[F], count: int = 1) -> F:
        """The `count`-th frame of that kind the desk has sent, waited for up to 10 s."""
        async with asyncio.timeout(10):
            while True:
                found = [frame for frame in self.heard if isinstance(frame, kind)]
                if len(found) >= count:
                    return found[count - 1]
                await asyncio.sleep(0.01)

    # --- HTTP -----------------------------------------------------------------------------

    def routes(self) -> list[Route]:
        return [
            Route("/api/login", self._login, methods=["POST"]),
            Route("/api/me", self._me),
            Route("/api/desk/ticket", self._ticket, methods=["POST"]),
            Route("/api/desk/clients", self._clients),
            Route("/api/desk/tasks", self._tasks),
            Route("/api/desk/{client}/conversations/{conversation}", self._conversation),
        ]

    def _agent(self) -> dict[str, Any]:
        agent = {"id": ME, "name": "Kari Nordli", "role": "agent", "clients": [CLIENT]}
        return {"agent": {**agent, "capacity": 5}}

    async def _login(self, request: Request) -> Response:
        self.logged_in = True
        return JSONResponse(self._agent())

    async def _me(self, request: Request) -> Response:
        return JSONResponse(self._agent()) if self.logged_in else _unauthenticated()

    async def _ticket(self, request: Request) -> Response:
        if not self.logged_in:
            return _unauthenticated()
        self.tickets += 1
        return JSONResponse({"ticket": f"ticket-{self.tickets}", "socket": self.socket_url})

    async def _clients(self, request: Request) -> Response:
        colours = {"primary": "#0b5d4e", "on_primary": "#ffffff", "accent": "#b4430c"}
        return JSONResponse(
            [{"id": CLIENT, "name": "Heimbud", "colours": colours, "canned": [], "reasons": []}]
        )

    async def _tasks(self, request: Request) -> Response:
        return JSONResponse([])

    async def _conversation(self, request: Request) -> Response:
        return JSONResponse({"conversation": TALK, "language": "nb", "topic": None, "earlier": []})


def _unauthenticated() -> Response:
    return JSONResponse({"error": {"code": "unauthenticated", "text": "Log in first."}}, 401)


# --- lines ------------------------------------------------------------------------------


def text(seq: int, words: str, author: str = "customer", cmid: str | None = None) -> m.StaffLine:
    return m.StaffLine(
        seq=seq,
        at=time.time(),
        author=author,
        kind="text",
        body={"text": words},
        author_id=ME if author == "agent" else "",
        cmid=cmid,
        customer_seq=seq,
    )


def owned(seq: int, control: int = 3, agent: str = ME) -> m.StaffLine:
    body = {"mode": "agent", "owner": "agent", "agent": agent, "control": control}
    return m.StaffLine(seq=seq, at=time.time(), author="system", kind="state", body=body)


def batch(*lines: m.StaffLine, epoch: str = EPOCH, after: int = 0, more: bool = False) -> m.Frame:
    last = lines[-1].seq if lines else after
    return m.AgentBatch(TALK, epoch, after + 1, last, more, lines)


def event(line: m.StaffLine) -> m.Frame:
    return m.AgentEvent(TALK, line)


@contextlib.asynccontextmanager
async def wired() -> AsyncIterator[Wire]:
    web, ws = free_ports(2)
    wire = Wire(f"http://127.0.0.1:{web}", f"ws://127.0.0.1:{ws}/agent")
    pages = Starlette(
        routes=[*wire.routes(), *PageRoutes({}).routes()],
        middleware=[Middleware(SecurityHeaders, socket_url=f"ws://127.0.0.1:{ws}", frames=())],
    )
    sockets: Server = await serve(wire.serve, "127.0.0.1", ws, ping_interval=None)
    async with listening(pages, "127.0.0.1", web):
        yield wire
        sockets.close()
        await sockets.wait_closed()
    assert wire.wrong == [], "the desk sent what is no frame of the protocol"
