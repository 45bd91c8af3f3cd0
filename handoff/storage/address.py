"""Where the database is, and the driver that reaches it."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from handoff.errors import SettingError, StoreError

OLDEST_SQLITE = (3, 51, 3)
"""Before this a write-ahead log used by several connections could be corrupted."""

_CURE = "Give sqlite:///var/stafett.db or postgresql://user:password@host/name."


@dataclass(frozen=True, slots=True)
class SqliteAddress:
    path: Path


@dataclass(frozen=True, slots=True)
class PostgresAddress:
    url: URL


def locate(url: str) -> SqliteAddress | PostgresAddress:
    """Read a DATABASE_URL. Raises SettingError, which never repeats the URL: it has a password."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise SettingError("DATABASE_URL is not a URL.", cure=_CURE) from None
    match parsed.drivername.partition("+")[0]:
        case "sqlite":
            if not parsed.database or parsed.database == ":memory:" or parsed.query:
                raise SettingError("DATABASE_URL must name a file for SQLite.", cure=_CURE)
            return SqliteAddress(Path(parsed.database))
        case "postgresql" | "postgres":
            query: dict[str, Any] = dict(parsed.query)
            if "sslmode" in query:
                query["ssl"] = query.pop("sslmode")
            return PostgresAddress(parsed.set(drivername="postgresql+asyncpg", query=query))
        case other:
            raise SettingError(f"DATABASE_URL names an unknown database, {other}.", cure=_CURE)


def sqlite_driver() -> ModuleType:
    """A DBAPI module with a SQLite that is new enough. Raises StoreError when there is none."""
    found = []
    for name in ("pysqlite3.dbapi2", "sqlite3"):
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        if module.sqlite_version_info >= OLDEST_SQLITE:
            return module
        found.append(module.sqlite_version)
    oldest = ".".join(map(str, OLDEST_SQLITE))
    raise StoreError(
        f"SQLite {oldest} or newer is needed; found {', '.join(found) or 'none'}.",
        cure="Install pysqlite3 0.6.1 or newer (`make setup` does), or use PostgreSQL.",
    )
