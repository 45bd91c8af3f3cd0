"""The desk's and the widget's HTTP API: bad requests, paces, cookies and cross-site asking."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handoff.app import desk_origins
from handoff.core.roster import Role
from handoff.tokens import new_id
from tests.service.running import PASSWORD, Running, running, settings_in


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as started:
        yield started


async def test_a_login_opens_a_session_in_a_strict_cookie(house: Running) -> None:
    await house.staff("kari")
    body = {"login": "kari@example.no", "password": PASSWORD}
    response = await house.http.post("/api/login", json=body, headers={"Origin": house.desk_origin})
    assert response.json()["agent"]["name"] == "Kari"
    cookie = response.headers["Set-Cookie"].lower()
    for part in ("httponly", "samesite=strict", "path=/"):
        assert part in cookie
    assert "secure" not in cookie  # plain HTTP on this machine
    secret = response.cookies["stafett_session"]
    headers = {"Origin": house.desk_origin, "Cookie": f"stafett_session={secret}"}
    assert (await house.http.get("/api/me", headers=headers)).status_code == 200
    assert (await house.http.post("/api/logout", headers=headers)).status_code == 200
    assert (await house.http.get("/api/me", headers=headers)).status_code == 401


async def test_the_cookie_is_secure_on_https(tmp_path: Path) -> None:
    async with running(tmp_path, PUBLIC_URL="https://desk.example.no") as house:
        await house.staff("kari")
        body = {"login": "kari@example.no", "password": PASSWORD}
        for origin, status in (("https://desk.example.no", 200), (f"{house.http.base_url}", 403)):
            headers = {"Origin": origin.rstrip("/")}
            response = await house.http.post("/api/login", json=body, headers=headers)
            assert response.status_code == status
            assert ("secure" in response.headers.get("Set-Cookie", "").lower()) == (status == 200)


def test_this_machines_names_are_the_desks_only_while_it_is_served_here(tmp_path: Path) -> None:
    here = settings_in(tmp_path, WEB_PORT=31999)
    assert f"http://localhost:{here.web_port}" in desk_origins(here)
    there = settings_in(tmp_path, PUBLIC_URL="https://desk.example.no")
    assert desk_origins(there) == {"https://desk.example.no"}


async def test_an_unknown_login_and_a_wrong_password_look_the_same(house: Running) -> None:
    await house.staff("kari")
    answers = []
    for login in ("kari@example.no", "nobody@example.no"):
        response = await house.http.post(
            "/api/login",
            json={"login": login, "password": "wrong"},
            headers={"Origin": house.desk_origin},
        )
        answers.append((response.status_code, response.text))
    assert answers[0] == answers[1]
    assert answers[0][0] == 401


async def test_too_many_tries_are_refused_for_a_login(house: Running) -> None:
    headers = {"Origin": house.desk_origin}
    body = {"login": "nobody", "password": "x"}
    statuses = [
        (await house.http.post("/api/login", json=body, headers=headers)).status_code
        for _ in range(11)
    ]
    assert statuses == [401] * 10 + [429]


async def test_too_many_tickets_are_refused_and_a_forged_address_does_not_help(
    house: Running,
) -> None:
    headers = {"Origin": house.origin()}
    statuses = []
    for number in range(61):
        headers["X-Forwarded-For"] = f"203.0.113.{number}"
        response = await house.http.post(
            "/api/clients/heimbud/tickets", json={"visitor": "a" * 32}, headers=headers
        )
        statuses.append(response.status_code)
    assert statuses == [200] * 60 + [429]
    assert int(response.headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", "body"),
        (b"{", "body"),
        (b"[]", "object"),
        (b"\xff", "body"),
        (b'{"login": 1, "password": "x"}', "$.login"),
        (b'{"login": "x"}', "password"),
        (b'{"login": "x", "password": "y", "more": 1}', "more"),
        (b'{"login": "' + b"x" * 300 + b'", "password": "y"}', "$.login"),
        (b"[" * 20_000, "body"),
        (b" " * 40_000, "32768"),
    ],
)
async def test_a_bad_body_gets_one_error_that_names_the_field(
    house: Running, content: bytes, named: str
) -> None:
    headers = {"Origin": house.desk_origin}
    response = await house.http.post("/api/login", content=content, headers=headers)
    assert response.status_code == 400
    error = response.json()["error"]
    assert error["code"] == "bad_input"
    assert named in error["text"]


async def test_a_body_that_drips_is_cut_off(
    house: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handoff.routes.replies.BODY_SECONDS", 0.3)
    reader, writer = await asyncio.open_connection("127.0.0.1", house.settings.web_port)
    head = f"POST /api/login HTTP/1.1\r\nHost: x\r\nOrigin: {house.desk_origin}\r\n"
    writer.write(f"{head}Content-Length: 100\r\n\r\n{{".encode())
    async with asyncio.timeout(4):
        assert b" 400 " in await reader.readline()
    writer.close()


async def test_only_the_clients_own_sites_may_ask(house: Running) -> None:
    url = "/api/clients/heimbud/widget"
    own, other = house.origin("heimbud"), house.origin("varde")
    allowed = await house.http.get(url, headers={"Origin": own})
    assert allowed.headers["Access-Control-Allow-Origin"] == own
    assert allowed.headers["Vary"] == "Origin"
    assert "Access-Control-Allow-Credentials" not in allowed.headers
    asked = await house.http.options(url, headers={"Origin": own})
    assert asked.status_code == 204
    for origins in ([other], ["null"], [], [own, own], [own, other]):
        headers = [("Origin", origin) for origin in origins]
        for method in ("GET", "OPTIONS"):
            refused = await house.http.request(method, url, headers=headers)
            assert refused.status_code == 403
            # Whoever puts up the page may read why; there is nothing else in it.
            told = refused.headers.get("Access-Control-Allow-Origin")
            assert told == ("*" if method == "GET" else None)
            assert set(refused.json()) == {"error"}
    nobody = await house.http.get("/api/clients/nobody/widget", headers={"Origin": own})
    assert nobody.status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"visitor": "short"},
        {"visitor": "A" * 32},
        {"visitor": "a" * 32, "language": "de"},
        {"visitor": "a" * 32, "page": "x" * 3_000},
        {"visitor": ["a" * 32]},
    ],
)
async def test_a_ticket_needs_a_whole_request(house: Running, body: dict[str, object]) -> None:
    response = await house.http.post(
        "/api/clients/heimbud/tickets", json=body, headers={"Origin": house.origin()}
    )
    assert response.status_code == 400
    assert "$" in response.json()["error"]["text"] or "visitor" in response.text


@pytest.mark.parametrize(
    "path",
    [
        "/desk/../../app.py",
        "/desk/%2e%2e/%2e%2e/app.py",
        "/widget/..%2f..%2fapp.py",
        "/shared/%2e%2e%2f%2e%2e%2fsettings.py",
        "/docs/../pyproject",
        "/docs/..%2f..%2fREADME",
        "/docs/%2fetc%2fpasswd",
        "/home/\x00",
    ],
)
async def test_no_path_leads_out_of_the_folders(house: Running, path: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", house.settings.web_port)
    quoted = path.replace("\x00", "%00")
    writer.write(f"GET {quoted} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    status, text = int(answer.split(b" ")[1]), answer.decode("utf-8", "replace")
    assert status in (400, 404), text[:300]
    assert "from __future__" not in text
    assert "root:" not in text


async def test_what_is_not_there_is_told_in_the_words_of_the_api(house: Running) -> None:
    gone = await house.http.get("/api/nothing")
    assert (gone.status_code, gone.json()["error"]["code"]) == (404, "not_found")
    wrong = await house.http.get("/api/login")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (405, "bad_method")
    await house.staff("kari")
    url = f"/api/desk/heimbud/conversations/{'a' * 32}/messages"
    await house.staff("siri", Role.SUPERVISOR)
    page = await house.customer()
    conversation = (await page.got("welcome"))["conversation"]
    after = f"/api/desk/heimbud/conversations/{conversation}/messages?after=-1"
    bad = await house.http.get(after, headers=house.as_("kari"))
    assert (bad.status_code, "after" in bad.text) == (400, True)
    assert (await house.http.get(url, headers=house.as_("kari"))).status_code == 404
    odd = "/api/desk/heimbud/conversations/%00"
    assert (await house.http.get(odd, headers=house.as_("kari"))).status_code == 404


async def test_an_unforeseen_fault_tells_nothing(
    house: Running, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    async def break_(*args: object) -> None:
        raise RuntimeError("SELECT secret")

    await house.staff("kari")
    monkeypatch.setattr(type(house.service.bridge), "read_as", break_)
    url = f"/api/desk/heimbud/conversations/{new_id()}"
    response = await house.http.get(url, headers=house.as_("kari"))
    assert response.status_code == 500
    assert "secret" not in response.text
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert "secret" not in "".join(capfd.readouterr())
