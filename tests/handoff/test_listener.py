"""A port that is taken is said in our words, and nobody holds a connection for nothing."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from handoff.app import service
from handoff.errors import StartError
from handoff.listener import listening
from tests.ports import free_port
from tests.service.running import settings_in

HEAD_SECONDS = 0.5
REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def test_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StartError, match=str(port)):
            async with listening(Starlette(), "127.0.0.1", port):
                pass


async def test_a_taken_websocket_port_is_named_and_nothing_is_left_open(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    with (
        socket.create_server(("127.0.0.1", settings.ws_port)),
        pytest.raises(StartError, match=str(settings.ws_port)),
    ):
        async with service(settings):
            pass
    async with service(settings):
        pass


async def hello(request: Request) -> Response:
    return PlainTextResponse("hei")


async def listen(request: Request) -> Response:
    """Reads the whole body, however slowly it comes."""
    return PlainTextResponse(await request.body())


APP = Starlette(routes=[Route("/", hello), Route("/body", listen, methods=["POST"])])


@pytest.fixture
async def port() -> AsyncIterator[int]:
    found = free_port()
    async with listening(APP, "127.0.0.1", found, head_seconds=HEAD_SECONDS):
        yield found


async def closed_after(reader: asyncio.StreamReader) -> float:
    """Seconds until the server closes; what it sent until then is thrown away."""
    began = time.monotonic()
    async with asyncio.timeout(5):
        while await reader.read(1_000):
            pass
    return time.monotonic() - began


async def drip(writer: asyncio.StreamWriter, text: bytes) -> None:
    """A byte every tenth of a second, until the server has had enough."""
    with contextlib.suppress(ConnectionError):
        for byte in text:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.1)


async def answered(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(5):
        head = await reader.readuntil(b"\r\n\r\n")
        return head.partition(b"\r\n")[0] + b" " + await reader.readexactly(3)


async def test_a_header_that_drips_is_cut_off(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    dripping = asyncio.create_task(drip(writer, REQUEST[:-2] + b"X: " + b"x" * 100))
    assert HEAD_SECONDS - 0.1 < await closed_after(reader) < HEAD_SECONDS + 1
    dripping.cancel()
    writer.close()


async def test_a_connection_that_says_nothing_is_cut_off(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    assert HEAD_SECONDS - 0.1 < await closed_after(reader) < HEAD_SECONDS + 1
    writer.close()


async def test_the_second_header_of_a_connection_may_not_drip_either(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(REQUEST + REQUEST[:5])  # the next one begins before the first is answered
    assert await answered(reader) == b"HTTP/1.1 200 OK hei"
    assert await closed_after(reader) < HEAD_SECONDS + 1
    writer.close()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(REQUEST)
    assert await answered(reader) == b"HTTP/1.1 200 OK hei"
    dripping = asyncio.create_task(drip(writer, b"GET / HTTP/1.1\r\nX: " + b"x" * 100))
    assert await closed_after(reader) < HEAD_SECONDS + 1
    dripping.cancel()
    writer.close()


async def test_a_body_nobody_reads_may_not_drip(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
    assert await answered(reader) == b"HTTP/1.1 200 OK hei"
    dripping = asyncio.create_task(drip(writer, b"x" * 100))
    assert await closed_after(reader) < HEAD_SECONDS + 1
    dripping.cancel()
    writer.close()


async def test_a_quiet_connection_is_kept_between_requests(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(2):
        writer.write(REQUEST)
        assert await answered(reader) == b"HTTP/1.1 200 OK hei"
        await asyncio.sleep(2 * HEAD_SECONDS)
    writer.write(REQUEST + REQUEST)
    for _ in range(2):
        assert await answered(reader) == b"HTTP/1.1 200 OK hei"
    writer.close()


async def test_a_body_that_is_read_has_its_own_time(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n")
    await asyncio.sleep(2 * HEAD_SECONDS)
    writer.write(b"hei")
    assert await answered(reader) == b"HTTP/1.1 200 OK hei"
    writer.close()


async def test_a_header_in_pieces_within_its_time_is_answered(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in (REQUEST[:10], REQUEST[10:20], REQUEST[20:]):
        writer.write(piece)
        await asyncio.sleep(HEAD_SECONDS / 5)
    assert await answered(reader) == b"HTTP/1.1 200 OK hei"
    writer.close()
