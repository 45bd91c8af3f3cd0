"""What the checker says: which rules were broken, where, and by which line."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule: where it was seen, and which line shows it."""

    rule: str
    screen: str
    line: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.line} on {self.screen}"


@dataclass(slots=True)
class Verdict:
    acknowledged: int
    unknown: int
    failed: int
    screens: int
    faults: list[Fault] = field(default_factory=list)

    def count(self, rule: str) -> int:
        """Lines that broke `rule`, on however many screens."""
        return len({fault.line for fault in self.faults if fault.rule == rule})
