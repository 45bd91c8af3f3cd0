"""Shows a person what is being started, what is waited for, and since when."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from handoff.launcher.part import Part

PLAIN_EVERY_SECONDS = 15.0


class State(Enum):
    QUEUED = "queued"
    WORKING = "working"
    GOOD = "good"
    BAD = "bad"


@dataclass(slots=True)
class Row:
    """One part on the screen. Times are seconds of `time.monotonic`."""

    title: str
    state: State = State.QUEUED
    detail: str = ""
    fraction: float | None = None
    began: float = 0.0
    ended: float = 0.0

    def seconds(self) -> float:
        if self.state is State.QUEUED:
            return 0.0
        return (self.ended or time.monotonic()) - self.began


@dataclass(slots=True)
class Board:
    """What is shown. On a terminal it is drawn anew at every tick; elsewhere lines are printed.

    It is drawn by ticks of the launcher's own loop, never by a thread: the launcher forks.
    """

    console: Console
    rows: dict[str, Row] = field(default_factory=dict)
    _live: Live | None = None
    _next_line: float = 0.0

    def begin(self, parts: Sequence[Part]) -> None:
        titles = {part.name: part.title for part in parts}
        self.rows = {
            part.name: Row(
                part.title,
                detail="needs " + ", ".join(map(titles.__getitem__, part.after))
                if part.after
                else "",
            )
            for part in parts
        }
        self._next_line = time.monotonic() + PLAIN_EVERY_SECONDS
        if self.console.is_terminal:
            self._live = Live(console=self.console, auto_refresh=False, transient=False)
            self._live.start()

    def working(self, name: str, detail: str, fraction: float | None = None) -> None:
        row = self.rows[name]
        news = row.state is not State.WORKING
        if news:
            row.began, row.ended = time.monotonic(), 0.0
        row.state, row.detail, row.fraction = State.WORKING, detail, fraction
        if news and not self._live:
            self.line(f"{row.title}: {detail}")

    def good(self, name: str, detail: str) -> None:
        self._settle(name, State.GOOD, detail)

    def bad(self, name: str, detail: str) -> None:
        self._settle(name, State.BAD, detail)

    def _settle(self, name: str, state: State, detail: str) -> None:
        row = self.rows[name]
        row.state, row.detail, row.fraction, row.ended = state, detail, None, time.monotonic()
        if not self._live:
            self.line(f"{row.title}: {detail} after {row.seconds():.1f} s")

    def line(self, text: str) -> None:
        """One line of news, above the table where there is one."""
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def tick(self) -> None:
        if self._live:
            self._live.update(self._drawn(), refresh=True)
        elif time.monotonic() >= self._next_line:
            self._next_line += PLAIN_EVERY_SECONDS
            for row in self.rows.values():
                if row.state is State.WORKING:
                    share = "" if row.fraction is None else f", {row.fraction:.0%}"
                    self.line(f"{row.title}: {row.detail}{share} ({row.seconds():.0f} s so far)")

    def end(self) -> None:
        """Leaves the last state on the screen."""
        if self._live:
            self._live.update(self._drawn(), refresh=True)
            self._live.stop()
            self._live = None

    def _drawn(self) -> Group:
        table = Table.grid(padding=(0, 2))
        table.add_column(width=2)
        table.add_column(no_wrap=True)
        table.add_column(ratio=1)
        table.add_column(justify="right", no_wrap=True)
        for row in self.rows.values():
            table.add_row(_sign(row), row.title, _what(row), _time(row))
        return Group(table)


_SPINNER = Spinner("dots")


def _sign(row: Row) -> Spinner | Text:
    match row.state:
        case State.WORKING:
            return _SPINNER
        case State.GOOD:
            return Text("✓", "green")
        case State.BAD:
            return Text("✗", "red")
        case State.QUEUED:
            return Text("·", "dim")


def _what(row: Row) -> Table | Text:
    if row.fraction is None:
        return Text(row.detail, "dim" if row.state is not State.BAD else "red")
    line = Table.grid(padding=(0, 1))
    bar = ProgressBar(total=1.0, completed=row.fraction, width=24, complete_style="cyan")
    line.add_row(bar, f"{row.fraction:.0%}", Text(row.detail, "dim"))
    return line


def _time(row: Row) -> str:
    return f"{row.seconds():.1f} s" if row.state is not State.QUEUED else ""
