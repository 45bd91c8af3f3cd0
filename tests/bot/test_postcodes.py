"""Postcodes: the register, and when four digits are one."""

from __future__ import annotations

from datetime import date

import pytest

from bot.entities import find_entities
from bot.postcodes import place_names, place_of, postcodes

TODAY = date(2026, 11, 21)


def read(text: str) -> list[tuple[str, object, object]]:
    return [(s.entity, s.value, s.extra.get("place")) for s in find_entities(text, TODAY)]


def test_the_register_tells_a_place_for_each_postcode() -> None:
    assert place_of("5003") == "Bergen"
    assert place_of("8622") == "Mo i Rana"
    assert place_of("0001") == "Oslo"
    assert place_of("9999") is None
    codes = list(postcodes())
    assert len(codes) > 5000
    assert codes == sorted(set(codes))
    assert all(place_of(code) for code in codes)


def test_names_of_places_are_known_whatever_their_kind() -> None:
    assert {"bergen", "mo i rana", "grünerløkka", "alicante", "kristiansand"} <= place_names()
    assert not {"spania", "jæren", "kiwi", "viken"} & place_names()


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("postnummer 5003", "Bergen"),
        ("postnr. 7030", "Trondheim"),
        ("jeg bor i 9008", "Tromsø"),
        ("leverer dere til 2026?", None),
        ("2026 Skjetten", "Skjetten"),
        ("bor på Hamar, 2318", "Hamar"),
        ("SANDNES 4306 er adressen", "Sandnes"),
        ("eg bur i 2013", "Skjetten"),
        ("0184", "Oslo"),
        ("ny adresse: 0484", "Oslo"),
    ],
)
def test_four_digits_are_a_postcode_by_register_and_surroundings(
    text: str, place: str | None
) -> None:
    code = next(word for word in text.replace("?", " ").replace(",", " ").split() if word.isdigit())
    wanted = [("postcode", code, place)] if place else []
    assert read(text) == wanted


@pytest.mark.parametrize(
    "text",
    ["bygd i 1987", "siden 2015", "fra 2016", "kl. 0830", "klokka 1600", "8000 km", "2000 stk",
     "Rema 1000", "skiltnummer EK 48120", "2012-modell"],
)  # fmt: skip
def test_years_times_and_measures_are_nothing(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    "text", ["regningen er på 1450", "premien økte til 5003", "fra 8 til 1600", "satt ned til 8000"]
)
def test_what_may_be_money_or_a_time_is_no_postcode(text: str) -> None:
    assert [entity for entity, _, _ in read(text)] == ["number"]


def test_a_postcode_that_is_none_says_so() -> None:
    [told] = find_entities("postnummer 5999", TODAY)
    assert (told.entity, told.extra) == ("postcode", {"known": False})
    [bare] = find_entities("5999", TODAY)
    assert (bare.entity, bare.extra) == ("number", {"known": False})
    [known] = find_entities("5003", TODAY)
    assert (known.entity, known.extra) == ("number", {"place": "Bergen"})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Nygata 3, 5003 Bergen", "Nygata 3, 5003 Bergen"),
        ("Storgata 1 8622 Mo i Rana takk", "Storgata 1, 8622 Mo i Rana"),
        ("storgata 12b, 0184", "Storgata 12B, 0184"),
        ("Nygata 3, 5003 takk", "Nygata 3, 5003"),
        ("Storgata 3 i Bodø", "Storgata 3"),
        ("Sjøgata 14 B, 9008 Tromsø", "Sjøgata 14B, 9008 Tromsø"),
        ("jeg bor i Storgata", "Storgata"),
        ("mistet den på Karl Johans gate", "Karl Johans gate"),
    ],
)
def test_an_address_takes_its_postcode_and_place_along(text: str, value: str) -> None:
    [address] = [s for s in find_entities(text, TODAY) if s.entity == "address"]
    assert address.value == value


@pytest.mark.parametrize("text", ["motorveien er stengt", "Hovedveien", "i skogsveien", "på vei"])
def test_a_road_without_a_name_is_no_address(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize("text", ["N-5052", "NO-5052", "no-5052 takk", "N 5052", "postnr 50 52"])
def test_a_postcode_may_stand_with_its_country_or_a_blank(text: str) -> None:
    assert read(text) == [("postcode", "5052", "Bergen")]


def test_two_pairs_of_digits_alone_may_be_one() -> None:
    assert read("50 52") == [("number", "5052", "Bergen")]
    assert read("vi var 50 52 stykker") == []


def test_an_address_with_country_and_a_misspelt_place_is_read_whole() -> None:
    assert read("Bjørnsonsgt. 4, N-5052 bergn") == [
        ("address", "Bjørnsonsgt. 4, 5052 Bergen", None),
        ("postcode", "5052", "Bergen"),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Undredal", {"postcode": "5746"}),
        ("på Voss", {"postcodes": 10}),
        ("voss takk", {"postcodes": 10}),
    ],
)
def test_a_place_alone_tells_its_postcode_or_that_it_has_several(
    text: str, told: dict[str, object]
) -> None:
    [span] = find_entities(text, TODAY)
    assert (span.entity, span.extra) == ("place", told)


@pytest.mark.parametrize("text", ["hei", "ja takk", "moro", "nei", "greit"])
def test_an_everyday_word_alone_is_no_place(text: str) -> None:
    assert read(text) == []
