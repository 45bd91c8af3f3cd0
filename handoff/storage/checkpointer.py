"""Carries SQLite's log into the database's file, so that no commit has to wait for that."""

from __future__ import annotations

import threading
from typing import Any

import structlog
from sqlalchemy import Connection

from handoff.storage.address import sqlite_driver

SECONDS = 0.25
# 32 MB. At that length a commit does carry it over, which ends a log that never stops growing.
LOG_PAGES = 8_000

log = structlog.get_logger(__name__)


class Checkpointer:
    """A thread with a connection of its own. SQLite's default is every 4 MB, within a commit."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._driver: Any = connection.connection.dbapi_connection
        self._stirred = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="store-checkpointer", daemon=True)
        self._thread.start()

    def stir(self) -> None:
        """Something was committed."""
        self._stirred.set()

    def close(self) -> None:
        self._closing.set()
        self._stirred.set()
        self._thread.join()

    def _run(self) -> None:
        failed = 0
        while not self._closing.wait(SECONDS):
            self._stirred.wait()
            self._stirred.clear()
            try:
                self._driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
                failed = 0
            except sqlite_driver().Error as error:
                # It is done next time. Said once, until it goes well again.
                said, failed = failed, getattr(error, "sqlite_errorcode", 1)
                if failed != said:
                    log.warning("checkpoint", action="checkpoint_failed", code=failed)
        self._connection.close()
