"""One rule for each way of writing a single day."""

from __future__ import annotations

import re
from datetime import date, timedelta
from re import Match

from bot.calendar_words import (
    COUNTS,
    LONE_WEEKDAYS,
    ORDINALS,
    RELATIVE_DAYS,
    SHORT_WEEKDAYS,
    WEEKDAYS,
)
from bot.day_steps import monday_of, safe_date, step
from bot.readings import (
    LAST,
    MONTH,
    NEXT,
    THIS,
    WEEK,
    WEEKDAY,
    YEAR,
    Reader,
    Reading,
    Rule,
    as_day,
    bare_day,
    month_day,
    month_number,
    no_such_day,
    rule,
    shift_of,
)

COUNT = r"\d{1,3}|" + "|".join(sorted(map(re.escape, COUNTS), key=len, reverse=True))
UNIT = (
    r"(?P<unit>dager|dagar|daga|daer|dag|døgn|days|day|uker|ukor|uger|vekor|veker|weeks|"
    rf"{WEEK}|måneder|månader|måneda|months|måned|måneden|månaden|månad|månten|mnd|month"
    r"|år|years|year)"
)
SINCE = r"siden|sidan|sia|sida|sea"
_ORDINAL = "|".join(sorted(ORDINALS, key=len, reverse=True))
# The first four may choose among buttons as well.
_LATER = "|".join(word for word, day in ORDINALS.items() if day > 4)
_LEADING = (
    r"(?:\W|(?<!\w)(?:nei|neida|nå|vent|på|den|til|te|fra|frå|from|to|on|og med|heller)(?!\w))"
)
_NTH = r"(?:st|nd|rd|th)(?:\s+of)?|dje|de|te|ste|ende"
# Months that are names and other words too.
_NAMES_TOO = ("may", "jan", "mar", "jul", "sep", "dec", "des")
_YEARS_BACK, _YEARS_AHEAD = 2, 5
_DAY = rf"(?P<day>[0-3]?\d)(?:\.|\s?(?:{_NTH}))?"
_NOT_A_DATE = re.compile(r"(?:\bkl\.?|klok\w+|\bpunkt|\bpkt\.?|\bkr\.?|\bat|versjon)\s*$")
_HABIT = re.compile(r"(?:\b(?:hver|kvar|kver|every|each|alle)(?:\s+eneste|\s+einaste)?)\s+$")
# "The 4th floor", "den 3. purringen": the fourth of something else.
_NTH_THING = (
    r"(?!\s+(?:floor|etasje|etg|høgd|gong|gang|time|attempt|parcel|package|letter|reminder|pakk"
    r"|purr|brev|avis|faktura|invoice|regning|rekning|week|uk[ea]|vek[ea]|month|måned|månad|year"
    r"|person|house|hus|dør|door|row|plass|place|one|day|dag))"
)
# "Det er snart fire dager siden" tells how long one has waited.
_BY_NOW = re.compile(
    r"\b(?:er|e|æ)\s+(?:det\s+)?(?:(?:snart|nå|no|nu|over|nesten|minst|mer enn|meir enn|vel|godt)"
    r"\s+)*$"
)


def _weekday_number(word: str) -> int:
    short = (n for n, pattern in SHORT_WEEKDAYS.items() if re.match(pattern, word))
    full = (n for n, pattern in enumerate(WEEKDAYS) if re.fullmatch(pattern, word))
    return next(full, -1) if len(word) > 5 else next(full, next(short, -1))


def count_of(word: str) -> int:
    """What `COUNT` matched, as a number."""
    return int(word) if word.isdigit() else COUNTS[word]


def _read_iso(match: Match[str], today: date) -> Reading | None:
    found = safe_date(int(match["year"]), int(match["month"]), int(match["day"]))
    return None if found is None else as_day(found)


def _read_numeric(match: Match[str], today: date) -> Reading | None:
    month = int(match["month"])
    if _NOT_A_DATE.search(match.string[: match.start()]):
        return None
    return month_day(month, int(match["day"]), match["year"], today) if month <= 12 else None


def _read_short_year(match: Match[str], today: date) -> Reading | None:
    """ "5/3-27": a year, as long as it is one that somebody may speak of."""
    near = today.year - _YEARS_BACK <= 2000 + int(match["year"]) <= today.year + _YEARS_AHEAD
    return _read_numeric(match, today) if near else None


def _read_named_month(match: Match[str], today: date) -> Reading | None:
    word = match.groupdict().get("ordinal")
    day = ORDINALS[word] if word else int(match["day"])
    found = month_day(month_number(match["month"]), day, match["year"], today)
    if found is None and 28 < day <= 31 and match["month"] not in _NAMES_TOO:
        written = match.group()[len(match.groupdict().get("skip") or "") :]
        return no_such_day(written)
    return found


def _read_lone_day(match: Match[str], today: date) -> Reading | None:
    return bare_day(ORDINALS[match["ordinal"]] if match["ordinal"] else int(match["day"]), today)


def _read_lone_weekday(match: Match[str], today: date) -> Reading | None:
    number = next(n for n, p in enumerate(LONE_WEEKDAYS) if re.fullmatch(p, match["weekday"]))
    ahead = today + timedelta(days=(number - today.weekday()) % 7)
    behind = today - timedelta(days=(today.weekday() - number - 1) % 7 + 1)
    return as_day(ahead, past=behind)


