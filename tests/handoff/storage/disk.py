"""A disk that refuses commands of SQLite's connections that write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from handoff.storage import sqlite
from handoff.storage.address import sqlite_driver


class Disk:
    """Which commands it refuses, of the connections that write; "open" is a new connection."""

    def __init__(self) -> None:
        self.refuses: set[str] = set()

    def check(self, command: str) -> None:
        if command in self.refuses:
            error = sqlite_driver().OperationalError("disk I/O error")
            error.sqlite_errorcode = 10
            raise error


def disk_of(monkeypatch: pytest.MonkeyPatch) -> Disk:
    """In front of every store that is opened from now on."""
    disk, prepared = Disk(), sqlite.sqlite_engine
    driver: Any = sqlite_driver()

    class Watched(driver.Connection):  # type: ignore[misc]
        def execute(self, command: str, *values: Any) -> Any:
            disk.check(command)
            return super().execute(command, *values)

        def rollback(self) -> None:
            disk.check("ROLLBACK")
            super().rollback()

    def connect(_dialect: object, _record: object, _given: object, more: dict[str, Any]) -> None:
        disk.check("open")
        more["factory"] = Watched

    def engine(path: Path, *, writing: bool) -> Engine:
        made = prepared(path, writing=writing)
        if writing:
            event.listen(made, "do_connect", connect)
        return made

    monkeypatch.setattr(sqlite, "sqlite_engine", engine)
    return disk
