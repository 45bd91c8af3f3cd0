"""A small real server for the widget alone: the wire's own codec, the service's own pages, and
faults on demand. Frames are decoded strictly: a wrong one ends the connection and fails the test.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from handoff.errors import ProtocolError
from handoff.listener import listening
from handoff.protocol import messages as m
from handoff.protocol.codec import decode_customer, encode
from handoff.routes.headers import SecurityHeaders
from handoff.routes.pages import WEB, PageRoutes
from tests.ports import free_ports

HTTP, WS, SITE = free_ports(3)
API = f"http://127.0.0.1:{HTTP}"
SOCKET = f"ws://127.0.0.1:{WS}/customer/heimbud"
ORIGIN = f"http://127.0.0.1:{SITE}"

HELLO = {
    "nb": "Hei! Jeg er chatboten til Heimbud. Jeg kan spore pakker, melde savnet avis, stanse "
    "avisen i ferien og svare på spørsmål om faktura. Hva kan jeg hjelpe deg med?",
    "nn": "Hei! Eg er chatboten til Heimbud. Kva kan eg hjelpe deg med?",
    "en": "Hi! I am Heimbud's chatbot. I can track parcels, report a missing newspaper, pause "
    "your newspaper and answer questions about invoices. How can I help you?",
}

PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>Heimbud</title>
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<link rel="stylesheet" href="/site.css"><script src="{api}/widget.js" data-client="heimbud"
data-primary="#0b5d4e" defer></script></head><body><main><h1>Heimbud</h1>
<p>Pakker og aviser hjem til deg.</p><a href="#">Spor en pakke</a></main></body></html>"""

SITE_CSS = (
    "html{font-size:62.5%}body{margin:0;font:16px/1.6 Georgia,serif;letter-spacing:.3px;"
    "background:#dfe8e1;color:#1b2421}main{max-width:640px;margin:0 auto;padding:48px 24px}"
    "button,input,textarea,p{color:#8b0000!important;text-transform:uppercase}a{color:#0b5d4e}"
    "@media(prefers-color-scheme:dark){body{background:#0e1211;color:#e8ebe8}a{color:#8cc7b1}"
    "p{color:#ff9d92!important}}"
)

# As strict as a client's site can be: no inline anything, scripts and connections by name.
SITE_POLICY = (
    f"default-src 'none'; script-src {API}; style-src 'self'; "
    f"connect-src {API} ws://127.0.0.1:{WS}; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'"
)


@dataclass
class StandIn:
    """One conversation, kept in memory. Change the fields to change how the server behaves."""

    lines: list[m.Line] = field(default_factory=list)
    epoch: str = "e" * 32
    mode: str = "bot"
    owner: str = "bot"
    language: str = "nb"
    heartbeat: float = 15.0
    replies: list[Callable[[m.Line], object]] = field(default_factory=list)
    acks: bool = True
    silent: bool = False
    refuse_tickets: int = 0
    config_fails: bool = False
    heard: list[m.CustomerFrame] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    sockets: set[ServerConnection] = field(default_factory=set)
    opened: int = 0
    stored: dict[str, int] = field(default_factory=dict)
    listener: Server | None = None

    async def begin_anew(self) -> None:
        """Forget everything: the next test's server."""
        for one in list(self.sockets):
            one.transport.abort()
        if self.listener is None or not self.listener.is_serving():
            await self.listen()
        vars(self).update(vars(StandIn(listener=self.listener)))

    # --- what a test makes the server say ---

    def line(self, author: str, text: str, **more: Any) -> m.Line:
        """Store one line and tell every connection that is not silent."""
        line = self.keep(author, text, **more)
        self.send(m.Event(line))
        return line

    def keep(self, author: str, text: str, **more: Any) -> m.Line:
        more = {"kind": "text", "at": time.time(), **more}
        line = m.Line(seq=len(self.lines) + 1, author=author, text=text, **more)
        self.lines.append(line)
        return line

    def notice(self, code: str, text: str, **params: Any) -> m.Line:
        return self.line("system", text, kind="notice", code=code, params=params)

    def turn(self, mode: str, owner: str) -> None:
        self.mode, self.owner = mode, owner
        self.send(m.Ephemeral(mode=mode, owner=owner))

    def send(self, frame: m.Frame) -> None:
        if self.silent:
            return
        for one in self.sockets:
            asyncio.get_running_loop().create_task(_write(one, encode(frame)))

    async def close(self, code: int) -> None:
        for one in list(self.sockets):
            await one.close(code)

    async def stop_listening(self) -> None:
        """Connections die without a word, and nobody answers any more."""
        assert self.listener is not None
        for one in list(self.sockets):
            one.transport.abort()
        self.listener.close()
        await self.listener.wait_closed()

    async def listen(self) -> None:
        self.listener = await serve(
            self._serve,
            "127.0.0.1",
            WS,
            origins=[Origin(ORIGIN)],
            ping_interval=None,
            compression=None,
        )

    def of(self, kind: type[m.Frame]) -> list[Any]:
        return [frame for frame in self.heard if isinstance(frame, kind)]

    # --- the socket ---

    async def _serve(self, socket: ServerConnection) -> None:
        self.opened += 1
        with contextlib.suppress(ConnectionClosed):
            hello = self._read(await socket.recv())
            if not isinstance(hello, m.Hello):
                await socket.close(1008)
                return
            if self.silent:
                await socket.wait_closed()
                return
            await socket.send(
                encode(
                    m.Welcome(
                        v=1,
                        conversation="c" * 32,
                        epoch=self.epoch,
                        last_seq=len(self.lines),
                        resume_token=f"resume-{self.opened}",
                        heartbeat=self.heartbeat,
                        mode=self.mode,
                        owner=self.owner,
                        language=self.language,
                    )
                )
            )
            self.sockets.add(socket)
            try:
                async for data in socket:
                    await self._act(socket, self._read(data))
            finally:
                self.sockets.discard(socket)

    def _read(self, data: str | bytes) -> m.CustomerFrame | None:
        try:
            frame = decode_customer(data)
        except ProtocolError as error:
            self.wrong.append(f"{error}: {data!r}")
            return None
        self.heard.append(frame)
        return frame

    async def _act(self, socket: ServerConnection, frame: m.CustomerFrame | None) -> None:
        if frame is None:
            await socket.close(1008)
        elif isinstance(frame, m.Resume):
            lines = tuple(self.lines[frame.after :])
            last = frame.after + len(lines)
            await socket.send(encode(m.Batch(frame.after + 1, last, False, lines)))
        elif (cmid := getattr(frame, "cmid", None)) is not None and self.acks:
            if cmid not in self.stored:
                self.stored[cmid] = self._store(frame)
            await socket.send(encode(m.Ack(cmid, self.stored[cmid])))

    def _store(self, frame: m.CustomerFrame) -> int:
        if isinstance(frame, m.Send):
            text = frame.text
            if frame.button is not None:
                text = self.lines[frame.button.seq - 1].buttons[frame.button.index]
            # The service masks before it stores; the page must show what was stored.
            shown = re.sub(r"\d{11}", "•••••• •••••", text or "")
            line = self.line("customer", shown, cmid=frame.cmid)
            if self.replies and self.owner == "bot":
                self.replies.pop(0)(line)
            return line.seq
        if isinstance(frame, m.SetLanguage):
            self.language = frame.language
        return 0


