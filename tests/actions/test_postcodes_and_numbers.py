"""Postcodes in every guise, and tracking numbers a digit off."""

from __future__ import annotations

import pytest

from tests.actions.client_systems import ClientSystemsServer
from tests.actions.conftest import Customer


def move(customer: Customer) -> None:
    customer.writes("jeg skal flytte, abonnement 204511", "change_address")


@pytest.mark.parametrize("said", ["N-5052", "50 52", "NO-5052", "postnr 50 52", "5052"])
def test_a_postcode_is_read_as_it_is_written_and_told_with_its_place(
    heimbud: Customer, said: str
) -> None:
    move(heimbud)
    heimbud.writes("Nygata 3")
    heimbud.writes(said)
    assert "til Nygata 3, 5052 Bergen, fra" in heimbud.writes("1. desember").text


def test_an_address_with_everything_is_asked_for_once(heimbud: Customer) -> None:
    move(heimbud)
    reply = heimbud.writes("Bjørnsonsgt. 4, N-5052 bergn")
    assert reply.slots["requested_slot"] == "move_date"
    assert "til Bjørnsonsgt. 4, 5052 Bergen, fra" in heimbud.writes("1. desember").text


def test_a_place_with_one_postcode_answers_for_it(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    heimbud.writes("når kommer avisen om morgenen", "newspaper_delivery_time")
    heimbud.writes("Undredal", "complain", 0.6)
    assert systems.calls[-1]["arguments"] == {"postcode": "5746"}


def test_of_a_place_with_many_postcodes_it_is_asked_which(heimbud: Customer) -> None:
    move(heimbud)
    heimbud.writes("Nygata 3")
    reply = heimbud.writes("på Voss")
    assert "Hvilket postnummer på Voss?" in reply.text
    assert reply.slots["requested_slot"] == "new_postcode"
    assert reply.slots["new_address"] == "Nygata 3"


def test_an_unknown_postcode_stays_in_the_errand(heimbud: Customer) -> None:
    heimbud.writes("hvor kan jeg hente pakken", "pickup_point")
    reply = heimbud.writes("postnr 9999", "change_address", 0.96)
    assert "Jeg finner ikke postnummeret 9999." in reply.text
    assert reply.active_loop == "pickup_point_form"


def test_a_parcel_address_without_its_place_is_told_with_it(heimbud: Customer) -> None:
    heimbud.writes("endre levering av HB12345678", "change_delivery")
    assert "Storgata 5, 5700 Voss" in heimbud.writes("den skal til Storgata 5, 5700").text


@pytest.mark.parametrize(
    ("written", "language", "told"),
    [
        ("HB1234567", "nb", "Det mangler ett siffer i HB1234567: nummeret skal være HB og åtte"),
        ("HB123456", "nn", "Det manglar 2 siffer i HB123456: nummeret skal vere HB og åtte"),
        ("HB123456789", "en", "HB123456789 has one digit too many: the number should be HB"),
        ("HB12345678NO", "nb", "Det mangler ett siffer i HB12345678NO: nummeret skal være HB, ni"),
        ("37071234567890123", "nb", "ett siffer i 37071234567890123: nummeret skal være 18"),
        ("370712345678901235", "nb", "370712345678901235: kontrollsifferet stemmer ikke."),
    ],
)
@pytest.mark.parametrize("asked", [True, False])
def test_what_is_wrong_with_a_tracking_number_is_told(
    heimbud: Customer,
    systems: ClientSystemsServer,
    written: str,
    language: str,
    told: str,
    asked: bool,
) -> None:
    heimbud.language = language
    if asked:
        heimbud.writes("hvor er pakken", "track_parcel")
    reply = heimbud.writes(f"hvor er {written}", "track_parcel")
    assert told in reply.text
    assert reply.slots["requested_slot"] == "tracking_number"
    assert systems.operations() == []


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("eg har det nummeret her på fakturaen jo, 204511", "get_subscription"),
        ("204511 står det øverst på fakturaen", "get_subscription"),
        ("nei, sjekk heller fakturaen min, 204511", "get_invoice"),
    ],
)
def test_the_paper_a_number_was_read_from_is_no_new_errand(
    heimbud: Customer, systems: ClientSystemsServer, said: str, asked: str
) -> None:
    heimbud.writes("avisen kom ikke", "newspaper_missing")
    heimbud.writes(said, "invoice_question", 0.9)
    operations = {call["operation"] for call in systems.calls}
    assert asked in operations
    assert ("get_invoice" in operations) == (asked == "get_invoice")
