"""`make faults`: kill, stop and cut off what we run under load, and judge every screen."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from pathlib import Path

from handoff.settings import ROOT
from tests.faults.campaign import play


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-browser", action="store_true")
    given = parser.parse_args()
    record = ROOT / "reports" / "faults-history.jsonl"
    record.parent.mkdir(exist_ok=True)
    record.unlink(missing_ok=True)
    began = time.monotonic()

    def tell(text: str) -> None:
        print(f"{time.monotonic() - began:6.0f} s  {text}", flush=True)

    result = asyncio.run(
        play(f"{given.seed}", given.kills, record, tell, browser=not given.no_browser)
    )
    print(result.verdict.acknowledged, result.verdict.unknown, result.verdict.failed)
    for fault in result.verdict.faults[:40]:
        print(fault)
    print(result.late, result.page_errors, result.seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
