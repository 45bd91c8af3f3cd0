"""`deploy/nginx.conf` as it is, in a real nginx: what it lets through, to whom, and how often."""

from __future__ import annotations

import asyncio
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import httpx
from websockets.exceptions import ConnectionClosed

from handoff.client_systems.internal_api import MAX_BODY as MAX_INTERNAL_BODY
from handoff.launcher.proxy import DEPLOY, command
from handoff.rasa_client import CONNECT_SECONDS, TURN_SECONDS
from handoff.routes.replies import MAX_BODY_BYTES
from handoff.settings import ROOT, read_settings
from handoff.tokens import new_id
from tests.fleet.chat import Chat, chat
from tests.fleet.fleet import Fleet, fleet
from tests.fleet.front import nginx
from tests.ports import free_port, free_ports
from tests.redis_server import RedisServer
from tests.service.pages import Desk, cmid

CONF = (DEPLOY / "nginx.conf").read_text("utf-8")
LINES = 25
WELL = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def test_the_configuration_is_valid_where_it_stands(tmp_path: Path) -> None:
    for name in ("nginx.conf", "upstreams.conf", "listen.conf"):
        shutil.copy(DEPLOY / name, tmp_path)
    listen = (tmp_path / "listen.conf").read_text("utf-8").replace("8000", str(free_port()))
    (tmp_path / "listen.conf").write_text(listen, "utf-8")
    done = subprocess.run(command(tmp_path, "-t"), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr


def seconds_of(directive: str, conf: str) -> int:
    found = re.search(rf"^ +{directive} (\d+)s;", conf, re.M)
    assert found, directive
    return int(found[1])


def test_its_limits_and_patience_are_more_than_the_services_own(tmp_path: Path) -> None:
    """A heartbeat may be set to two minutes, and a body may be as large as the service takes."""
    websockets = CONF[CONF.index("location /ws/") :]
    for name in ("HEARTBEAT_SECONDS", "AGENT_HEARTBEAT_SECONDS"):
        longest = {name: "120", "LEASE_SECONDS": "600"}
        settings = read_settings(longest, root=tmp_path)
        beat = max(settings.heartbeat_seconds, settings.agent_heartbeat_seconds)
        assert seconds_of("proxy_read_timeout", websockets) > beat
    pages = CONF[CONF.index("location / {") :]
    widget = (ROOT / "handoff" / "web" / "widget" / "connection.js").read_text("utf-8")
    patience = re.search(r"TICKET_MS = (\d+)_000;", widget)
    assert patience
    assert seconds_of("proxy_read_timeout", pages) < int(patience[1])
    ready = CONF[CONF.index("location = /ready") :]
    assert seconds_of("proxy_read_timeout", ready) > TURN_SECONDS + CONNECT_SECONDS
    body = re.search(r"client_max_body_size (\d+)k;", CONF)
    assert body
    assert int(body[1]) * 1024 > max(MAX_BODY_BYTES, MAX_INTERNAL_BODY)


class Dropping:
    """Takes requests and breaks off, as a process does that dies in the middle of one.

    With an `answer` it gives that first.
    """

    def __init__(self, port: int, answer: bytes) -> None:
        self.asked: list[str] = []
        self.heads: list[list[str]] = []
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            head = connection.recv(65_536).decode()
            self.asked.append(head.split(" ", 1)[0])
            self.heads.append(head.split("\r\n\r\n", 1)[0].lower().split("\r\n")[1:])
            connection.sendall(self._answer)
            connection.close()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@contextmanager
def dropping(ports: list[int], answer: bytes = b"") -> Iterator[list[Dropping]]:
    servers = [Dropping(port, answer) for port in ports]
    try:
        yield servers
    finally:
        for server in servers:
            server.close()


def test_what_a_dying_process_may_have_begun_is_repeated_only_where_that_is_safe(
    tmp_path: Path,
) -> None:
    ports, port = free_ports(3), free_port()
    url = f"http://127.0.0.1:{port}/x"
    with dropping(ports) as servers, nginx(tmp_path, port, ports, ports):
        assert httpx.post(url, json={}).status_code == 502
        assert [method for server in servers for method in server.asked] == ["POST"]
    with dropping(ports) as servers, nginx(tmp_path, port, ports, ports):
        assert httpx.get(url).status_code == 502
        assert [server.asked for server in servers] == [["GET"]] * 3


def test_who_called_is_told_as_nginx_saw_it_to_pages_and_websockets(tmp_path: Path) -> None:
    """What a browser claims of itself would count it under an address of its choice."""
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade"}
    claimed = {"X-Forwarded-For": "192.0.2.1", "Forwarded": "for=192.0.2.1", "Host": "chat.example"}
    saw = ["host: chat.example", "x-forwarded-for: 127.0.0.1", "x-forwarded-host: chat.example"]
    saw.append("x-forwarded-proto: http")
    ports, port = free_ports(1), free_port()
    with dropping(ports, WELL) as servers, nginx(tmp_path, port, ports, ports):
        httpx.get(f"http://127.0.0.1:{port}/x", headers=claimed)
        httpx.get(f"http://127.0.0.1:{port}/ws/customer/x", headers={**claimed, **upgrade})
    plain, socket_ = servers[0].heads
    names = ("host", "x-forwarded", "forwarded", "connection", "upgrade")
    # Not kept: a POST that met one that is just being closed could not be repeated.
    kept = sorted(line for line in plain if line.startswith(names))
    assert kept == ["connection: close", *saw]
    also = ["connection: upgrade", "upgrade: websocket"]
    assert sorted(line for line in socket_ if line.startswith(names)) == sorted(saw + also)


def test_a_process_that_hangs_is_found_out_and_then_passed_over(tmp_path: Path) -> None:
    (hung, well), port = free_ports(2), free_port()
    url = f"http://127.0.0.1:{port}/x"
    with (
        socket.create_server(("127.0.0.1", hung)),
        dropping([well], WELL),
        nginx(tmp_path, port, [hung, well], [hung, well]),
    ):
        # In turns: one of the two meets it.
        assert [httpx.get(url, timeout=20).status_code for _ in range(2)] == [200, 200]
        began = time.monotonic()
        assert [httpx.post(url, json={}).status_code for _ in range(4)] == [200] * 4
        assert time.monotonic() - began < 2


def test_a_process_that_is_gone_is_passed_over_for_every_method(tmp_path: Path) -> None:
    ports, port = free_ports(3), free_port()
    with dropping(ports[2:]) as servers, nginx(tmp_path, port, ports, ports):
        httpx.post(f"http://127.0.0.1:{port}/x", json={})
        assert servers[0].asked == ["POST"]


async def test_everything_goes_through_one_port_and_what_is_internal_through_none(
    postgres_server: str, redis: RedisServer, tmp_path: Path
) -> None:
    async with fleet(postgres_server, redis, tmp_path, size=3, behind_nginx=True) as three:
        http, settings = three[0].http, three[0].settings
        for path in ("/", "/desk", "/widget.js", "/ready", "/health"):
            assert (await http.get(path)).status_code == 200, path
        for path in ("/metrics", "/clients/heimbud/operations/track_parcel"):
            assert (await http.get(path)).status_code == 404, path
        page = await http.get("/desk")
        assert (
            f"connect-src 'self' {settings.public_ws_url}/"
            in page.headers["Content-Security-Policy"]
        )
        assert "nginx/" not in page.headers["Server"]
        given = await three[0].ticket()
        assert given["socket"] == f"{settings.public_ws_url}/customer/heimbud"
        too_large = await http.post("/api/clients/heimbud/tickets", content=b"x" * 70_000)
        assert too_large.status_code == 413
        await a_page_that_meets_all(three)
        await callers_that_claim_an_address(three)


async def a_page_that_meets_all(three: Fleet) -> None:
    """One process after the other is told to stop; each line is shown once."""
    async with chat(three[0].settings.public_url, three[0].origin()) as one:
        for number in range(3):
            assert await one.asks_the_bot(f"hei {number}") == [f"Svar: hei {number}"]
            if number < 2:
                three[number].told_to_stop()
                assert await three[number].ended() == 0
        assert set(one.codes) <= {1012}
        texts = [line["text"] for line in one.lines[1:]]
        assert texts == [f"{who}hei {n}" for n in range(3) for who in ("", "Svar: ")]


async def callers_that_claim_an_address(three: Fleet) -> None:
    """They are counted by the address that nginx saw."""
    statuses = set()
    for number in range(70):
        claimed = {"X-Forwarded-For": f"192.0.2.{number}", "Origin": three[2].origin()}
        address = "/api/clients/heimbud/tickets"
        asked = await three[2].http.post(address, json={"visitor": new_id()}, headers=claimed)
        statuses.add(asked.status_code)
    assert statuses == {200, 429}


async def test_a_process_told_to_stop_while_all_write_is_not_noticed_in_any_conversation(
    postgres_server: str, redis: RedisServer, tmp_path: Path
) -> None:
    async with (
        fleet(postgres_server, redis, tmp_path, size=3, behind_nginx=True) as three,
        AsyncExitStack() as stack,
    ):
        web, origin = three[0].settings.public_url, three[0].origin()
        pages = [await stack.enter_async_context(chat(web, origin)) for _ in range(6)]
        desk = await three[0].desk("kari")
        taken = [await person(page, desk) for page in pages[:2]]
        writing = [asyncio.create_task(all_said(page)) for page in pages]
        answering = asyncio.create_task(answers(three, desk, taken))
        arriving = asyncio.create_task(tickets(three, 60))
        await asyncio.sleep(0.5)
        three[0].told_to_stop()
        assert await three[0].ended() == 0
        await asyncio.gather(*writing, answering)
        assert set(await arriving) == {200}, "a new page was turned away"
        assert 1012 in [code for page in pages for code in page.codes], "nobody was there"
        for page in pages:
            assert set(page.codes) <= {1012}
            await shown(page, has_agent=page in pages[:2])


async def tickets(three: Fleet, count: int) -> list[int]:
    """What pages that come in the meantime are answered."""
    statuses = []
    for _ in range(count):
        headers = {"Origin": three[0].origin()}
        address, page = "/api/clients/heimbud/tickets", {"visitor": new_id()}
        asked = await three[0].http.post(address, json=page, headers=headers)
        statuses.append(asked.status_code)
        await asyncio.sleep(0.02)
    return statuses


async def person(page: Chat, desk: Desk) -> dict[str, object]:
    await page.asks_for_a_person()
    control = await desk.takes("heimbud", page.conversation)
    await desk.opens("heimbud", page.conversation)
    return {"client": "heimbud", "conversation": page.conversation, "control": control}


async def all_said(page: Chat) -> None:
    for number in range(LINES):
        await page.says(f"linje {number}")
        await asyncio.sleep(0.04)


async def answers(three: Fleet, desk: Desk, chats: list[dict[str, object]]) -> None:
    """As the desk does it: what was not acknowledged is said again from the next connection."""
    for number in range(LINES):
        for where in chats:
            id_ = cmid()
            while True:
                try:
                    await desk.send("say", **where, cmid=id_, text=f"svar {number}")
                    ack = await desk.got("agent_ack", cmid=id_)
                    assert not ack.get("problem")
                    break
                except (AssertionError, ConnectionClosed):
                    assert await desk.closed() == 1012, desk.frames[-3:]
                    desk = await three[1].desk("kari")
        await asyncio.sleep(0.02)


async def shown(page: Chat, has_agent: bool) -> None:
    """Everything once, in order, and not a word about the stop."""

    def of(author: str) -> list[str]:
        return [line["text"] for line in page.lines if line["author"] == author]

    spoken = [f"linje {number}" for number in range(LINES)]
    answered = "svar" if has_agent else "Svar: linje"
    author = "agent" if has_agent else "bot"
    await page.until(lambda: f"{answered} {LINES - 1}" in of(author))
    assert of("customer") == spoken
    said = [text for text in of(author) if text.startswith(answered)]
    assert said == [f"{answered} {number}" for number in range(LINES)]
    notices = [line.get("code") for line in page.lines if line["author"] == "system"]
    allowed = {"queued", "agent_joined"} if has_agent else set()
    assert set(notices) <= allowed, notices
