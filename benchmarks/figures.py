"""A measured figure and the goal it is held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Shares:
    """Processor time in cores, 1.0 being one core all the time: of all generators of the load
    together, and of the server."""

    generators: float
    server: float

    @property
    def shown(self) -> str:
        return f"{self.generators:.2f}, {self.server:.2f}"


@dataclass(frozen=True, slots=True)
class Figure:
    """`goal` is the most it may be and `least` the least, in the same `unit`; None: no goal.

    `shares` tell who was busy while it was measured.
    """

    name: str
    value: float
    unit: str
    goal: float | None = None
    least: float | None = None
    shares: Shares | None = None

    @property
    def shown(self) -> str:
        """The value in three digits or all before the point, and its unit."""
        is_whole = abs(self.value) >= 100 or float(self.value).is_integer()
        digits = f"{self.value:,.0f}" if is_whole else f"{self.value:.3g}"
        return f"{digits} {self.unit}".rstrip()

    @property
    def goal_text(self) -> str:
        if self.least is not None:
            return f">= {self.least:.3g} {self.unit}".rstrip()
        return "" if self.goal is None else f"<= {self.goal:.3g} {self.unit}".rstrip()

    @property
    def verdict(self) -> str:
        if self.goal is None and self.least is None:
            return ""
        too_much = self.goal is not None and self.value > self.goal
        too_little = self.least is not None and self.value < self.least
        return "missed" if too_much or too_little else "met"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, kept: dict[str, Any]) -> Figure:
        shares = kept["shares"]
        return cls(**{**kept, "shares": shares and Shares(**shares)})


def p99(values: Sequence[float]) -> float:
    """Of every hundred, ninety-nine are no greater."""
    return sorted(values)[max(0, -(-len(values) * 99 // 100) - 1)]
