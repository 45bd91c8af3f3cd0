"""A write at a client company's system is done once, whichever process the bot's actions meet."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from demo.listening import listen
from handoff.tokens import new_id
from tests.fleet.fleet import Fleet, Member, fleet
from tests.ports import free_port
from tests.redis_server import RedisServer

PAUSE = {"subscription_number": "204511", "from": "2026-12-01", "to": "2026-12-05"}
DONE = json.dumps({"from": PAUSE["from"], "to": PAUSE["to"], "credit_kr": 95}).encode()
LEASE_SECONDS = 6.0


class CompanySystem:
    """Notes the idempotency key of each write, and takes its time."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.keys: list[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.keys.append(dict(scope["headers"])[b"idempotency-key"].decode())
        await asyncio.sleep(self.seconds)
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": DONE})


async def paused(member: Member, turn: str) -> dict[str, Any]:
    settings = member.settings
    url = f"{settings.internal_url}/clients/heimbud/operations/pause_subscription"
    async with httpx.AsyncClient(timeout=10) as http:
        answer = await http.post(
            url,
            json={"turn_id": turn, "arguments": PAUSE},
            headers={"Authorization": f"Bearer {settings.internal_token}"},
        )
    return dict(answer.raise_for_status().json())


@pytest.fixture
def port() -> int:
    return free_port()


def served(system: CompanySystem, port: int) -> tuple[uvicorn.Server, asyncio.Task[None]]:
    config = uvicorn.Config(system, log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    listener = listen("127.0.0.1", port, "the company's system")
    return server, asyncio.create_task(server.serve([listener]))


async def test_two_processes_and_one_turn_are_one_write(
    postgres_server: str, redis: RedisServer, tmp_path: Path, port: int
) -> None:
    system = CompanySystem(seconds=0.3)
    server, serving = served(system, port)
    async with fleet(postgres_server, redis, tmp_path, DEMO_SYSTEMS_PORT=port) as both:
        turn = new_id()
        said = await asyncio.gather(*(paused(member, turn) for member in both.members * 3))
        said.append(await paused(both[1], turn))
        assert all(answer == said[0] and answer["ok"] for answer in said)
        assert len(system.keys) == 1
        await paused(both[1], new_id())
        assert len(set(system.keys)) == 2
        await killed_in_the_middle(both, system)
    server.should_exit = True
    await serving


async def killed_in_the_middle(both: Fleet, system: CompanySystem) -> None:
    """Nobody knows then what became of it: it is done again with the same key, later."""
    system.keys.clear()
    system.seconds = 1.0
    turn = new_id()
    dying = asyncio.create_task(paused(both[0], turn))
    async with asyncio.timeout(5):
        while not system.keys:
            await asyncio.sleep(0.02)
    both[0].kill()
    with suppress(httpx.HTTPError):
        await dying
    began = asyncio.get_running_loop().time()
    answer: dict[str, Any] = {}
    while not answer.get("ok"):
        answer = await paused(both[1], turn)
        assert asyncio.get_running_loop().time() - began < LEASE_SECONDS + 6
    assert len(system.keys) == 2
    assert len(set(system.keys)) == 1
