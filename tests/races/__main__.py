"""`python -m tests.races`: agents race for customers; ends with 1 when a rule of claiming broke."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from handoff.storage import migrate
from tests.postgres import postgres
from tests.races.campaign import Asked, Tally, report, run

REPORTS = Path("reports")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.races", description=__doc__)
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=10_000, help="how many (10000)")
    parser.add_argument("--agents", type=int, default=200, help="how many reach for each (200)")
    parser.add_argument("--processes", type=int, default=3, help="with postgresql (3)")
    parser.add_argument("--seed", type=int, default=0, help="of the order of things (0)")
    given = parser.parse_args(arguments)
    if given.rounds < 1 or given.agents < 20 or given.processes < 1:
        parser.error("--rounds and --processes are at least 1, --agents at least 20")
    REPORTS.mkdir(exist_ok=True)
    rounds = REPORTS / f"races-{given.store}.jsonl"
    with (
        tempfile.TemporaryDirectory(prefix="stafett-races-") as folder,
        _database(given.store, Path(folder)) as url,
        rounds.open("w", encoding="utf-8") as kept,
    ):
        processes = None if given.store == "sqlite" else given.processes
        asked = Asked(url, given.rounds, given.agents, given.seed, processes)
        tally = asyncio.run(_play(asked, Path(folder), kept))
    for broken in tally.broken:
        print(broken)
    print(tally)
    path = REPORTS / f"races-{given.store}.json"
    path.write_text(report(asked, tally, given.store), encoding="utf-8")
    print(f"{path} and {rounds} are written.")
    return int(bool(tally.broken))


async def _play(asked: Asked, folder: Path, kept: TextIO) -> Tally:
    """Until the end, or the end of the wave in which Ctrl-C or SIGTERM comes."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return await run(
        asked,
        folder,
        tell=lambda line: print(line, flush=True),
        keep=lambda line: print(line, file=kept),
        stopped=stop.is_set,
    )


@contextlib.contextmanager
def _database(store: str, folder: Path) -> Iterator[str]:
    """A new database, gone when the block ends."""
    if store == "sqlite":
        url = f"sqlite:///{folder / 'races.db'}"
        migrate(url)
        yield url
    else:
        with postgres() as url:
            migrate(url)
            yield url


if __name__ == "__main__":
    sys.exit(main())
