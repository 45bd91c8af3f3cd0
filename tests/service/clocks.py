"""A clock that goes only when told to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")


@dataclass(slots=True)
class HandClock:
    """Seconds since the epoch; Monday 2 March 2026 at noon in Oslo at first."""

    now: float = datetime(2026, 3, 2, 12, tzinfo=OSLO).timestamp()

    def __call__(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += seconds
