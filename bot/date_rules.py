"""One rule for each way of writing a single date, or a period named by one expression."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from re import Match, Pattern
from typing import Any

from bot.calendar_words import COUNTS, MONTHS, ORDINALS, RELATIVE_DAYS, SEASONS, WEEKDAYS
from bot.day_steps import add_months, monday_of, month_span, safe_date, step
from bot.feasts import easter, easter_holiday, joint_holiday, season
from bot.lengths import is_to_come
from bot.spans import Span

BEGIN, END = r"(?<![\w/.])", r"(?!\w)"
MONTH = "|".join(f"(?:{pattern})" for pattern in MONTHS)
WEEKDAY = "|".join(f"(?:{pattern})" for pattern in WEEKDAYS)
_COUNT = r"\d{1,3}|" + "|".join(sorted(map(re.escape, COUNTS), key=len, reverse=True))
_ORDINAL = "|".join(sorted(ORDINALS, key=len, reverse=True))
_DAY = r"(?P<day>[0-3]?\d)(?:\.|\s?(?:st|nd|rd|th)(?:\s+of)?)?"
_YEAR = r"(?:\.?,?\s+(?P<year>20\d\d)(?!\d))?"
_NEXT = r"neste|nest|nexte|next|kommende|førstkommende|komande|fyrstkomande"
_LAST = r"forrige|førrige|førre|forige|sist|siste|last|previous"
_THIS = r"denne|dennæ|this|nå|no"
_WHICH = rf"{_NEXT}|{_LAST}|{_THIS}|hele|heile"
_WEEK = r"uke|uka|uken|uko|ukå|uge|ugå|ugo|veke|veka|veko|vekå|week"
_WEEKEND = r"helg(?:[aeiå]n?)?|hælg[aei]n?|hælja|helja|weekend"
_MONTH_WORD = r"måned|måneden|månaden|månad|månten|mnd|month"
_UNIT = (
    r"(?P<unit>dager|dagar|daga|daer|dag|døgn|days|day|uker|ukor|uger|vekor|veker|weeks|"
    rf"{_WEEK}|måneder|månader|måneda|months|{_MONTH_WORD}|år|years|year)"
)

_NOT_A_DATE = re.compile(r"(?:\bkl\.?|klok\w+|\bpunkt|\bpkt\.?|\bkr\.?|\bat|versjon)\s*$")

_HABIT = re.compile(r"(?:\b(?:hver|kvar|kver|every|each|alle)(?:\s+eneste|\s+einaste)?)\s+$")

Reading = tuple[str, Any, dict[str, Any]]
Rule = tuple[Pattern[str], Callable[[Match[str], date], Reading | None]]


def single_readings(text: str, today: date) -> list[Span]:
    """Every reading of every rule; ``text`` is in lower case. Overlaps are left in.

    What a rule calls ``skip`` ("den", "siden") is needed to be sure, and no part of the span.
    """
    spans = []
    for pattern, read in _RULES:
        for match in pattern.finditer(text):
            reading = read(match, today)
            if reading is not None:
                kind, value, extra = reading
                start = match.end("skip") if match.groupdict().get("skip") else match.start()
                spans.append(Span(kind, start, match.end(), value, extra))
    return spans


def _day(value: date, past: date | None = None) -> Reading:
    return "date", value.isoformat(), {} if past is None else {"past": past.isoformat()}


def _period(first: date, last: date, **extra: Any) -> Reading:
    return "period", {"from": first.isoformat(), "to": last.isoformat()}, extra


def month_day(month: int, day: int, year: str | None, today: date) -> Reading | None:
    if year:
        number = int(year) if len(year) == 4 else 2000 + int(year)
        exact = safe_date(number, month, day)
        return None if exact is None else _day(exact)
    # 29 February: the next and the last leap day, never more than eight years off.
    ahead = [safe_date(today.year + years, month, day) for years in range(9)]
    behind = [safe_date(today.year - years, month, day) for years in range(9)]
    upcoming = next((found for found in ahead if found and found >= today), None)
    past = next((found for found in behind if found and found < today), None)
    return None if upcoming is None else _day(upcoming, past=past)


def month_number(word: str) -> int:
    return next(n for n, pattern in enumerate(MONTHS, 1) if re.fullmatch(pattern, word))


def _weekday_number(word: str) -> int:
    return next(n for n, pattern in enumerate(WEEKDAYS) if re.fullmatch(pattern, word))


def _count(word: str) -> int:
    return int(word) if word.isdigit() else COUNTS[word]


def _read_iso(match: Match[str], today: date) -> Reading | None:
    found = safe_date(int(match["year"]), int(match["month"]), int(match["day"]))
    return None if found is None else _day(found)


def _read_numeric(match: Match[str], today: date) -> Reading | None:
    month = int(match["month"])
    if _NOT_A_DATE.search(match.string[: match.start()]):
        return None
    return month_day(month, int(match["day"]), match["year"], today) if month <= 12 else None


def _read_named_month(match: Match[str], today: date) -> Reading | None:
    word = match.groupdict().get("ordinal")
    day = ORDINALS[word] if word else int(match["day"])
    return month_day(month_number(match["month"]), day, match["year"], today)


def _read_day_of_month(match: Match[str], today: date) -> Reading | None:
    return bare_day(int(match["day"]), today)


def bare_day(day: int, today: date) -> Reading | None:
    def nearest(direction: int) -> date | None:
        for offset in range(3):
            start = add_months(today.replace(day=1), direction * offset)
            found = safe_date(start.year, start.month, day)
            if found and (found >= today if direction > 0 else found < today):
                return found
        return None

    upcoming = nearest(1)
    return None if upcoming is None else _day(upcoming, past=nearest(-1))


def _read_relative(offset: int) -> Callable[[Match[str], date], Reading | None]:
    return lambda match, today: _day(today + timedelta(days=offset))


def _read_weekday(match: Match[str], today: date) -> Reading | None:
    if _HABIT.search(match.string[: match.start()]):
        return None
    number = _weekday_number(match["weekday"])
    modifier = match.groupdict().get("modifier") or ""
    ahead = today + timedelta(days=(number - today.weekday()) % 7)
    behind = today - timedelta(days=(today.weekday() - number - 1) % 7 + 1)
    in_week = match.groupdict().get("in_week") or ""
    if in_week:
        shift = 7 if re.search(rf"\b(?:{_NEXT})\b", in_week) else 0
        return _day(monday_of(today) + timedelta(days=number + shift))
    if re.fullmatch(_LAST, modifier):
        return _day(behind)
    if re.fullmatch(_NEXT, modifier):
        return _day(ahead if ahead > today else ahead + timedelta(days=7))
    if re.fullmatch(_THIS, modifier):
        return _day(ahead)
    return _day(ahead, past=behind)


def _read_offset(match: Match[str], today: date) -> Reading | None:
    sign = 1 if match.groupdict().get("ahead") else -1
    return _day(step(today, sign * _count(match["count"]), match["unit"]))


def _read_length(match: Match[str], today: date) -> Reading | None:
    if match["unit"].startswith(("å", "y")):
        return None  # an age, or how long somebody has been a customer
    count = _count(match["count"])
    if count == 1 and step(today, 1, match["unit"]) == today + timedelta(days=1):
        return None
    if not is_to_come(match):
        return None
    last = step(today, count, match["unit"]) - timedelta(days=1)
    return _period(today, last, anchored=False, count=count, unit=match["unit"])


def _read_relative_week(match: Match[str], today: date) -> Reading | None:
    word = match["which"]
    shift = 7 if re.fullmatch(_NEXT, word) else -7 if re.fullmatch(_LAST, word) else 0
    first = monday_of(today) + timedelta(days=shift)
    return _period(first, first + timedelta(days=6))


def _read_relative_month(match: Match[str], today: date) -> Reading | None:
    word = match["which"]
    shift = 1 if re.fullmatch(_NEXT, word) else -1 if re.fullmatch(_LAST, word) else 0
    start = add_months(today.replace(day=1), shift)
    return _period(*month_span(start.year, start.month))


def _read_week_number(match: Match[str], today: date) -> Reading | None:
    first, last = int(match["week"]), int(match["last"] or match["week"])
    this_week = today.isocalendar()[1]
    year = today.isocalendar()[0] + (1 if first < this_week else 0)
    try:
        start = date.fromisocalendar(year, first, 1)
        end = date.fromisocalendar(year + (1 if last < first else 0), last, 7)
    except ValueError:
        return None
    return _period(start, end)


def _read_month(match: Match[str], today: date) -> Reading | None:
    month = month_number(match["month"])
    year = int(match["year"]) if match["year"] else today.year + (month < today.month)
    first, last = month_span(year, month)
    return _period(max(first, today) if not match["year"] and first < today else first, last)


def _read_months(match: Match[str], today: date) -> Reading | None:
    first, last = month_number(match["month"]), month_number(match["until"])
    year = today.year + (first < today.month)
    return _period(max(today, date(year, first, 1)), month_span(year + (last < first), last)[1])


def _read_romjul(match: Match[str], today: date) -> Reading | None:
    year = today.year
    return _period(max(today, date(year, 12, 27)), date(year, 12, 31))


def _read_joint_holiday(match: Match[str], today: date) -> Reading | None:
    return _period(*joint_holiday(today))


def _read_end_of_month(match: Match[str], today: date) -> Reading | None:
    month = month_number(match["month"])
    return _period(today, month_span(today.year + (month < today.month), month)[1])


def _read_weekend(match: Match[str], today: date) -> Reading | None:
    word = match.groupdict().get("which") or ""
    saturday = monday_of(today) + timedelta(days=5)
    if re.fullmatch(_NEXT, word):
        saturday += timedelta(days=7)
    elif re.fullmatch(_LAST, word):
        saturday -= timedelta(days=7)
    extra = {} if word else {"past": (saturday - timedelta(days=7)).isoformat()}
    return _period(saturday, saturday + timedelta(days=1), **extra)


def _read_rest_of_week(match: Match[str], today: date) -> Reading | None:
    return _period(today, monday_of(today) + timedelta(days=6))


def _read_easter(match: Match[str], today: date) -> Reading | None:
    return _period(*easter_holiday(today))


def _from_easter(offset: int) -> Callable[[Match[str], date], Reading | None]:
    def read(match: Match[str], today: date) -> Reading | None:
        found = [easter(today.year + years) + timedelta(days=offset) for years in (-1, 0, 1)]
        upcoming = next(day for day in found if day >= today)
        return _day(upcoming, past=[day for day in found if day < today][-1])

    return read


def _fixed(month: int, day: int) -> Callable[[Match[str], date], Reading | None]:
    return lambda match, today: month_day(month, day, None, today)


def _around(
    first: tuple[int, int], last: tuple[int, int]
) -> Callable[[Match[str], date], Reading | None]:
    return lambda match, today: _period(*season(first, last, today))


def _read_about_weekend(match: Match[str], today: date) -> Reading | None:
    """The Monday after a weekend, the Friday before it."""
    saturday = monday_of(today) + timedelta(days=5)
    found = saturday + timedelta(days=2 if match["after"] else -1)
    return _day(found if found >= today else found + timedelta(days=7))


def _read_rest_of_year(match: Match[str], today: date) -> Reading | None:
    return _period(today, date(today.year, 12, 31))


def _rule(pattern: str, read: Callable[[Match[str], date], Reading | None]) -> Rule:
    return re.compile(BEGIN + r"(?:" + pattern + r")" + END), read


_RULES: list[Rule] = [
    _rule(r"(?P<year>20\d\d)-(?P<month>[01]?\d)-(?P<day>[0-3]?\d)", _read_iso),
    _rule(
        r"(?P<skip>den\s+|d\.\s*)?(?P<day>[0-3]?\d)[./](?P<month>[01]?\d)"
        r"(?:(?:[./]|-(?=\d{4}))(?P<year>(?:19|20)\d\d|\d\d))?(?![.,/]?\d)",
        _read_numeric,
    ),
    _rule(rf"(?P<skip>den\s+|the\s+)?{_DAY}\s*(?P<month>{MONTH}){_YEAR}", _read_named_month),
    _rule(
        rf"(?P<skip>den\s+|the\s+)?(?P<ordinal>{_ORDINAL})\s+(?:of\s+)?(?P<month>{MONTH}){_YEAR}",
        _read_named_month,
    ),
    _rule(
        rf"(?P<month>{MONTH})\.?\s+(?:the\s+)?(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?![\d:.,]*\d){_YEAR}",
        _read_named_month,
    ),
    _rule(
        r"(?P<skip>(?:den|the)\s+)(?P<day>[0-3]?\d)(?:\.(?![\d])|st|nd|rd|th)",
        _read_day_of_month,
    ),
    *(_rule(pattern, _read_relative(offset)) for pattern, offset in RELATIVE_DAYS),
    _rule(
        rf"(?:(?P<modifier>{_NEXT}|{_LAST}|{_THIS})\s+)?(?P<weekday>{WEEKDAY})"
        rf"(?:s?avis[ae]n?\w*)?(?P<in_week>\s+i?\s?(?:{_NEXT}|{_THIS})\s+(?:{_WEEK}))?",
        _read_weekday,
    ),
    _rule(rf"(?P<weekday>{WEEKDAY})s?\s?-?(?:avis[ae]n?|utgav[ae]n?)", _read_weekday),
    _rule(rf"(?P<ahead>om|in)\s+(?P<count>{_COUNT})\s+{_UNIT}", _read_offset),
    _rule(
        rf"(?:for\s+)?(?P<count>{_COUNT})\s+{_UNIT}\s+(?:siden|sidan|sia|sida|sea|ago|si)",
        _read_offset,
    ),
    _rule(
        rf"(?P<count>{_COUNT})\s+{_UNIT}(?!\s+(?:siden|sidan|sia|sida|sea|ago|old|gam\w+|gml))",
        _read_length,
    ),
    _rule(rf"(?P<which>{_WHICH})\s+(?:{_WEEK})", _read_relative_week),
    _rule(rf"(?P<which>{_WHICH})\s+(?:{_MONTH_WORD})", _read_relative_month),
    _rule(
        r"(?:uke|veke|week|uker|veker|weeks)\s*(?P<week>[0-5]?\d)"
        r"(?:\s*(?:-|–|og|til|te|and|to)\s*(?P<last>[0-5]?\d))?",
        _read_week_number,
    ),
    _rule(
        rf"(?:(?:i\s+)?(?:hele|heile|all of|the whole of)|i|in|during)\s+(?P<month>{MONTH}){_YEAR}",
        _read_month,
    ),
    _rule(
        r"(?P<skip>(?:siden|sidan|sia|fra|frå|til|te|før|innen|innan|etter|since|from|until|till|by"
        rf"|before|after)\s+)(?P<month>{MONTH}){_YEAR}",
        _read_month,
    ),
    _rule(
        rf"(?:ut|(?:til|until)\s+(?:the\s+)?(?:slutten|end)\s+(?:av|of))\s+(?P<month>{MONTH})",
        _read_end_of_month,
    ),
    _rule(
        rf"(?:i\s+|over\s+|this\s+)?(?:(?P<which>{_NEXT}|{_LAST})\s+)?"
        rf"(?:{_WEEKEND})",
        _read_weekend,
    ),
    _rule(
        r"(?:resten|resta|rest)\s+(?:av|tå|ta|of)\s+(?:uk[aeå]n?|vek[ao]|the week)",
        _read_rest_of_week,
    ),
    _rule(
        r"(?:i\s+|over\s+|gjennom\s+|hele\s+|heile\s+)?påsk(?:e|a|en|å|i)"
        r"|(?:over |during )?easter",
        _read_easter,
    ),
    _rule(
        rf"(?:(?:fra|frå|from)\s+)?(?P<month>{MONTH})\s+(?:til|te|tel|t|to|until)\s+(?P<until>{MONTH})",
        _read_months,
    ),
    _rule(r"(?:i\s+|gjennom\s+|hele\s+|heile\s+)?romjul[aeå]n?", _read_romjul),
    _rule(
        rf"(?:(?P<after>etter|after)|før|before)\s+(?:the\s+)?(?:{_WEEKEND})",
        _read_about_weekend,
    ),
    _rule(r"(?:over|gjennom|over the)\s+(?:jul[aeå]?n?|christmas)", _around((12, 24), (12, 26))),
    _rule(
        r"(?:i|in|at)\s+(?:jul[aeå]n?|juleferien?|julehelg[aeå]n?|christmas)",
        _around((12, 24), (12, 31)),
    ),
    _rule(r"(?:over|i|gjennom)\s+(?:nyttår\w*|årsskiftet|new year)", _around((12, 31), (1, 1))),
    _rule(r"(?:etter|after)\s+(?:jul[aeå]?n?|christmas)", _fixed(12, 27)),
    _rule(r"(?:før|before)\s+(?:jul[aeå]?n?|christmas)", _fixed(12, 23)),
    _rule(r"(?:etter|after)\s+(?:nyttår\w*|new year)", _fixed(1, 2)),
    _rule(r"(?:før|before)\s+(?:nyttår\w*|new year)", _fixed(12, 30)),
    _rule(r"(?:etter|after)\s+(?:påsk[aeåi]n?|easter)", _from_easter(2)),
    _rule(r"(?:før|before)\s+(?:påsk[aeåi]n?|easter)", _from_easter(-9)),
    _rule(r"(?:ut|resten av|resta av|rest of)\s+(?:året|the year)", _read_rest_of_year),
    *(
        _rule(rf"(?:(?:i )?(?:hele|heile)|i|til|denne|this|in the)\s+(?:{words})", _around(*ends))
        for words, ends in SEASONS
    ),
    _rule(r"(?:i\s+)?(?:hele\s+|heile\s+)?fellesferi(?:e|en|a|o)", _read_joint_holiday),
    _rule(r"påskeaft\w*", _from_easter(-1)),
    _rule(r"kristi himmelfart\w*|ascension day", _from_easter(39)),
    _rule(r"skjærtorsda\w*", _from_easter(-3)),
    _rule(r"langfreda\w*|good friday", _from_easter(-2)),
    _rule(r"(?:1\.|første|fyrste) påskedag|easter sunday", _from_easter(0)),
    _rule(r"(?:2\.|andre) påskedag|easter monday", _from_easter(1)),
    _rule(r"jul[ea]?aft\w*|julkveld\w*|jolaftan|christmas eve", _fixed(12, 24)),
    _rule(r"(?:1\.|første|fyrste) juledag|christmas day", _fixed(12, 25)),
    _rule(r"(?:2\.|andre) juledag|boxing day", _fixed(12, 26)),
    _rule(r"nyttårsaft\w*|new year'?s eve", _fixed(12, 31)),
    _rule(r"(?:første|fyrste|1\.) nyttårsdag|nyttårsdag\w*|new year'?s day", _fixed(1, 1)),
]  # fmt: skip
