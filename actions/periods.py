"""The first and the last day of a period, told together, one at a time, or as a length."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from actions.day_words import DayOfMonth, day_of_month
from actions.turn import Turn
from actions.wording import read_day

if TYPE_CHECKING:
    from actions.errand import Run

LENGTH = "pause_length"
_WEEK = timedelta(days=7)
_DEN = r"(?:\s+og\s+med)?\s+(?:den\s+|the\s+)?$"
_FIRST = re.compile(rf"(?<!\w)(?:i?fra|i?frå|f\.?o\.?m\.?|from|starting|begynn\w*){_DEN}", re.I)
_LAST = re.compile(
    rf"(?<!\w)(?:til|tel|te|t|t\.?o\.?m\.?|ut|until|till|through|to|by|slutt\w*){_DEN}", re.I
)
_BOTH = re.compile(
    r"(?<!\w)(?:i?fra|i?frå|from|mellom|millom|between|f\.?o\.?m)(?!\w)"
    r"|\d\.?\s*(?:-|–|til|to)\s*(?:den\s+)?\d",
    re.IGNORECASE,
)


_ABOUT = re.compile(r"(?:før|førr|innen|innan|etter|before|by|after)\s+(?:the\s+)?$", re.I)
MENDED = frozenset({"confirm", "change_what"})
"""Asked for when every fact is known, and one may be put right."""


def is_mending(turn: Turn) -> bool:
    """The customer was shown the facts, and may put one right."""
    return turn.tracker.slots.get("requested_slot") in MENDED


def day_alone(turn: Turn, asked: bool) -> DayOfMonth | None:
    """A day of the month told alone, where a day was asked for or one may be put right."""
    if turn.is_payload:
        return None
    said = day_of_month(turn.text)
    return said if said and (asked or (is_mending(turn) and not said.bare)) else None


@dataclass(frozen=True)
class Edge:
    """The first or last day of a period; ``other`` is the slot of the other edge.

    A lone date is taken by the edge its preposition names ("til fredag"), else by the one that is
    asked for, else by the first; where both are known, by the one that is nearer.
    """

    last: bool
    own: str
    other: str

    def read(self, turn: Turn, asked: bool) -> str | None:
        alone = day_alone(turn, asked)
        if alone:
            return self._of_alone(turn, alone, asked)
        for entity in reversed(turn.entities):
            value = entity.get("value")
            if entity.get("day"):  # "til etter jul"
                return self._of_day(turn, {**entity, "value": entity["day"]}, asked)
            if entity.get("entity") == "period" and entity.get("anchored") is not False:
                return self._of_period(turn, value) if isinstance(value, dict) else None
            if entity.get("entity") == "date":
                return self._of_day(turn, entity, asked)
        return None

    def _of_alone(self, turn: Turn, alone: DayOfMonth, asked: bool) -> str | None:
        named = _FIRST.search(f"{alone.lead} ") or _LAST.search(f"{alone.lead} ")
        if named and not asked:
            mine = bool((_LAST if self.last else _FIRST).search(f"{alone.lead} "))
        else:
            mine = asked or self.last  # the end was told last, and is what is taken back
        return self._near(turn, alone).isoformat() if mine else None

    def _near(self, turn: Turn, said: DayOfMonth) -> date:
        """The day meant by a day of the month, in the month that is spoken of."""
        slots = turn.tracker.slots
        first = read_day(slots.get(self.other)) if self.last else None
        return said.near(read_day(slots.get(self.own)), max(first or turn.today, turn.today))

    def moves(self, turn: Turn) -> bool:
        """Whether an answer to the question about the other edge also moves this known one."""
        days = [e for e in turn.entities if e.get("entity") == "date" or e.get("day")]
        if any(e.get("entity") == "period" and e not in days for e in turn.entities):
            return bool(_BOTH.search(turn.text))
        return any(self._named(turn, e) for e in days)

    def _of_period(self, turn: Turn, value: dict[str, Any]) -> str | None:
        found = read_day(value.get("to" if self.last else "from"))
        if found and found >= turn.today:
            return found.isoformat()
        if found and not self.last:  # "denne uka": what is left of it
            end = read_day(value.get("to"))
            return turn.today.isoformat() if end and end >= turn.today else None
        return None

    def _of_day(self, turn: Turn, entity: dict[str, Any], asked: bool) -> str | None:
        found = read_day(entity.get("value"))
        written = turn.text[int(entity.get("start") or 0) : int(entity.get("end") or 0)]
        alone = None if entity.get("day") else day_of_month(written)
        if alone and is_mending(turn):  # "til den 18.": of the month at hand
            found = self._near(turn, alone)
        if found is None or found < turn.today:
            return None
        slots = turn.tracker.slots
        first, past = read_day(slots.get(self.other)), read_day(entity.get("past"))
        if self.last and first and past and found - past == _WEEK:  # a weekday: the next one then
            found += _WEEK * max(0, -((found - first) // _WEEK))
        own, other = read_day(slots.get(self.own)), read_day(slots.get(self.other))
        before = self._before(turn, entity)
        if _FIRST.search(before) or _LAST.search(before):
            mine = self._named(turn, entity)
        elif asked:
            mine = True
        elif own and other:
            near, far = abs((found - own).days), abs((found - other).days)
            mine = near < far or (near == far and not self.last)
        else:
            mine = not self.last
        return found.isoformat() if mine else None

    @staticmethod
    def _before(turn: Turn, entity: dict[str, Any]) -> str:
        """What stands before a day, "etter" and "før" left out: they belong to its value."""
        before = turn.text[: int(entity.get("start") or 0)]
        return _ABOUT.sub("", before) if entity.get("day") else before

    def _named(self, turn: Turn, entity: dict[str, Any]) -> bool:
        before = self._before(turn, entity)
        return bool((_LAST if self.last else _FIRST).search(before))


def read_length(run: Run) -> None:
    """ "Tre uker" is counted from the first day, or waits until that is known."""
    turn = run.turn
    told = next(
        (
            f"{entity.get('count')} {entity.get('unit')}"
            for entity in turn.entities
            if entity.get("entity") == "period" and entity.get("anchored") is False
        ),
        None,
    )
    moved = "pause_from" in run.changed
    if told:
        run.set(LENGTH, told)
    elif "pause_to" in run.changed:
        run.set(LENGTH, None)
    length, first = run.get(LENGTH), read_day(run.get("pause_from"))
    if length and first and (told or moved):
        count, unit = length.split(" ", 1)
        last = after(first, int(count), unit) - timedelta(days=1)
        if run.get("pause_to") != last.isoformat():
            run.set("pause_to", last.isoformat())
            run.set("confirm", None)


def after(start: date, count: int, unit: str) -> date:
    """``count`` days, weeks, months or years (``unit`` in any language) after ``start``."""
    if unit.startswith("m"):
        months = start.year * 12 + start.month - 1 + count
        year, month = divmod(months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(start.day, last))
    if unit.startswith(("å", "y")):
        return after(start, 12 * count, "months")
    return start + timedelta(days=count * (7 if unit[0] in "uvw" else 1))
