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
