"""What was measured, as a table on the screen and as a file for machines."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure
from benchmarks.machine import Machine

FOLDER = Path(__file__).resolve().parent.parent / "reports"

Parts = Mapping[str, Sequence[Figure]]


def show(machine: Machine, parts: Parts) -> None:
    """The table on the screen. Shares are cores, of the load's generators and of the server."""
    table = Table("measure", "figure", "goal", "", "generators, server", box=None)
    for figures in parts.values():
        for one in figures:
            shares = one.shares.shown if one.shares else ""
            table.add_row(one.name, one.shown, one.goal_text, one.verdict, shares)
    console = Console()
    console.print(machine.shown, highlight=False)
    console.print(table)


def write(path: Path, machine: Machine, parts: Parts, **more: object) -> None:
    """The same to a file, with what else there is to keep."""
    told = {
        "machine": asdict(machine),
        "parts": {name: [one.as_json() for one in figures] for name, figures in parts.items()},
        **more,
    }
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(told, indent=1), "utf-8")


def read(path: Path) -> tuple[Machine, Parts]:
    """What `write` kept."""
    told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    parts = {
        name: [Figure.of_json(one) for one in figures] for name, figures in told["parts"].items()
    }
    return Machine(**told["machine"]), parts
