"""Dates and periods as people write them, resolved against a given day.

A date's value is an ISO date. Where the words leave the direction open ("torsdag", "3. juli")
the value is the next such day, today included, and ``past`` is the latest one before today:
only the form knows whether it asks about a delivery to come or a newspaper that never came.
A period's value is ``{"from": iso, "to": iso}``, both days included; ``anchored`` is false when
the words give only a length ("i to uker"), which is then counted from today.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from re import Match

from bot.date_rules import DATE_RULES
from bot.day_steps import add_months, safe_date, step
from bot.period_rules import MONTH_RULES, PART_OF_MONTH, PERIOD_RULES
from bot.readings import (
    BEGIN,
    END,
    MONTH,
    MONTH_SAID,
    WEEKDAY,
    bare_day,
    month_day,
    month_number,
    readings,
)
from bot.season_rules import SEASON_RULES, SEASON_SAID
from bot.spans import Span, without_overlaps

_FROM = r"(?:fra\s+og\s+med|frå\s+og\s+med|f\.?o\.?m\.?|fra|frå|ifrå|from|mellom|millom|between)\s+"
_TO = (
    r"\s*(?:til\s+og\s+med|t\.?o\.?m\.?|tom|fram\s+til|till|til|te|t|og|and|"
    r"until|through|to|-|–|—)\s*"
)
_BARE = re.compile(rf"(?P<first>[0-3]?\d)\.?(?:st|nd|rd|th)?{_TO}(?:den\s+|the\s+)?$")
_DAY_ALONE = re.compile(r"[0-3]?\d\.?(?:st|nd|rd|th)?")  # its month is told by the other end
# "Endre datoen fra 3. til 5. juli" tells two days and no period.
_MOVED = re.compile(r"\b\w*(?:dato|dagen|date)\w*\s+(?:fra|frå|from)\s+(?:den\s+)?$")
_BARE_RANGE = re.compile(
    rf"{BEGIN}(?P<lead>{_FROM})?(?:den\s+)?(?P<first>[0-3]?\d)(?P<dot>\.)?{_TO}(?:den\s+)?(?P<last>[0-3]?\d)\.(?!\s?\d){END}"
)
_MONTH_FIRST = re.compile(
    rf"{BEGIN}(?P<lead>{_FROM})?(?P<month>{MONTH})\s+(?P<first>[0-3]?\d)(?:st|nd|rd|th)?"
    rf"{_TO}(?P<last>[0-3]?\d)(?:st|nd|rd|th)?{END}"
)
# Between "til" and the day: "til den 3.", "til etter jul".
_NO_LINK = re.compile(r"(?:(?:før|etter|before|after)\s+)?(?:(?:den|the)\s+)?$")
_NAMED = re.compile(rf"(?:(?:{PART_OF_MONTH})\s.*|{MONTH}|(?:romjul|jul|påsk|pins|nyttår)\w*)")


def find_dates(text: str, today: date) -> list[Span]:
    """All dates and periods in ``text`` as ``date`` and ``period`` spans, longest reading first."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter that lowers to two would shift every offset
        lowered = text
    rules = [*DATE_RULES, *PERIOD_RULES]
    if MONTH_SAID.search(lowered):
        rules += MONTH_RULES
    if SEASON_SAID.search(lowered):
        rules += SEASON_RULES
    spans = readings(rules, lowered, today)
    real = [span for span in spans if span.extra.get("exists") is not False]
    spans = _ranges(lowered, real, today) + spans
    return _with_named_weekdays(lowered, without_overlaps(spans))


def _with_named_weekdays(text: str, spans: list[Span]) -> list[Span]:
    """In "tirsdag den 3. juli" the weekday only names the date that follows it."""
    found: list[Span] = []
    for span in spans:
        named = found[-1] if found else None
        if (
            named is not None
            and named.entity == span.entity == "date"
            and re.fullmatch(WEEKDAY, text[named.start : named.end])
            and not re.match(WEEKDAY, text[span.start : span.end])
            and re.fullmatch(r"[,.]?\s*(?:(?:den|the)\s+)?", text[named.end : span.start])
        ):
            found[-1] = replace(span, start=named.start)
        else:
            found.append(span)
    return found


