"""A measured figure and the goal it is held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """`goal` is the most it may be and `least` the least, in the same `unit`; None: no goal."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    least: float | None = None

    @property
    def goal_text(self) -> str:
        if self.least is not None:
            return f">= {self.least:.3g} {self.unit}"
        return "" if self.goal is None else f"<= {self.goal:.3g} {self.unit}"

    @property
    def verdict(self) -> str:
        if self.goal is None and self.least is None:
            return ""
        too_much = self.goal is not None and self.value > self.goal
        too_little = self.least is not None and self.value < self.least
        return "missed" if too_much or too_little else "met"

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "value": round(self.value, 4),
            "unit": self.unit,
            "goal": self.goal,
            "least": self.least,
        }
