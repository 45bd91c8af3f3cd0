"""One rule for each way of naming a stretch of days: lengths, weeks, weekends, months and years."""

from __future__ import annotations

import re
from datetime import date, timedelta
from re import Match

from bot.date_rules import COUNT, SINCE, UNIT, count_of
from bot.day_steps import add_months, monday_of, month_span, step
from bot.lengths import is_to_come
from bot.readings import (
    LAST,
    MONTH,
    MONTH_WORD,
    NEXT,
    THIS,
    WEEK,
    WEEKEND,
    WHOLE,
    YEAR,
    Reading,
    Rule,
    as_period,
    month_number,
    rule,
    shift_of,
)

_WHICH = rf"{NEXT}|{LAST}|{THIS}"
_ALL = rf"{WHOLE}|all of|the whole of|the whole|whole|all"
BEFORE = r"før|førr|førre|før at|innen|innan|before|by"
AFTER = r"etter|ette|ettær|after"
# Prepositions that stand before a period and are no part of it; "i" is.
OUTSIDE = (
    rf"{BEFORE}|{AFTER}|for|siden|sidan|sia|fra|frå|til|te|tel|t|over|gjennom|since|from|until|till"
    r"|during|in|of|av|at|around|rundt|mot|ved|på"
)
# These are other words as well: a name, a verb, Christmas.
_AMBIGUOUS = (
    "may",
    "march",
    "august",
    "aug",
    "jan",
    "mar",
    "jul",
    "jun",
    "des",
    "dec",
    "sep",
    "apr",
)
_MODAL = re.compile(r"\s+(?:i|we|you|be|have|not|also|she|he|they|it|the|need|want)\b")
_PARTS = {
    "first": r"begynnelsen|begynninga|byrjinga|byrjinja|starten|beginning|start",
    "middle": r"midten|midta|middle",
    "last": r"slutten|slutta|slutn|utgangen|enden|end",
}
PART_OF_MONTH = "|".join(_PARTS.values())
_GREETING = re.compile(
    r"\b(?:god|gode|go|gla|fin|hyggelig|hyggeleg|happy|merry|nice|great|lovely|good)\s+$"
)


def greets(match: Match[str]) -> bool:
    """Whether it is only wished: "god helg"."""
    return bool(_GREETING.search(match.string[: match.start()]))


def _read_length(match: Match[str], today: date) -> Reading | None:
    if match["unit"].startswith(("å", "y")):
        return None  # an age, or how long somebody has been a customer
    count = count_of(match["count"])
    if count == 1 and step(today, 1, match["unit"]) == today + timedelta(days=1):
        return None
    if not is_to_come(match):
        return None
    last = step(today, count, match["unit"]) - timedelta(days=1)
    return as_period(today, last, anchored=False, count=count, unit=match["unit"])


def _read_week(match: Match[str], today: date) -> Reading | None:
    first = monday_of(today) + timedelta(days=7 * shift_of(match["which"]))
    return as_period(first, first + timedelta(days=6))


def _read_relative_month(match: Match[str], today: date) -> Reading | None:
    start = add_months(today.replace(day=1), shift_of(match["which"]))
    return as_period(*month_span(start.year, start.month))


def _read_week_number(match: Match[str], today: date) -> Reading | None:
    first, last = int(match["week"]), int(match["last"] or match["week"])
    this_week = today.isocalendar()[1]
    year = today.isocalendar()[0] + (1 if first < this_week else 0)
    try:
        start = date.fromisocalendar(year, first, 1)
        end = date.fromisocalendar(year + (1 if last < first else 0), last, 7)
    except ValueError:
        return None
    return as_period(start, end)


def _read_month(match: Match[str], today: date) -> Reading | None:
    word, skipped = match["month"], (match.groupdict().get("skip") or "").strip()
    if word == "jul" or (word == "jan" and skipped in ("for", "på", "av", "of", "at", "ved")):
        return None
    if word in ("may", "march") and _MODAL.match(match.string, match.end("month")):
        return None
    month = month_number(word)
    which = match.groupdict().get("which")
    year = int(match["year"]) if match["year"] else today.year + (month < today.month)
    if which and re.fullmatch(LAST, which):
        year = today.year - (month >= today.month)
    first, last = month_span(year, month)
    told = match["year"] or last < today
    return as_period(first if told else max(first, today), last)


def _read_bare_month(match: Match[str], today: date) -> Reading | None:
    if re.search(r"\d\.?\s*$", match.string[: match.start()]):
        return None  # "31. februar" is no day
    return None if match["month"] in _AMBIGUOUS else _read_month(match, today)


def _read_months(match: Match[str], today: date) -> Reading | None:
    first, last = month_number(match["month"]), month_number(match["until"])
    year = today.year + (first < today.month)
    return as_period(max(today, date(year, first, 1)), month_span(year + (last < first), last)[1])


def _read_part_of_month(match: Match[str], today: date) -> Reading | None:
    if match["month"]:
        month = month_number(match["month"])
        first, last = month_span(today.year + (month < today.month), month)
    else:
        start = add_months(today.replace(day=1), shift_of(match["which"]))
        first, last = month_span(start.year, start.month)
    part = match.groupdict().get("part") or match["english"]
    if re.fullmatch(_PARTS["first"], part) or part in ("early", "primo"):
        return as_period(first, first.replace(day=10))
    if re.fullmatch(_PARTS["middle"], part) or part in ("mid", "medio"):
        return as_period(first.replace(day=11), first.replace(day=20))
    return as_period(first.replace(day=21), last)


