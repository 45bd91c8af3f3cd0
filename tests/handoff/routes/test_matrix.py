"""Every route and every frame, asked by everybody: a new one without a row here fails."""

from __future__ import annotations

import json
import typing
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from starlette.routing import Mount, Route

from handoff.core.roster import Role
from handoff.protocol import messages as m
from handoff.tokens import new_id
from tests.service.pages import Desk, cmid
from tests.service.running import PASSWORD, Running, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

PEOPLE = {
    "anonymous": None,
    "agent_a": (Role.AGENT, ("heimbud",)),
    "agent_b": (Role.AGENT, ("varde",)),
    "supervisor": (Role.SUPERVISOR, ("heimbud",)),
    "designer": (Role.DESIGNER, ("heimbud",)),
    "admin": (Role.ADMIN, ("heimbud",)),
}
# Who asks about Heimbud's: answered, not their client's, no desk at all, not logged in.
OWN = {
    "agent_a": 200,
    "supervisor": 200,
    "admin": 200,
    "agent_b": 404,
    "designer": 403,
    "anonymous": 401,
}
DESK = {**OWN, "agent_b": 200}
SUPERVISORS = {**DESK, "agent_a": 403, "agent_b": 403}
ADMINS = {**SUPERVISORS, "supervisor": 403}
LOGGED_IN = {**DESK, "designer": 200}
ALL = dict.fromkeys(PEOPLE, 200)


@dataclass(frozen=True, slots=True)
class Row:
    """One route: how to ask it about Heimbud, and what each person is answered."""

    answers: dict[str, int]
    method: str = "GET"
    body: Any = None
    site: bool = False  # asked from the client's website