def _ranges(text: str, singles: list[Span], today: date) -> list[Span]:
    """Periods written as two ends, or as one end and a length."""
    found = []
    dates = without_overlaps(
        Span("date", span.start, span.end, span.extra["day"]) if "day" in span.extra else span
        for span in singles
        if span.entity == "date" or "day" in span.extra
    )
    lengths = [s for s in singles if s.entity == "period" and s.extra.get("anchored") is False]
    for left, right in pairwise(dates):
        between = _NO_LINK.sub("", text[left.end : right.start])
        if _MOVED.search(text[: left.start]) or _DAY_ALONE.fullmatch(text[left.start : left.end]):
            continue
        if (re.fullmatch(_TO, between) and not re.fullmatch(r"\s*(?:og|and)\s*", between)) or (
            re.fullmatch(_TO, between)
            and re.search(r"(?:mellom|millom|between)\s+$", text[: left.start])
        ):
            found.append(_joined(text, left, right))
    found.extend(_between_names(text, singles))
    for right in dates:
        found.extend(_borrowing_month(text, right))
    for pattern in (_BARE_RANGE, _MONTH_FIRST):
        for match in pattern.finditer(text):
            found.extend(_two_days(match, today))
    for left in dates:
        for length in lengths:
            span = _anchored(text, left, length)
            if span is not None:
                found.append(span)
    return [span for span in found if span.value["from"] <= span.value["to"]]


def _between_names(text: str, singles: list[Span]) -> list[Span]:
    """ "Fra midten av juni til slutten av august", and a day at one end of it."""
    ends = without_overlaps(
        span
        for span in singles
        if span.entity == "date"
        or (span.entity == "period" and _NAMED.fullmatch(text[span.start : span.end]))
    )
    found = []
    for left, right in pairwise(ends):
        if left.entity == right.entity == "date":
            continue
        if re.fullmatch(_TO, _NO_LINK.sub("", text[left.end : right.start])) and (
            (start := _lead(text, left.start)) < left.start
        ):
            first = left.value if left.entity == "date" else left.value["from"]
            last = right.value if right.entity == "date" else right.value["to"]
            found.append(
                _range_span(start, right.end, date.fromisoformat(first), date.fromisoformat(last))
            )
    return found


def _lead(text: str, start: int) -> int:
    match = re.search(rf"{BEGIN}{_FROM}(?:den\s+|the\s+)?$", text[:start])
    return match.start() if match else start


def _joined(text: str, left: Span, right: Span) -> Span:
    first, last = date.fromisoformat(left.value), date.fromisoformat(right.value)
    if (  # "tirsdag til torsdag neste uke"
        "past" in left.extra
        and "past" not in right.extra
        and last - first > timedelta(days=6)
        and re.fullmatch(WEEKDAY, text[left.start : left.end])
    ):
        first = last - timedelta(days=(last.weekday() - first.weekday()) % 7)
    if last < first and "past" in right.extra:  # "torsdag til tirsdag" runs into the next week
        while last < first:
            last += timedelta(days=7) if last.weekday() != first.weekday() else timedelta(days=365)
    return _range_span(_lead(text, left.start), right.end, first, last)


def _borrowing_month(text: str, right: Span) -> list[Span]:
    """ "3. til 10. august": the first day takes its month from the second."""
    match = _BARE.search(text[: right.start])
    if match is None or re.search(r"[\d/.,:]$", text[: match.start()]):
        return []
    last = date.fromisoformat(right.value)
    first = safe_date(last.year, last.month, int(match["first"]))
    if first is None or first > last:
        return []
    return [_range_span(_lead(text, match.start()), right.end, first, last)]


def _two_days(match: Match[str], today: date) -> list[Span]:
    first_day, last_day = int(match["first"]), int(match["last"])
    named = match.groupdict().get("month")
    if named is None and not (match["lead"] or match["dot"]):
        return []
    reading = (
        month_day(month_number(named), first_day, None, today)
        if named
        else bare_day(first_day, today)
    )
    if reading is None:
        return []
    first = date.fromisoformat(reading[1])
    last = safe_date(first.year, first.month, last_day)
    if last is None:
        return []
    if last < first:
        last = add_months(last, 1)
    return [_range_span(match.start(), match.end(), first, last)]


def _anchored(text: str, left: Span, length: Span) -> Span | None:
    start = date.fromisoformat(left.value)
    last = step(start, length.extra["count"], length.extra["unit"]) - timedelta(days=1)
    if left.end <= length.start and re.fullmatch(
        r",?\s*(?:og\s+|and\s+)?(?:(?:i|for)\s+)?", text[left.end : length.start]
    ):
        return _range_span(_lead(text, left.start), length.end, start, last)
    if length.end <= left.start and re.fullmatch(
        rf",?\s*{_FROM}(?:den\s+|the\s+)?|\s+starting\s+|\s+regnet fra\s+",
        text[length.end : left.start],
    ):
        return _range_span(length.start, left.end, start, last)
    return None


def _range_span(start: int, end: int, first: date, last: date) -> Span:
    return Span("period", start, end, {"from": first.isoformat(), "to": last.isoformat()})
