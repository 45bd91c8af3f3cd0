"""Whether a line is on the disk before its author is told so: a power cut at every acknowledgement.

`kill -9` cannot show it, for the kernel keeps what a dead process wrote. A whole service runs on
SQLite and stores customers' lines; what it writes, syncs and sends is recorded. Then, for every
acknowledgement, the database is built as a power cut in that moment would leave it, and every
line acknowledged until then is looked for.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import re
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
import structlog
from sqlalchemy import Engine, event

from handoff.storage import sqlite
from handoff.storage.address import sqlite_driver
from tests.faults.disk import Record, Synced, Told, recorded, told
from tests.service.running import running

FEWEST_CUSTOMERS = 4
# More at once is more than one page may send.
MOST_LINES_EACH = 60
_ACK = re.compile(rb'\{"t":"ack"[^{}]*\}')


@dataclass(slots=True)
class Report:
    """`lost` counts acknowledgements whose cut lost a line, or the database with it."""

    acknowledged: int = 0
    cuts: int = 0
    lost: int = 0
    syncs: int = 0
    """Of the log, one for each commit."""
    moved: int = 0
    """Syncs of the database itself, when the log was moved into it."""


@contextlib.contextmanager
def _tellings(record: Record) -> Iterator[None]:
    """Note every acknowledgement before the system is asked to send it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("send", "sendmsg"):
            sent = getattr(socket.socket, name)

            def noted(self: socket.socket, data: Any, *more: Any, _sent: Any = sent) -> Any:
                content = (
                    bytes(data)
                    if isinstance(data, bytes | bytearray | memoryview)
                    else b"".join(data)
                )
                for frame in _ACK.findall(content):
                    record.entries.append(Told(json.loads(frame)["cmid"]))
                return _sent(self, data, *more)

            patch.setattr(socket.socket, name, noted)
        yield


@contextlib.contextmanager
def unsafe() -> Iterator[None]:
    """SQLite is told not to wait for the disk: what the judge must notice."""
    prepared = sqlite.sqlite_engine

    def engine(path: Path, *, writing: bool) -> Engine:
        made = prepared(path, writing=writing)
        event.listen(made, "connect", lambda link, _: link.execute("PRAGMA synchronous = OFF"))
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite, "sqlite_engine", engine)
        yield


@contextlib.contextmanager
def hasty() -> Iterator[None]:
    """The writer answers before it commits: what the judge must notice too."""
    answer, really = sqlite._answer, sqlite.SqliteWriter._commit

    def commit(self: Any, jobs: list[Any]) -> None:
        for job in jobs:
            work = job.work

            def early(unit: Any, job: Any = job, work: Any = work) -> object:
                job.result = work(unit)
                answer([job])
                return job.result

            job.work = early
        really(self, jobs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite.SqliteWriter, "_commit", commit)
        yield


async def recording(folder: Path, lines: int) -> Record:
    """`lines` customers' lines, stored by a service of its own in `folder`."""
    with recorded() as record, _tellings(record):
        async with running(folder) as house:
            customers = max(FEWEST_CUSTOMERS, lines // MOST_LINES_EACH)
            pages = [await house.customer() for _ in range(customers)]

            async def write(number: int) -> None:
                for line in range(number, lines, customers):
                    await pages[number].says(f"linje {line}")

            await asyncio.gather(*(write(number) for number in range(customers)))
            acked = {f["cmid"] for page in pages for f in page.frames if f["t"] == "ack"}
    missed = acked - {entry.cmid for entry in record.entries if isinstance(entry, Told)}
    assert not missed, f"{len(missed)} acknowledgements left unseen"
    assert len(acked) == lines
    return record


def judge(record: Record, seed: int = 0) -> Report:
    """Cut the power twice at every acknowledgement: all that was not synced is lost, or some."""
    report, acknowledged, chance = Report(), set[str](), Random(seed)
    for entry in record.entries:
        if isinstance(entry, Synced):
            report.syncs += entry.path.endswith("-wal")
            report.moved += not entry.path.endswith("-wal")
    with tempfile.TemporaryDirectory() as folder:
        for cmid, left in told(record):
            acknowledged.add(cmid)
            for luck in (None, chance):
                report.cuts += 1
                report.lost += not acknowledged <= _stored(left(luck), Path(folder))
    report.acknowledged = len(acknowledged)
    return report


def _stored(files: dict[str, bytes], folder: Path) -> set[str]:
    """The ids of the lines in such a database; none when it cannot be read."""
    for old in folder.iterdir():
        old.unlink()
    for name, data in files.items():
        (folder / Path(name).name).write_bytes(data)
    driver = sqlite_driver()
    connection = driver.connect(folder / "stafett.db")
    try:
        if connection.execute("PRAGMA quick_check").fetchone() != ("ok",):
            return set()
        rows = connection.execute("SELECT cmid FROM message WHERE cmid IS NOT NULL")
        return {row[0] for row in rows}
    except driver.Error:
        return set()
    finally:
        connection.close()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.power", description=__doc__)
    parser.add_argument("--lines", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--broken", choices=("unsafe", "hasty"), help="take a safeguard away")
    given = parser.parse_args()
    quiet = structlog.make_filtering_bound_logger(logging.WARNING)
    structlog.configure(wrapper_class=quiet)
    breaks: dict[str | None, Callable[[], AbstractContextManager[None]]]
    breaks = {"unsafe": unsafe, "hasty": hasty, None: contextlib.nullcontext}
    with tempfile.TemporaryDirectory() as folder, breaks[given.broken]():
        report = judge(asyncio.run(recording(Path(folder), given.lines)), given.seed)
    print(
        f"{report.acknowledged} lines acknowledged, {report.cuts} power cuts, {report.lost} with "
        f"losses; the log was synced {report.syncs} times, the database {report.moved} times."
    )
    return 1 if report.lost else 0


if __name__ == "__main__":
    sys.exit(main())