ONE = "/api/desk/{client}/conversations/{conversation}"
LOOKUP = {"operation": "track_parcel", "arguments": {"tracking_number": "HB12345678"}}
CHANGED = {"name": "Ny", "role": "agent", "clients": ["heimbud"], "capacity": 3}
ROUTES: dict[str, Row] = {
    "/api/clients/{client}/widget": Row(ALL, site=True),
    "/api/clients/{client}/tickets": Row(ALL, "POST", {"visitor": "a" * 32}, site=True),
    "/api/login": Row(dict.fromkeys(PEOPLE, 401), "POST", {"login": "x", "password": "y"}),
    "/api/logout": Row(LOGGED_IN, "POST"),
    "/api/me": Row(LOGGED_IN),
    "/api/password": Row(
        {**dict.fromkeys(PEOPLE, 403), "anonymous": 401},
        "POST",
        {"old": "not this one", "new": "long enough"},
    ),
    "/api/desk/ticket": Row(DESK, "POST"),
    "/api/desk/clients": Row(DESK),
    "/api/desk/tasks": Row(DESK),
    "/api/desk/tasks/{task}/done": Row(
        {**OWN, "agent_a": 404, "supervisor": 404, "admin": 404}, "POST"
    ),
    ONE: Row(OWN),
    f"{ONE}/messages": Row(OWN),
    "/api/desk/{client}/lookup": Row(OWN, "POST", LOOKUP),
    "/api/desk/overview": Row(SUPERVISORS),
    "/api/desk/people": Row(ADMINS),
    # The admin's own answer is 400 or 404: what is asked for here is not there to be had.
    "/api/desk/people/new": Row(
        {**ADMINS, "admin": 400}, "POST", {**CHANGED, "login": "ny", "clients": ["varde"]}
    ),
    "/api/desk/people/{person}": Row(
        {**ADMINS, "admin": 404}, "POST", {**CHANGED, "disabled": True}
    ),
    "/api/desk/people/{person}/password": Row({**ADMINS, "admin": 404}, "POST"),
    "/health": Row(ALL),
    "/ready": Row(ALL),
    "/": Row(ALL),
    "/widget.js": Row(ALL),
    "/widget/panel.js": Row(ALL),
    "/desk": Row(ALL),
    "/docs": Row(dict.fromkeys(PEOPLE, 307)),
    "/docs/{name:path}": Row(ALL),
    "/favicon.ico": Row(dict.fromkeys(PEOPLE, 308)),
}
MOUNTS = {"/desk", "/home", "/shared", "/vendor", "/widget"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with running(tmp_path_factory.mktemp("house")) as started:
        for login, person in PEOPLE.items():
            if person is not None:
                await started.staff(login, *person)
        yield started


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def conversation(house: Running) -> str:
    page = await house.customer()
    await page.says("hei")
    await page.asks("leave_contact", name="Anne", reach="98765432", text="ring")
    return str((await page.got("welcome"))["conversation"])


async def ask(
    house: Running, path: str, row: Row, person: str, conversation: str
) -> httpx.Response:
    url = path.replace("{name:path}", "protocol").format(
        client="heimbud",
        conversation=conversation,
        task=new_id(),
        person=house.agents["agent_b"].id,
    )
    headers = house.as_(None if PEOPLE[person] is None else person)
    if row.site:
        headers["Origin"] = house.origin()
    return await house.http.request(row.method, url, json=row.body, headers=headers)


def served(house: Running) -> tuple[set[str], set[str]]:
    routes = house.service.routes
    return (
        {route.path for route in routes if isinstance(route, Route)},
        {route.path for route in routes if isinstance(route, Mount)},
    )


async def test_every_route_has_a_row(house: Running) -> None:
    routes, mounts = served(house)
    assert routes == set(ROUTES)
    assert mounts == MOUNTS


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("path", [path for path in ROUTES if path != "/api/logout"])
async def test_each_is_answered_what_they_may_know(
    house: Running, conversation: str, path: str, person: str
) -> None:
    row = ROUTES[path]
    response = await ask(house, path, row, person, conversation)
    expected = row.answers[person]
    assert response.status_code == expected, response.text[:200]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    if response.status_code >= 400 and path.startswith("/api/"):
        assert set(response.json()["error"]) == {"code", "text"}
    if path.startswith("/api/"):
        assert response.headers["Cache-Control"] in ("no-store", "no-cache")


@pytest.mark.parametrize("person", [p for p in PEOPLE if p != "anonymous"])
@pytest.mark.parametrize("path", [path for path, row in ROUTES.items() if row.method == "POST"])
@pytest.mark.parametrize("origin", ["http://evil.example", "null", None])
async def test_no_other_site_can_change_anything(
    house: Running, conversation: str, path: str, person: str, origin: str | None
) -> None:
    headers = house.as_(person)
    del headers["Origin"]
    if origin is not None:
        headers["Origin"] = origin
    url = path.format(
        client="heimbud",
        conversation=conversation,
        task=new_id(),
        person=house.agents["agent_a"].id,
    )
    response = await house.http.post(url, json=ROUTES[path].body or {}, headers=headers)
    assert response.status_code == 403, response.text
    assert "Access-Control-Allow-Origin" not in response.headers


async def test_anothers_conversation_looks_like_none_over_http_too(
    house: Running, conversation: str
) -> None:
    for tail in ("", "/messages"):
        for client, which in (("heimbud", conversation), ("varde", conversation)):
            url = f"/api/desk/{client}/conversations/"
            there = await house.http.get(url + which + tail, headers=house.as_("agent_b"))
            none = await house.http.get(url + new_id() + tail, headers=house.as_("agent_b"))
            assert there.status_code == 404
            assert there.json() == none.json()
    tasks = await house.http.get("/api/desk/tasks", headers=house.as_("agent_b"))
    assert tasks.json() == []
    (task,) = (await house.http.get("/api/desk/tasks", headers=house.as_("agent_a"))).json()
    done = f"/api/desk/tasks/{task['id']}/done"
    assert (await house.http.post(done, headers=house.as_("agent_b"))).status_code == 404
    assert (await house.http.post(done, headers=house.as_("agent_a"))).status_code == 200


async def test_logging_out_ends_each_session(house: Running) -> None:
    for person, status in ROUTES["/api/logout"].answers.items():
        if person == "agent_a":
            continue  # the frames below need them
        response = await ask(house, "/api/logout", ROUTES["/api/logout"], person, "")
        assert response.status_code == status
        after = await house.http.get(
            "/api/me", headers=house.as_(None if PEOPLE[person] is None else person)
        )
        assert after.status_code == 401


# --- frames -----------------------------------------------------------------------------


def kinds_of(union: Any) -> set[str]:
    return {str(frame.__struct_config__.tag) for frame in typing.get_args(union)}


CUSTOMER_ONLY = {"resume", "send", "ask_person", "choose", "leave_contact", "set_language", "end",
                 "rate", "seen", "typing"}  # fmt: skip
AGENT_ONLY = {"status", "claim", "next", "open", "shut", "say", "note", "transfer", "assign",
              "hand_back", "finish", "verdict", "agent_typing", "agent_seen"}  # fmt: skip
BOTH = {"hello", "beat"}


def whole(kind: str, conversation: str) -> dict[str, Any]:
    """A frame of that kind in which nothing is wrong."""
    what = {"client": "heimbud", "conversation": conversation}
    command = what | {"request": cmid(), "control": 1}
    fields: dict[str, dict[str, Any]] = {
        "hello": {"v": 1, "ticket": "x"},
        "resume": {"epoch": new_id(), "after": 0},
        "send": {"cmid": cmid(), "text": "hei"},
        "ask_person": {"cmid": cmid()},
        "choose": {"cmid": cmid(), "choice": "stay"},
        "rate": {"cmid": cmid(), "stars": 5},
        "leave_contact": {"cmid": cmid(), "name": "A", "reach": "98765432"},
        "set_language": {"cmid": cmid(), "language": "nb"},
        "end": {"cmid": cmid()},
        "seen": {"seq": 1},
        "typing": {"on": True},
        "status": {"status": "online"},
        "claim": command | {"handoff": new_id()},
        "next": {"request": cmid()},
        "open": what,
        "shut": {"conversation": conversation},
        "say": what | {"control": 1, "cmid": cmid(), "text": "hei"},
        "note": what | {"cmid": cmid(), "text": "hei"},
        "transfer": command,
        "assign": command,
        "hand_back": command,
        "finish": command | {"reason": "other", "resolved": True},
        "verdict": {**what, "request": cmid(), "verdict": "needed"},
        "agent_typing": what | {"on": True},
        "agent_seen": what | {"seq": 1},
        "beat": {},
    }
    return {"t": kind, **fields[kind]}


# The code each is answered with about a conversation of Heimbud's that the bot has; empty is done.
# Whoever answers for another company is told that there is no such conversation, whatever they ask.
NO_STREAM = {"agent_a": "not_found", "supervisor": "not_found", "admin": "not_found"}
NOT_MINE = dict.fromkeys(NO_STREAM, "not_owner")
DONE = dict.fromkeys(NO_STREAM, "")
FRAMES: dict[str, dict[str, str]] = {
    "claim": dict.fromkeys(NO_STREAM, "taken"),
    "open": DONE,
    "say": NOT_MINE,
    "note": DONE,
    "transfer": NOT_MINE,
    "assign": {"agent_a": "not_allowed", "supervisor": "refused", "admin": "refused"},
    "hand_back": NOT_MINE,
    "finish": NOT_MINE,
    "verdict": DONE,
    "agent_typing": NO_STREAM,
    "agent_seen": NO_STREAM,
}
OF_NO_CLIENT = {"status", "next", "shut"}


@pytest.mark.parametrize("person", ["agent_a", "agent_b", "supervisor", "admin"])
async def test_each_frame_is_answered_what_role_and_client_permit(
    house: Running, conversation: str, person: str
) -> None:
    asked = PEOPLE[person]
    assert asked is not None
    desk = await house.desk(f"{person}_frames", role=asked[0], clients=asked[1])
    answers = ("result", "problem", "agent_ack", "agent_batch")
    for kind, expected in FRAMES.items():
        mark = len(desk.frames)
        await desk.socket.send(json.dumps(whole(kind, conversation)))
        answer = await desk.until(lambda f: f["t"] in answers, mark)
        assert answer.get("code", "") == expected.get(person, "not_found"), kind
        if kind == "open":
            await desk.send("shut", conversation=conversation)


async def test_every_frame_has_a_row() -> None:
    assert kinds_of(m.CustomerFrame) == CUSTOMER_ONLY | BOTH
    assert kinds_of(m.AgentFrame) == AGENT_ONLY | BOTH
    assert set(FRAMES) | OF_NO_CLIENT == AGENT_ONLY


@pytest.mark.parametrize("kind", sorted(CUSTOMER_ONLY | AGENT_ONLY | {"beat"}))
async def test_no_frame_does_anything_before_a_hello(
    house: Running, conversation: str, kind: str
) -> None:
    for url, origin in (
        (house.customer_url(), house.origin()),
        (house.agent_url, house.desk_origin),
    ):
        page = await Desk.open(url, origin)
        await page.socket.send(json.dumps(whole(kind, conversation)))
        assert await page.closed() == 1008
        assert [frame["code"] for frame in page.frames] == ["bad_frame"]


@pytest.mark.parametrize("kind", sorted(AGENT_ONLY | {"hello"}))
async def test_a_customer_cannot_send_an_agents_frame(
    house: Running, conversation: str, kind: str
) -> None:
    page = await house.customer()
    await page.socket.send(json.dumps(whole(kind, conversation)))
    assert await page.closed() == 1008


@pytest.mark.parametrize("kind", sorted(CUSTOMER_ONLY | {"hello"}))
async def test_an_agent_cannot_send_a_customers_frame(
    house: Running, conversation: str, kind: str
) -> None:
    desk = await house.desk("agent_a")
    await desk.socket.send(json.dumps(whole(kind, conversation)))
    assert await desk.closed() == 1008


async def test_the_password_of_these_tests_opens_a_session(house: Running, tmp_path: Path) -> None:
    body = {"login": "agent_a@example.no", "password": PASSWORD}
    headers = {"Origin": house.desk_origin}
    response = await house.http.post("/api/login", json=body, headers=headers)
    assert response.json()["agent"]["role"] == "agent"
