"""Numbers, addresses and contacts as customers write them."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.entities import ENTITY_NAMES, find_entities
from bot.numbers import s10_check_digit_fits

TODAY = date(2026, 11, 21)


def read(text: str) -> list[tuple[str, object]]:
    return [(span.entity, span.value) for span in find_entities(text, TODAY)]


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("HB12345678", "tracking_number", "HB12345678"),
        ("hb 1234 5678", "tracking_number", "HB12345678"),
        ("hb-1234-5678", "tracking_number", "HB12345678"),
        ("HB 12-34-56-78", "tracking_number", "HB12345678"),
        ("hb-12345678.", "tracking_number", "HB12345678"),
        ("hb123456785no", "tracking_number", "HB123456785NO"),
        ("HB 123 456 785 NO", "tracking_number", "HB123456785NO"),
        ("370712849930175522", "tracking_number", "370712849930175522"),
        ("37 0712 8499 3017 5522", "tracking_number", "370712849930175522"),
        ("V-1234567", "policy_number", "V-1234567"),
        ("v1234567", "policy_number", "V-1234567"),
        ("polisen min er 1234567", "policy_number", "V-1234567"),
        ("V-12345", "claim_number", "V-12345"),
        ("24-118362", "claim_number", "24-118362"),
        ("saksnummer 118362", "claim_number", "118362"),
        ("skade 118362", "claim_number", "118362"),
        ("abonnementsnr: 903184", "subscription_number", "903184"),
        ("Avslutt abonnementet mitt, 903184", "subscription_number", "903184"),
        ("avslutt abb 441092 thx", "subscription_number", "441092"),
        ("abnr 903184", "subscription_number", "903184"),
        ("abonr 90 31 84", "subscription_number", "903184"),
        ("abo nr: 9031 845", "subscription_number", "9031845"),
        ("kunde nr 90 318 45", "subscription_number", "9031845"),
        ("my customer number is 9031 845", "subscription_number", "9031845"),
        ("faktura 2204517", "invoice_number", "2204517"),
        ("fakt. nr. 2204517", "invoice_number", "2204517"),
        ("fakturanr 22 04 517", "invoice_number", "2204517"),
        ("rekning 2204 517", "invoice_number", "2204517"),
        ("polise nr 1234 567", "policy_number", "V-1234567"),
        ("saksnr 11 83 62", "claim_number", "118362"),
        ("1234567", "number", "1234567"),
        ("123 456", "number", "123456"),
        ("5003", "number", "5003"),
        ("postnummer 5003", "postcode", "5003"),
        ("5003 Bergen", "postcode", "5003"),
        ("jeg bor 0557", "postcode", "0557"),
        ("leverer dere til 9712?", "postcode", "9712"),
        ("kr 499", "amount", 499.0),
        ("499,-", "amount", 499.0),
        ("1 299,50 kr", "amount", 1299.5),
        ("8,400 kr", "amount", 8400.0),
        ("540 kronern", "amount", 540.0),
        ("Ola.Nordmann+avis@epost.no", "email", "ola.nordmann+avis@epost.no"),
        ("+47 916 12 345", "phone", "+4791612345"),
        ("22 33 44 55", "phone", "+4722334455"),
        ("ring meg på 91612345", "phone", "+4791612345"),
        ("Storgata 14", "address", "Storgata 14"),
        ("strandgata 3b", "address", "Strandgata 3B"),
        ("det e Strangebakken 4. Ring på", "address", "Strangebakken 4"),
        ("ny adresse er Nedre Slottsgate 3", "address", "Nedre Slottsgate 3"),
    ],
)
def test_one_thing_in_a_message_is_read_exactly(text: str, entity: str, value: object) -> None:
    assert read(text) == [(entity, value)]


def test_an_address_with_postcode_gives_both() -> None:
    [address, postcode] = find_entities("kong oscars gate 12b, 5003 bergen", TODAY)
    assert address.value == "Kong oscars gate 12B, 5003 Bergen"
    assert address.extra == {
        "street": "Kong oscars gate 12B",
        "postcode": "5003",
        "city": "Bergen",
    }
    assert (postcode.entity, postcode.value) == ("postcode", "5003")


def test_eight_bare_digits_may_be_a_telephone_or_a_number() -> None:
    assert read("91612345") == [("number", "91612345"), ("phone", "+4791612345")]


@pytest.mark.parametrize(
    "text",
    ["på vei 12 km", "vi har 3 barn", "Stengt 17. mai?", "12345678901", "37000000001234567890",
     "HB1234567", "HB123456789", "klokka 0830", "ola@", "/affirm"],
)  # fmt: skip
def test_what_only_looks_like_a_number_or_an_address_is_none(text: str) -> None:
    assert {e for e, _ in read(text)} <= {"date", "number"}
    assert "address" not in {e for e, _ in read(text)}


@pytest.mark.parametrize(
    "text",
    ["riksvei 13", "fylkesvei 505", "Fylkesveg 7 i kveld", "E6", "abonnement fra 12 03 26",
     "faktura på 12 500", "abo, tlf 48 20 71 93", "regning 12 34"],
)  # fmt: skip
def test_a_road_a_day_and_a_price_are_no_address_and_no_number(text: str) -> None:
    exact = {"address", "subscription_number", "invoice_number"}
    assert not exact & {entity for entity, _ in read(text)}


@pytest.mark.parametrize("text", ["12345678901", "37000000001234567890", "HB123456789"])
def test_a_number_of_the_wrong_length_is_not_cut_to_fit(text: str) -> None:
    assert read(text) == []


def test_the_check_digit_of_an_international_number_is_noted() -> None:
    assert s10_check_digit_fits("RR473124829GB")  # the example of UPU standard S10
    assert not s10_check_digit_fits("RR473124828GB")
    [good] = find_entities("HB473124829NO", TODAY)
    [bad] = find_entities("HB473124828NO", TODAY)
    assert (good.extra["check"], bad.extra["check"]) == (True, False)


def test_offsets_point_at_the_words() -> None:
    text = "Pakken HB 1234 5678 skal til Storgata 14 på torsdag 😀, takk"
    assert [text[s.start : s.end] for s in find_entities(text, TODAY)] == [
        "HB 1234 5678",
        "Storgata 14",
        "torsdag",
    ]


def test_a_date_inside_a_number_is_not_read() -> None:
    assert read("faktura 2204517 forfaller 3. juli") == [
        ("invoice_number", "2204517"),
        ("date", "2027-07-03"),
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.249,50 kr", 1249.5),
        ("NOK 1,249.50", 1249.5),
        ("tre tusen fem hundre kroner", 3500.0),
        ("2,5 millioner kr", 2_500_000.0),
    ],
)
def test_a_sum_is_read_in_words_and_with_either_mark(text: str, value: float) -> None:
    [span] = find_entities(text, TODAY)
    assert (span.entity, span.value, span.extra) == ("amount", value, {"currency": "NOK"})


def test_a_sum_in_other_money_says_so() -> None:
    [span] = find_entities("det kostet 100 dollar", TODAY)
    assert (span.value, span.extra) == (100.0, {"currency": "USD"})
    assert read("jeg fikk ikke en krone") == []


@pytest.mark.parametrize(
    "text", ["1 ", "1234 ", "fem hundre ", "Kong ", "i 5003 Bergen ", "postnr. ", "V "]
)
def test_a_long_text_is_read_quickly(text: str) -> None:
    started = time.perf_counter()
    find_entities(text * (4000 // len(text)), TODAY)
    assert time.perf_counter() - started < 2


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading_and_all_names_are_known(text: str) -> None:
    for span in find_entities(text, TODAY):
        assert span.entity in ENTITY_NAMES
        assert 0 <= span.start < span.end <= len(text)


@given(st.integers(0, 10**8 - 1), st.sampled_from(["HB{}", "hb {}", "Sporing: HB{}!"]))
def test_every_tracking_number_is_found(number: int, form: str) -> None:
    digits = f"{number:08}"
    assert read(form.format(digits)) == [("tracking_number", f"HB{digits}")]


def test_a_wrong_check_digit_of_eighteen_is_told() -> None:
    for digit, fits in (("8", True), ("4", False)):
        [span] = find_entities(f"37071234567890123{digit}", TODAY)
        assert (span.entity, span.extra["check"]) == ("tracking_number", fits)
