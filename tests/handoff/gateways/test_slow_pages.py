"""Pages that are silent, slow or do not read, and a service that is slow itself."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket as sockets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handoff.gateways.agent import AgentSession
from handoff.gateways.customer import CustomerSession
from tests.service.running import Running, running


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as started:
        yield started


async def test_a_page_that_stops_answering_is_closed(tmp_path: Path) -> None:
    async with running(tmp_path, HEARTBEAT_SECONDS=1) as house:
        silent, lively = await house.customer(), await house.customer()
        silent.answers_beats = False
        assert await silent.closed() == 1013
        assert lively.code is None


async def test_a_page_that_says_no_hello_is_told_to_come_back(
    house: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handoff.gateways.server.HELLO_SECONDS", 0.3)
    page = await house.customer_socket()
    assert await page.closed() == 1013


async def test_a_handshake_that_drips_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handoff.gateways.server.HANDSHAKE_SECONDS", 1.0)
    async with running(tmp_path) as house:
        reader, writer = await asyncio.open_connection("127.0.0.1", house.settings.ws_port)

        async def drip() -> None:
            for letter in b"GET /customer/heimbud HTTP/1.1\r\nX: " + b"a" * 1000:
                writer.write(bytes([letter]))
                await asyncio.sleep(0.1)

        dripping = asyncio.create_task(drip())
        async with asyncio.timeout(8):
            await reader.read()
        dripping.cancel()
        writer.close()


async def test_a_page_that_never_reads_is_evicted_and_others_go_on(
    house: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handoff.gateways.session.SEND_SECONDS", 1.0)
    mute, loop = await _mute(house), asyncio.get_running_loop()
    lively = await house.customer()
    for _ in range(16):  # a second to give up on it, five for the closing handshake
        began = loop.time()
        await lively.says("hei")
        assert loop.time() - began < 2
        await asyncio.sleep(0.5)
    received, data = 0, b"x"
    with contextlib.suppress(ConnectionError):
        async with asyncio.timeout(10):
            while data:
                data = await loop.sock_recv(mute, 1 << 20)
                received += len(data)
    mute.close()
    assert received < 12_000_000  # of 24 MB that were due


async def test_a_page_that_never_reads_is_cut_off_though_it_reads_no_close_either(
    house: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handoff.gateways.session.SEND_SECONDS", 0.5)
    monkeypatch.setattr("handoff.gateways.connection.CLOSE_SECONDS", 0.5)
    mute, loop = await _mute(house), asyncio.get_running_loop()

    async def talks_on() -> None:
        while True:
            await loop.sock_sendall(mute, _masked(b'{"t":"beat"}'))
            await asyncio.sleep(0.1)

    with pytest.raises(ConnectionError):
        await asyncio.wait_for(talks_on(), 10)
    mute.close()


async def _mute(house: Running) -> sockets.socket:
    """A page that asked for 24 MB of lines and reads none of them."""
    page = await house.customer()
    welcome = await page.got("welcome")
    await page.leave()
    await house.long_history(welcome["conversation"], lines=3_000)
    mute = sockets.socket()
    mute.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4_096)
    mute.connect(("127.0.0.1", house.settings.ws_port))
    mute.setblocking(False)
    loop = asyncio.get_running_loop()
    handshake = (
        f"GET /customer/heimbud HTTP/1.1\r\nHost: x\r\nOrigin: {house.origin()}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    await loop.sock_sendall(mute, handshake.encode())
    await loop.sock_recv(mute, 4_096)
    hello = {"t": "hello", "v": 1, "resume_token": welcome["resume_token"]}
    resume = {"t": "resume", "epoch": welcome["epoch"], "after": 0}
    for frame in (hello, resume):
        await loop.sock_sendall(mute, _masked(json.dumps(frame).encode()))
    return mute


def _masked(text: bytes) -> bytes:
    """A client's text frame, masked with zeros; its length is written in two bytes."""
    length = bytes([0x80 | 126]) + len(text).to_bytes(2, "big")
    return bytes([0x81]) + length + bytes(4) + text


async def test_no_heartbeat_comes_before_a_welcome_that_takes_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    welcomes = {one: one.welcome for one in (CustomerSession, AgentSession)}

    async def late(session: CustomerSession | AgentSession) -> None:
        await asyncio.sleep(1.6)
        await welcomes[type(session)](session)  # type: ignore[arg-type]

    for one in welcomes:
        monkeypatch.setattr(one, "welcome", late)
    beats = {"HEARTBEAT_SECONDS": 1, "AGENT_HEARTBEAT_SECONDS": 1}
    async with running(tmp_path, **beats) as house:
        page, desk = await asyncio.gather(house.customer(), house.desk("kari"))
        assert page.frames[0]["t"] == "welcome"
        assert desk.frames[0]["t"] == "agent_welcome"
