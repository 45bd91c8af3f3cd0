"""Agents whose page has gone are not on duty: nobody is promised a person who is not there."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection

from handoff.bridge import Bridge
from handoff.bridge.grace import Grace
from handoff.bridge.unit_of_work import QUEUE, Work
from handoff.errors import StafettError


class Presence:
    """Sets an agent offline once no page of theirs has been open for a whole lease.

    Who is seen is kept in the database: the page may be open at another process. For its first
    lease, and the first after the database was away, a process sets nobody offline, so that a
    restart of all empties no desk.
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
        self._grace = Grace(lease_seconds, lease_seconds, monotonic)
        self._looked = monotonic()
        self._told: set[str] = set()

    async def look(self, present: Collection[str]) -> None:
        """Keep who has come; every third of a lease, keep who is here and see who has gone."""
        now, here = self._monotonic(), set(present)
        in_full = now - self._looked >= self._lease / 3
        seen = here if in_full else here - self._told

        def work(w: Work) -> None:
            w.unit.agents.seen(seen, w.now())
            is_settled = in_full and self._grace.is_over(w.now())
            if is_settled and w.unit.agents.put_offline(w.now() - self._lease, w.now()):
                w.wakes.add(QUEUE)

        if seen or in_full:
            try:
                await self._bridge.commit(work)
            except StafettError:
                self._grace.begin()
                raise
        if in_full:
            self._looked = now
        self._told = here
