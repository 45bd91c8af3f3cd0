"""When a desk is open: a week, Norwegian holidays, and the words to say it in. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)")
_DAY = 24 * 60

_DAYS = {
    "nb": ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
    "nn": ("måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag", "søndag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_WORDS = {
    "nb": {
        "always": "Hele døgnet, alle dager",
        "closed": "stengt",
        "day": "hele døgnet",
        "holidays": "Stengt på helligdager.",
    },
    "nn": {
        "always": "Heile døgnet, alle dagar",
        "closed": "stengt",
        "day": "heile døgnet",
        "holidays": "Stengt på heilagdagar.",
    },
    "en": {
        "always": "Around the clock, every day",
        "closed": "closed",
        "day": "around the clock",
        "holidays": "Closed on public holidays.",
    },
}


@dataclass(frozen=True, slots=True)
class Span:
    """A day's open time in minutes from midnight, `opens` included, `closes` not."""

    opens: int
    closes: int


def parse_span(text: str) -> Span | None:
    """`08:00-20:00`, `always` or `closed` (None). Raises ValueError, saying what is wrong."""
    if text == "closed":
        return None
    if text == "always":
        return Span(0, _DAY)
    match = _SPAN.fullmatch(text)
    if match is None:
        raise ValueError('must be "08:00-20:00", always or closed')
    opens = int(match[1]) * 60 + int(match[2])
    closes = _DAY if match[3] is None else int(match[3]) * 60 + int(match[4])
    if closes <= opens:
        raise ValueError("must close later than it opens; midnight is 24:00")
    return Span(opens, closes)


@lru_cache(maxsize=16)
def _norwegian_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("NO", years=year))


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """`week` has seven days from Monday, None where closed. `timezone` is an IANA name."""

    week: tuple[Span | None, ...]
    open_on_holidays: bool
    timezone: str

    def is_open(self, at: datetime) -> bool:
        """Whether the desk is open at `at`, which must carry a time zone."""
        here = at.astimezone(ZoneInfo(self.timezone))
        span = self._span_of(here.date())
        return span is not None and span.opens <= here.hour * 60 + here.minute < span.closes

    def describe(self, language: str) -> str:
        """The hours in words, `language` one of nb, nn, en."""
        words = _WORDS[language]
        if all(span == Span(0, _DAY) for span in self.week):
            said = words["always"] + "."
        else:
            said = ", ".join(self._groups(language)) + "."
            said = said[0].upper() + said[1:]
        return said if self.open_on_holidays else f"{said} {words['holidays']}"

    def _span_of(self, day: date) -> Span | None:
        if not self.open_on_holidays and day in _norwegian_holidays(day.year):
            return None
        return self.week[day.weekday()]

    def _groups(self, language: str) -> list[str]:
        names, groups, first = _DAYS[language], [], 0
        for day in range(1, 8):
            if day < 7 and self.week[day] == self.week[first]:
                continue
            days = names[first] if day - first == 1 else f"{names[first]}–{names[day - 1]}"
            groups.append(f"{days} {_said(self.week[first], language)}")
            first = day
        return groups


def _said(span: Span | None, language: str) -> str:
    if span is None:
        return _WORDS[language]["closed"]
    if span == Span(0, _DAY):
        return _WORDS[language]["day"]
    return f"{_clock(span.opens)}–{_clock(span.closes)}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
