"""Bytes no browser would send, to the service as it is run: a clean refusal, and nobody else sees.

After each, a customer who was there all the time still gets answers, and the service's own log
holds neither a fault nor a word of what was sent.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest
import pytest_asyncio

from handoff.settings import ROOT, Settings
from handoff.tokens import new_id
from tests.service.pages import Customer, cmid
from tests.service.raw_socket import (
    BINARY,
    CLOSE,
    CONT,
    PING,
    PONG,
    TEXT,
    RawSocket,
    frame,
    request,
    text,
)
from tests.service.running import settings_in

pytestmark = pytest.mark.asyncio(loop_scope="module")

START_SECONDS = 60.0
CANARY = "hemmelighet"
HALF = "æ".encode()[:1]
BEAT = b'{"t":"beat"}'


@dataclass(slots=True)
class Service:
    """`stafett serve`, and a customer who is there all the time."""

    settings: Settings
    process: subprocess.Popen[bytes]
    log: Path
    witness: Customer
    token: str

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.settings.demo_heimbud_port}"

    @property
    def memory(self) -> int:
        """Bytes the process has."""
        return int(psutil.Process(self.process.pid).memory_info().rss)

    async def raw(self) -> RawSocket:
        return await RawSocket.open(self.settings.ws_port)

    async def upgraded(self) -> RawSocket:
        """A socket after a right handshake, before its hello."""
        raw = await self.raw()
        await raw.send(request("/customer/heimbud", self.origin))
        assert await raw.status() == 101
        return raw

    async def greeted(self) -> RawSocket:
        """A socket after its welcome."""
        raw = await self.upgraded()
        await raw.send(text(t="hello", v=1, resume_token=self.token))
        await raw.got("welcome")
        return raw


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    folder = tmp_path_factory.mktemp("malformed")
    settings = settings_in(folder)
    names = (
        "web",
        "ws",
        "internal",
        "rasa",
        "actions",
        "demo_heimbud",
        "demo_varde",
        "demo_systems",
    )
    given = {f"{name.upper()}_PORT": str(getattr(settings, f"{name}_port")) for name in names}
    log = folder / "serve.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: ASYNC220 - it lives as long as the module
            [sys.executable, "-m", "handoff.cli", "serve"],
            cwd=ROOT,
            env={**os.environ, **given, "DATA_DIR": str(folder), "LOG_LEVEL": "debug"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        async with httpx.AsyncClient(base_url=settings.public_url, trust_env=False) as http:
            await _until_serving(process, http, settings.ws_port)
            yield await _watched(settings, process, log, http)
    finally:
        process.terminate()
        process.wait(20)


async def _until_serving(
    process: subprocess.Popen[bytes], http: httpx.AsyncClient, port: int
) -> None:
    async with asyncio.timeout(START_SECONDS):
        while True:
            assert process.poll() is None, "the process ended at its start"
            with suppress(httpx.HTTPError, OSError):
                # Of the three listeners the websockets' is the last to be opened.
                assert (await http.get("/health")).status_code == 200
                return await (await RawSocket.open(port)).leave()
            await asyncio.sleep(0.05)


async def _watched(
    settings: Settings, process: subprocess.Popen[bytes], log: Path, http: httpx.AsyncClient
) -> Service:
    origin = f"http://127.0.0.1:{settings.demo_heimbud_port}"
    response = await http.post(
        "/api/clients/heimbud/tickets", json={"visitor": new_id()}, headers={"Origin": origin}
    )
    witness = await Customer.open(f"{settings.public_ws_url}/customer/heimbud", origin)
    welcome = await witness.hello(response.json()["ticket"])
    await witness.resume(welcome["epoch"])
    return Service(settings, process, log, witness, welcome["resume_token"])


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def _nobody_else_sees(service: Service) -> AsyncIterator[None]:
    yield
    assert service.process.poll() is None
    assert await service.witness.says("er du der?") > 0
    assert service.witness.code is None
    told = service.log.read_text("utf-8")
    assert "Traceback" not in told
    assert CANARY not in told
    assert [line for line in told.splitlines() if _is_fault(line)] == []


def _is_fault(line: str) -> bool:
    """Anything but JSON of our own below error; that the bot is not there is not the sockets'."""
    try:
        found = json.loads(line)
    except ValueError:
        return True
    return found["level"] in ("error", "critical") and found["event"] == "socket"