async def _write(socket: ServerConnection, text: str) -> None:
    with contextlib.suppress(ConnectionClosed):
        await socket.send(text)


@contextlib.asynccontextmanager
async def standing_in() -> AsyncIterator[StandIn]:
    """The stand-in, its pages on `API`, the client's site on `ORIGIN`."""
    server = StandIn()

    def cors(response: Response) -> Response:
        response.headers["Access-Control-Allow-Origin"] = ORIGIN
        response.headers["Access-Control-Allow-Headers"] = "content-type"
        return response

    async def config(request: Request) -> Response:
        server.requests.append(request.url.path)
        if server.config_fails:
            return cors(Response(status_code=503))
        return cors(
            JSONResponse(
                {
                    "client": "heimbud",
                    "name": "Heimbud",
                    "colours": {
                        "primary": "#0b5d4e",
                        "on_primary": "#ffffff",
                        "accent": "#b4430c",
                    },
                    "greeting": HELLO,
                    "languages": ["nb", "nn", "en"],
                    "privacy": {
                        "controller": "Heimbud AS",
                        "processor": "Stafett kundesenter AS",
                        "url": f"{ORIGIN}/personvern",
                        "retention_days": 30,
                    },
                    "contact": {"email": "kundeservice@heimbud.example"},
                    "socket": SOCKET,
                }
            )
        )

    async def tickets(request: Request) -> Response:
        if request.method == "OPTIONS":
            return cors(Response(status_code=204))
        server.requests.append(request.url.path)
        server.asked.append(await request.json())
        if server.refuse_tickets:
            server.refuse_tickets -= 1
            busy = Response(status_code=429, headers={"Retry-After": "1"})
            busy.headers["Access-Control-Expose-Headers"] = "Retry-After"
            return cors(busy)
        ticket = f"ticket-{len(server.asked)}"
        return cors(JSONResponse({"ticket": ticket, "conversation": "c" * 32, "socket": SOCKET}))

    async def site(request: Request) -> Response:
        page = PAGE.format(lang=request.query_params.get("lang", "nb"), api=API)
        return HTMLResponse(page, headers={"Content-Security-Policy": SITE_POLICY})

    async def style(request: Request) -> Response:
        return Response(SITE_CSS, media_type="text/css")

    async def blank(request: Request) -> Response:
        return HTMLResponse("<!doctype html><title>blank</title>")

    pages = Starlette(
        routes=[
            Route("/api/clients/heimbud/widget", config),
            Route("/api/clients/heimbud/tickets", tickets, methods=["POST", "OPTIONS"]),
            *PageRoutes({}).routes(),
        ],
        middleware=[Middleware(SecurityHeaders, socket_url=SOCKET, frames=())],
    )
    site_app = Starlette(
        routes=[
            Route("/", site),
            Route("/site.css", style),
            Route("/blank", blank),
            # The modules one by one, for the tests of those without a document.
            Mount("/web", StaticFiles(directory=WEB)),
            Mount("/modules", StaticFiles(directory=Path(__file__).parent / "modules")),
        ]
    )
    await server.listen()
    async with (
        listening(pages, "127.0.0.1", HTTP),
        listening(site_app, "127.0.0.1", SITE),
    ):
        try:
            yield server
        finally:
            assert server.listener is not None
            server.listener.close()
            await server.listener.wait_closed()
