"""A number nobody knows is the customer's matter; a system that is down is ours."""

from __future__ import annotations

from tests.actions.client_systems import ClientSystemsServer
from tests.actions.conftest import Customer


def test_unknown_numbers_are_no_system_failure(heimbud: Customer) -> None:
    heimbud.writes("hvor er pakken min", "track_parcel")
    first = heimbud.writes("HB99999999", "track_parcel", 0.4)
    assert "finner ingen pakke" in first.text
    assert "står i meldingen" in first.text
    second = heimbud.writes("HB99999998", "track_parcel", 0.4)
    assert "/ask_human" in second.payloads
    assert second.signal is None
    third = heimbud.writes("HB99999999", "track_parcel", 0.4)
    assert third.signal is None
    assert "systemet" not in first.text + second.text + third.text
    assert (third.slots["assessment"] or {}).get("reason") != "client_system"


def test_a_number_the_system_calls_malformed_is_asked_for_anew(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    systems.failing_operations["track_parcel"] = "invalid"
    heimbud.writes("hvor er pakken min", "track_parcel")
    reply = heimbud.writes("HB12345678", "track_parcel", 0.4)
    assert "systemet vårt" not in reply.text
    assert reply.slots["requested_slot"] == "tracking_number"


def test_details_a_system_refuses_are_no_failure_either(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    systems.failing_operations["report_newspaper_missing"] = "invalid"
    heimbud.writes("avisa kom ikke", "newspaper_missing")
    reply = heimbud.writes("204511")
    assert "ikke svar fra systemet" not in reply.text
    assert "/ask_human" in reply.payloads
    assert reply.slots["system_failures"] == 0


def test_a_wish_in_place_of_the_number_is_heard(heimbud: Customer) -> None:
    heimbud.writes("hva er fakturaen min på", "invoice_question")
    heimbud.writes("9999999")
    reply = heimbud.writes("kan jeg få utsatt den en uke?", "change_payment", 0.8)
    assert reply.active_loop == "change_payment_form"
    assert reply.slots["payment_change"] == "postpone"


def test_a_mistyped_tracking_number_is_told_so_before_anybody_looks_it_up(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    heimbud.writes("hvor er pakken min", "track_parcel")
    reply = heimbud.writes("HB473124828NO", "track_parcel", 0.4)
    assert "skrivefeil i HB473124828NO" in reply.text
    assert reply.slots["requested_slot"] == "tracking_number"
    assert systems.operations() == []
    # Who writes it once more means it.
    heimbud.writes("HB473124828NO", "track_parcel", 0.4)
    assert systems.operations() == ["track_parcel"]


def test_a_tracking_number_whose_digits_agree_is_looked_up(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    heimbud.writes("spor HB473124829NO", "track_parcel")
    assert systems.operations() == ["track_parcel"]


def test_a_postcode_that_is_none_is_asked_for_anew(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    heimbud.writes("når kommer avisen om morgenen", "newspaper_delivery_time")
    reply = heimbud.writes("5999", "newspaper_delivery_time", 0.4)
    assert "finner ikke postnummeret 5999" in reply.text
    assert reply.slots["requested_slot"] == "postcode"
    assert systems.operations() == []
    heimbud.writes("5003", "newspaper_delivery_time", 0.4)
    assert systems.calls[-1]["arguments"] == {"postcode": "5003"}


def test_a_postcode_newer_than_the_register_counts_when_it_is_told_twice(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    heimbud.writes("når kommer avisen om morgenen", "newspaper_delivery_time")
    heimbud.writes("5999", "newspaper_delivery_time", 0.4)
    heimbud.writes("jo, 5999", "newspaper_delivery_time", 0.4)
    assert systems.operations() == ["newspaper_delivery_time"]


def test_a_new_address_in_no_place_is_not_taken(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    heimbud.writes("jeg skal flytte, abonnement 204511", "change_address")
    heimbud.writes("Nygata 3", "change_address", 0.4)
    reply = heimbud.writes("postnummer 5999", "change_address", 0.4)
    assert "finner ikke postnummeret 5999" in reply.text
    assert reply.slots["requested_slot"] == "new_postcode"