@asynccontextmanager
async def _left(raw: RawSocket) -> AsyncIterator[RawSocket]:
    try:
        yield raw
    finally:
        await raw.leave()


# --- the handshake ----------------------------------------------------------------------

CUSTOMER = "/customer/heimbud"


def _handshakes(origin: str) -> dict[str, tuple[bytes, int | None]]:
    """What is sent, and the status it gets; what is no HTTP is closed without one: None."""
    right = request(CUSTOMER, origin)
    return {
        "right": (right, 101),
        "another origin": (request(CUSTOMER, "http://evil.example"), 403),
        "no origin": (right.replace(f"Origin: {origin}\r\n".encode(), b""), 403),
        "origin twice": (request(CUSTOMER, origin, f"Origin: {origin}"), 403),
        "origin with a path": (request(CUSTOMER, origin + "/"), 403),
        "origin null": (request(CUSTOMER, "null"), 403),
        "another host": (request(CUSTOMER, origin, host="evil.example"), 101),
        "no path": (request("", origin), 404),
        "unknown path": (request("/admin", origin), 404),
        "path that climbs": (request("/customer/../agent", origin), 404),
        "path of letters": (request("/customer/héimbud", origin), None),
        "path that goes on": (request(CUSTOMER + "/x", origin), 404),
        "path with a whole address": (request(f"http://x{CUSTOMER}", origin), 404),
        "query": (request(f"{CUSTOMER}?ticket={CANARY}", origin), 400),
        "long path": (request("/" + "a" * 9_000, origin), 414),
        "post": (request(CUSTOMER, origin, method="POST"), 405),
        "http/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", None),
        "http/1.0": (right.replace(b"HTTP/1.1", b"HTTP/1.0"), 505),
        "tls": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(512) + b"\r\n\r\n", None),
        "noise": (bytes(range(256)) * 8 + b"\r\n\r\n", None),
        "no upgrade": (right.replace(b"Upgrade: websocket\r\n", b""), 426),
        "upgrade to something": (right.replace(b": websocket", b": h2c"), 426),
        "no connection": (right.replace(b"Connection: Upgrade\r\n", b""), 426),
        "no key": (right.replace(b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", b""), 400),
        "short key": (right.replace(b"dGhlIHNhbXBsZSBub25jZQ==", b"dGhl"), 400),
        "key that is none": (right.replace(b"dGhlIHNhbXBsZSBub25jZQ==", b"!!!!"), 400),
        "key twice": (
            request(CUSTOMER, origin, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="),
            400,
        ),
        "no version": (right.replace(b"Sec-WebSocket-Version: 13\r\n", b""), 400),
        "version 8": (right.replace(b"Version: 13", b"Version: 8"), 400),
        "a body": (request(CUSTOMER, origin, "Content-Length: 5") + b"hello", None),
        "a body in chunks": (request(CUSTOMER, origin, "Transfer-Encoding: chunked"), None),
        "many headers": (request(CUSTOMER, origin, *(f"X-{n}: 1" for n in range(300))), 431),
        "long header": (request(CUSTOMER, origin, "X: " + "a" * 9_000), 431),
        "header of no form": (request(CUSTOMER, origin, "no colon here"), None),
        "header folded": (request(CUSTOMER, origin, "X: a", " b"), None),
        "header with a NUL": (request(CUSTOMER, origin, "X: a\0b"), None),
        "subprotocol": (request(CUSTOMER, origin, "Sec-WebSocket-Protocol: chat"), 101),
        "extension": (
            request(CUSTOMER, origin, "Sec-WebSocket-Extensions: permessage-deflate"),
            101,
        ),
        "line feeds alone": (right.replace(b"\r\n", b"\n"), None),
        "blank lines first": (b"\r\n\r\n" + right, None),
    }


@pytest.mark.parametrize("name", _handshakes(""))
async def test_a_handshake_is_taken_or_refused_with_a_status(service: Service, name: str) -> None:
    sent, status = _handshakes(service.origin)[name]
    async with _left(await service.raw()) as raw:
        await raw.send(sent)
        assert await raw.status() == status


async def test_a_handshake_that_is_never_finished_is_closed(service: Service) -> None:
    async def waits(sent: bytes) -> float:
        began = time.monotonic()
        async with _left(await service.raw()) as raw:
            await raw.send(sent)
            await raw.status()
        return time.monotonic() - began

    async def drips() -> float:
        began = time.monotonic()
        async with _left(await service.raw()) as raw:
            answered = asyncio.create_task(raw.status())
            for byte in request(CUSTOMER, service.origin, "X: " + "a" * 4_000):
                await raw.send(bytes([byte]))
                await asyncio.sleep(0.1)
                if answered.done():
                    break
            await answered
        return time.monotonic() - began

    half = request(CUSTOMER, service.origin)[:-2]
    took = await asyncio.gather(waits(b""), waits(half), waits(b"GET"), drips())
    assert min(took) > 5
    assert max(took) < 14


# --- frames -----------------------------------------------------------------------------

FLAWED: dict[str, tuple[bytes, int]] = {
    "not masked": (frame(TEXT, BEAT, masked=False), 1002),
    "reserved bit 1": (frame(TEXT, BEAT, rsv=4), 1002),
    "reserved bit 2": (frame(TEXT, BEAT, rsv=2), 1002),
    "reserved bit 3": (frame(TEXT, BEAT, rsv=1), 1002),
    **{f"opcode {code}": (frame(code, b"x"), 1002) for code in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)},
    "ping in fragments": (frame(PING, b"x", fin=False), 1002),
    "close in fragments": (frame(CLOSE, b"\x03\xe8", fin=False), 1002),
    "ping of 126 bytes": (frame(PING, b"x" * 126), 1002),
    "close of 200 bytes": (frame(CLOSE, b"\x03\xe8" + b"x" * 198), 1002),
    "continuation of nothing": (frame(CONT, BEAT), 1002),
    "continuation of nothing, unfinished": (frame(CONT, BEAT, fin=False), 1002),
    "text within a text": (frame(TEXT, b"{", fin=False) + frame(TEXT, BEAT), 1002),
    "close within a text": (frame(TEXT, b"{", fin=False) + frame(CLOSE, b"\x03\xe8"), 1002),
    "no UTF-8": (frame(TEXT, b'{"t":"\xff"}'), 1007),
    "half a letter": (frame(TEXT, b'{"t":"' + HALF), 1007),
    "half an emoji": (frame(TEXT, b'{"t":"\xed\xa0\x80"}'), 1007),
    "overlong letters": (frame(TEXT, b'{"t":"\xc0\xaf"}'), 1007),
    "no UTF-8, in fragments": (frame(TEXT, b'{"t":"', fin=False) + frame(CONT, b'\xff"}'), 1007),
    "binary": (frame(BINARY, BEAT), 1008),
    "binary, in fragments": (frame(BINARY, BEAT[:3], fin=False) + frame(CONT, BEAT[3:]), 1008),
    "no words": (frame(TEXT), 1008),
    "no frame": (frame(TEXT, b"hei"), 1008),
    "unknown kind": (text(t=CANARY), 1008),
    "unknown field": (text(t="beat", **{CANARY: 1}), 1008),
    "hello again": (text(t="hello", v=1, ticket=CANARY), 1008),
    "an agent's frame": (text(t="next", request=cmid()), 1008),
    "a server's frame": (text(t="ack", cmid=cmid(), seq=1), 1008),
    "deep": (frame(TEXT, b"[" * 60_000), 1008),
    "a number of 60,000 digits": (frame(TEXT, b'{"t":"seen","seq":' + b"9" * 60_000 + b"}"), 1008),
    "NaN": (frame(TEXT, b'{"t":"seen","seq":NaN}'), 1008),
    "65,537 bytes": (frame(TEXT, b" " * 65_537), 1009),
    "65,537 bytes, in fragments": (
        frame(TEXT, b" " * 40_000, fin=False) + frame(CONT, b" " * 25_537),
        1009,
    ),
    "a length of a terabyte": (frame(TEXT, length=b"\x7f" + (1 << 40).to_bytes(8, "big")), 1009),
    "a length below zero": (frame(TEXT, length=b"\x7f" + b"\xff" * 8), 1009),
    "5,000 fragments of nothing": (
        frame(TEXT, fin=False) + frame(CONT, fin=False) * 5_000,
        1009,
    ),
    "close of one byte": (frame(CLOSE, b"\x03"), 1002),
    **{
        f"close with {code}": (frame(CLOSE, code.to_bytes(2, "big")), 1002)
        for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535)
    },
    "close with no UTF-8": (frame(CLOSE, b"\x03\xe8\xff\xfe"), 1007),
    **{
        f"right close with {code}": (frame(CLOSE, code.to_bytes(2, "big") + b"ha det"), code)
        for code in (1000, 1001, 3000, 4000, 4999)
    },
    "right close without a code": (frame(CLOSE), 1005),
    "a flood of frames": (frame(TEXT, BEAT) * 400, 1013),
    "a flood of pings": (frame(PING, b"x" * 125) * 2_000, 1013),
    "a flood of pongs": (frame(PONG) * 2_000, 1013),
}


