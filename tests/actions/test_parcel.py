"""Parcel errands, from the first word to the client's system and back."""

from __future__ import annotations

import pytest

from tests.actions.client_systems import ClientSystemsServer
from tests.actions.conftest import Customer

NUMBER = {"tracking_number": "HB12345678"}


def test_tracking_asks_for_the_number_and_tells_the_truth_in_plain_words(heimbud: Customer) -> None:
    reply = heimbud.say("hvor er pakken min", "track_parcel")
    assert reply.text == "Hva er sporingsnummeret?"
    assert reply.active_loop == "track_parcel_form"
    reply = heimbud.say("hb 1234 5678", "track_parcel", entities=NUMBER)
    assert "HB12345678 er på vei til deg. Sist registrert: Hønefoss." in reply.text
    assert "Den ventes tirsdag 24. november." in reply.text
    assert reply.active_loop is None


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("HB10000001", ["meldt inn av Ullvarefabrikken", "ikke fått den hos oss"]),
        ("HB10000002", ["tollbehandling", "tirsdag 1. desember"]),
        ("HB10000003", ["med budet", "i dag"]),
        ("HB10000004", ["Hjørnebutikken Solsiden", "senest fredag 4. desember", "man–lør 07–22"]),
        ("HB10000005", ["levert i går klokka 14.30", "postkassen"]),
        ("HB10000006", ["i retur til Sportsboden"]),
        ("HB10000007", ["forsinket", "torsdag 26. november"]),
        ("HB10000008", ["forsinket", "ingen ny dato"]),
    ],
)
def test_each_status_is_told_in_plain_words(
    heimbud: Customer, number: str, words: list[str]
) -> None:
    reply = heimbud.say(f"spor {number}", "track_parcel", entities={"tracking_number": number})
    assert number in reply.text
    for word in words:
        assert word in reply.text


def test_a_status_the_bot_does_not_know_is_not_guessed_at(heimbud: Customer) -> None:
    reply = heimbud.say("spor", "track_parcel", entities={"tracking_number": "HB10000009"})
    assert "men ikke hvor den er" in reply.text
    assert "/ask_human" in reply.payloads


def test_a_number_given_once_is_not_asked_for_again_and_is_named(heimbud: Customer) -> None:
    heimbud.say("spor HB12345678", "track_parcel", entities=NUMBER)
    reply = heimbud.say("lag en retur", "return_parcel")
    assert "R662349" in reply.text
    second = heimbud.say("hvor er den nå?", "track_parcel")
    assert "HB12345678" in second.text


def test_the_same_answer_a_second_time_is_said_differently(heimbud: Customer) -> None:
    first = heimbud.say("spor HB12345678", "track_parcel", entities=NUMBER)
    second = heimbud.say("hvor er den", "track_parcel")
    assert first.messages[0]["text"] != second.messages[0]["text"]
    assert "Hønefoss" in second.text


def test_an_unknown_number_is_named_and_asked_for_again_and_then_a_person_is_offered(
    heimbud: Customer,
) -> None:
    reply = heimbud.say("spor", "track_parcel", entities={"tracking_number": "HB99999999"})
    assert "Jeg finner ingen pakke med nummeret HB99999999." in reply.text
    assert "HB12345678" in reply.text  # the example
    assert reply.slots["tracking_number"] is None
    reply = heimbud.say("HB99999998", "track_parcel", entities={"tracking_number": "HB99999998"})
    assert "HB99999998" in reply.text
    assert "/ask_human" in reply.payloads
    reply = heimbud.press('/deny{"choice": "retry"}')
    assert reply.slots["requested_slot"] == "tracking_number"


def test_a_right_number_after_a_wrong_one_is_answered(heimbud: Customer) -> None:
    heimbud.say("spor", "track_parcel", entities={"tracking_number": "HB99999999"})
    reply = heimbud.say("hb12345678", "track_parcel", entities=NUMBER)
    assert "på vei til deg" in reply.text


