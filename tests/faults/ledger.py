"""What the parts of a campaign found, kept from one run to the next."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from handoff.settings import ROOT
from tests.faults.campaign import Result

# What the report calls by a name of its own; every other broken rule stands in `broken`.
COUNTED = ("lost", "doubled", "reordered")
UNKNOWN = "unknown"


@dataclass(slots=True)
class Ledger:
    """`parts` by their names: seed, number, kills, pace, cast. One that stands here is kept.

    Each tells the commit it was played at: what it says, it says of that one.
    """

    path: Path
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Ledger:
        return cls(path, json.loads(path.read_text("utf-8")) if path.exists() else {})

    def played(self, name: str, *, at: str | None = None) -> str:
        """The commit that part was played at, or "".

        With `at`, as `commit` tells it, only where that was the same and is known exactly.
        """
        before: str = self.parts.get(name, {}).get("commit", "")
        same = before == at and not before.endswith(("+", UNKNOWN))
        return before if at is None or same else ""

    def add(self, name: str, result: Result) -> None:
        """Keep it for good, before anything else."""
        verdict = result.verdict
        self.parts[name] = {
            "kills": result.kills,
            "seconds": round(result.seconds, 1),
            "acknowledged": verdict.acknowledged,
            "unknown": verdict.unknown,
            "refused": verdict.failed,
            "screens": verdict.screens,
            **{rule: verdict.count(rule) for rule in COUNTED},
            "broken": [str(fault) for fault in verdict.faults[:200]],
            "late": result.late,
            "page_errors": result.page_errors,
            "by_fault": dict(sorted(result.by_fault.items())),
            "felt": dict(sorted(result.felt.items())),
            "problems": dict(sorted(result.problems.items())),
            "commit": commit(),
        }
        _write(self.path, self.parts)

    def report(self, seed: int) -> dict[str, Any]:
        """All parts of that seed together, as `reports/faults.json` has them."""
        parts = [part for name, part in self.parts.items() if name.startswith(f"{seed}.")]
        names = ("kills", "acknowledged", "unknown", *COUNTED, "refused", "screens", "seconds")
        counts: dict[str, Counter[str]] = {name: Counter() for name in _COUNTS}
        kills_at: Counter[str] = Counter()
        for part in parts:
            kills_at[part["commit"]] += part["kills"]
            for name, counted in counts.items():
                counted.update(part[name])
        return {
            "seed": seed,
            **{name: sum(part[name] for part in parts) for name in names},
            **{name: dict(counted) for name, counted in counts.items()},
            "kills_at": dict(kills_at),
            **{name: [one for part in parts for one in part[name]] for name in _LISTS},
        }


_COUNTS = ("by_fault", "felt", "problems")
_LISTS = ("broken", "late", "page_errors")


def commit() -> str:
    """What is checked out, with a + where a file of the project differs from it."""
    run = ("git", "-C", str(ROOT))
    asked = ("rev-parse", "--short", "HEAD"), ("status", "--porcelain", "--untracked-files=no")
    head, changed = (
        subprocess.run([*run, *one], capture_output=True, text=True, check=False).stdout.strip()
        for one in asked
    )
    return (head or UNKNOWN) + ("+" if changed else "")


def write_report(path: Path, report: dict[str, Any]) -> None:
    """Whole or not at all."""
    _write(path, report)


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")
    os.replace(fresh, path)