@pytest.mark.parametrize("name", FLAWED)
async def test_a_flawed_frame_ends_the_connection_with_its_code(
    service: Service, name: str
) -> None:
    sent, code = FLAWED[name]
    async with _left(await service.greeted()) as raw:
        await raw.send(sent)
        told, problems = await raw.ended()
        assert told == code
        assert problems == (["bad_frame"] if code == 1008 else [])


@pytest.mark.parametrize("name", [name for name in FLAWED if name != "a flood of frames"])
async def test_a_flawed_first_frame_ends_it_too(service: Service, name: str) -> None:
    sent, code = FLAWED[name]
    async with _left(await service.upgraded()) as raw:
        await raw.send(sent)
        told, _ = await raw.ended()
        assert told == (4001 if name == "hello again" else code)


ALLOWED: dict[str, tuple[bytes, ...]] = {
    "in two fragments": (b'{"t":"send","cmid":"CMID",', b'"text":"hei"}'),
    "a letter in two fragments": (b'{"t":"send","cmid":"CMID","text":"' + HALF, b'\xa6"}'),
    "a fragment of nothing": (b'{"t":"send","cmid":"CMID",', b"", b'"text":"hei"}'),
    "blanks around it": (b'  {"t":"send",', b'"cmid":"CMID","text":"hei"}\r\n  '),
}


