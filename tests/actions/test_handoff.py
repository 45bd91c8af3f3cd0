"""The handoff signal, out of every form and for every reason."""

from __future__ import annotations

import pytest

from tests.actions.client_systems import ClientSystemsServer
from tests.actions.conftest import HEIMBUD, VARDE, Customer, Engine

FORMS = {
    "invoice_question": HEIMBUD,
    "change_payment": HEIMBUD,
    "refund": HEIMBUD,
    "track_parcel": HEIMBUD,
    "change_delivery": HEIMBUD,
    "parcel_not_received": HEIMBUD,
    "parcel_damaged": HEIMBUD,
    "return_parcel": HEIMBUD,
    "pickup_point": HEIMBUD,
    "newspaper_missing": HEIMBUD,
    "pause_subscription": HEIMBUD,
    "change_address": HEIMBUD,
    "newspaper_delivery_time": HEIMBUD,
    "report_claim": VARDE,
    "claim_status": VARDE,
    "insurance_documents": VARDE,
}


@pytest.mark.parametrize("intent", FORMS)
def test_asking_for_a_person_inside_any_form_passes_the_baton(
    engine: Engine, systems: ClientSystemsServer, intent: str
) -> None:
    customer = Customer(engine, FORMS[intent])
    opened = customer.say("det gjelder noe", intent)
    assert opened.active_loop == f"{intent}_form"
    reply = customer.say("la meg snakke med et menneske", "ask_human")
    assert reply.signal is not None
    assert reply.signal["reason"] == "asked_human"
    assert reply.signal["topic"] == intent
    assert reply.paused
    assert reply.active_loop is None
    assert reply.slots["requested_slot"] is None
    assert reply.slots["errand"] is None
    assert len([m for m in reply.messages if m.get("text")]) == 1


def test_a_day_that_an_errand_took_is_no_guess_whichever_year_it_was_read_in(
    heimbud: Customer,
) -> None:
    # Read by itself "20. november" is next year's; the missing newspaper was yesterday's.
    heimbud.writes("avisa 204511 kom ikkje 20. november", "newspaper_missing")
    signal = heimbud.say("gi meg et menneske", "ask_human").signal
    assert signal is not None
    assert "date" not in signal["guessed"]


def test_the_signal_tells_what_was_tried_confirmed_and_guessed(heimbud: Customer) -> None:
    heimbud.say("spor", "track_parcel", entities={"tracking_number": "HB99999999"})
    heimbud.say("HB12345678", "track_parcel", entities={"tracking_number": "HB12345678"})
    heimbud.say(
        "fakturaen 7301122 i går",
        "thank",
        entities={"invoice_number": "7301122", "date": "2026-11-20"},
    )
    signal = heimbud.say("gi meg et menneske", "ask_human").signal
    assert signal is not None
    assert signal["type"] == "handoff"
    assert signal["v"] == 1
    assert signal["tried"] == [
        {
            "nb": "Sporet pakke HB99999999: fant ikke nummeret",
            "en": "Tracked parcel HB99999999: number not found",
        },
        {"nb": "Sporet pakke HB12345678", "en": "Tracked parcel HB12345678"},
    ]
    assert signal["confirmed"] == {"tracking_number": "HB12345678"}
    assert signal["guessed"] == {"invoice_number": "7301122", "date": "2026-11-20"}
    assert signal["reasons"] == [
        {
            "code": "asked_human",
            "nb": "Kunden ba om et menneske: «gi meg et menneske»",
            "en": "The customer asked for a person: “gi meg et menneske”",
            "quotes": ["gi meg et menneske"],
        }
    ]


def test_a_pressed_button_is_not_quoted_as_words(heimbud: Customer) -> None:
    heimbud.say("elendig", "complain")
    signal = heimbud.press("/ask_human").signal
    assert signal is not None
    assert signal["reasons"][0]["quotes"] == []
    assert "/ask_human" not in signal["reasons"][0]["nb"]


def test_nothing_is_promised_when_nobody_is_on(heimbud: Customer) -> None:
    heimbud.metadata["desk"] = "closed"
    reply = heimbud.say("menneske", "ask_human")
    assert "ingen på vakt akkurat nå" in reply.text
    assert "setter deg over" not in reply.text
    assert reply.signal is not None
    assert reply.paused


def test_a_word_typed_for_a_command_is_only_a_word(heimbud: Customer) -> None:
    heimbud.metadata["input"] = "text"
    heimbud.say("spor", "track_parcel")
    reply = heimbud.say(' deny{"choice": "leave"}', "out_of_scope", confidence=0.2)
    assert reply.active_loop == "track_parcel_form"
