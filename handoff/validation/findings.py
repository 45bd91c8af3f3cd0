"""What is wrong, where it stands, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A spot in a file. `path` is relative to the project; line and column count from 1.

    Line 0 is no line: the finding belongs to all of `path`.
    """

    path: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path


@dataclass(frozen=True, slots=True)
class Finding:
    """`group` is the heading below which advice is shown; the others have none."""

    place: Place
    severity: Severity
    message: str
    cure: str
    group: str = ""


@dataclass(slots=True)
class Report:
    """Collects findings; `sorted` gives them in the order of files and lines."""

    findings: list[Finding] = field(default_factory=list)

    def error(self, place: Place, message: str, cure: str) -> None:
        self.findings.append(Finding(place, Severity.ERROR, message, cure))

    def warn(self, place: Place, message: str, cure: str) -> None:
        self.findings.append(Finding(place, Severity.WARNING, message, cure))

    def advise(self, group: str, place: Place, message: str, cure: str) -> None:
        self.findings.append(Finding(place, Severity.ADVICE, message, cure, group))

    @property
    def errors(self) -> int:
        return self._count(Severity.ERROR)

    @property
    def warnings(self) -> int:
        return self._count(Severity.WARNING)

    @property
    def advice(self) -> int:
        return self._count(Severity.ADVICE)

    def _count(self, severity: Severity) -> int:
        return sum(finding.severity is severity for finding in self.findings)

    def sorted(self) -> list[Finding]:
        return sorted(self.findings, key=lambda finding: (finding.place, finding.message))
