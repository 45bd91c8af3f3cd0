"""Dates and periods as customers write them; the day is Saturday 21 November 2026."""

from __future__ import annotations

import time
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dates import find_dates
from bot.feasts import easter

TODAY = date(2026, 11, 21)


def read(text: str, today: date = TODAY) -> list[tuple[str, object]]:
    return [
        (text[s.start : s.end], s.value if isinstance(s.value, str) else tuple(s.value.values()))
        for s in find_dates(text, today)
    ]


@pytest.mark.parametrize(
    ("text", "value", "past"),
    [
        ("torsdag", "2026-11-26", "2026-11-19"),
        ("på tysdag", "2026-11-24", "2026-11-17"),
        ("om lørdan", "2026-11-21", "2026-11-14"),
        ("laurdagsavisa", "2026-11-21", "2026-11-14"),
        ("3. juli", "2027-07-03", "2026-07-03"),
        ("3/7", "2027-07-03", "2026-07-03"),
        ("den 3.7.", "2027-07-03", "2026-07-03"),
        ("18.02", "2027-02-18", "2026-02-18"),
        ("2 nov", "2027-11-02", "2026-11-02"),
        ("den 20.", "2026-12-20", "2026-11-20"),
        ("the 12th", "2026-12-12", "2026-11-12"),
        ("march 3rd", "2027-03-03", "2026-03-03"),
        ("the 3rd of July", "2027-07-03", "2026-07-03"),
        ("tredje juli", "2027-07-03", "2026-07-03"),
        ("29. februar", "2028-02-29", "2024-02-29"),
        ("tirsdag den 3. juli", "2027-07-03", "2026-07-03"),
        ("skjærtorsdag", "2027-03-25", "2026-04-02"),
        ("julaften", "2026-12-24", "2025-12-24"),
    ],
)
def test_a_date_that_may_lie_ahead_or_behind_gives_both(text: str, value: str, past: str) -> None:
    [span] = find_dates(text, TODAY)
    assert (span.entity, span.value, span.extra) == ("date", value, {"past": past})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("i dag", "2026-11-21"),
        ("idag", "2026-11-21"),
        ("i morgen", "2026-11-22"),
        ("i morra", "2026-11-22"),
        ("i mårra", "2026-11-22"),
        ("i morgon", "2026-11-22"),
        ("imrgn", "2026-11-22"),
        ("tomorrow", "2026-11-22"),
        ("i går", "2026-11-20"),
        ("overimorgen", "2026-11-23"),
        ("i forgårs", "2026-11-19"),
        ("the day before yesterday", "2026-11-19"),
        ("om tre dager", "2026-11-24"),
        ("om ei veke", "2026-11-28"),
        ("in two weeks", "2026-12-05"),
        ("for to dagar sidan", "2026-11-19"),
        ("ei veke sia", "2026-11-14"),
        ("3 months ago", "2026-08-21"),
        ("for et år siden", "2025-11-21"),
        ("neste torsdag", "2026-11-26"),
        ("next friday", "2026-11-27"),
        ("sist fredag", "2026-11-20"),
        ("torsdag i neste uke", "2026-11-26"),
        ("2026-12-01", "2026-12-01"),
        ("3.7.2027", "2027-07-03"),
        ("3. juli 2027", "2027-07-03"),
    ],
)
def test_a_date_that_is_certain(text: str, value: str) -> None:
    [span] = find_dates(text, TODAY)
    assert (span.entity, span.value, span.extra) == ("date", value, {})


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("neste uke", "2026-11-23", "2026-11-29"),
        ("i neste veke", "2026-11-23", "2026-11-29"),
        ("next week", "2026-11-23", "2026-11-29"),
        ("forrige uke", "2026-11-09", "2026-11-15"),
        ("uke 28", "2027-07-12", "2027-07-18"),
        ("uke 28 og 29", "2027-07-12", "2027-07-25"),
        ("fra i morra te søndag", "2026-11-22", "2026-11-22"),
        ("fra mandag til fredag", "2026-11-23", "2026-11-27"),
        ("fredag til mandag", "2026-11-27", "2026-11-30"),
        ("fra tirsdag til torsdag neste uke", "2026-11-24", "2026-11-26"),
        ("12. te 26.", "2026-12-12", "2026-12-26"),
        ("fra 3. til 7. juli", "2027-07-03", "2027-07-07"),
        ("mellom 3. og 10. august", "2027-08-03", "2027-08-10"),
        ("1-15 juli", "2027-07-01", "2027-07-15"),
        ("12.–26. juli", "2027-07-12", "2027-07-26"),
        ("from 5 to 12 May", "2027-05-05", "2027-05-12"),
        ("July 3 to 10", "2027-07-03", "2027-07-10"),
        ("between June 3rd and June 10th", "2027-06-03", "2027-06-10"),
        ("29/6-20/7", "2027-06-29", "2027-07-20"),
        ("fra 20. desember til 3. januar", "2026-12-20", "2027-01-03"),
        ("fra mandag i to uker", "2026-11-23", "2026-12-06"),
        ("to uker fra mandag", "2026-11-23", "2026-12-06"),
        ("i 14 dager fra 1. juli", "2027-07-01", "2027-07-14"),
        ("from monday for two weeks", "2026-11-23", "2026-12-06"),
        ("hele juli", "2027-07-01", "2027-07-31"),
        ("fra november til mars", "2026-11-21", "2027-03-31"),
        ("neste måned", "2026-12-01", "2026-12-31"),
        ("resten av uka", "2026-11-21", "2026-11-22"),
        ("until the end of August", "2026-11-21", "2027-08-31"),
        ("i romjula", "2026-12-27", "2026-12-31"),
        ("i fellesferien", "2027-07-12", "2027-08-01"),
        ("over påska", "2027-03-20", "2027-03-29"),
    ],
)
def test_a_period_has_two_ends(text: str, first: str, last: str) -> None:
    [span] = find_dates(text, TODAY)
    assert (span.entity, span.value) == ("period", {"from": first, "to": last})


