"""Whether an acknowledged line would be there after a loss of power.

    python -m tests.faults.power [--lines 500] [--seed 0] [--unsynced]

A kill never shows it: what was written is then in the kernel, and safe. So a real handoff
service runs on SQLite while its system calls are recorded, customers write, and for each moment
at which an acknowledgement left, the disk is made as it could be at worst: without any write that
was not synced by then, and with a random choice of those. SQLite opens it, and every line
acknowledged until then must be in it. `--unsynced` judges as if no sync had reached the disk, which
must be found out.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import pickle
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from handoff.settings import ROOT, Settings
from handoff.storage.address import sqlite_driver
from tests.faults import syscalls
from tests.faults.syscalls import Recording, Sent, Sync, Truncate, Write
from tests.service.pages import Customer
from tests.service.running import settings_in

CUSTOMERS = 5
_ACK = re.compile(rb'"t":"ack","cmid":"([^"]+)"')


@dataclass(frozen=True, slots=True)
class Verdict:
    """`lost` names lines by cmid that a loss of power at some moment would have taken."""

    acknowledged: int
    moments: int
    syncs: int
    lost: frozenset[str]
    unreadable: int


def recorded(folder: Path, lines: int) -> tuple[Recording, set[str]]:
    """Let customers write `lines` lines to a service in `folder`; also what they saw acked."""
    settings = settings_in(folder)
    out = folder / "calls.pickle"
    recorder = subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.faults.syscalls", str(out), str(folder / "stafett.db")),
            *(f"http://127.0.0.1:{settings.web_port}/ready", sys.executable),
            *("-m", "handoff.cli", "serve"),
        ],
        cwd=ROOT,
        env={**os.environ, **_given(settings), "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert recorder.stdout is not None
    try:
        while (told := recorder.stdout.readline()) != "ready\n":
            assert told, "the service did not start"
        seen = asyncio.run(_talk(settings, lines))
        recorder.communicate(timeout=60)
    finally:
        recorder.terminate()
        recorder.communicate()
    found = pickle.loads(out.read_bytes())
    assert isinstance(found, syscalls.Recording)
    return found, seen


def _given(settings: Settings) -> dict[str, str]:
    ports = ("web", "ws", "internal", "rasa", "actions")
    return {
        "DATA_DIR": str(settings.data_dir),
        "LOG_LEVEL": "error",
        **{f"{name.upper()}_PORT": str(getattr(settings, f"{name}_port")) for name in ports},
        **{
            f"DEMO_{name.upper()}_PORT": str(getattr(settings, f"demo_{name}_port"))
            for name in ("heimbud", "varde", "systems")
        },
    }


async def _talk(settings: Settings, lines: int) -> set[str]:
    origin = f"http://127.0.0.1:{settings.demo_heimbud_port}"
    seen: set[str] = set()

    async def one(number: int) -> None:
        async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
            answer = await http.post(
                f"http://127.0.0.1:{settings.web_port}/api/clients/heimbud/tickets",
                json={"visitor": f"{number:032x}"},
                headers={"Origin": origin},
            )
        page = await Customer.open(f"{settings.public_ws_url}/customer/heimbud", origin)
        welcome = await page.hello(answer.json()["ticket"])
        await page.resume(welcome["epoch"])
        for count in range(lines // CUSTOMERS):
            cmid = f"{number:08x}-0000-4000-8000-{count:012x}"
            await page.says(f"linje {count}", cmid)
            seen.add(cmid)
        await page.leave()

    await asyncio.gather(*(one(number) for number in range(1, CUSTOMERS + 1)))
    return seen


class Disk:
    """The files as a loss of power could leave them."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self._synced = {name: bytearray(data) for name, data in files.items()}
        self._waiting: list[tuple[int, Write | Truncate]] = []

    def written(self, number: int, what: Write | Truncate) -> None:
        self._waiting.append((number, what))

    def synced(self, sync: Sync) -> None:
        """What was written to that file before the sync began is safe."""
        still = []
        for number, what in self._waiting:
            if what.file == sync.file and number < sync.before:
                _apply(self._synced, what)
            else:
                still.append((number, what))
        self._waiting = still

    def images(self, chance: random.Random) -> Iterator[dict[str, bytearray]]:
        """Without all that was not synced, and with a random choice of it."""
        yield self._synced
        if self._waiting:
            image = {name: bytearray(data) for name, data in self._synced.items()}
            for _, what in self._waiting:
                if chance.random() < 0.5:
                    _apply(image, what)
            yield image


def _apply(files: dict[str, bytearray], what: Write | Truncate) -> None:
    data = files.setdefault(what.file, bytearray())
    end = what.size if isinstance(what, Truncate) else what.offset + len(what.data)
    if len(data) < end:
        data.extend(bytes(end - len(data)))
    if isinstance(what, Truncate):
        del data[what.size :]
    else:
        data[what.offset : end] = what.data


def judged(recording: Recording, folder: Path, seed: int = 0) -> Verdict:
    """Cut the power at every moment at which an acknowledgement left."""
    disk, chance = Disk(recording.files), random.Random(seed)
    acknowledged: set[str] = set()
    lost: set[str] = set()
    moments = syncs = unreadable = 0
    for number, event in enumerate(recording.events):
        match event:
            case Sync():
                disk.synced(event)
                syncs += 1
            case Sent(data):
                if found := {match.decode() for match in _ACK.findall(data)}:
                    acknowledged |= found
                    moments += 1
                    for image in disk.images(chance):
                        held = _lines(image, folder)
                        unreadable += held is None
                        lost |= acknowledged - (held or set())
            case Write() | Truncate():
                disk.written(number, event)
    return Verdict(len(acknowledged), moments, syncs, frozenset(lost), unreadable)


def without_syncs(recording: Recording) -> Recording:
    """The same run on a disk that syncs nothing: the judge must find its lines lost."""
    kept = [event for event in recording.events if not isinstance(event, Sync)]
    return Recording(recording.files, kept)


def _lines(image: dict[str, bytearray], folder: Path) -> set[str] | None:
    """The cmids in the database that SQLite makes of these files, None where it cannot."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        for name, data in image.items():
            (Path(place) / name).write_bytes(data)
        driver = sqlite_driver()
        connection = driver.connect(Path(place) / "stafett.db")
        try:
            rows = connection.execute("SELECT cmid FROM message WHERE cmid IS NOT NULL").fetchall()
        except driver.DatabaseError:
            return None
        finally:
            connection.close()
    return {row[0] for row in rows}


def main() -> None:
    parser = argparse.ArgumentParser(description="Cut the power at every acknowledgement.")
    parser.add_argument("--lines", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--unsynced", action="store_true", help="without any sync: must lose")
    given = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="stafett-power-", dir="/tmp") as folder:
        recording, seen = recorded(Path(folder), given.lines)
        if given.unsynced:
            recording = without_syncs(recording)
        verdict = judged(recording, Path(folder), given.seed)
    print(
        f"{verdict.acknowledged} lines acknowledged ({len(seen)} seen by pages) at "
        f"{verdict.moments} moments, {verdict.syncs} syncs: {len(verdict.lost)} lost, "
        f"{verdict.unreadable} databases not readable, {time.monotonic() - began:.1f} s"
    )
    sys.exit(bool(verdict.lost or verdict.unreadable))


if __name__ == "__main__":
    main()
