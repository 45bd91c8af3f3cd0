"""Which machine measured, and when."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_CPUINFO = Path("/proc/cpuinfo")


@dataclass(frozen=True, slots=True)
class Machine:
    """`date` is in UTC; `load` is the mean of processes at work in the minute before."""

    date: str
    processor: str
    cores: int
    python: str
    load: float

    @classmethod
    def now(cls) -> Machine:
        """This one, to be asked for before anything is measured."""
        date = datetime.now(UTC).isoformat(timespec="seconds")
        cores = os.cpu_count() or 1
        load = round(os.getloadavg()[0], 2)
        return cls(date, processor(), cores, platform.python_version(), load)

    @property
    def shown(self) -> str:
        day = datetime.fromisoformat(self.date)
        return (
            f"{day.day} {day:%B %Y}, {self.processor}, {self.cores} cores, "
            f"Python {self.python}, load {self.load:.1f} before"
        )


def processor(cpuinfo: Path = _CPUINFO) -> str:
    """Its name as the system tells it."""
    if cpuinfo.exists():
        for line in cpuinfo.read_text("utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()
