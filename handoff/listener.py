"""An HTTP application behind one address, for as long as a block runs."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from handoff.errors import StartError

HEAD_SECONDS = 10.0
"""How long a connection may take to send a request's whole header."""


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: a process has one way to stop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Protocol(H11Protocol):
    """uvicorn's, which by itself waits for ever for a header that drips, or never begins.

    A kept connection that is silent between requests is `timeout_keep_alive`'s business.
    """

    head_seconds = HEAD_SECONDS
    _asked = False
    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._rest()
        super().connection_lost(exc)

    def _watch(self) -> None:
        """Count from the first byte that somebody waits for, and from no later one."""
        if not self._is_owed():
            self._rest()
        elif self._patience is None:
            self._patience = self.loop.call_later(self.head_seconds, self._give_up)

    def _is_owed(self) -> bool:
        """Whether a header was begun or none ever came, or an answered request has more to send."""
        if self.conn.their_state is h11.IDLE:
            return not self._asked or bool(self.conn.trailing_data[0])
        self._asked = True
        return self.conn.their_state is h11.SEND_BODY and self.cycle.response_complete

    def _rest(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _give_up(self) -> None:
        self._patience = None
        self.transport.close()


@contextlib.asynccontextmanager
async def listening(
    app: ASGIApp, host: str, port: int, *, head_seconds: float = HEAD_SECONDS
) -> AsyncIterator[None]:
    """Serve `app` until the block ends. Raises StartError when the port cannot be had.

    A connection that has not sent a request's whole header in `head_seconds` is closed.
    """
    protocol: Any = type("_PatientProtocol", (_Protocol,), {"head_seconds": head_seconds})
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=protocol,
        log_config=None,
        access_log=False,
        # Longer than the proxies and clients in front keep theirs: none meets a closing one.
        timeout_keep_alive=75,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=3,
        limit_concurrency=1_000,
    )
    server = _Server(config)
    task = asyncio.create_task(_serve(server))
    while not server.started:
        if task.done():
            raise StartError(
                f"Port {port} on {host} cannot be listened on.",
                cure="Stop what uses it, or choose another port in .env.",
            )
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        await task


async def _serve(server: uvicorn.Server) -> None:
    # uvicorn ends the process when it cannot bind; here the caller says it in our words.
    with contextlib.suppress(SystemExit):
        await server.serve()
