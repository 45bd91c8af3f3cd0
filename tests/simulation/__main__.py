"""`python -m tests.simulation`: play many schedules and end with 1 when something broke."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from tests.simulation.campaign import report, run

REPORT = Path("reports/simulation.json")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--schedules", type=int, default=10_000, help="how many (10000)")
    parser.add_argument("--seed", type=int, default=0, help="the first seed (0)")
    parser.add_argument("--processes", type=int, default=1, help="how many at a time (1)")
    asked = parser.parse_args(arguments)
    if min(asked.schedules, asked.processes) < 1 or asked.seed < 0:
        parser.error("--schedules and --processes are at least 1, --seed at least 0")
    # Also where a job in the background has Ctrl-C ignored.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    total, findings = run(
        asked.schedules, asked.seed, asked.processes, lambda line: print(line, flush=True)
    )
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(report(total, findings, asked.seed, asked.processes), encoding="utf-8")
    print(f"{REPORT} is written.")
    return int(bool(findings))


if __name__ == "__main__":
    sys.exit(main())