@pytest.mark.parametrize(
    ("text", "last"),
    [("i to uker", "2026-12-04"), ("14 dager", "2026-12-04"), ("ein månad", "2026-12-20")],
)
def test_a_length_alone_is_counted_from_today_and_marked(text: str, last: str) -> None:
    [span] = find_dates(text, TODAY)
    assert span.value == {"from": "2026-11-21", "to": last}
    assert span.extra["anchored"] is False


@pytest.mark.parametrize(
    "text",
    ["klokka 12.30", "kl. 14.10", "kr 12.50", "HB 48213907", "24-118362", "5003",
     "370712849930175522", "jeg har to katter", "takk", "Mandal", "99/99", "0.0.2027"],
)  # fmt: skip
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert find_dates(text, TODAY) == []


def test_two_dates_in_one_message_stay_two() -> None:
    assert [value for _, value in read("i dag eller i morgen")] == ["2026-11-21", "2026-11-22"]
    assert len(read("mandag og tirsdag")) == 2
    assert len(read("mandag, tirsdag og onsdag")) == 3


def test_a_weekday_that_names_a_date_belongs_to_it() -> None:
    assert read("tirsdag den 3. juli") == [("tirsdag den 3. juli", "2027-07-03")]
    assert read("på den 3. juli") == [("3. juli", "2027-07-03")]


@pytest.mark.parametrize(
    "text",
    ["har ventet i to uker", "ingen avis på fire dager", "pakke fra Kina, 5 uker nå",
     "en hest på 9 år", "kunde i 22 år", "once a week", "hver mandag",
     "svar innen ti dager", "fire dager på rad"],
)  # fmt: skip
def test_how_long_something_has_gone_on_is_no_period(text: str) -> None:
    assert read(text) == []


def test_on_new_years_eve_the_days_between_the_years_are_that_day() -> None:
    assert read("i romjula", date(2026, 12, 31)) == [("i romjula", ("2026-12-31", "2026-12-31"))]


def test_easter_falls_where_the_almanac_says() -> None:
    sundays = [easter(year) for year in (2024, 2025, 2026, 2027, 2038)]
    assert [day.strftime("%m-%d") for day in sundays] == [
        "03-31", "04-20", "04-05", "03-28", "04-25",
    ]  # fmt: skip


WORDS = st.sampled_from(
    "fra til i og neste forrige uke mandag tirsdag juli mars 3. 12. 31. 30 2 om for siden dager "
    "uker påske 29. februar 3/7 den 1.-15. - i morgen romjula måned år the of may to hele".split()
)


@given(
    st.lists(WORDS, max_size=9).map(" ".join),
    st.dates(date(2024, 1, 1), date(2032, 12, 31)),
)
def test_any_words_on_any_day_give_spans_in_order_with_sound_values(text: str, today: date) -> None:
    spans = find_dates(text, today)
    for left, right in pairwise(spans):
        assert left.end <= right.start
    for span in spans:
        assert 0 <= span.start < span.end <= len(text)
        if span.entity == "period":
            assert span.value["from"] <= span.value["to"]
        elif "past" in span.extra:
            assert date.fromisoformat(span.extra["past"]) < today
            assert date.fromisoformat(span.value) >= today


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    find_dates(text, TODAY)


