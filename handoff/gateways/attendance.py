"""Which customers have a page open: counted by connection, told when the last goes or one comes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from handoff.bridge.unit_of_work import channel_of
from handoff.ports import Clock, Fanout

MOST_REMEMBERED = 10_000
HERE, GONE = "customer_here", "customer_gone"


@dataclass(frozen=True, slots=True)
class Attended:
    """Whether a page is open. `since` is when the last one went, None when nobody saw it go."""

    present: bool
    since: float | None = None


class Attendance:
    """The customers' connections of this process. Nothing is stored: a restart forgets."""

    def __init__(self, fanout: Fanout, clock: Clock) -> None:
        self._fanout = fanout
        self._clock = clock
        self._open: Counter[str] = Counter()
        self._gone: dict[str, float] = {}

    def came(self, conversation: str) -> None:
        """One more connection; only the first is told."""
        self._open[conversation] += 1
        if self._open[conversation] == 1:
            self._gone.pop(conversation, None)
            self._fanout.publish(channel_of(conversation), HERE)

    def went(self, conversation: str) -> None:
        """One connection less; only the last is told."""
        self._open[conversation] -= 1
        if self._open[conversation] > 0:
            return
        del self._open[conversation]
        self._gone[conversation] = at = self._clock()
        if len(self._gone) > MOST_REMEMBERED:
            del self._gone[next(iter(self._gone))]
        self._fanout.publish(channel_of(conversation), f"{GONE}:{at}")

    def of(self, conversation: str) -> Attended:
        if self._open[conversation] > 0:
            return Attended(present=True)
        return Attended(present=False, since=self._gone.get(conversation))