def test_a_delivery_is_changed_only_after_a_yes(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    reply = heimbud.say(
        "flytt HB12345678 til torsdag",
        "change_delivery",
        entities={**NUMBER, "date": "2026-11-26"},
    )
    assert "til torsdag 26. november?" in reply.text
    assert "change_delivery" not in systems.operations()
    reply = heimbud.press("/affirm")
    assert "kommer torsdag 26. november" in reply.text
    call = systems.calls[-1]
    assert call["operation"] == "change_delivery"
    assert call["arguments"] == {"tracking_number": "HB12345678", "date": "2026-11-26"}
    assert call["turn_id"]


def test_a_correction_inside_the_confirmation_replaces_the_fact(heimbud: Customer) -> None:
    heimbud.say("flytt", "change_delivery", entities={**NUMBER, "date": "2026-11-26"})
    reply = heimbud.say("nei, fredag", "deny", entities={"date": "2026-11-27"})
    assert "HB12345678 til fredag 27. november?" in reply.text
    reply = heimbud.say(
        "nei, jeg mente HB10000003", "deny", entities={"tracking_number": "HB10000003"}
    )
    assert "HB10000003 til fredag 27. november?" in reply.text


def test_a_no_to_the_summary_asks_what_to_change(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    heimbud.say("flytt", "change_delivery", entities={**NUMBER, "date": "2026-11-26"})
    reply = heimbud.press("/deny")
    assert "Hva skal være annerledes?" in reply.text
    reply = heimbud.press(reply.payloads[0])
    assert reply.text == "Hva vil du endre?"
    reply = heimbud.press('/change_delivery{"choice": "note"}')
    assert reply.text == "Hva skal budet få vite?"
    reply = heimbud.say("sett den på trappa", "out_of_scope")
    assert "«sett den på trappa»" in reply.text
    heimbud.say("jadda", "out_of_scope", confidence=0.3)
    assert systems.calls[-1]["arguments"]["note"] == "sett den på trappa"


def test_a_delivered_parcel_cannot_be_redirected(heimbud: Customer) -> None:
    reply = heimbud.say("flytt", "change_delivery", entities={"tracking_number": "HB10000005"})
    assert "levert i går" in reply.text
    assert "ikke endre leveringen lenger" in reply.text
    assert reply.active_loop is None


def test_a_day_the_system_refuses_is_asked_for_anew(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    heimbud.say("flytt", "change_delivery", entities={**NUMBER, "date": "2026-11-26"})
    systems.failing_operations["change_delivery"] = "invalid"
    reply = heimbud.press("/affirm")
    assert "Prøv gjerne noe annet." in reply.text
    assert reply.slots["requested_slot"] == "delivery_date"


def test_a_missing_parcel_is_looked_up_before_it_is_reported(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    reply = heimbud.say(
        "ikke fått", "parcel_not_received", entities={"tracking_number": "HB10000005"}
    )
    assert "levert i går klokka 14.30" in reply.text
    assert "spurt naboene" in reply.text
    assert "report_parcel_missing" not in systems.operations()
    reply = heimbud.press('/deny{"choice": "no"}')
    assert "naboene" in reply.text
    assert reply.active_loop is None
    reply = heimbud.press(reply.payloads[0])
    assert "Saken heter H-969544, og du får svar senest torsdag 26. november." in reply.text


def test_a_parcel_still_under_way_is_not_reported_missing(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    reply = heimbud.say("ikke fått", "parcel_not_received", entities=NUMBER)
    assert "på vei" in reply.text
    assert "ikke levert ennå" in reply.text
    assert systems.operations() == ["track_parcel"]


def test_damage_is_reported_and_the_way_to_send_a_picture_is_told(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    reply = heimbud.say("esken er knust", "parcel_damaged", entities=NUMBER)
    assert reply.text == "Hva er skadet?"
    reply = heimbud.say("vasen er i to biter", "out_of_scope")
    assert "H-246979" in reply.text
    assert "kundeservice@heimbud.example" in reply.text
    assert systems.calls[-1]["arguments"]["description"] == "vasen er i to biter"


def test_a_pickup_point_is_found_by_postcode_too(heimbud: Customer) -> None:
    reply = heimbud.say("hvor henter jeg", "pickup_point")
    assert "postnummeret" in reply.text
    reply = heimbud.say("5700", "out_of_scope", entities={"postcode": "5700"})
    assert "Samvirkelaget Voss, Vangsgata 30, 5700 Voss" in reply.text


def test_english_and_nynorsk_get_their_own_words_dates_and_buttons(heimbud: Customer) -> None:
    heimbud.language = "en"
    reply = heimbud.say("where", "track_parcel", entities={"tracking_number": "HB10000005"})
    assert "was delivered yesterday at 14:30" in reply.text
    assert reply.buttons[0]["title"] == "I have not received it"
    heimbud.language = "nn"
    reply = heimbud.say("kvar", "track_parcel", entities=NUMBER)
    assert "på veg til deg" in reply.text
    assert "Ho er venta tysdag 24. november." in reply.text


def test_a_wish_said_with_its_day_needs_no_further_question(heimbud: Customer) -> None:
    heimbud.say("spor", "track_parcel", entities=NUMBER)
    reply = heimbud.say(
        "Kan de levere ho på torsdag i staden?", "change_delivery", entities={"date": "2026-11-26"}
    )
    assert "til torsdag 26. november?" in reply.text


def test_a_no_to_a_delivery_that_is_told_starts_the_search(heimbud: Customer) -> None:
    heimbud.say("spor", "track_parcel", entities={"tracking_number": "HB10000005"})
    reply = heimbud.say("I never got it", "deny")
    assert reply.slots["requested_slot"] == "neighbours_checked"