def _read_day_of_month(match: Match[str], today: date) -> Reading | None:
    return bare_day(int(match["day"]), today)


def _read_relative(offset: int) -> Reader:
    return lambda match, today: as_day(today + timedelta(days=offset))


def _read_weekday(match: Match[str], today: date) -> Reading | None:
    if _HABIT.search(match.string[: match.start()]):
        return None
    number = _weekday_number(match["weekday"])
    modifier = match.groupdict().get("modifier") or ""
    ahead = today + timedelta(days=(number - today.weekday()) % 7)
    behind = today - timedelta(days=(today.weekday() - number - 1) % 7 + 1)
    if match.groupdict().get("in_week"):
        shift = 7 * shift_of(match["which"])
        return as_day(monday_of(today) + timedelta(days=number + shift))
    if re.fullmatch(LAST, modifier) or match.groupdict().get("gone"):
        return as_day(behind)
    if re.fullmatch(NEXT, modifier):
        return as_day(ahead if ahead > today else ahead + timedelta(days=7))
    if re.fullmatch(THIS, modifier) or match.groupdict().get("comes"):
        return as_day(ahead)
    return as_day(ahead, past=behind)


def _read_offset(match: Match[str], today: date) -> Reading | None:
    ahead = match.groupdict().get("ahead")
    count = count_of(match["count"])
    if not ahead:
        if not match["exact"] and _BY_NOW.search(match.string[: match.start()]):
            return None
        if count > 2 and match["unit"].startswith(("å", "y")):
            return None  # "ti år siden" is no day
    return as_day(step(today, count if ahead else -count, match["unit"]))


DATE_RULES: list[Rule] = [
    rule(r"(?P<year>20\d\d)-(?P<month>[01]?\d)-(?P<day>[0-3]?\d)", _read_iso),
    rule(
        r"(?P<skip>den\s+|d\.\s*)?(?P<day>[0-3]?\d)[./](?P<month>[01]?\d)"
        r"(?:(?:[./]|-(?=\d{4}))(?P<year>(?:19|20)\d\d|\d\d))?(?![.,/]?\d)",
        _read_numeric,
    ),
    rule(
        r"(?P<skip>den\s+|d\.\s*)?(?P<day>[0-3]?\d)[./](?P<month>[01]?\d)-(?P<year>\d\d)(?![.,/-]?\d)",
        _read_short_year,
    ),
    rule(rf"(?P<skip>den\s+|the\s+)?{_DAY}\s*(?P<month>{MONTH}){YEAR}", _read_named_month),
    rule(
        rf"(?P<skip>den\s+|the\s+)?(?P<ordinal>{_ORDINAL})\s+(?:of\s+)?(?P<month>{MONTH}){YEAR}",
        _read_named_month,
    ),
    rule(
        rf"(?P<month>{MONTH})\.?\s+(?:the\s+)?(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?![\d:.,]*\d){YEAR}",
        _read_named_month,
    ),
    rule(
        r"(?P<skip>(?:den|the)\s+)(?P<day>[0-3]?\d)(?:\.(?![\d])|(?:st|nd|rd|th|dje|de|te|ste)(?!\w))"
        + _NTH_THING,
        _read_day_of_month,
    ),
    *(rule(pattern, _read_relative(offset)) for pattern, offset in RELATIVE_DAYS),
    rule(
        rf"(?:(?P<modifier>{NEXT}|{LAST}|{THIS})\s+)?(?P<weekday>{WEEKDAY})(?:s?avis[ae]n?\w*)?"
        rf"(?:(?P<in_week>\s+(?:i\s+|of\s+)?(?P<which>{NEXT}|{THIS}|{LAST})\s+(?:{WEEK}))"
        r"|(?P<gone>\s+som\s+va[r]?)|(?P<comes>\s+som\s+(?:kommer|kjem|kjæm|kjeme)))?",
        _read_weekday,
    ),
    rule(rf"(?P<weekday>{WEEKDAY})s?\s?-?(?:avis[ae]n?|utgav[ae]n?)", _read_weekday),
    rule(rf"(?P<ahead>om|in)\s+(?P<count>{COUNT})\s+{UNIT}", _read_offset),
    rule(
        rf"(?P<exact>(?:for|førr?)\s+)?(?P<count>{COUNT})\s+{UNIT}\s+(?:{SINCE}|(?P<ago>ago)|si)",
        _read_offset,
    ),
    (
        re.compile(
            rf"^(?P<skip>{_LEADING}*)"
            rf"(?P<weekday>{'|'.join(LONE_WEEKDAYS)})(?=(?:\W+(?:da|då|takk|please))?\W*$)"
        ),
        _read_lone_weekday,
    ),
    (
        re.compile(
            rf"^(?P<skip>{_LEADING}*)(?:(?P<ordinal>{_LATER})|(?<=til )(?P<day>[0-3]?\d)\.?)"
            r"(?=(?:\W+(?:da|då|takk|please))?\W*$)"
        ),
        _read_lone_day,
    ),
]
