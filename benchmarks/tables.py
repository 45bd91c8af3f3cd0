"""`python -m benchmarks.tables [REPORT ...]`: a report as the tables of docs/performance.md.

Without a name it is reports/bench.json.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.machine import Machine
from benchmarks.report import FOLDER, Parts, read


def tables(machine: Machine, parts: Parts) -> str:
    """Each part in Markdown, with machine and day below it."""
    return "\n".join(
        "\n".join([f"## {name}", "", *_rows(figures), "", f"{machine.shown}.", ""])
        for name, figures in parts.items()
    )


def _rows(figures: Sequence[Figure]) -> Iterator[str]:
    """The shares' column stands only where there are some."""
    with_shares = any(one.shares for one in figures)
    more = ["cores: generators, server"] if with_shares else []
    yield _row("figure", "value", "goal", *more)
    yield _row(*["---"] * (3 + len(more)))
    for one in figures:
        goal = f"{one.goal_text}, {one.verdict}" if one.verdict else ""
        shares = [one.shares.shown if one.shares else ""] if with_shares else []
        yield _row(one.name, one.shown, goal, *shares)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print. `arguments` are the command's own by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tables", description=__doc__)
    parser.add_argument("reports", nargs="*", type=Path, default=[FOLDER / "bench.json"])
    for path in parser.parse_args(arguments).reports:
        if not path.exists():
            parser.error(f"there is no {path}; make bench and make soak write reports")
        print(tables(*read(path)))


if __name__ == "__main__":
    main()