def test_a_long_text_is_read_quickly() -> None:
    started = time.perf_counter()
    find_dates("fra 3. til 3. til i to uker og 12 " * 200, TODAY)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("text", "said", "value"),
    [
        ("i romjula", "i romjula", ("2026-12-27", "2026-12-31")),
        ("gjennom romjulen", "romjulen", ("2026-12-27", "2026-12-31")),
        ("i jula", "i jula", ("2026-12-24", "2026-12-31")),
        ("i jul", "i jul", ("2026-12-24", "2026-12-31")),
        ("over jul", "jul", ("2026-12-24", "2026-12-26")),
        ("before Christmas", "Christmas", ("2026-12-24", "2026-12-26")),
        ("over nyttår", "nyttår", ("2026-12-31", "2027-01-01")),
        ("i påska", "i påska", ("2027-03-20", "2027-03-29")),
        ("over påske", "påske", ("2027-03-20", "2027-03-29")),
        ("innen pinse", "pinse", ("2027-05-15", "2027-05-17")),
        ("helga", "helga", ("2026-11-21", "2026-11-22")),
        ("over helgen", "helgen", ("2026-11-21", "2026-11-22")),
        ("heile helga", "heile helga", ("2026-11-21", "2026-11-22")),
        ("i haustferien", "i haustferien", ("2027-10-01", "2027-10-14")),
        ("vinterferien", "vinterferien", ("2027-02-15", "2027-03-01")),
        ("for sommerferien", "sommerferien", ("2027-06-01", "2027-08-31")),
        ("ut året", "ut året", ("2026-11-21", "2026-12-31")),
        ("førr i fjor haust", "i fjor haust", ("2025-09-01", "2025-11-30")),
        ("i fjor sommar", "i fjor sommar", ("2025-06-01", "2025-08-31")),
        ("i fjor vinter", "i fjor vinter", ("2025-12-01", "2026-02-28")),
        ("in the summer", "summer", ("2027-06-01", "2027-08-31")),
        ("til våren", "til våren", ("2027-03-01", "2027-05-31")),
        ("rekninga for mars", "mars", ("2027-03-01", "2027-03-31")),
        ("førr desember?", "desember", ("2026-12-01", "2026-12-31")),
        ("the bill for May", "May", ("2027-05-01", "2027-05-31")),
        ("paused in August", "August", ("2027-08-01", "2027-08-31")),
        ("siden oktober 2025", "oktober 2025", ("2025-10-01", "2025-10-31")),
        ("i heile april", "i heile april", ("2027-04-01", "2027-04-30")),
        ("sept-nov", "sept-nov", ("2027-09-01", "2027-11-30")),
        ("midten av desember", "midten av desember", ("2026-12-11", "2026-12-20")),
        ("slutten av neste måned", "slutten av neste måned", ("2026-12-21", "2026-12-31")),
        ("in early June", "early June", ("2027-06-01", "2027-06-10")),
        ("frå byrjinga av mai til midten av juni", "frå byrjinga av mai til midten av juni",
         ("2027-05-01", "2027-06-20")),
        ("fra 3. juni til slutten av juli", "fra 3. juni til slutten av juli",
         ("2027-06-03", "2027-07-31")),
        ("fra 1. desember til romjula", "fra 1. desember til romjula",
         ("2026-12-01", "2026-12-31")),
        ("medio august", "medio august", ("2027-08-11", "2027-08-20")),
        ("over the Easter holidays", "Easter holidays", ("2027-03-20", "2027-03-29")),
        ("hele forrige uke", "hele forrige uke", ("2026-11-09", "2026-11-15")),
        ("heila neste uga", "heila neste uga", ("2026-11-23", "2026-11-29")),
        ("all this week", "all this week", ("2026-11-16", "2026-11-22")),
    ],
)  # fmt: skip
def test_a_stretch_that_is_named_is_a_period_without_what_stands_before(
    text: str, said: str, value: object
) -> None:
    assert read(text) == [(said, value)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("etter jul", "2026-12-27"),
        ("før jul", "2026-12-23"),
        ("etter nyttår", "2027-01-02"),
        ("after Christmas", "2026-12-27"),
        ("etter påske", "2027-03-30"),
        ("etter helga", "2026-11-23"),
        ("før helgen", "2026-11-27"),
    ],
)
def test_before_and_after_a_feast_tell_a_day_besides(text: str, day: str) -> None:
    [span] = find_dates(text, TODAY)
    assert (span.entity, span.extra["day"]) == ("period", day)
    assert text[span.start : span.end] == text.split()[1]


