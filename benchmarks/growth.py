"""What the desk's reads and claims cost as the database grows, on SQLite and PostgreSQL.

Three databases of one engine are measured turn by turn, so that what else the machine does falls
on all of them alike. `python -m benchmarks.growth` runs it alone.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import shutil
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.figures import Figure, p99
from benchmarks.machine import Machine
from benchmarks.report import show
from benchmarks.stored import bridge_over, copies, fill, hire, templates
from handoff.bridge import Bridge
from handoff.core.conversation import Conversation
from handoff.core.message import Audience
from handoff.core.roster import Agent
from handoff.gateways.gateway import BATCH_LINES
from handoff.gateways.queue_view import queue_view
from handoff.ports import Store, Unit
from handoff.storage import migrate, open_store
from tests.postgres import database, postgres

SIZES = ((100, 10), (10_000, 1_000), (500_000, 10_000))
"""(stored, of them waiting)."""
FEWEST_WAITING = min(waiting for _, waiting in SIZES)
WARM_ROUNDS = 300
COLD_ROUNDS = 30
WARM_UP = 20
RATIO = 1.5
BYTES_EACH = 12_000
"""Of disk for a conversation of ten lines, with its indices and the write-ahead log."""


@dataclass(slots=True)
class Place:
    """A filled database. `ids` are some of its conversations."""

    stored: int
    waiting: int
    url: str
    agent: Agent
    ids: Sequence[str]
    store: Store
    spent: dict[str, list[float]] = field(default_factory=dict)

    @property
    def bridge(self) -> Bridge:
        return bridge_over(self.store)


async def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Act:
    """What is timed, and untimed what puts things back. All that is to be chosen has been."""

    name: str
    run: Callable[[], Awaitable[object]]
    undo: Callable[[], Awaitable[object]] = _nothing


def measure_growth(
    folder: Path, figures: list[Figure], sizes: Sequence[tuple[int, int]] = SIZES
) -> None:
    """Both engines, warm and cold. Raises RuntimeError where the disk is too small."""
    _check_disk(folder, sum(stored for stored, _ in sizes) * BYTES_EACH)
    urls = [f"sqlite:///{folder / f'growth-{at}.db'}" for at in range(len(sizes))]
    _measure("SQLite", urls, figures, sizes)
    for path in folder.glob("growth-*.db*"):
        path.unlink()
    with postgres() as server:
        urls = [database(server, f"growth_{at}") for at in range(len(sizes))]
        asyncio.run(_create(server, [f"growth_{at}" for at in range(len(sizes))]))
        _measure("PostgreSQL", urls, figures, sizes)


def _measure(
    engine: str, urls: Sequence[str], figures: list[Figure], sizes: Sequence[tuple[int, int]]
) -> None:
    for url in urls:
        migrate(url)
    asyncio.run(_measure_all(engine, urls, figures, sizes))


async def _measure_all(
    engine: str, urls: Sequence[str], figures: list[Figure], sizes: Sequence[tuple[int, int]]
) -> None:
    places = []
    for url, (stored, waiting) in zip(urls, sizes, strict=True):
        began = time.monotonic()
        places.append(await _filled(url, stored, waiting))
        spent = time.monotonic() - began
        figures.append(Figure(f"{engine}, filling {stored:,} conversations", spent, "s"))
    try:
        await _warm(places)
        _told(engine, "warm", places, figures)
        await _cold(places)
        _told(engine, "cold", places, figures)
    finally:
        for place in places:
            await place.store.close()


async def _filled(url: str, stored: int, waiting: int) -> Place:
    store = await open_store(url, time.time)
    agent = await hire(store)
    found = await templates(bridge_over(store), store, url, agent)
    await store.close()
    kept: list[str] = []
    step = max(1, stored // 1_000)

    def noted() -> Iterator[dict[str, list[dict[str, object]]]]:
        # Two were written by the service: one that ended, one that waits.
        for at, rows in enumerate(copies(found, stored - 1, waiting - 1, 1)):
            # Each claim lengthens one that waits, and the fewer wait, the more.
            waits = any(one["state"] == "waiting" for one in rows["handoff"])
            if at >= step * len(kept) and not waits:
                kept.append(str(rows["conversation"][0]["id"]))
            yield rows

    await fill(url, noted())
    return Place(stored, waiting, url, agent, kept, await open_store(url, time.time))


async def _warm(places: Sequence[Place]) -> None:
    for at in range(WARM_UP + WARM_ROUNDS):
        for place in places:
            if at == WARM_UP:
                place.spent.clear()
            await _round(place)


async def _cold(places: Sequence[Place]) -> None:
    """Each round on a store just opened, on SQLite with the file out of the system's cache."""
    for place in places:
        place.spent.clear()
    for _ in range(COLD_ROUNDS):
        for place in places:
            for choose in ACTS:
                # Before the caches are emptied: what choosing reads would warm them.
                act = await choose(place)
                await place.store.close()
                _forget(place.url)
                place.store = await open_store(place.url, time.time)
                await _timed(place, act)


