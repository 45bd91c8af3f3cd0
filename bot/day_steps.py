"""Steps from one day to another: by days, weeks, months and years."""

from __future__ import annotations

from datetime import date, timedelta


def safe_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_span(year: int, month: int) -> tuple[date, date]:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), following - timedelta(days=1)


def add_months(start: date, months: int) -> date:
    index = start.year * 12 + start.month - 1 + months
    _, last = month_span(index // 12, index % 12 + 1)
    return last.replace(day=min(start.day, last.day))


def step(start: date, count: int, unit: str) -> date:
    """``count`` units after ``start`` (before it when negative)."""
    if unit.startswith("m"):
        return add_months(start, count)
    if unit.startswith(("å", "y")):
        return add_months(start, 12 * count)
    return start + timedelta(days=count * (7 if unit[0] in "uvw" else 1))


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())
