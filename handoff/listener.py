"""An HTTP application behind one address, for as long as a block runs."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.types import ASGIApp

from handoff.errors import StartError


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: a process has one way to stop."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def listening(app: ASGIApp, host: str, port: int) -> AsyncIterator[None]:
    """Serve `app` until the block ends. Raises StartError when the port cannot be had."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
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
