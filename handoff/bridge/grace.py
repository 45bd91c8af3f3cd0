"""When silence may be held against agents: not when it may have been ours."""

from __future__ import annotations

import time
from collections.abc import Callable


class Grace:
    """One lease in which nobody loses a chat or their duty, from the start and after an absence.

    While the database is away no page can renew its lease, and a machine that slept heard none:
    when they are back, every lease has run out, and every page is about to renew it.
    """

    def __init__(
        self, lease: float, leap: float, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """`leap`: by how many seconds the database's clock may go on between two rounds."""
        self._lease = lease
        self._leap = leap
        self._monotonic = monotonic
        self._last: float | None = None
        self.begin()

    def begin(self) -> None:
        """The start, or a round that failed."""
        self._until = self._monotonic() + self._lease

    def is_over(self, now: float) -> bool:
        """In a round that the database answers; `now` is its clock."""
        if self._last is not None and now - self._last > self._leap:
            self.begin()
        self._last = now
        return self._monotonic() >= self._until

    def worked(self, seconds: float) -> None:
        """The round itself took that long, which is no absence."""
        if self._last is not None:
            self._last += seconds
