"""Days and periods in every spelling, with what they mean, told on Saturday 21 November 2026."""

from __future__ import annotations

import random
from calendar import monthrange
from datetime import date, timedelta

from tests.bot.spelled import Said, cased

TODAY = date(2026, 11, 21)

_WEEKDAYS = (
    ("mandag", "måndag", "mandan", "månda", "monday"),
    ("tirsdag", "tysdag", "tirsdan", "tirsda", "tuesday"),
    ("onsdag", "onsdan", "onsda", "wednesday"),
    ("torsdag", "torsdan", "torsda", "thursday"),
    ("fredag", "fredan", "freda", "friday"),
    ("lørdag", "laurdag", "lørdan", "lørda", "saturday"),
    ("søndag", "sundag", "søndan", "sønda", "sunday"),
)
_MONTHS = (
    ("januar", "jan", "January"), ("februar", "feb", "February"), ("mars", "mars", "March"),
    ("april", "apr", "April"), ("mai", "mai", "May"), ("juni", "jun", "June"),
    ("juli", "jul", "July"), ("august", "aug", "August"), ("september", "sep", "September"),
    ("oktober", "okt", "October"), ("november", "nov", "November"), ("desember", "des", "December"),
)  # fmt: skip
_COUNTS = {
    2: ("to", "2", "two"), 3: ("tre", "3", "three"), 4: ("fire", "4", "four"),
    5: ("fem", "5", "five"), 6: ("seks", "6", "six"), 7: ("sju", "7", "seven"),
    8: ("åtte", "8", "eight"), 10: ("ti", "10", "ten"),
}  # fmt: skip
_ORDINALS = (
    "første", "andre", "tredje", "fjerde", "femte", "sjette", "sjuende", "åttende", "niende",
    "tiende", "ellevte", "tolvte", "trettende", "fjortende", "femtende", "sekstende", "syttende",
    "attende", "nittende", "tjuende",
)  # fmt: skip
_RELATIVE = (
    (0, ("i dag", "idag", "i da", "today", "I dag")),
    (1, ("i morgen", "i morgon", "i morra", "i mårra", "i mårrå", "imorgen", "tomorrow")),
    (
        2,
        (
            "i overmorgen",
            "i overmorgon",
            "overimorgen",
            "i overmorra",
            "i øvermorgen",
            "day after tomorrow",
        ),
    ),
    (-1, ("i går", "igår", "yesterday")),
    (-2, ("i forgårs", "i forgår", "i førrgårs", "i førrigårs", "day before yesterday")),
)


def _coming(month: int, day: int) -> date:
    """The next such day, today included."""
    year = TODAY.year
    while True:
        if day <= monthrange(year, month)[1] and date(year, month, day) >= TODAY:
            return date(year, month, day)
        year += 1


def weekday(dice: random.Random) -> Said:
    number = dice.randrange(7)
    ahead = TODAY + timedelta(days=(number - TODAY.weekday()) % 7)
    name = dice.choice(_WEEKDAYS[number])
    lead = dice.choice(("", "på ", "om ")) if not name.endswith("day") else dice.choice(("", "on "))
    return Said("date", ahead.isoformat(), cased(dice, name), lead)


def told_weekday(dice: random.Random) -> Said:
    number = dice.randrange(7)
    name = dice.choice(_WEEKDAYS[number])
    english = name.endswith("day")
    since = (TODAY.weekday() - number) % 7 or 7
    until = (number - TODAY.weekday()) % 7 or 7
    if dice.random() < 0.5:
        word = "next" if english else dice.choice(("neste", "førstkommende", "kommende"))
        return Said("date", (TODAY + timedelta(days=until)).isoformat(), f"{word} {name}")
    word = "last" if english else dice.choice(("forrige", "sist", "siste", "førre"))
    return Said("date", (TODAY - timedelta(days=since)).isoformat(), f"{word} {name}")


def relative(dice: random.Random) -> Said:
    days, forms = dice.choice(_RELATIVE)
    words = dice.choice(forms)
    lead = "the " if words.startswith("day ") else ""
    tail = dice.choice(("", " kveld", " formiddag")) if days == -1 else ""
    return Said("date", (TODAY + timedelta(days=days)).isoformat(), words, lead, tail)


def offset(dice: random.Random) -> Said:
    count = dice.choice(list(_COUNTS))
    weeks = dice.random() < 0.4
    days = count * (7 if weeks else 1)
    words, digits, english = _COUNTS[count]
    unit = (
        dice.choice(("uker", "veker", "uger")) if weeks else dice.choice(("dager", "dagar", "daga"))
    )
    number = dice.choice((words, digits))
    if dice.random() < 0.5:
        said = dice.choice((f"om {number} {unit}", f"in {english} {'weeks' if weeks else 'days'}"))
        return Said("date", (TODAY + timedelta(days=days)).isoformat(), said)
    ago = dice.choice(("siden", "sidan", "sia"))
    said = dice.choice(
        (f"for {number} {unit} {ago}", f"{english} {'weeks' if weeks else 'days'} ago")
    )
    return Said("date", (TODAY - timedelta(days=days)).isoformat(), said)


