"""Days, times and amounts as they are said in Bokmål, Nynorsk and English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
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


def weekday(value: date, language: str) -> str:
    """The weekday as a habit: ``søndager``, ``søndagar``, ``Sundays``."""
    name = str(format_date(value, "EEEE", locale=_BARE[language]))
    return name + {"nb": "er", "nn": "ar", "en": "s"}[language]


_HOURS: dict[str, dict[str, str]] = {
    "nn": {"man": "mån", "tir": "tys", "lør": "laur", "søn": "sun", "dager": "dagar",
           "døgnåpent": "døgnope", "hverdager": "kvardagar", "mandag": "måndag",
           "tirsdag": "tysdag", "lørdag": "laurdag", "søndag": "sundag"},
    "en": {"man": "Mon", "tir": "Tue", "ons": "Wed", "tor": "Thu", "fre": "Fri", "lør": "Sat",
           "søn": "Sun", "alle dager": "every day", "hver dag": "every day", "stengt": "closed",
           "døgnåpent": "open 24 hours", "hverdager": "weekdays", "mandag": "Monday",
           "tirsdag": "Tuesday", "onsdag": "Wednesday", "torsdag": "Thursday", "fredag": "Friday",
           "lørdag": "Saturday", "søndag": "Sunday", "til": "to", "og": "and"},
}  # fmt: skip
_PLACES: dict[str, dict[str, str]] = {
    "nn": {"postkassen": "postkassa", "hentestedet": "hentestaden",
           "inngangsdøren": "inngangsdøra", "ved døren": "ved døra", "lufthavn": "lufthamn"},
    "en": {"i postkassen": "in the mailbox", "postkassen": "the mailbox", "postkasse": "mailbox",
           "hentestedet": "the pickup point", "naboen": "the neighbour", "hos": "with",
           "ved døren": "by the door", "ved inngangen": "by the entrance",
           "inngangsdøren": "the front door", "trappen": "the steps", "garasjen": "the garage",
           "lufthavn": "Airport", "terminal": "terminal", "København": "Copenhagen"},
}  # fmt: skip
_LINES: dict[str, dict[str, str]] = {
    "nn": {"måneder": "månader", "fratrekk for stans": "frådrag for stans", "ett år": "eitt år"},
    "en": {"morgenavis": "Morning newspaper", "helgeavis": "Weekend newspaper", "avis": "Newspaper",
           "måneder": "months", "måned": "month", "fratrekk for stans": "Credit for pause",
           "purregebyr": "Late payment fee", "fortolling og gebyr": "Customs clearance and fee",
           "gebyr": "fee", "porto": "postage", "levering": "Delivery", "kvartal": "quarter",
           "ett år": "one year", "år": "year", "desember": "December", "januar": "January",
           "februar": "February", "mars": "March", "april": "April", "mai": "May", "juni": "June",
           "juli": "July", "august": "August", "september": "September", "oktober": "October",
           "november": "November", "bilforsikring": "Car insurance", "innbo": "Contents",
           "bil kasko": "Car, comprehensive", "bil delkasko": "Car, partial cover",
           "hus og hytte": "House and cabin", "reise verden": "Travel, worldwide",
           "barneforsikring": "Child insurance", "avtale": "Agreement", "forsikring": "Insurance"},
}  # fmt: skip


def _said_in(words: Mapping[str, Mapping[str, str]], value: Any, language: str) -> str:
    """``value`` with the words we have in ``language`` replaced; names stay as they are."""
    text, known = str(value or ""), words.get(language) or {}
    if not text or not known:
        return text
    lowered = {word.lower(): said for word, said in known.items()}
    return _any_of(tuple(lowered)).sub(lambda match: lowered[match.group().lower()], text)


@lru_cache(maxsize=16)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    longest = sorted(map(re.escape, words), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest)})(?!\w)", re.IGNORECASE)


def hours(value: Any, language: str) -> str:
    """Opening hours as a client's system writes them (``man–fre 08–21``), in ``language``."""
    return _said_in(_HOURS, value, language)


def place(value: Any, language: str) -> str:
    """A place as a client's system writes it: kinds of places are told in ``language``."""
    return _said_in(_PLACES, value, language)


def invoice_line(value: Any, language: str) -> str:
    """What an invoice's line is for, the usual words of it in ``language``."""
    return _said_in(_LINES, value, language)


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
