"""The websocket listener: who may connect, from where, how many, and what each frame may weigh."""

from __future__ import annotations

import asyncio
import contextlib
import http
import logging
import sys
from collections import Counter
from collections.abc import AsyncIterator, Coroutine, Mapping
from typing import Any

import structlog
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from handoff.clients import Client
from handoff.errors import (
    FrameTooBig,
    Overloaded,
    ProtocolError,
    StafettError,
    StartError,
    Unauthenticated,
)
from handoff.gateways.agent import AgentGateway, AgentSession
from handoff.gateways.connection import CLOSE_SECONDS, Connection, ConnectionSocket
from handoff.gateways.customer import CustomerGateway, CustomerSession
from handoff.gateways.pulse import Pulse
from handoff.gateways.session import Session
from handoff.metrics import Metrics
from handoff.protocol import messages as m
from handoff.protocol.codec import decode_agent, decode_customer
from handoff.protocol.codes import Close
from handoff.proxies import Proxies
from handoff.stopping import stop

HELLO_SECONDS = 5.0
HANDSHAKE_SECONDS = 10.0
DRAIN_SECONDS = 3.0
CLOSED_SECONDS = 1.0
MOST_CONNECTIONS = 12_000
MOST_PER_ADDRESS = 200

log = structlog.get_logger(__name__)

# The library would log a refused handshake with its path and a traceback.
_quiet = logging.getLogger("handoff.gateways.websockets")
_quiet.setLevel(logging.CRITICAL + 1)


class SocketServer:
    """Listens until closed. `desk_origins` are where the desk's own pages come from."""

    def __init__(
        self,
        clients: Mapping[str, Client],
        customers: CustomerGateway,
        agents: AgentGateway,
        pulse: Pulse,
        desk_origins: frozenset[str],
        proxies: Proxies,
        metrics: Metrics,
    ) -> None:
        self._clients = clients
        self._customers = customers
        self._agents = agents
        self._pulse = pulse
        self._desk_origins = desk_origins
        self._proxies = proxies
        self._metrics = metrics
        self._addresses: Counter[str] = Counter()
        self._server: Server | None = None
        self._serving: dict[asyncio.Task[Any], Connection] = {}
        self._is_closing = False

    async def start(self, host: str, port: int) -> None:
        """Listen. Raises StartError when the port cannot be had."""
        try:
            self._server = await self._listen(host, port)
        except OSError as error:
            raise StartError(
                f"Port {port} on {host} cannot be listened on ({error.strerror}).",
                cure="Stop what uses it, or choose another port in .env.",
            ) from None

    async def _listen(self, host: str, port: int) -> Server:
        return await serve(
            self._serve,
            host,
            port,
            process_request=self._check,
            open_timeout=HANDSHAKE_SECONDS,
            ping_interval=None,
            close_timeout=CLOSE_SECONDS,
            create_connection=Connection,
            max_size=m.MAX_FRAME_BYTES,
            max_queue=16,
            write_limit=m.MAX_FRAME_BYTES,
            compression=None,
            server_header=None,
            logger=_quiet,
        )

    async def close(self) -> None:
        """Stop listening, then tell every page to come back; `DRAIN_SECONDS` and little more."""
        if self._server is None:
            return
        self._is_closing = True
        self._server.close(close_connections=False)
        for session in [*self._pulse.customers.values(), *self._pulse.desks.values()]:
            session.retire()
        if self._serving:
            await asyncio.wait(self._serving, timeout=DRAIN_SECONDS)
        for connection in self._serving.values():
            connection.abort()
        with contextlib.suppress(TimeoutError):  # somebody is half through a handshake
            async with asyncio.timeout(CLOSED_SECONDS):
                await self._server.wait_closed()

    def _check(self, connection: ServerConnection, request: Request) -> Response | None:
        """Before the upgrade: path, origin, and room. None lets the handshake go on."""
        refusal = self._refusal(connection, request)
        if refusal is None:
            return None
        reason, status, told = refusal
        self._metrics.refused(reason)
        return connection.respond(status, f"{told}\n")

    def _refusal(
        self, connection: ServerConnection, request: Request
    ) -> tuple[str, http.HTTPStatus, str] | None:
        """What is wrong, in a word of the metrics, as a status and for whoever asked."""
        path, _, query = request.path.partition("?")
        if query:
            return "bad_request", http.HTTPStatus.BAD_REQUEST, "No query: a token is no URL."
        origins = self._origins(path)
        if origins is None:
            return "path", http.HTTPStatus.NOT_FOUND, "No such endpoint."
        if request.headers.get_all("Origin") not in [[origin] for origin in origins]:
            return "origin", http.HTTPStatus.FORBIDDEN, "Origin not allowed."
        total = sum(self._addresses.values())
        if (
            total >= MOST_CONNECTIONS
            or self._addresses[self._address(connection, request)] >= MOST_PER_ADDRESS
        ):
            return "room", http.HTTPStatus.TOO_MANY_REQUESTS, "Too many connections."
        return None

    def _origins(self, path: str) -> frozenset[str] | None:
        if path == "/agent":
            return self._desk_origins
        client = self._clients.get(path.removeprefix("/customer/"))
        if client is None or not path.startswith("/customer/"):
            return None
        return frozenset(client.origins)

    def _address(self, connection: ServerConnection, request: Request) -> str:
        peer = str(connection.remote_address[0]) if connection.remote_address else ""
        return self._proxies.caller(peer, request.headers.get_all("X-Forwarded-For"))

    async def _serve(self, connection: ServerConnection) -> None:
        request, task = connection.request, asyncio.current_task()
        if request is None or task is None or not isinstance(connection, Connection):
            return
        # One text for all pages of an endpoint and of an address.
        path, address = map(sys.intern, (request.path, self._address(connection, request)))
        connection.forget_handshake()
        self._serving[task] = connection
        self._addresses[address] += 1
        reading = Reading(task, ConnectionSocket(connection))
        session = reading.session
        connection.on_flood = session.flooded
        try:
            with reading:
                if path == "/agent":
                    await self._agent(connection, session, await _first(connection))
                else:
                    await self._customer(connection, session, path, await _first(connection))
        finally:
            await session.ended()
            connection.on_flood = None  # what refers to itself waits for the garbage collector
            del self._serving[task]
            side = "agent" if path == "/agent" else "customer"
            self._metrics.closed(side, _close_code(session, connection))
            self._addresses[address] -= 1
            if not self._addresses[address]:
                del self._addresses[address]

    async def _customer(
        self, connection: ServerConnection, session: Session, path: str, first: str | bytes
    ) -> None:
        client = path.removeprefix("/customer/")
        conversation = await self._customers.admit(client, decode_customer(first))
        one = CustomerSession(self._customers, session, conversation)
        del first, client, conversation  # an open, silent page is held in little
        one.subscribe()
        try:
            await one.welcome()
            self._pulse.customers[one] = session  # no heartbeat before the welcome
            if self._is_closing:
                session.retire()
            async for frame in connection:
                with session.at_work():
                    await one.hear(frame)
                if session.closing is not None:
                    break
        finally:
            self._pulse.customers.pop(one, None)
            await one.leave()

    async def _agent(
        self, connection: ServerConnection, session: Session, first: str | bytes
    ) -> None:
        agent, login = await self._agents.admit(decode_agent(first))
        desk = AgentSession(self._agents, session, agent, login)
        unsubscribe = desk.subscribe()
        try:
            await desk.welcome()
            self._pulse.desks[desk] = session
            if self._is_closing:
                session.retire()
            async with _beside(session, desk.pump(), desk.pump_queue()):
                async for frame in connection:
                    with session.at_work():
                        await desk.hear(frame)
                    if session.closing is not None:
                        break
        finally:
            self._pulse.desks.pop(desk, None)
            desk.unsubscribe()
            for stop in unsubscribe:
                stop()


