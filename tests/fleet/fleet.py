"""Real processes of `stafett serve` beside each other, with one database, Redis and bot."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import asyncpg  # type: ignore[import-untyped]
import httpx

from handoff.app import Service
from handoff.ports import Store
from handoff.settings import ROOT, read_settings
from handoff.storage import migrate, open_store
from handoff.tokens import new_id
from tests.fleet.front import nginx
from tests.ports import free_ports
from tests.postgres import database
from tests.redis_server import RedisServer
from tests.service.bot import StandInBot, serving_bot
from tests.service.running import Running

START_SECONDS = 40.0
_OWN_PORTS = ("WEB_PORT", "WS_PORT", "INTERNAL_PORT")
_SHARED_PORTS = (
    "RASA_PORT", "ACTIONS_PORT", "DEMO_HEIMBUD_PORT", "DEMO_VARDE_PORT", "DEMO_SYSTEMS_PORT"
)  # fmt: skip
_SECRETS = (
    "SECRET_KEY", "BOT_TOKEN", "RASA_TOKEN", "INTERNAL_TOKEN", "METRICS_TOKEN", "DEMO_SYSTEMS_TOKEN"
)  # fmt: skip


@dataclass(slots=True)
class Member(Running):
    """One process, and pages opened to it."""

    process: subprocess.Popen[bytes] = field(kw_only=True)

    def kill(self) -> None:
        """As a machine's end does it."""
        self.process.kill()
        self.process.wait(10)

    def told_to_stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    async def ended(self) -> int:
        """Its exit code, once it has ended."""
        return await asyncio.to_thread(self.process.wait, 30)


@dataclass(slots=True)
class Fleet:
    """Processes in the order they were asked for. Staff hired by one are known to all."""

    members: list[Member]
    redis: RedisServer
    bot: StandInBot
    store: Store
    url: str

    def __getitem__(self, number: int) -> Member:
        return self.members[number]


@asynccontextmanager
async def fleet(
    postgres: str,
    redis: RedisServer,
    folder: Path,
    size: int = 2,
    *,
    behind_nginx: bool = False,
    **more: object,
) -> AsyncIterator[Fleet]:
    """`more` are settings, by their names in `.env`. Behind nginx, all pages go through it."""
    name = f"fleet_{new_id()}"
    admin = await asyncpg.connect(postgres)
    await admin.execute(f'CREATE DATABASE "{name}"')
    await admin.close()
    url = database(postgres, name)
    await asyncio.to_thread(migrate, url)
    # All at once: a port that was given back may be given out again.
    front, *ports = free_ports(1 + len(_SHARED_PORTS) + size * len(_OWN_PORTS))
    common, ports = ports[: len(_SHARED_PORTS)], ports[len(_SHARED_PORTS) :]
    shared = {
        "DATABASE_URL": url,
        "REDIS_URL": redis.url,
        **dict(zip(_SHARED_PORTS, map(str, common), strict=True)),
        **{secret: new_id() for secret in _SECRETS},
        **{key: str(value) for key, value in more.items()},
    }
    bot = StandInBot()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(serving_bot(bot, int(shared["RASA_PORT"])))
        store = await open_store(url)
        stack.push_async_callback(store.close)
        if behind_nginx:
            shared["PUBLIC_URL"] = f"http://127.0.0.1:{front}"
            shared["PUBLIC_WS_URL"] = f"ws://127.0.0.1:{front}/ws"
            shared["TRUSTED_PROXIES"] = "127.0.0.1"
            stack.enter_context(nginx(folder / "nginx", front, ports[::3], ports[1::3]))
        members: list[Member] = []
        for number in range(size):
            own = dict(zip(_OWN_PORTS, map(str, ports[3 * number :]), strict=False))
            given = {**shared, **own, "DATA_DIR": str(folder / str(number))}
            member = await _member(stack, given, folder / f"{number}.log", store, bot)
            if members:
                member.agents, member.cookies = members[0].agents, members[0].cookies
            members.append(member)
        await asyncio.gather(*(_until_ready(member) for member in members))
        yield Fleet(members, redis, bot, store, url)


async def _member(
    stack: AsyncExitStack, given: dict[str, str], log: Path, store: Store, bot: StandInBot
) -> Member:
    settings = read_settings(given, root=log.parent)
    process = _started(given, log)
    stack.callback(process.wait, 10)
    stack.callback(process.kill)
    http, inner = [
        await stack.enter_async_context(
            httpx.AsyncClient(base_url=url, trust_env=False, timeout=20)
        )
        for url in (settings.public_url, f"http://127.0.0.1:{settings.internal_port}")
    ]
    pages = await stack.enter_async_context(AsyncExitStack())
    service = Service(store, cast(Any, None), {}, ())
    return Member(settings, service, bot, http, pages, inner, {}, process=process)


def _started(given: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "handoff.cli", "serve"],
            cwd=ROOT,
            env={**os.environ, **given},
            stdout=output,
            stderr=subprocess.STDOUT,
        )


async def _until_ready(member: Member) -> None:
    async with asyncio.timeout(START_SECONDS):
        while True:
            assert member.process.poll() is None, "the process ended at its start"
            with suppress(httpx.HTTPError):
                url = f"http://127.0.0.1:{member.settings.web_port}/ready"
                if (await member.http.get(url)).status_code == 200:
                    return
            await asyncio.sleep(0.05)
