"""Days, times and amounts as they are said in Bokmål, Nynorsk and English."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

_NEAR: dict[str, dict[int, str]] = {
    "nb": {-1: "i går", 0: "i dag", 1: "i morgen"},
    "nn": {-1: "i går", 0: "i dag", 1: "i morgon"},
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
}
_BARE = {"nb": "nb", "nn": "nn", "en": "en_GB"}


def read_day(value: Any) -> date | None:
    """A date from an ISO date or date-time; None when it is neither."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def plain_day(value: Any, language: str, today: date) -> str:
    """``torsdag 26. november``; the year is said when it is another than today's."""
    day = read_day(value)
    if day is None:
        return ""
    pattern = "EEEE d MMMM" if language == "en" else "EEEE d. MMMM"
    if day.year != today.year:
        pattern += " y"
    return str(format_date(day, pattern, locale=_BARE[language]))


def day(value: Any, language: str, today: date) -> str:
    """As ``plain_day``, but near days are named: ``i morgen``, ``today``; English gets its *on*."""
    found = read_day(value)
    if found is None:
        return ""
    near = _NEAR[language].get((found - today).days)
    if near:
        return near
    written = plain_day(value, language, today)
    return f"on {written}" if language == "en" else written


def moment(value: Any, language: str, today: date) -> str:
    """A day with its clock time: ``i går klokka 14.30``; the day alone when no time is given."""
    said = day(value, language, today)
    if not said or "T" not in str(value):
        return said
    try:
        at = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        return said
    if language == "en":
        return f"{said} at {at:%H:%M}"
    return f"{said} klokka {at:%H.%M}"


def clock(value: Any, language: str) -> str:
    """``06:00`` as it is written: ``06.00`` in Norwegian."""
    written = str(value or "")
    return written if language == "en" else written.replace(":", ".")


def amount(value: Any, language: str) -> str:
    """``1 249 kroner``, ``459,50 kroner``, ``NOK 1,249``; øre are said only when there are any."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return ""
    pattern = "#,##0" if number == number.to_integral_value() else "#,##0.00"
    written = format_decimal(number, pattern, locale=_BARE[language])
    if language == "en":
        return f"NOK {written}"
    return f"{written} kroner" if number != 1 else "1 krone"