@pytest.mark.parametrize("name", ALLOWED)
async def test_a_frame_in_pieces_is_one_frame_with_pings_between(
    service: Service, name: str
) -> None:
    own = cmid()
    pieces = [piece.replace(b"CMID", own.encode()) for piece in ALLOWED[name]]
    async with _left(await service.greeted()) as raw:
        for number, piece in enumerate(pieces):
            await raw.send(frame(CONT if number else TEXT, piece, fin=number == len(pieces) - 1))
            await raw.send(frame(PING, b"er du der?"))
        assert (await raw.got("ack"))["cmid"] == own


async def test_a_ping_is_answered_with_its_own_words(service: Service) -> None:
    async with _left(await service.greeted()) as raw:
        await raw.send(frame(PONG, b"nobody asked") + frame(PING, b"er du der?"))
        while (came := await raw.next()) is not None and came[0] != PONG:
            pass
        assert came == (PONG, b"er du der?")


async def test_a_length_written_too_long_is_still_a_length(service: Service) -> None:
    async with _left(await service.greeted()) as raw:
        own = cmid()
        body = json.dumps({"t": "send", "cmid": own, "text": "hei"}).encode()
        for length in (
            b"\x7e" + len(body).to_bytes(2, "big"),
            b"\x7f" + len(body).to_bytes(8, "big"),
        ):
            await raw.send(frame(TEXT, body, length=length))
            assert (await raw.got("ack"))["cmid"] == own


async def test_a_page_that_says_nothing_or_half_a_frame_is_closed(service: Service) -> None:
    async def ends(sent: bytes) -> int | None:
        async with _left(await service.upgraded()) as raw:
            await raw.send(sent)
            return (await raw.ended())[0]

    hello = text(t="hello", v=1, ticket="x")
    begun = (b"", hello[:1], hello[:-1], frame(TEXT, b"{", fin=False), frame(PING) * 20)
    assert set(await asyncio.gather(*map(ends, begun))) == {1013}


async def test_who_goes_in_the_middle_of_something_leaves_nothing(service: Service) -> None:
    for sent in (b"\x81", frame(TEXT, b"{", fin=False), text(t="send", cmid=cmid(), text=CANARY)):
        for opened in (service.raw, service.upgraded, service.greeted):
            raw = await opened()
            await raw.send(sent)
            raw.writer.transport.abort()


async def test_who_floods_with_pings_and_never_reads_is_cut_off(service: Service) -> None:
    before, flood = service.memory, frame(PING, b"x" * 125) * 500
    async with _left(await service.greeted()) as raw:
        raw.mute()
        async with asyncio.timeout(10):
            while await raw.pushed(flood):
                await asyncio.sleep(0.001)
    assert service.memory - before < 30_000_000
