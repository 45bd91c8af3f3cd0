"""A disk that refuses commands of SQLite's connections."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from handoff.storage import sqlite
from handoff.storage.address import sqlite_driver


class Disk:
    """Which commands it refuses, of connections that write and of those that only read.

    "open" is a new connection.
    """

    def __init__(self) -> None:
        self.refuses: set[str] = set()
        self.refuses_readers: set[str] = set()


def _check(command: str, refused: set[str]) -> None:
    if command in refused:
        error = sqlite_driver().OperationalError("disk I/O error")
        error.sqlite_errorcode = 10
        raise error


def disk_of(monkeypatch: pytest.MonkeyPatch) -> Disk:
    """In front of every store that is opened from now on."""
    disk, prepared = Disk(), sqlite.sqlite_engine
    driver: Any = sqlite_driver()

    def engine(path: Path, *, writing: bool) -> Engine:
        refused = disk.refuses if writing else disk.refuses_readers

        class Watched(driver.Connection):  # type: ignore[misc]
            def execute(self, command: str, *values: Any) -> Any:
                _check(command, refused)
                return super().execute(command, *values)

            def rollback(self) -> None:
                _check("ROLLBACK", refused)
                super().rollback()

        def connect(_dialect: object, _record: object, _args: object, more: dict[str, Any]) -> None:
            _check("open", refused)
            more["factory"] = Watched

        made = prepared(path, writing=writing)
        event.listen(made, "do_connect", connect)
        return made

    monkeypatch.setattr(sqlite, "sqlite_engine", engine)
    return disk
