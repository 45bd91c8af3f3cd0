"""A guess is asked about, never acted on."""

from __future__ import annotations

import pytest

from tests.actions.conftest import Customer


def ranked(**confidences: float) -> list[dict[str, object]]:
    return [{"name": name, "confidence": value} for name, value in confidences.items()]


@pytest.mark.parametrize("intent", ["change_delivery", "opening_hours", "goodbye", "complain"])
def test_an_unsure_guess_is_asked_about(heimbud: Customer, intent: str) -> None:
    ranking = ranked(**{intent: 0.38, "track_parcel": 0.2, "parcel_damaged": 0.1})
    reply = heimbud.say("snipp snapp snute 17", intent, 0.38, ranking=ranking)
    assert reply.active_loop is None
    assert "/track_parcel" in reply.payloads
    assert reply.actions[-1] == "action_listen"
    assert "Mente du" in reply.text


def test_a_likely_errand_is_begun(heimbud: Customer) -> None:
    assert heimbud.say("spor", "track_parcel", 0.55).active_loop == "track_parcel_form"


def test_a_number_is_certain_enough(heimbud: Customer) -> None:
    reply = heimbud.writes("HB12345678", "track_parcel", 0.31)
    assert "på vei" in reply.text


def test_a_pressed_button_is_never_a_guess(heimbud: Customer) -> None:
    assert heimbud.press("/track_parcel").active_loop == "track_parcel_form"


def test_nothing_likely_is_said_to_be_not_understood(heimbud: Customer) -> None:
    ranking = ranked(bot_challenge=0.3, goodbye=0.2, affirm=0.1)
    reply = heimbud.say("{{7*7}}", "bot_challenge", 0.3, ranking=ranking)
    assert "ikke helt" in reply.text
    assert len(reply.payloads) == 3
