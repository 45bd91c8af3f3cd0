"""A real PostgreSQL server of the tests' own."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """The server's address until the block ends. It makes the folder above its data readable."""
    from pgserver.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="stafett-postgres-", dir="/tmp"))
    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def database(server: str, name: str) -> str:
    """The address of another database of the same server."""
    return server.replace("/postgres?", f"/{name}?")
