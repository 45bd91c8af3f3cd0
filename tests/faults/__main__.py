"""`make faults`: kill, stop and cut off what we run under load, and judge every screen.

A run of many kills is played in parts of `PART_KILLS`, each on a stage of its own, and kept in
`reports/faults-record.json`: stopped at any moment, it goes on with the next part. From
`CAMPAIGN_KILLS` kills on, faults come more quickly: then kills are the aim, not lines. Such a
campaign may last for several commits; a shorter run asks about this one, and plays anew what was
played at another.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import time
from dataclasses import replace
from typing import Any

from handoff.settings import ROOT
from tests.faults.alone import alone
from tests.faults.campaign import WHOLE, play
from tests.faults.dramas import safeguards_caught
from tests.faults.ledger import Ledger, commit, write_report
from tests.faults.schedule import BRISK_SECONDS, QUIET_SECONDS

PART_KILLS = 25
CAMPAIGN_KILLS = 100
REPORTS = ROOT / "reports"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=int(os.environ.get("KILLS") or 25))
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED") or 1))
    parser.add_argument("--no-browser", action="store_true", help="leave the Chromium tabs out")
    parser.add_argument("--no-safeguards", action="store_true", help="judge the service alone")
    given = parser.parse_args()
    began = time.monotonic()

    def tell(text: str) -> None:
        print(f"{time.monotonic() - began:6.0f} s  {text}", flush=True)

    is_campaign = given.kills >= CAMPAIGN_KILLS
    pace, quiet = ("brisk", BRISK_SECONDS) if is_campaign else ("quiet", QUIET_SECONDS)
    at = None if is_campaign else commit()
    cast = replace(WHOLE, tabs=not given.no_browser)
    ledger = Ledger.read(REPORTS / "faults-record.json")
    for part, done in enumerate(range(0, given.kills, PART_KILLS)):
        kills = min(PART_KILLS, given.kills - done)
        name = f"{given.seed}.{part}.{kills}.{pace}.{'tabs' if cast.tabs else 'bare'}"
        if before := ledger.played(name, at=at):
            tell(f"part {name} was played before, at {before}")
            continue
        history = REPORTS / f"faults-{name}.jsonl"
        REPORTS.mkdir(exist_ok=True)
        history.unlink(missing_ok=True)
        result = asyncio.run(play(name, kills, history, tell, cast=cast, quiet=quiet))
        ledger.add(name, result)
        tell(_line(ledger.report(given.seed)))
    if not ledger.played(f"{given.seed}.sqlite", at=at):
        ledger.add(f"{given.seed}.sqlite", asyncio.run(alone(str(given.seed))))
        tell(f"SQLite alone: {_line(ledger.report(given.seed))}")
    report = ledger.report(given.seed)
    missed = []
    if not given.no_safeguards:
        found = asyncio.run(safeguards_caught())
        report["safeguards_caught"] = found
        missed = [one for one, noticed in found.items() if not noticed]
        tell(f"safeguards caught: {len(found) - len(missed)} of {len(found)}")
    write_report(REPORTS / "faults.json", report)
    return _end(report, missed)


def _line(report: dict[str, Any]) -> str:
    names = ("kills", "acknowledged", "unknown", "lost", "doubled", "reordered")
    return ", ".join(f"{report[name]} {name}" for name in names)


def _end(report: dict[str, Any], missed: list[str]) -> int:
    """Tell what is wrong, in so many words; 1 where anything is."""
    wrong = [
        *report["broken"],
        *(f"behind at the end: {one}" for one in report["late"]),
        *(f"error in a page: {one}" for one in report["page_errors"]),
        *(f"the checker did not notice that this was off: {one}" for one in missed),
    ]
    for one in wrong[:60]:
        print(one)
    print(_line(report))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
