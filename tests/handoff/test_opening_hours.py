"""Opening hours follow the clock on the wall in Norway, summer time and holidays too."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from handoff.opening_hours import OpeningHours, parse_span

OSLO = ZoneInfo("Europe/Oslo")


def hours(*spans: str, holidays: bool = False) -> OpeningHours:
    return OpeningHours(tuple(map(parse_span, spans)), holidays, "Europe/Oslo")


OFFICE = hours(*["08:00-20:00"] * 5, "10:00-16:00", "closed")


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23T07:59", False),  # Monday
        ("2026-11-23T08:00", True),
        ("2026-11-23T19:59", True),
        ("2026-11-23T20:00", False),
        ("2026-11-28T15:00", True),  # Saturday
        ("2026-11-29T12:00", False),  # Sunday
        ("2027-05-17T12:00", False),  # Constitution Day, a Monday
        ("2027-03-25T12:00", False),  # Maundy Thursday
    ],
)
def test_it_is_open_when_the_week_says_so(moment: str, is_open: bool) -> None:
    assert OFFICE.is_open(datetime.fromisoformat(moment).replace(tzinfo=OSLO)) is is_open


def test_a_moment_of_another_zone_is_moved_to_the_desk() -> None:
    assert OFFICE.is_open(datetime(2026, 11, 23, 7, 0, tzinfo=UTC))
    assert not OFFICE.is_open(datetime(2026, 6, 22, 18, 0, tzinfo=UTC))  # 20:00 summer time


def test_a_desk_that_is_open_on_holidays_is_open_on_them() -> None:
    always = hours(*["always"] * 7, holidays=True)
    assert always.is_open(datetime(2026, 12, 25, 3, 0, tzinfo=OSLO))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "nb",
            "Mandag–fredag 08:00–20:00, lørdag 10:00–16:00, søndag stengt. Stengt på helligdager.",
        ),
        (
            "nn",
            "Måndag–fredag 08:00–20:00, laurdag 10:00–16:00, søndag stengt. Stengt på heilagdagar.",
        ),
        (
            "en",
            "Monday–Friday 08:00–20:00, Saturday 10:00–16:00, Sunday closed."
            " Closed on public holidays.",
        ),
    ],
)
def test_hours_are_said_in_the_customers_language(language: str, said: str) -> None:
    assert OFFICE.describe(language) == said


def test_a_desk_that_never_closes_says_so() -> None:
    assert hours(*["always"] * 7, holidays=True).describe("nb") == "Hele døgnet, alle dager."


@pytest.mark.parametrize("text", ["8-20", "20:00-08:00", "08:00-08:00", "25:00-26:00", "open", ""])
def test_a_span_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must"):
        parse_span(text)


def test_midnight_is_twenty_four() -> None:
    late = hours(*["18:00-24:00"] * 7, holidays=True)
    assert late.is_open(datetime(2026, 11, 23, 23, 59, tzinfo=OSLO))
