"""Leaving an errand quietly: kindly let go, with no person in the picture."""

from __future__ import annotations

import pytest

from tests.actions.conftest import Customer

QUIET = (
    "glem det",
    "bare glem det",
    "samme det",
    "never mind",
    "drit i det",
    "det var ikke noe",
    "la det ligge",
    "nei vet du hva, glem det",
    "gløym det",
    "blås i det",
    "forget it",
    "same det",
    "glem det da, takk",
    "avbryt",
)


@pytest.mark.parametrize("intent", ["affirm", "deny", "nlu_fallback", "out_of_scope"])
@pytest.mark.parametrize("words", QUIET)
def test_a_form_is_left_quietly(heimbud: Customer, words: str, intent: str) -> None:
    heimbud.writes("hvor er pakken min", "track_parcel")
    reply = heimbud.writes(words, intent, 0.46)
    assert reply.active_loop is None
    assert reply.signal is None
    assert len(reply.messages) == 1
    assert "/ask_human" not in reply.payloads
    assert heimbud.writes("hei", "greet").signal is None


def test_a_confirmation_is_left_quietly_and_nothing_is_written(heimbud: Customer) -> None:
    heimbud.writes("stans avisa neste uke, nummer 204511", "pause_subscription")
    heimbud.writes("204511")
    reply = heimbud.writes("never mind", "deny")
    assert reply.active_loop is None
    assert len(reply.messages) == 1


def test_the_button_that_leaves_never_leads_to_a_person(heimbud: Customer) -> None:
    heimbud.writes("hvor er pakken min", "track_parcel")
    for number in ("HB99999999", "HB99999998", "HB99999999"):
        reply = heimbud.writes(number, "track_parcel", 0.4)
    assert reply.signal is None
    reply = heimbud.press('/deny{"choice": "leave"}')
    assert reply.signal is None
    assert reply.active_loop is None
    assert len(reply.messages) == 1


def test_leaving_in_anger_is_no_quiet_leaving(heimbud: Customer) -> None:
    heimbud.writes("hvor er pakken min", "track_parcel")
    reply = heimbud.writes("glem det, dere er helt ubrukelige og dette er tredje gang", "complain")
    assert reply.slots["assessment"]["decision"] in ("offer", "handoff")


@pytest.mark.parametrize("words", ["vent litt", "et øyeblikk", "hold on", "nei vent litt"])
def test_a_customer_who_looks_for_something_is_given_time(heimbud: Customer, words: str) -> None:
    heimbud.writes("jeg skal flytte", "change_address")
    heimbud.writes("204511")
    reply = heimbud.writes(words)
    assert reply.signal is None
    assert reply.messages[0]["text"] == "Ta den tiden du trenger."
    assert reply.slots["requested_slot"] == "new_address"
    assert reply.slots["attempts"] == 0
    assert len(reply.messages) == 2


def test_no_thanks_leaves_a_form_that_asked_for_something(heimbud: Customer) -> None:
    heimbud.writes("når kommer avisa", "newspaper_delivery_time")
    assert heimbud.writes("nei takk", "deny").active_loop is None


def test_no_thanks_to_a_summary_leaves_it(heimbud: Customer) -> None:
    heimbud.writes("stans avisa neste uke", "pause_subscription")
    heimbud.writes("204511")
    reply = heimbud.writes("nei takk", "deny")
    assert reply.active_loop is None
    assert "lar vi det ligge" in reply.text
