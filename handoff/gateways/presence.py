"""Agents whose page has gone are not on duty: nobody is promised a person who is not there."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection

from handoff.bridge import Bridge
from handoff.bridge.unit_of_work import QUEUE, Work


class Presence:
    """Sets an agent offline once no page of theirs has been open for a whole lease.

    Who is seen is kept in the database: the page may be open at another process. For its first
    lease a process sets nobody offline, so that a restart of all empties no desk.
    """

    def __init__(
        self,
        bridge: Bridge,
        lease_seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bridge = bridge
        self._lease = lease_seconds
        self._monotonic = monotonic
        self._started = monotonic()
        self._looked = self._started
        self._told: set[str] = set()

    async def look(self, present: Collection[str]) -> None:
        """Keep who has come; every third of a lease, keep who is here and see who has gone."""
        now, here = self._monotonic(), set(present)
        in_full = now - self._looked >= self._lease / 3
        seen = here if in_full else here - self._told
        is_settled = now - self._started > self._lease

        def work(w: Work) -> None:
            w.unit.agents.seen(seen, w.now())
            if in_full and is_settled and w.unit.agents.put_offline(w.now() - self._lease, w.now()):
                w.wakes.add(QUEUE)

        if seen or in_full:
            await self._bridge.commit(work)
        if in_full:
            self._looked = now
        self._told = here
