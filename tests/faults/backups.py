"""Backups by the tools that the guide names, and a database that goes back to one."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import make_url

from handoff.settings import ROOT

STAFETT = (sys.executable, "-m", "handoff.cli")


async def dump(database: str, path: Path) -> None:
    """Copy the PostgreSQL database at that address to `path`, while the service writes."""
    await _run(*_tool("pg_dump", database), "--format=custom", f"--file={path}")


async def restore(database: str, path: Path, environment: Mapping[str, str]) -> None:
    """Put it back. No process of the service runs."""
    whole = ("--single-transaction", "--exit-on-error", "--clean", "--if-exists")
    await _run(*_tool("pg_restore", database), *whole, str(path))
    await stafett("restore", "--renew", environment=environment)


async def stafett(*words: str, environment: Mapping[str, str]) -> None:
    """A command of Stafett's own. Raises RuntimeError with what it said when it fails."""
    await _run(*STAFETT, *words, environment=environment)


def _tool(name: str, database: str) -> tuple[str, ...]:
    from pgserver._commands import POSTGRES_BIN_PATH

    url = make_url(database)
    where = (f"--host={url.host}", f"--port={url.port}", f"--username={url.username}")
    return str(POSTGRES_BIN_PATH / name), *where, f"--dbname={url.database}"


async def _run(*command: str, environment: Mapping[str, str] | None = None) -> None:
    given = {**os.environ, **(environment or {})}
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env=given, stdout=PIPE, stderr=STDOUT
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{command[0]} failed: {said.decode()}")
