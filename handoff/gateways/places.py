"""The places of all waiting customers of this process, told when they change."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import structlog

from handoff.bridge.unit_of_work import QUEUE
from handoff.core.conversation import Handoff
from handoff.core.roster import slots_for
from handoff.core.waiting_line import estimate
from handoff.errors import StafettError
from handoff.ports import Fanout, Store, Unit

PAUSE_SECONDS = 2.0
RESCAN_SECONDS = 5.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """`number` counts from 1; `wait` is seconds, None when nothing honest is known."""

    number: int
    wait: float | None
    staffed: bool


class Watcher(Protocol):
    def tell_place(self, place: Place) -> None: ...


@dataclass(slots=True)
class _Watch:
    client: str
    handoff: Handoff
    told: Place | None = None


class Places:
    """One read of the database for all who wait, at most every `PAUSE_SECONDS`.

    At least every `RESCAN_SECONDS`: a wake-up of another process may be lost.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._watches: dict[Watcher, _Watch] = {}
        self._due = asyncio.Event()

    def watch(self, watcher: Watcher, client: str, handoff: Handoff) -> None:
        known = self._watches.get(watcher)
        if known is None or known.handoff != handoff:
            self._watches[watcher] = _Watch(client, handoff)
            self._due.set()

    def forget(self, watcher: Watcher) -> None:
        self._watches.pop(watcher, None)

    async def run(self, fanout: Fanout) -> None:
        unsubscribe = fanout.subscribe(QUEUE, lambda note: self._due.set())
        try:
            while True:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(RESCAN_SECONDS):
                        await self._due.wait()
                self._due.clear()
                try:
                    await self.tell()
                except StafettError as error:
                    log.warning("places", action="places_failed", code=error.code)
                    self._due.set()
                await asyncio.sleep(PAUSE_SECONDS)
        finally:
            unsubscribe()

    async def tell(self) -> None:
        """Tell everybody whose place, wait or hope has changed."""
        watched = {watch.handoff.id: watch for watch in self._watches.values()}
        if not watched:
            return
        places = await self._store.read(lambda unit: _places(unit, watched))
        for watcher, watch in list(self._watches.items()):
            place = places.get(watch.handoff.id)
            if place is not None and place != watch.told:
                watch.told = place
                watcher.tell_place(place)


def _places(unit: Unit, watched: Mapping[str, _Watch]) -> dict[str, Place]:
    agents = unit.agents.all()
    clients = {watch.client for watch in watched.values()}
    slots = {client: slots_for(client, agents) for client in clients}
    mean = {client: unit.queue.mean_handling(client) for client in clients}
    places = {}
    for handoff, watch in watched.items():
        client = watch.client
        number = unit.queue.place(client, watch.handoff.front, watch.handoff.since)
        wait = estimate(number, slots[client], mean[client])
        places[handoff] = Place(number, wait, slots[client] > 0)
    return places