def month_day(dice: random.Random) -> Said:
    month = dice.randrange(1, 13)
    day = dice.randrange(1, monthrange(2026, month)[1] + 1)
    long, short, english = _MONTHS[month - 1]
    coming = _coming(month, day).isoformat()
    if dice.random() < 0.3:
        ending = {1: "st", 2: "nd", 3: "rd"}.get(day % 10 if day not in (11, 12, 13) else 0, "th")
        said = dice.choice(
            (f"{english} {day}{ending}", f"{day}{ending} of {english}", f"{day} {english}",
             f"{english} {day}")
        )  # fmt: skip
        return Said("date", coming, said, dice.choice(("", "on ", "by ")))
    names = (long, long.capitalize(), short if len(short) > 2 else long, long.upper())
    said = dice.choice((f"{day}. {dice.choice(names)}", f"{day} {dice.choice(names)}"))
    if day <= len(_ORDINALS) and dice.random() < 0.2:
        said = f"{_ORDINALS[day - 1]} {long}"
    lead = dice.choice(("", "den ", "til ", "innen ", "fra den ", "før "))
    return Said("date", coming, said, lead)


def full_date(dice: random.Random) -> Said:
    day = date(2025, 1, 1) + timedelta(days=dice.randrange(1400))
    long, _, english = _MONTHS[day.month - 1]
    said = dice.choice(
        (f"{day.day}.{day.month}.{day.year}", f"{day:%d.%m.%Y}", f"{day:%d.%m.%y}",
         f"{day.day}/{day.month}/{day.year}", f"{day:%Y-%m-%d}", f"{day.day}. {long} {day.year}",
         f"{english} {day.day}, {day.year}", f"{day.day} {english} {day.year}")
    )  # fmt: skip
    return Said("date", day.isoformat(), said, dice.choice(("", "den ", "datert ")))


def numeric_date(dice: random.Random) -> Said:
    month = dice.randrange(1, 13)
    day = dice.randrange(1, monthrange(2026, month)[1] + 1)
    said = dice.choice((f"{day}.{month}", f"{day}/{month}", f"{day:02}.{month:02}"))
    return Said("date", _coming(month, day).isoformat(), said, dice.choice(("den ", "til ", "på ")))


_FEASTS = (
    ((12, 24), ("julaften", "julaftan", "christmas eve")),
    ((12, 25), ("1. juledag", "første juledag", "christmas day")),
    ((12, 26), ("2. juledag", "andre juledag", "boxing day")),
    ((12, 31), ("nyttårsaften", "new year's eve")),
    ((1, 1), ("nyttårsdag", "første nyttårsdag")),
    ((5, 17), ("17. mai", "17 mai", "syttende mai")),
)


def feast(dice: random.Random) -> Said:
    (month, day), names = dice.choice(_FEASTS)
    return Said("date", _coming(month, day).isoformat(), cased(dice, dice.choice(names)))


# Periods ---------------------------------------------------------------------------------------


def _period(first: date, last: date) -> dict[str, str]:
    return {"from": first.isoformat(), "to": last.isoformat()}


def within_month(dice: random.Random) -> Said:
    month = dice.randrange(1, 13)
    first = dice.randrange(1, 20)
    last = dice.randrange(first + 1, 29)
    long, _, english = _MONTHS[month - 1]
    end = _coming(month, last)
    value = _period(end.replace(day=first), end)
    said = dice.choice(
        (f"fra {first}. til {last}. {long}", f"frå {first}. til {last}. {long}",
         f"{first}.-{last}. {long}", f"{first}.–{last}. {long}", f"{first}. til {last}. {long}",
         f"fra den {first}. til den {last}. {long}", f"from {first} to {last} {english}",
         f"mellom {first}. og {last}. {long}", f"fra {first}. te {last}. {long}")
    )  # fmt: skip
    return Said("period", value, said)


def across_months(dice: random.Random) -> Said:
    month = dice.randrange(1, 12)
    first, last = dice.randrange(1, 29), dice.randrange(1, 29)
    start = _coming(month, first)
    end = start.replace(month=month + 1, day=last)
    one, other = _MONTHS[month - 1][0], _MONTHS[month][0]
    if end < start or _coming(month + 1, last) < start:
        start, end = _coming(7, first), _coming(8, last)
        one, other = "juli", "august"
    said = dice.choice(
        (f"fra {first}. {one} til {last}. {other}", f"{first}. {one} - {last}. {other}",
         f"frå {first}. {one} til {last}. {other}", f"fra {first}. {one} t.o.m. {last}. {other}")
    )  # fmt: skip
    return Said("period", _period(start, end), said)


