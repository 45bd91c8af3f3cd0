"""Parcel errands, from the first word to the client's system and back."""

from __future__ import annotations

from tests.actions.conftest import Customer


def test_tracking_asks_for_the_number_and_tells_the_truth_in_plain_words(heimbud: Customer) -> None:
    reply = heimbud.say("hvor er pakken min", "track_parcel")
    assert reply.text == "Hva er sporingsnummeret?"
    assert reply.active_loop == "track_parcel_form"
    reply = heimbud.say("hb 1234 5678", "track_parcel", entities={"tracking_number": "HB12345678"})
    assert "HB12345678 er på vei til deg. Sist registrert: Hønefoss." in reply.text
    assert "Den ventes tirsdag 24. november." in reply.text
    assert reply.active_loop is None
