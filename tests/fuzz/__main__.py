"""`python -m tests.fuzz`: bent frames into the codec; ends with 1 when one was not refused well."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from tests.fuzz.campaign import report, run

REPORT = Path("reports/fuzz.json")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000, help="how many (1000000)")
    parser.add_argument("--seed", type=int, default=0, help="which ones (0)")
    given = parser.parse_args(arguments)
    if given.inputs < 1:
        parser.error("--inputs is at least 1")
    # Also where a job in the background has Ctrl-C ignored.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    tally = run(given.inputs, given.seed, lambda line: print(line, flush=True))
    for fault in tally.faults:
        print(fault)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(report(tally, given.seed), encoding="utf-8")
    print(f"{REPORT} is written.")
    return int(bool(tally.faults))


if __name__ == "__main__":
    sys.exit(main())
