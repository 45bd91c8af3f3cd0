"""`/ready` tells the truth about each part."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handoff.errors import StoreError
from tests.service.running import Running, running


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Running]:
    monkeypatch.setattr("handoff.routes.health.GOOD_SECONDS", 0.0)
    async with running(tmp_path) as started:
        yield started


async def test_all_is_well(house: Running) -> None:
    response = await house.http.get("/ready?bot=1")
    assert response.status_code == 200
    expected = {"storage": "ok", "queue": "ok", "bot": "ok"}
    assert response.json()["parts"] == expected
    assert house.bot.received[0]["metadata"]["client"] == "heimbud"


async def test_a_bot_that_is_down_is_told_but_only_asked_for_with_bot_1(house: Running) -> None:
    house.bot.always = "error"
    plain = await house.http.get("/ready")
    assert plain.status_code == 200
    asked = await house.http.get("/ready?bot=1")
    assert asked.status_code == 503
    assert asked.json()["parts"]["bot"] != "ok"
    house.bot.always = None
    assert (await house.http.get("/ready?bot=1")).status_code == 200


async def test_many_who_ask_at_once_cost_the_bot_one_turn(house: Running) -> None:
    house.bot.always = "slow:0.2"
    answers = await asyncio.gather(*(house.http.get("/ready?bot=1") for _ in range(10)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(house.bot.received) == 1


@pytest.mark.parametrize("part", ["write", "read"])
async def test_a_database_that_refuses_makes_the_service_not_ready(
    house: Running, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*args: object) -> None:
        raise StoreError("The disk is full.", cure="Free some space.")

    runner = house.service.store._runner  # type: ignore[attr-defined]
    monkeypatch.setattr(runner, part, refuse)
    response = await house.http.get("/ready")
    assert response.status_code == 503
    assert "The disk is full." in response.text


async def test_a_database_that_is_locked_makes_the_service_not_ready(
    house: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    from handoff.storage.sqlite import sqlite_driver

    path = house.settings.data_dir / "stafett.db"
    other = sqlite_driver().connect(str(path), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    response = await house.http.get("/ready")
    other.execute("ROLLBACK")
    other.close()
    assert response.status_code == 503
    assert response.json()["parts"]["storage"] != "ok"
    assert (await house.http.get("/ready")).status_code == 200
