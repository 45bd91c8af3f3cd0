"""`python -m benchmarks`: starts everything, measures, prints a table, writes reports/bench.json.

A missed goal never fails the run; it is told. `--no-first-run` leaves out the part that fetches
1.2 GB into caches of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.assessment import measure_assessment
from benchmarks.bot_turn import measure_turns, stock_rasa
from benchmarks.figures import Figure
from benchmarks.first_run import measure_first_run
from benchmarks.start import measure_start

REPORT = Path(__file__).resolve().parent.parent / "reports" / "bench.json"


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--first-run", action=argparse.BooleanOptionalAction, default=True)
    with_first_run = parser.parse_args().first_run
    with tempfile.TemporaryDirectory(prefix="stafett-bench-") as folder:
        figures: list[Figure] = []
        with measure_start(Path(folder), figures) as running, stock_rasa(running) as url:
            asyncio.run(measure_turns(running, url, figures))
            asyncio.run(measure_assessment(running, url, figures))
        if with_first_run:
            measure_first_run(Path(folder), figures)
    table = Table("measure", "figure", "goal", "", box=None)
    for figure in figures:
        shown = f"{figure.value:.2f} {figure.unit}"
        table.add_row(figure.name, shown, figure.goal_text, figure.verdict)
    Console().print(table)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps([figure.as_json() for figure in figures], indent=1), "utf-8")


if __name__ == "__main__":
    main()
