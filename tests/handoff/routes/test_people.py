"""What supervisors see and admins do over HTTP, for their own client companies."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from handoff.core.roster import Role
from tests.service.running import Running, running


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as started:
        yield started


async def login(house: Running, name: str, password: str) -> int:
    body = {"login": name, "password": password}
    headers = {"Origin": house.desk_origin}
    response = await house.http.post("/api/login", json=body, headers=headers)
    house.http.cookies.clear()
    return response.status_code


async def test_a_supervisor_sees_what_goes_on_for_own_clients_and_who_has_it(
    house: Running,
) -> None:
    await house.staff("siri", Role.SUPERVISOR, ("heimbud",))
    chats = {}
    for client in ("heimbud", "varde"):
        page = await house.customer(client)
        await page.says("jeg vil snakke med noen")
        await page.asks("ask_person")
        chats[client] = str((await page.got("welcome"))["conversation"])
    desk = await house.desk("kari")
    control = await desk.takes("heimbud", chats["heimbud"])
    overview = (await house.http.get("/api/desk/overview", headers=house.as_("siri"))).json()
    assert [chat["conversation"] for chat in overview["chats"]] == [chats["heimbud"]]
    chat = overview["chats"][0]
    assert (chat["mode"], chat["name"], chat["control"]) == ("agent", "Kari", control)
    assert chat["started"] <= chat["since"] <= overview["now"]
    assert not overview["more"]


async def test_an_admin_hires_changes_and_lets_go(house: Running) -> None:
    await house.staff("eva", Role.ADMIN)
    admin: dict[str, Any] = {"headers": house.as_("eva")}
    wish = {"name": "Per Vik", "role": "agent", "clients": ["heimbud"], "capacity": 3}
    made = await house.http.post("/api/desk/people/new", json={"login": "per", **wish}, **admin)
    assert made.status_code == 200, made.text
    who, password = made.json()["person"]["id"], made.json()["password"]
    assert await login(house, "per", password) == 200
    again = await house.http.post("/api/desk/people/new", json={"login": "per", **wish}, **admin)
    assert (again.status_code, "in use" in again.text) == (400, True)
    url = f"/api/desk/people/{who}"
    wish |= {"role": "supervisor", "capacity": 4}
    changed = await house.http.post(url, json={**wish, "disabled": True}, **admin)
    assert changed.json()["person"]["disabled"]
    assert await login(house, "per", password) == 403
    everybody = (await house.http.get("/api/desk/people", **admin)).json()["people"]
    assert [(one["name"], one["role"], one["disabled"]) for one in everybody] == [
        ("Eva", "admin", False),
        ("Per Vik", "supervisor", True),
    ]
    await house.http.post(url, json={**wish, "disabled": False}, **admin)
    new = (await house.http.post(f"{url}/password", **admin)).json()["password"]
    assert [await login(house, "per", word) for word in (password, new)] == [401, 200]
    for odd in ("x", "A" * 32, "0" * 32):
        gone = await house.http.post(f"/api/desk/people/{odd}/password", **admin)
        assert gone.status_code == 404
