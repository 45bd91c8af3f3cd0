"""A measured figure and the goal it is held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """`goal` is the most it may be, in the same `unit`; None where there is no goal."""

    name: str
    value: float
    unit: str
    goal: float | None = None

    @property
    def goal_text(self) -> str:
        return "" if self.goal is None else f"<= {self.goal:g} {self.unit}"

    @property
    def verdict(self) -> str:
        if self.goal is None:
            return ""
        return "met" if self.value <= self.goal else "missed"

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "value": round(self.value, 4),
            "unit": self.unit,
            "goal": self.goal,
        }
