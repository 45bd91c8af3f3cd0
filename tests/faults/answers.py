"""What the bot owes: to each line it had, an answer or an apology, once; and silence else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.faults.history import Screen, Shown
from tests.faults.verdict import Fault

APOLOGY = "bot_failed"
REPORT = "understanding"
"""The kind of line that is stored with each answer, said or too late to be said."""


@dataclass(slots=True)
class _Owed:
    """`open` are turns without an answer, oldest first, since the bot has had the conversation.

    `speaks` is the turn of the line before: an answer's lines are stored together.
    """

    owner: str = "bot"
    open: list[str] = field(default_factory=list)
    reports: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)
    speaks: str | None = None


def answers(screen: Screen) -> Iterator[Fault]:
    """Look at a staff's screen of one conversation, from its first line.

    Turns that were open when the conversation changed hands are owed by who got it.
    """
    now = _Owed()
    for line in screen.shown:
        where = f"{screen.conversation}#{line.seq}"
        if line.owner is not None:
            now.owner = line.owner
            now.open.clear()
        elif line.author == "customer" and line.turn is not None and now.owner == "bot":
            now.open.append(line.turn)
        elif line.author == "bot" and line.turn is not None:
            yield from (Fault(rule, screen.name, where) for rule in _bot_line(now, line))
        elif line.text == APOLOGY and line.author == "system" and now.open:
            now.done.add(now.open.pop(0))
        now.speaks = line.turn if line.author == "bot" else None
    if now.open and not screen.left:
        yield Fault("unanswered", screen.name, f"{screen.conversation}: {now.open[0]}")


def _bot_line(now: _Owed, line: Shown) -> Iterator[str]:
    """The rules that a line of one of the bot's turns breaks."""
    assert line.turn is not None
    if line.kind == REPORT:
        if line.turn in now.reports:
            yield "doubled"
        now.reports.add(line.turn)
        return
    if now.owner != "bot":
        yield "foreign"
    elif line.turn in now.done or line.turn != now.speaks:
        yield "doubled"
    if line.turn in now.open:
        now.open.remove(line.turn)