def week(dice: random.Random) -> Said:
    number = dice.randrange(1, 53)
    this = TODAY.isocalendar()[1]
    first = date.fromisocalendar(2026 if number >= this else 2027, number, 1)
    said = dice.choice((f"uke {number}", f"veke {number}", f"Uke {number}", f"week {number}"))
    return Said("period", _period(first, first + timedelta(days=6)), said, dice.choice(("", "i ")))


def told_week(dice: random.Random) -> Said:
    monday = TODAY - timedelta(days=TODAY.weekday())
    shift, words = dice.choice(
        ((7, ("neste uke", "neste veke", "neste uka", "next week", "neste ugå")),
         (-7, ("forrige uke", "førre veke", "sist uke", "last week", "forrige uge")),
         (0, ("denne uka", "denne veka", "this week", "hele uka", "heile veka")))
    )  # fmt: skip
    first = monday + timedelta(days=shift)
    return Said("period", _period(first, first + timedelta(days=6)), dice.choice(words))


def whole_month(dice: random.Random) -> Said:
    month = dice.randrange(1, 13)
    year = TODAY.year + (month < TODAY.month)
    first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    long, _, english = _MONTHS[month - 1]
    lead = ""
    if dice.random() < 0.4:
        lead, said = dice.choice(
            (
                ("in ", english),
                ("for ", long),
                ("før ", long),
                ("siden ", long),
                ("during ", english),
            )
        )
    else:
        said = dice.choice((f"i {long}", f"hele {long}", f"heila {long}", f"i heile {long}"))
    return Said("period", _period(max(first, TODAY), last), said, lead)


def told_month(dice: random.Random) -> Said:
    if dice.random() < 0.5:
        words = ("neste måned", "neste månad", "neste mnd", "next month")
        return Said("period", _period(date(2026, 12, 1), date(2026, 12, 31)), dice.choice(words))
    words = ("forrige måned", "førre månad", "last month", "sist måned")
    return Said("period", _period(date(2026, 10, 1), date(2026, 10, 31)), dice.choice(words))


def length(dice: random.Random) -> Said:
    count = dice.choice(list(_COUNTS))
    words, digits, english = _COUNTS[count]
    weeks = dice.random() < 0.6
    last = TODAY + timedelta(days=count * (7 if weeks else 1) - 1)
    if dice.random() < 0.25:
        said, lead = f"{english} {'weeks' if weeks else 'days'}", "pause for "
    else:
        units = ("uker", "veker", "uger") if weeks else ("dager", "dagar", "daga", "døgn")
        said = f"{dice.choice((words, digits))} {dice.choice(units)}"
        lead = dice.choice(("pause i ", "stopp avisen i ", "reise bort i ", "opphald i "))
    return Said("period", _period(TODAY, last), said, lead)


def between_weekdays(dice: random.Random) -> Said:
    first = dice.randrange(7)
    last = (first + dice.randrange(1, 6)) % 7
    start = TODAY + timedelta(days=(first - TODAY.weekday()) % 7)
    end = start + timedelta(days=(last - first) % 7)
    one, other = dice.choice(_WEEKDAYS[first][:-1]), dice.choice(_WEEKDAYS[last][:-1])
    said = dice.choice(
        (f"fra {one} til {other}", f"frå {one} til {other}", f"fra {one} te {other}")
    )
    return Said("period", _period(start, end), said)


_STRETCHES = (
    ((2026, 11, 21), (2026, 11, 22), ("i helga", "i helgen", "i helgå", "i hælga", "this weekend")),
    ((2026, 11, 28), (2026, 11, 29), ("neste helg", "next weekend")),
    ((2027, 3, 20), (2027, 3, 29), ("i påska", "i påsken", "i påskå", "over|påske", "over|easter")),
    ((2026, 12, 27), (2026, 12, 31), ("i romjula", "i romjulen", "romjula")),
    ((2026, 12, 24), (2026, 12, 26), ("før|jul", "over|jul", "after|Christmas", "innen|jul")),
    ((2027, 10, 1), (2027, 10, 14), ("høstferien", "i haustferien", "autumn break")),
    ((2025, 9, 1), (2025, 11, 30), ("i fjor høst", "i fjor haust")),
    ((2026, 11, 9), (2026, 11, 15), ("heile førre veka", "all last week", "hele forrige uke")),
    ((2027, 7, 12), (2027, 8, 1), ("i fellesferien", "fellesferien", "heile fellesferien")),
    ((2027, 6, 1), (2027, 8, 31), ("i sommer", "i sommar", "hele sommeren", "heile sommaren")),
    ((2026, 11, 21), (2026, 12, 31), ("ut året", "resten av året")),
)


def stretch(dice: random.Random) -> Said:
    first, last, names = dice.choice(_STRETCHES)
    lead, _, words = dice.choice(names).rpartition("|")
    return Said("period", _period(date(*first), date(*last)), words, lead and f"{lead} ")
