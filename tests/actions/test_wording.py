"""Days, times and amounts in three languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from actions import wording

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("value", "nb", "nn", "en"),
    [
        ("2026-11-20", "i går", "i går", "yesterday"),
        ("2026-11-21", "i dag", "i dag", "today"),
        ("2026-11-22", "i morgen", "i morgon", "tomorrow"),
        (
            "2026-11-24",
            "tirsdag 24. november",
            "tysdag 24. november",
            "on Tuesday 24 November",
        ),
        (
            "2027-01-02",
            "lørdag 2. januar 2027",
            "laurdag 2. januar 2027",
            "on Saturday 2 January 2027",
        ),
    ],
)
def test_a_day_is_said_as_people_say_it(value: str, nb: str, nn: str, en: str) -> None:
    assert wording.day(value, "nb", TODAY) == nb
    assert wording.day(value, "nn", TODAY) == nn
    assert wording.day(value, "en", TODAY) == en


def test_a_moment_has_its_clock_time() -> None:
    at = "2026-11-20T14:30:00+01:00"
    assert wording.moment(at, "nb", TODAY) == "i går klokka 14.30"
    assert wording.moment(at, "en", TODAY) == "yesterday at 14:30"
    assert wording.moment("2026-11-20", "nn", TODAY) == "i går"


@pytest.mark.parametrize("value", [None, "", "snart", 7, "2026-13-40"])
def test_what_is_no_day_is_said_as_nothing(value: object) -> None:
    assert wording.day(value, "nb", TODAY) == ""
    assert wording.moment(value, "nb", TODAY) == ""


def test_amounts_show_ore_only_when_there_are_any() -> None:
    assert wording.amount(459.0, "nb") == "459 kroner"
    assert wording.amount(1, "nb") == "1 krone"
    assert wording.amount(32.5, "nn") == "32,50 kroner"
    assert wording.amount(1249.5, "en") == "NOK 1,249.50"
    assert wording.amount("mye", "nb") == ""


def test_the_clock_has_a_full_stop_in_norwegian() -> None:
    assert wording.clock("06:00", "nb") == "06.00"
    assert wording.clock("06:00", "en") == "06:00"


@pytest.mark.parametrize(
    ("say", "written", "nn", "en"),
    [
        (wording.hours, "man–fre 08–21, søn stengt", "mån–fre 08–21, sun stengt",
         "Mon–Fri 08–21, Sun closed"),
        (wording.hours, "alle dager 07–23", "alle dagar 07–23", "every day 07–23"),
        (wording.place, "Lagt i postkassen", "Lagt i postkassa", "Lagt in the mailbox"),
        (wording.place, "Mannheim terminal", "Mannheim terminal", "Mannheim terminal"),
        (wording.invoice_line, "Morgenavis, 3 måneder", "Morgenavis, 3 månader",
         "Morning newspaper, 3 months"),
        (wording.invoice_line, None, "", ""),
    ],
)  # fmt: skip
def test_what_a_clients_system_writes_is_told_in_the_customers_language(
    say: Callable[[object, str], str], written: object, nn: str, en: str
) -> None:
    assert say(written, "nb") == (written or "")
    assert say(written, "nn") == nn
    assert say(written, "en") == en
