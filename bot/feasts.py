"""Holidays that fall otherwise each year, and seasons, as the first day and the last."""

from __future__ import annotations

from datetime import date, timedelta


def easter(year: int) -> date:
    """Easter Sunday, Gregorian (Meeus/Jones/Butcher, "Astronomical Algorithms" 1991)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e, f = b // 4, b % 4, (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def easter_holiday(today: date) -> tuple[date, date]:
    """This Easter's or, when it is over, the next's: Palm Sunday's eve to Easter Monday."""
    sunday = easter(today.year)
    if sunday + timedelta(days=1) < today:
        sunday = easter(today.year + 1)
    return sunday - timedelta(days=8), sunday + timedelta(days=1)


def whitsun(today: date) -> tuple[date, date]:
    """This Whitsun's or, when it is over, the next's: its eve to Whit Monday."""
    sunday = easter(today.year) + timedelta(days=49)
    if sunday + timedelta(days=1) < today:
        sunday = easter(today.year + 1) + timedelta(days=49)
    return sunday - timedelta(days=1), sunday + timedelta(days=1)


def joint_holiday(today: date) -> tuple[date, date]:
    """The joint holiday: the last three full weeks of July, ISO weeks 28 to 30."""
    year = today.year + (date.fromisocalendar(today.year, 30, 7) < today)
    return date.fromisocalendar(year, 28, 1), date.fromisocalendar(year, 30, 7)


def season(first: tuple[int, int], last: tuple[int, int], today: date) -> tuple[date, date]:
    """A season told by its first and last (month, day); a part that has passed is left out."""
    over_new_year = last < first
    # One that spans the turn of the year may have begun in the year before.
    years = (today.year - 1, today.year, today.year + 1)
    spans = ((date(year, *first), date(year + over_new_year, *last)) for year in years)
    return next((max(start, today), end) for start, end in spans if end >= today)