def _read_end_of_month(match: Match[str], today: date) -> Reading | None:
    month = month_number(match["month"])
    return as_period(today, month_span(today.year + (month < today.month), month)[1])


def _read_weekend(match: Match[str], today: date) -> Reading | None:
    alone = (match["skip"] or "på").strip() in ("på", "av", "of") and match.group().endswith("helg")
    if greets(match) or (alone and not match["which"] and not match["within"]):
        return None  # "god helg", "abonnerer på helg"
    saturday = monday_of(today) + timedelta(days=5 + 7 * shift_of(match["which"]))
    about = (match["skip"] or "").split()[:1]
    extra = {} if match["which"] else {"past": (saturday - timedelta(days=7)).isoformat()}
    if about and re.fullmatch(BEFORE + "|" + AFTER, about[0]):
        day = saturday + timedelta(days=2 if re.fullmatch(AFTER, about[0]) else -1)
        extra["day"] = (day if day >= today else day + timedelta(days=7)).isoformat()
    return as_period(saturday, saturday + timedelta(days=1), **extra)


def _read_rest_of_week(match: Match[str], today: date) -> Reading | None:
    return as_period(today, monday_of(today) + timedelta(days=6))


def _read_rest_of_year(match: Match[str], today: date) -> Reading | None:
    return as_period(today, date(today.year, 12, 31))


MONTH_RULES: list[Rule] = [
    rule(rf"(?:(?:i\s+)?(?:{_ALL})|i)\s+(?P<month>{MONTH}){YEAR}", _read_month),
    rule(rf"(?P<skip>(?:{OUTSIDE})\s+)(?P<month>{MONTH}){YEAR}", _read_month),
    rule(rf"(?P<which>{_WHICH})\s+(?P<month>{MONTH}){YEAR}", _read_month),
    rule(rf"(?P<month>{MONTH}){YEAR}(?!-\w)", _read_bare_month),
    rule(
        rf"(?:(?:fra|frå|from|mellom|between)\s+)?(?P<month>{MONTH})"
        rf"(?:\s+(?:til|te|tel|t|to|until|through)\s+|\s*[-–]\s*)(?P<until>{MONTH})",
        _read_months,
    ),
    rule(
        rf"(?:mellom|millom|between)\s+(?P<month>{MONTH})\s+(?:og|and)\s+(?P<until>{MONTH})",
        _read_months,
    ),
    rule(
        rf"(?:(?:i|på)\s+)?(?P<part>{PART_OF_MONTH})\s+(?:av|tå|ta|of)\s+"
        rf"(?:(?P<month>{MONTH})|(?:the\s+)?(?:(?P<which>{_WHICH})\s+)?(?:{MONTH_WORD}))",
        _read_part_of_month,
    ),
    rule(
        rf"(?P<english>mid|early|late|primo|medio|ultimo)[- ]"
        rf"(?:(?P<month>{MONTH})|(?P<which>{_WHICH})\s+month)",
        _read_part_of_month,
    ),
    rule(
        rf"(?:ut|(?:til|until)\s+(?:the\s+)?(?:slutten|end)\s+(?:av|of))\s+(?P<month>{MONTH})",
        _read_end_of_month,
    ),
]
"""Only where a month is named, or a part of one."""

PERIOD_RULES: list[Rule] = [
    rule(
        rf"(?P<count>{COUNT})\s+{UNIT}(?!\s+(?:{SINCE}|ago|old|gam\w+|gml))",
        _read_length,
    ),
    rule(rf"(?:(?:{_ALL})\s+)(?:(?P<which>{_WHICH})\s+)?(?:{WEEK})", _read_week),
    rule(rf"(?P<which>{_WHICH})\s+(?:{WEEK})", _read_week),
    rule(rf"(?:(?:{_ALL})\s+)(?:(?P<which>{_WHICH})\s+)?(?:{MONTH_WORD})", _read_relative_month),
    rule(rf"(?P<which>{_WHICH})\s+(?:{MONTH_WORD})", _read_relative_month),
    rule(
        r"(?:uke|veke|week|uker|veker|weeks|uge|uger|ukene|vekene)\s*(?P<week>[0-5]?\d)"
        r"(?:\s*(?:-|–|og|til|te|and|to)\s*(?P<last>[0-5]?\d))?",
        _read_week_number,
    ),
    rule(
        rf"(?P<skip>(?:{OUTSIDE})\s+(?:the\s+)?)?"
        rf"(?P<within>(?:i\s+(?:{WHOLE})|i|{_ALL}|this)\s+)?(?:(?P<which>{_WHICH})\s+)?(?:{WEEKEND})",
        _read_weekend,
    ),
    rule(
        r"(?:resten|resta|rest)\s+(?:av|tå|ta|of)\s+(?:uk[aeå]n?|vek[ao]|the week)",
        _read_rest_of_week,
    ),
    rule(r"(?:ut|resten av|resta av|rest of)\s+(?:året|the year)", _read_rest_of_year),
]
