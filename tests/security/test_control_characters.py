"""Control characters come in by no frame and no body, and the page is told which field."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from handoff.core.message import Audience
from handoff.tokens import new_id
from tests.service.pages import cmid
from tests.service.running import Running, running


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as started:
        yield started


@pytest.mark.parametrize(
    ("kind", "fields", "named"),
    [
        ("send", {"text": "hei\0"}, "text"),
        ("send", {"text": "\x1b[2Jhei"}, "text"),
        ("leave_contact", {"name": "O\0la", "reach": "98765432"}, "name"),
        ("leave_contact", {"name": "Ola", "reach": "987\x0165432"}, "reach"),
        ("leave_contact", {"name": "Ola", "reach": "98765432", "text": "\x08"}, "text"),
    ],
)
async def test_a_customers_frame_is_refused_and_the_page_stays_open(
    house: Running, kind: str, fields: dict[str, Any], named: str
) -> None:
    page = await house.customer()
    id_ = cmid()
    await page.send(kind, cmid=id_, **fields)
    problem = await page.got("problem")
    assert (problem["code"], problem["cmid"]) == ("bad_input", id_)
    assert problem["text"].startswith(f"`{named}` holds U+00")
    assert await page.says("hei igjen") > 0


async def test_pasted_line_breaks_are_kept_as_one_kind_and_may_be_repeated(house: Running) -> None:
    page, id_ = await house.customer(), cmid()
    first = await page.says("en\r\nto\x0btre\tfire", id_)
    assert await page.says("en\r\nto\x0btre\tfire", id_) == first
    line = await page.line(lambda line: line.get("cmid") == id_)
    assert line["text"] == "en\nto\ntre\tfire"


async def test_an_agents_frames_are_refused_with_their_own_answers(house: Running) -> None:
    page = await house.customer()
    await page.asks("ask_person")
    conversation = page.frames[0]["conversation"]
    desk = await house.desk("kari")
    control = await desk.takes("heimbud", conversation)
    what = {"client": "heimbud", "conversation": conversation}
    assert "U+0000" in (await desk.says("heimbud", conversation, control, "hei\0"))["text"]
    mark = len(desk.frames)
    await desk.send("note", **what, cmid=cmid(), text="husk\x02")
    assert "U+0002" in (await desk.got("problem", after=mark))["text"]
    command = {**what, "control": control}
    for kind, fields in (
        ("transfer", {"note": "ta den\0"}),
        ("hand_back", {"slots": {"tracking_number": "HB\0"}}),
        ("hand_back", {"slots": {"tracking\0number": "HB"}}),
        ("finish", {"reason": "other\0", "resolved": True}),
    ):
        result = await desk.command(kind, **command, **fields)
        assert (result["ok"], result["code"]) == (False, "bad_input"), kind
    stored = await house.service.store.read(
        lambda unit: unit.conversations.messages(conversation, Audience.STAFF, 0, 1_000)
    )
    assert "\\u0000" not in json.dumps([dict(line.message.body) for line in stored])


async def test_a_raw_control_character_is_no_json(house: Running) -> None:
    page = await house.customer()
    await page.socket.send(f'{{"t":"send","cmid":"{cmid()}","text":"hei\0"}}')
    assert await page.closed() == 1008


async def test_a_ticket_with_nul_is_for_nobody(house: Running) -> None:
    page = await house.customer_socket()
    await page.send("hello", v=1, ticket="\0")
    assert await page.closed() == 4001


@pytest.mark.parametrize(
    ("path", "body", "named"),
    [
        ("/api/login", {"login": "kari\0", "password": "x"}, "login"),
        ("/api/login", {"login": "kari", "password": "\0"}, "password"),
        ("/api/password", {"old": "\x07", "new": "x"}, "old"),
        (
            "/api/desk/heimbud/lookup",
            {"operation": "track_parcel", "arguments": {"tracking_number": ["\0"]}},
            "arguments",
        ),
    ],
)
async def test_a_field_of_a_desks_body_is_refused(
    house: Running, path: str, body: dict[str, Any], named: str
) -> None:
    await house.staff("kari")
    response = await house.http.post(path, json=body, headers=house.as_("kari"))
    assert response.status_code == 400
    error = response.json()["error"]
    assert error["code"] == "bad_input"
    assert error["text"].startswith(f"`{named}` holds U+00")


async def test_a_widgets_page_address_is_refused(house: Running) -> None:
    response = await house.http.post(
        "/api/clients/heimbud/tickets",
        json={"visitor": new_id(), "page": "https://x.example/\0"},
        headers={"Origin": house.origin()},
    )
    assert response.status_code == 400
    assert response.json()["error"]["text"].startswith("`page` holds U+0000")


@pytest.mark.parametrize("path", ["/api/desk/heimbud%00/conversations/{}", "/%00", "/widget%00.js"])
async def test_a_path_with_nul_leads_nowhere(house: Running, path: str) -> None:
    await house.staff("kari")
    response = await house.http.get(path.format(new_id()), headers=house.as_("kari"))
    assert response.status_code == 404


async def test_the_internal_api_refuses_them_too(house: Running) -> None:
    url = f"{house.settings.internal_url}/clients/heimbud/operations/track_parcel"
    async with httpx.AsyncClient(trust_env=False) as http:
        response = await http.post(
            url,
            json={"turn_id": None, "arguments": {"tracking_number": "HB\0"}},
            headers={"Authorization": f"Bearer {house.settings.internal_token}"},
        )
    assert response.status_code == 400
    assert "U+0000" in response.json()["detail"]
