"""`python -m benchmarks [PART ...]`: measures, prints a table, writes reports/bench.json.

A missed goal never fails the run; it is told. Without names every part runs; `--no-first-run`
leaves out the one that fetches 1.2 GB into caches of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.assessment import measure_assessment
from benchmarks.bot_turn import measure_turns, stock_rasa
from benchmarks.connections import measure_connections
from benchmarks.figures import Figure
from benchmarks.first_run import measure_first_run
from benchmarks.growth import measure_growth
from benchmarks.machine import Machine
from benchmarks.relay import measure_relay
from benchmarks.report import FOLDER, show, write
from benchmarks.stalled import measure_stalled
from benchmarks.start import measure_start

REPORT = FOLDER / "bench.json"

Measure = Callable[[Path, list[Figure]], None]


def _turns(folder: Path, figures: list[Figure]) -> None:
    with measure_start(folder, figures) as running, stock_rasa(running) as url:
        asyncio.run(measure_turns(running, url, figures))
        asyncio.run(measure_assessment(running, url, figures))


PARTS: Mapping[str, Measure] = {
    "turns": _turns,
    "relay": lambda folder, figures: asyncio.run(measure_relay(folder, figures)),
    "connections": lambda folder, figures: asyncio.run(measure_connections(folder, figures)),
    "stalled": lambda folder, figures: asyncio.run(measure_stalled(folder, figures)),
    "growth": measure_growth,
    "first-run": measure_first_run,
}


def main(arguments: Sequence[str] | None = None, parts: Mapping[str, Measure] = PARTS) -> None:
    """Measure and tell. `arguments` are the command's own by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(parts)}")
    parser.add_argument("--first-run", action=argparse.BooleanOptionalAction, default=True)
    given = parser.parse_args(arguments)
    if unknown := [name for name in given.parts if name not in parts]:
        parser.error(f"there is no part {', '.join(unknown)}; there are {', '.join(parts)}")
    chosen = given.parts or [name for name in parts if given.first_run or name != "first-run"]
    machine = Machine.now()
    measured: dict[str, list[Figure]] = {}
    with tempfile.TemporaryDirectory(prefix="stafett-bench-") as folder:
        for name in chosen:
            own = Path(folder) / name
            own.mkdir()
            parts[name](own, measured.setdefault(name, []))
    show(machine, measured)
    write(REPORT, machine, measured)


if __name__ == "__main__":
    main()