class Reading:
    """The time in which a page is read: every way out of it names its close code.

    `stop` ends it, whatever is waited for, and nothing after it.
    """

    __slots__ = ("_is_stopped", "_task", "session")

    def __init__(self, task: asyncio.Task[Any], socket: ConnectionSocket) -> None:
        self.session = Session(socket, self.stop)
        self._task: asyncio.Task[Any] | None = task
        self._is_stopped = False

    def stop(self) -> None:
        if self._task is not None and not self._is_stopped:
            self._is_stopped = True
            self._task.cancel()

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: object, error: BaseException | None, __: object) -> bool:
        task, self._task = self._task, None
        if self._is_stopped and isinstance(error, asyncio.CancelledError) and task is not None:
            return task.uncancel() == 0
        return _ended(self.session, error)


def _ended(session: Session, error: BaseException | None) -> bool:
    """End the session for the reason that ended its reading. False: to be raised on."""
    match error:
        case None | ConnectionClosed():
            session.end(Close.NORMAL, "")
        case TimeoutError():
            # Retryable: a laptop that slept between connecting and its hello means no harm.
            session.end(Close.OVERLOAD, "no hello in time")
        case Unauthenticated():
            session.send(m.Problem(code=error.code, text=str(error)))
            session.end(Close.NEW_TICKET, error.code)
        case FrameTooBig():
            session.end(Close.TOO_BIG, error.code)
        case ProtocolError():
            session.send(m.Problem(code=error.code, text=str(error)))
            session.end(Close.POLICY, error.code)
        case Overloaded():
            session.end(Close.OVERLOAD, error.code)
        case StafettError():
            log.error("socket", action="failed", code=error.code)
            session.end(Close.OVERLOAD, error.code)
        case Exception():
            log.error("socket", action="failed", error=type(error).__name__)
            session.end(Close.OVERLOAD, "try again")
            return False
        case _:
            return False
    return True


async def _first(connection: ServerConnection) -> str | bytes:
    async with asyncio.timeout(HELLO_SECONDS):
        return await connection.recv()


def _close_code(session: Session, connection: ServerConnection) -> int:
    """Ours where we had a reason to close, also when the page was past answering; else theirs."""
    if session.closing not in (None, Close.NORMAL):
        return int(session.closing)
    return connection.close_code or Close.NORMAL


@contextlib.asynccontextmanager
async def _beside(session: Session, *pumps: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run pumps beside the body. A pump that fails ends the session; the page comes back."""

    def ended(task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.error("socket", action="pump_failed", error=type(error).__name__)
            session.end(Close.OVERLOAD, "try again")

    tasks = [asyncio.create_task(pump) for pump in pumps]
    for task in tasks:
        task.add_done_callback(ended)
    try:
        yield
    finally:
        await stop(tasks)