def _forget(url: str) -> None:
    """Ask the system to drop what it holds of a SQLite file; nobody else's files are touched."""
    if not url.startswith("sqlite:///"):
        return
    path = Path(url.removeprefix("sqlite:///"))
    for one in path.parent.glob(f"{path.name}*"):
        with one.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


async def _round(place: Place) -> None:
    for choose in ACTS:
        await _timed(place, await choose(place))


async def _timed(place: Place, act: Act) -> None:
    began = time.perf_counter()
    await act.run()
    place.spent.setdefault(act.name, []).append(time.perf_counter() - began)
    await act.undo()


async def _claim(place: Place) -> Act:
    """A chosen chat; the customer goes back to the same place in the line."""
    agent = place.agent
    # Of as many at every size, that all grow alike by being claimed and put back.
    first = await place.store.read(lambda unit: unit.queue.waiting(agent.clients, FEWEST_WAITING))
    row = random.choice(first)
    return Act(
        "claim",
        lambda: place.bridge.claim(
            agent, row.client, row.conversation, row.handoff, row.control, str(uuid.uuid4())
        ),
        lambda: place.bridge.transfer(
            agent, row.client, row.conversation, row.control + 1, None, "", str(uuid.uuid4())
        ),
    )


async def _next(place: Place) -> Act:
    """ "Next chat": whoever is first, who then goes back."""
    agent = place.agent
    taken: list[Conversation] = []

    async def run() -> None:
        taken.append(await place.bridge.claim_next(agent, str(uuid.uuid4())))

    async def undo() -> None:
        [one] = taken
        await place.bridge.transfer(
            agent, one.client, one.id, one.control, None, "", str(uuid.uuid4())
        )

    return Act("next chat", run, undo)


async def _open(place: Place) -> Act:
    """As the desk opens a conversation: the access log's row, then its lines."""
    one = random.choice(place.ids)

    async def run() -> None:
        await place.bridge.read_as(place.agent, "heimbud", one, "open")
        await place.store.read(
            lambda unit: (
                unit.conversations.get("heimbud", one),
                unit.conversations.messages(one, Audience.STAFF, 0, BATCH_LINES),
            )
        )

    return Act("open conversation", run)


async def _history(place: Place) -> Act:
    """As a widget that comes back is sent what was said."""
    one = random.choice(place.ids)
    return Act(
        "history page",
        lambda: place.store.read(
            lambda unit: unit.conversations.messages(one, Audience.CUSTOMER, 0, BATCH_LINES)
        ),
    )


async def _view(place: Place) -> Act:
    def read(unit: Unit) -> object:
        return queue_view(unit, place.bridge, place.agent)

    return Act("queue view", lambda: place.store.read(read))


ACTS = (_claim, _next, _open, _history, _view)


def _told(engine: str, how: str, places: Sequence[Place], figures: list[Figure]) -> None:
    for name in places[0].spent:
        found = []
        for place in places:
            found.append(p99(place.spent[name]) * 1_000)
            label = f"{engine} {how}, {name}, {place.stored:,} stored, {place.waiting:,} waiting"
            figures.append(Figure(f"{label}, p99", found[-1], "ms"))
        worst = max(found) / min(found)
        figures.append(
            Figure(f"{engine} {how}, {name}, worst p99 to smallest", worst, "times", RATIO)
        )


async def _create(server: str, names: Sequence[str]) -> None:
    import asyncpg  # type: ignore[import-untyped]

    admin = await asyncpg.connect(server)
    for name in names:
        await admin.execute(f'CREATE DATABASE "{name}"')
    await admin.close()


def _check_disk(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise RuntimeError(f"{needed / 1e9:.0f} GB of disk are needed, {free / 1e9:.0f} are free")


def main() -> None:
    """Measure alone and print; `--stored` leaves out greater databases."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth")
    parser.add_argument("--stored", type=int, default=SIZES[-1][0])
    most = parser.parse_args().stored
    machine = Machine.now()
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="stafett-growth-") as folder:
        sizes = [size for size in SIZES if size[0] <= most]
        with contextlib.suppress(KeyboardInterrupt):
            measure_growth(Path(folder), figures, sizes)
    show(machine, {"growth": figures})


if __name__ == "__main__":
    main()
