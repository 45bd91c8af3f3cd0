"""What a rule for dates is: a pattern, and what its match means on a given day."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from re import Match, Pattern
from typing import Any

from bot.calendar_words import MONTHS, SHORT_WEEKDAYS, WEEKDAYS
from bot.day_steps import add_months, safe_date
from bot.spans import Span

BEGIN, END = r"(?<![\w/.])", r"(?!\w)"
MONTH = "|".join(f"(?:{pattern})" for pattern in MONTHS)
WEEKDAY = "|".join(f"(?:{pattern})" for pattern in (*WEEKDAYS, *SHORT_WEEKDAYS.values()))
MONTH_SAID = re.compile(rf"(?<!\w)(?:{MONTH})(?!\w)|måned|månad|mnd|month")
YEAR = r"(?:\.?,?\s+(?P<year>20\d\d)(?!\d))?"
NEXT = r"neste|nest|nexte|next|kommende|førstkommende|komande|fyrstkomande"
LAST = r"forrige|førrige|førre|forige|sist|siste|last|previous"
THIS = r"denne|dennæ|this|nå|no"
WHOLE = r"hele|heile|heila|hile|hela"
WEEK = r"uke|uka|uken|uko|ukå|uge|uga|ugå|ugo|ugen|veke|veka|veko|vekå|week"
WEEKEND = r"helg(?:[aeiå]n?)?|hælg[aei]n?|hælja|helja|weekend"
MONTH_WORD = r"måned|måneden|månaden|månad|månten|mnd|month"

Reading = tuple[str, Any, dict[str, Any]]
Reader = Callable[[Match[str], date], Reading | None]
Rule = tuple[Pattern[str], Reader]


def rule(pattern: str, read: Reader) -> Rule:
    """A rule for whole words."""
    return re.compile(BEGIN + r"(?:" + pattern + r")" + END), read


def readings(rules: Iterable[Rule], text: str, today: date) -> list[Span]:
    """Every reading of every rule; ``text`` is in lower case. Overlaps are left in.

    What a rule calls ``skip`` ("den", "siden") is needed to be sure, and no part of the span.
    """
    spans = []
    for pattern, read in rules:
        for match in pattern.finditer(text):
            reading = read(match, today)
            if reading is not None:
                kind, value, extra = reading
                start = match.end("skip") if match.groupdict().get("skip") else match.start()
                spans.append(Span(kind, start, match.end(), value, extra))
    return spans


def as_day(value: date, past: date | None = None) -> Reading:
    """One day; ``past`` is the newest before today that the words may mean as well."""
    return "date", value.isoformat(), {} if past is None else {"past": past.isoformat()}


def as_period(first: date, last: date, **extra: Any) -> Reading:
    """Both days included."""
    return "period", {"from": first.isoformat(), "to": last.isoformat()}, extra


def no_such_day(written: str) -> Reading:
    """A day that no calendar holds, as it was written ("31. februar"): a form tells so."""
    return "date", written, {"exists": False}


def month_day(month: int, day: int, year: str | None, today: date) -> Reading | None:
    """A day of a month, the next one where no year is told; None if there is no such day."""
    if year:
        number = int(year) if len(year) == 4 else 2000 + int(year)
        exact = safe_date(number, month, day)
        return None if exact is None else as_day(exact)
    # 29 February: the next and the last leap day, never more than eight years off.
    ahead = [safe_date(today.year + years, month, day) for years in range(9)]
    behind = [safe_date(today.year - years, month, day) for years in range(9)]
    upcoming = next((found for found in ahead if found and found >= today), None)
    past = next((found for found in behind if found and found < today), None)
    return None if upcoming is None else as_day(upcoming, past=past)


def bare_day(day: int, today: date) -> Reading | None:
    """ "Den 20.": the next one, and the last."""

    def nearest(direction: int) -> date | None:
        for offset in range(3):
            start = add_months(today.replace(day=1), direction * offset)
            found = safe_date(start.year, start.month, day)
            if found and (found >= today if direction > 0 else found < today):
                return found
        return None

    upcoming = nearest(1)
    return None if upcoming is None else as_day(upcoming, past=nearest(-1))


def month_number(word: str) -> int:
    """1 to 12, for a word that `MONTH` matches."""
    return next(n for n, pattern in enumerate(MONTHS, 1) if re.fullmatch(pattern, word))


def shift_of(word: str | None) -> int:
    """1 for "neste", -1 for "forrige", else 0."""
    return 1 if re.fullmatch(NEXT, word or "") else -1 if re.fullmatch(LAST, word or "") else 0
