"""Agents whose page has gone are not on duty: nobody is promised a person who is not there."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection

from handoff.bridge import Bridge
from handoff.core.roster import Status
from handoff.ports import Store


class Presence:
    """Sets an agent offline once no page of theirs has been open for a whole lease.

    After a start everybody counts as just seen, so that a restart empties no desk.
    """

    def __init__(
        self,
        store: Store,
        bridge: Bridge,
        lease_seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._bridge = bridge
        self._lease = lease_seconds
        self._monotonic = monotonic
        self._started = monotonic()
        self._looked = self._started
        self._seen: dict[str, float] = {}

    async def look(self, present: Collection[str]) -> None:
        """Take down who is here; every third of a lease, see who on duty has long been gone."""
        now = self._monotonic()
        self._seen.update(dict.fromkeys(present, now))
        if now - self._looked < self._lease / 3:
            return
        self._looked = now
        agents = await self._store.read(lambda unit: unit.agents.all())
        for agent in agents:
            seen = self._seen.get(agent.id, self._started)
            if agent.status is not Status.OFFLINE and now - seen > self._lease:
                await self._bridge.set_status(agent.id, Status.OFFLINE)