@pytest.mark.parametrize(
    "text",
    ["god påske", "Have a nice weekend", "helg", "i vår postkasse", "May I ask", "march on",
     "jeg heter August", "hei Jan", "hva er det som foregår", "i fjor"],
)  # fmt: skip
def test_what_only_sounds_like_a_stretch_is_none(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "said", "value"),
    [
        ("i forrgårs", "i forrgårs", "2026-11-19"),
        ("i førrigårs", "i førrigårs", "2026-11-19"),
        ("i forforgårs", "i forforgårs", "2026-11-18"),
        ("i øvermårra", "i øvermårra", "2026-11-23"),
        ("the day after tomorrow", "day after tomorrow", "2026-11-23"),
        ("imårra", "imårra", "2026-11-22"),
        ("imrg", "imrg", "2026-11-22"),
        ("førrste mai", "førrste mai", "2027-05-01"),
        ("siden den 5te", "5te", "2026-12-05"),
        ("tjueførste mai", "tjueførste mai", "2027-05-21"),
        ("pinseaften", "pinseaften", "2027-05-15"),
        ("2. pinsedag", "2. pinsedag", "2027-05-17"),
        ("lille julaften", "lille julaften", "2026-12-23"),
        ("annen juledag", "annen juledag", "2026-12-26"),
        ("palmesøndag", "palmesøndag", "2027-03-21"),
        ("sku komme tirs", "tirs", "2026-11-24"),
        ("på lør", "lør", "2026-11-21"),
        ("bulk søn kveld", "søn", "2026-11-22"),
        ("tors kl 12", "tors", "2026-11-26"),
        ("ons 2/12", "ons 2/12", "2026-12-02"),
        ("fre. 4. des", "fre. 4. des", "2026-12-04"),
        ("mandag som var", "mandag som var", "2026-11-16"),
        ("torsdag neste uga", "torsdag neste uga", "2026-11-26"),
        ("Monday last week", "Monday last week", "2026-11-09"),
        ("førr to daga sia", "førr to daga sia", "2026-11-19"),
    ],
)
def test_a_day_is_read_in_dialect_and_cut_short(text: str, said: str, value: str) -> None:
    assert read(text) == [(said, value)]


@pytest.mark.parametrize(
    "text",
    ["on the 3rd floor", "den 2. etasjen", "det er snart tre uker siden", "man vet aldri",
     "Tor er her", "Tors bil", "søn min", "Eg har venta i ni dagar. Ni dagar!", "for ti år siden"],
)  # fmt: skip
def test_an_order_a_name_and_a_waiting_time_are_no_day(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("man", "2026-11-23"),
        ("fred", "2026-11-27"),
        ("lørd", "2026-11-21"),
        ("nei, til tors da", "2026-11-26"),
        ("i mrg", "2026-11-22"),
    ],
)
def test_a_weekday_cut_short_is_one_where_nothing_else_is_said(text: str, value: str) -> None:
    [span] = find_dates(text, TODAY)
    assert (span.entity, span.value) == ("date", value)


@pytest.mark.parametrize(
    ("text", "value"), [("5/3-27", "2027-03-05"), ("den 5.3-28", "2028-03-05")]
)
def test_a_year_may_stand_after_a_dash(text: str, value: str) -> None:
    assert [span.value for span in find_dates(text, TODAY)] == [value]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("31. februar", "31. februar"),
        ("den 31. juni", "31. juni"),
        ("stans avisen fra 29. februar 2027", "29. februar 2027"),
        ("31st of April", "31st of April"),
    ],
)
def test_a_day_that_no_calendar_holds_is_told_apart(text: str, said: str) -> None:
    [span] = find_dates(text, TODAY)
    assert (text[span.start : span.end], span.extra) == (said, {"exists": False})


def test_a_season_that_has_begun_is_what_is_left_of_it() -> None:
    assert read("over nyttår", date(2027, 1, 1)) == [("nyttår", ("2027-01-01", "2027-01-01"))]
    assert read("i jula", date(2026, 12, 28)) == [("i jula", ("2026-12-28", "2026-12-31"))]


def test_from_a_season_to_another_is_one_period() -> None:
    assert read("fra 20. desember til etter nyttår") == [
        ("fra 20. desember til etter nyttår", ("2026-12-20", "2027-01-02"))
    ]


@pytest.mark.parametrize("text", ["forrigårs", "forgårs", "i forgårs", "i forrigårs"])
def test_two_days_ago_is_known_with_and_without_its_preposition(text: str) -> None:
    assert read(text) == [(text, "2026-11-19")]
