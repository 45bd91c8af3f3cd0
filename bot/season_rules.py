"""One rule for each feast, holiday and season."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from re import Match

from bot.calendar_words import SCHOOL_HOLIDAYS, SEASONS
from bot.feasts import easter, easter_holiday, joint_holiday, season, whitsun
from bot.period_rules import AFTER, BEFORE, OUTSIDE, greets
from bot.readings import (
    LAST,
    NEXT,
    WHOLE,
    Reader,
    Reading,
    Rule,
    as_day,
    as_period,
    month_day,
    rule,
)

MonthDay = tuple[int, int]
Ends = Callable[[date], tuple[date, date]]
# Before a feast: what belongs to the span, or what stands outside it.
_WITHIN = rf"(?:i\s+(?:{WHOLE})|i|{WHOLE}|denne|this|last|next|neste|forrige|sist)\s+"
_AROUND = rf"(?P<skip>(?:{OUTSIDE})\s+(?:the\s+)?)"


def _from_easter(offset: int) -> Reader:
    def read(match: Match[str], today: date) -> Reading | None:
        found = [easter(today.year + years) + timedelta(days=offset) for years in (-1, 0, 1)]
        upcoming = next(day for day in found if day >= today)
        return as_day(upcoming, past=[day for day in found if day < today][-1])

    return read


def _fixed(month: int, day: int) -> Reader:
    return lambda match, today: month_day(month, day, None, today)


def _ends(first: MonthDay, last: MonthDay) -> Ends:
    return lambda today: season(first, last, today)


def _feast(ends: Ends, about: Ends | None = None) -> Reader:
    """The feast as a period. Of "før jul" and "etter jul" the ``day`` is told besides.

    ``about`` are the ends that "before" and "after" are counted from, where they are others.
    """

    def read(match: Match[str], today: date) -> Reading | None:
        if greets(match):
            return None
        words = (match.groupdict().get("skip") or "").split()
        if not words or not re.fullmatch(f"{BEFORE}|{AFTER}", words[0]):
            return as_period(*ends(today))
        first, last = (about or ends)(today)
        day = last + timedelta(days=1)
        if re.fullmatch(BEFORE, words[0]):
            day = first - timedelta(days=1)
            if day < today:
                return as_period(first, last)
        return as_period(first, last, day=day.isoformat())

    return read


def _season(first: MonthDay, last: MonthDay) -> Reader:
    """A season: this one or the next; with "i fjor", "forrige" the last that was."""

    def read(match: Match[str], today: date) -> Reading | None:
        start, end = season(first, last, today)
        groups = match.groupdict()
        if not groups.get("gone"):
            return as_period(start, end)
        year = end.year - 1
        if groups["gone"].startswith("i f"):
            year = today.year - 1 + (last < first)
        return as_period(date(year - (last < first), *first), date(year, *last))

    return read


_CHRISTMAS, _CHRISTMAS_DAYS = _ends((12, 24), (12, 31)), _ends((12, 24), (12, 26))
_NEW_YEAR = _ends((12, 31), (1, 1))
_BETWEEN_YEARS = _ends((12, 27), (12, 31))
_EASTER = r"påsk(?:e|a|en|å|i|o)|påske(?:uk|vek|helg)[aeå]n?"
# One of these stands in whatever the rules below read.
SEASON_SAID = re.compile(
    r"jul|jol|påsk|pins|feri|nyttår|årsskift|somm|høst|haust|vint|vår|new year"
    r"|christmas|easter|whit|summer|autumn|fall|spring|palm|himmelfart|ascension"
    r"|tors?da|maundy|langfre|good friday|boxing|nasjonald|grunnlovsd|constitution|hans|jonsok"
)
_SEASON_RULES = [
    made
    for words, ends in SEASONS
    for made in (
        rule(rf"(?:(?:i )?(?:{WHOLE})|i|til|denne|this|{NEXT}|all)\s+(?:{words})", _season(*ends)),
        rule(rf"(?P<skip>(?:{OUTSIDE})\s+the\s+)(?:{words})", _season(*ends)),
        rule(rf"(?P<gone>i fjor|{LAST})\s+(?:{words})", _season(*ends)),
    )
]

SEASON_RULES: list[Rule] = [
    *_SEASON_RULES,
    *(
        rule(rf"(?:(?:{_WITHIN})|{_AROUND})?(?:{words})", _feast(_ends(*ends)))
        for words, ends in SCHOOL_HOLIDAYS
    ),
    rule(rf"(?:(?:{_WITHIN})|{_AROUND})?(?:{_EASTER}|påskeferi(?:en|a|o|å)"
         r"|easter(?: holidays?| break)?)",
         _feast(easter_holiday)),
    rule(rf"(?:(?:{_WITHIN})|{_AROUND})?(?:pins(?:e|a|en|å)|pinsehelg[aeå]n?|whitsun)",
         _feast(whitsun)),
    rule(rf"(?:(?:{_WITHIN})|{_AROUND})?romjul[aeå]?n?", _feast(_BETWEEN_YEARS)),
    rule(r"between christmas and (?:the )?new year|mellom jul[aeå]?n? og nyttår",
         _feast(_BETWEEN_YEARS)),
    rule(rf"(?:(?:{_WITHIN})|{_AROUND})?fellesferi(?:en|e|a|o|å)", _feast(joint_holiday)),
    rule(rf"(?:{_WITHIN})(?:j[uo]l[aeiå]?n?|christmas)", _feast(_CHRISTMAS)),
    rule(rf"{_AROUND}(?:j[uo]l[aeiå]?n?|christmas)(?!\s+(?:eve|day|card|present|gift))",
         _feast(_CHRISTMAS_DAYS)),
    rule(r"jul[aåi]|julen", _feast(_CHRISTMAS)),
    rule(rf"(?:(?:{_WITHIN})|{_AROUND})(?:nyttår(?:et)?|årsskiftet|new year)", _feast(_NEW_YEAR)),
    rule(r"påskea[fp]t\w*", _from_easter(-1)),
    rule(r"palmesønda\w*|palm sunday", _from_easter(-7)),
    rule(r"pinsea[fp]t\w*|pinsekveld\w*", _from_easter(48)),
    rule(r"(?:1\.|første|fyrste) pinseda\w*|whit sunday", _from_easter(49)),
    rule(r"(?:2\.|andre|annen|anna) pinseda\w*|whit monday", _from_easter(50)),
    rule(r"kristi himmelfart\w*|ascension day", _from_easter(39)),
    rule(r"sk[jy]ærtors?da\w*|maundy thursday", _from_easter(-3)),
    rule(r"langfre+da\w*|good friday", _from_easter(-2)),
    rule(r"(?:1\.|første|fyrste) påskeda\w*|easter sunday", _from_easter(0)),
    rule(r"(?:2\.|andre|annen|anna) påskeda\w*|easter monday", _from_easter(1)),
    rule(r"j[uo]l[ea]?aft\w*|julkveld\w*|julekveld\w*|christmas eve", _fixed(12, 24)),
    rule(r"(?:lille|litle|lisje|vesle|little)\s?-?(?:j[uo]l[ea]?aft\w*|christmas eve)",
         _fixed(12, 23)),
    rule(r"(?:1\.|første|fyrste) juleda\w*|christmas day", _fixed(12, 25)),
    rule(r"(?:2\.|andre|annen|anna) juleda\w*|boxing day", _fixed(12, 26)),
    rule(r"nyttårsaft\w*|new year'?s eve", _fixed(12, 31)),
    rule(r"(?:første|fyrste|1\.) nyttårsda\w*|nyttårsda\w*|new year'?s day", _fixed(1, 1)),
    rule(r"nasjonaldag\w*|grunnlovsdag\w*|constitution day", _fixed(5, 17)),
    rule(r"sankt\s?hans\w*|st\.? hans\w*|jonsok\w*", _fixed(6, 23)),
]  # fmt: skip
