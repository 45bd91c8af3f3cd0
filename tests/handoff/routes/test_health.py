"""`/ready` tells the truth about each part, and the public nothing but that."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from handoff.app import service
from handoff.client_systems.operations import OPERATIONS
from handoff.errors import StoreError
from handoff.gateways.server import SocketServer
from handoff.storage import migrate
from tests.postgres import postgres
from tests.redis_server import RedisServer, redis_server
from tests.service.running import Running, running, settings_in

WELL = {
    "database": "ok",
    "fanout": "ok",
    "bot": "ok",
    "actions": "ok",
    "client_systems": "unknown",
}


@pytest.fixture(autouse=True)
def look_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handoff.routes.parts.GOOD_SECONDS", 0.0)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as started:
        yield started


async def ready(http: httpx.AsyncClient, query: str = "") -> tuple[int, dict[str, Any]]:
    answer = await http.get(f"/ready{query}")
    return answer.status_code, answer.json()


async def test_all_is_well(house: Running) -> None:
    status, told = await ready(house.http)
    assert (status, told) == (200, {"ready": True, "state": "ready", "parts": WELL})
    status, told = await ready(house.http, "?bot=1")
    assert (status, told["parts"]) == (200, {**WELL, "answer": "ok"})
    assert house.bot.received[0]["metadata"]["client"] == "heimbud"
    assert (await house.http.get("/health")).json() == {"ok": True}


@pytest.mark.parametrize("part", ["bot", "actions"])
async def test_without_the_bot_customers_are_still_taken(house: Running, part: str) -> None:
    await house.dies(part)
    status, told = await ready(house.http)
    assert (status, told["state"]) == (200, "degraded")
    assert told["parts"] == {**WELL, part: "down"}


async def test_a_bot_that_hangs_does_not_make_ready_late(house: Running) -> None:
    house.bot.status_seconds = 3.0
    began = time.monotonic()
    status, told = await ready(house.http)
    assert time.monotonic() - began < 2.5
    assert (status, told["parts"]) == (200, {**WELL, "bot": "down"})


async def test_a_bot_that_answers_nothing_is_found_by_who_asks_for_an_answer(
    house: Running,
) -> None:
    house.bot.always = "error"
    assert (await ready(house.http))[1]["state"] == "ready"
    status, told = await ready(house.http, "?bot=1")
    assert (status, told["state"], told["parts"]["answer"]) == (503, "down", "down")
    house.bot.always = None
    assert (await ready(house.http, "?bot=1"))[0] == 200


async def test_many_who_ask_at_once_cost_the_bot_one_turn(house: Running) -> None:
    house.bot.always = "slow:0.2"
    answers = await asyncio.gather(*(house.http.get("/ready?bot=1") for _ in range(10)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(house.bot.received) == 1


async def test_a_client_system_is_told_of_as_it_last_answered(house: Running) -> None:
    name = next(name for name, one in OPERATIONS.items() if not one.writes)
    assert name == "track_parcel"
    answer = await house.inner.post(
        "/clients/heimbud/operations/track_parcel",
        json={"arguments": {"tracking_number": "HB12345678"}},
        headers={"Authorization": f"Bearer {house.settings.internal_token}"},
    )
    assert answer.json()["error"] == "unavailable"  # nothing listens there
    status, told = await ready(house.http)
    assert (status, told["state"], told["parts"]["client_systems"]) == (200, "degraded", "down")
    assert "heimbud" not in str(told)
    _, inside = await ready(house.inner)
    assert "heimbud" in inside["parts"]["client_systems"]["detail"]


@pytest.mark.parametrize("end", [RedisServer.kill, RedisServer.hang])
async def test_a_lost_redis_costs_seconds_and_no_customer(
    tmp_path: Path, end: Callable[[RedisServer], None]
) -> None:
    with redis_server() as redis:
        async with running(tmp_path, REDIS_URL=redis.url) as house:
            await fanout_is(house, "ok")
            end(redis)
            status, told = await fanout_is(house, "down")
            assert (status, told["parts"]) == (200, {**WELL, "fanout": "down"})
            _, inside = await ready(house.inner)
            assert "Redis" in inside["parts"]["fanout"]["detail"]
            counted = await house.inner.get("/metrics")
            assert 'stafett_part_up{part="fanout"} 0.0' in counted.text


async def fanout_is(house: Running, state: str) -> tuple[int, dict[str, Any]]:
    """What is told once the fan-out is in that state."""
    async with asyncio.timeout(15):
        while True:
            status, told = await ready(house.http)
            if told["parts"]["fanout"] == state:
                return status, told
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("part", ["write", "read"])
async def test_a_database_that_refuses_makes_the_service_not_ready(
    house: Running, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*args: object) -> None:
        raise StoreError("The disk is full.", cure="Free some space.")

    runner = house.service.store._runner  # type: ignore[attr-defined]
    monkeypatch.setattr(runner, part, refuse)
    public = await house.http.get("/ready")
    assert public.status_code == 503
    assert "disk" not in public.text
    status, told = await ready(house.inner)
    assert (status, told["state"]) == (503, "down")
    assert told["parts"]["database"]["detail"] == "The disk is full. Free some space."


async def test_a_database_that_is_locked_makes_the_service_not_ready(house: Running) -> None:
    from handoff.storage.sqlite import sqlite_driver

    path = house.settings.data_dir / "stafett.db"
    other = sqlite_driver().connect(str(path), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    status, told = await ready(house.http)
    other.execute("ROLLBACK")
    other.close()
    assert (status, told["parts"]["database"]) == (503, "down")
    assert (await ready(house.http))[0] == 200


async def test_a_postgresql_that_goes_makes_the_service_not_ready(tmp_path: Path) -> None:
    with ExitStack() as server:
        address = server.enter_context(postgres())
        await asyncio.to_thread(migrate, address)
        async with running(tmp_path, DATABASE_URL=address) as house:
            assert (await ready(house.http))[0] == 200
            await asyncio.to_thread(server.close)
            public = await house.http.get("/ready")
            assert public.status_code == 503
            assert public.json()["parts"] == {**WELL, "database": "down"}
            assert "ostgre" not in public.text
            counted = await house.inner.get("/metrics")
            assert counted.status_code == 200
            assert 'stafett_part_up{part="database"} 0.0' in counted.text
            assert "stafett_queue_waiting" not in counted.text
            assert "stafett_commit_seconds_count" in counted.text


async def test_nobody_new_is_sent_before_the_doors_are_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, open_doors = SocketServer.start, asyncio.Event()

    async def slowly(self: SocketServer, host: str, port: int) -> None:
        await open_doors.wait()
        await started(self, host, port)

    monkeypatch.setattr(SocketServer, "start", slowly)
    settings = settings_in(tmp_path)
    running_service = service(settings)
    entering = asyncio.create_task(running_service.__aenter__())
    async with httpx.AsyncClient(base_url=settings.public_url, trust_env=False) as http:
        async with asyncio.timeout(10):
            while True:
                try:
                    status, told = await ready(http)
                    break
                except httpx.ConnectError:
                    await asyncio.sleep(0.05)
        assert (status, told["state"]) == (503, "starting")
        assert (await http.get("/health")).status_code == 200
        open_doors.set()
        await entering
        assert (await ready(http))[0] == 200
    await running_service.__aexit__(None, None, None)


async def test_nobody_new_is_sent_while_the_service_drains(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    running_service = service(settings)
    await running_service.__aenter__()
    async with httpx.AsyncClient(base_url=settings.public_url, trust_env=False) as http:
        assert (await ready(http))[0] == 200
        # A page that says nothing keeps the drain going to its end.
        reader, writer = await asyncio.open_connection("127.0.0.1", settings.ws_port)
        writer.write(
            b"GET /customer/heimbud HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            + f"Origin: http://127.0.0.1:{settings.demo_heimbud_port}\r\n\r\n".encode()
        )
        assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
        leaving = asyncio.create_task(running_service.__aexit__(None, None, None))
        await asyncio.sleep(0)
        status, told = await ready(http)
        assert (status, told["state"]) == (503, "draining")
        assert not leaving.done()
        writer.close()
    await leaving
