"""Asks a part over HTTP whether it works."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit


async def status_of(url: str, patience: float = 5.0) -> int | None:
    """The HTTP status of a GET of `url`, None when nobody answers within `patience` seconds.

    Bare sockets: an HTTP client would double the launcher's memory for one line of text.
    """
    try:
        async with asyncio.timeout(patience):
            return await _ask(url)
    except (OSError, TimeoutError, ValueError):
        return None


async def _ask(url: str) -> int:
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
    try:
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n".encode()
        )
        await writer.drain()
        line = await reader.readline()
    finally:
        writer.close()
    version, status, *_ = line.decode("latin-1").split()
    if not version.startswith("HTTP/"):
        raise ValueError(version)
    return int(status)
