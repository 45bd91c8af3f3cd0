from __future__ import annotations

import pytest

from actions.judgement.history import History
from tests.actions.judgement.talk import LOST, Talk


def test_a_turn_holds_what_was_said_understood_and_answered() -> None:
    talk = Talk().user("Hvor er pakken?", "track_parcel", 0.8, {"tracking_number": "HB12345678"})
    talk.slot("tracking_number", "HB12345678").bot("Den er på vei.")
    turn = talk.history.current
    assert (turn.text, turn.intent, turn.confidence) == ("Hvor er pakken?", "track_parcel", 0.8)
    assert turn.entities == (("tracking_number", "HB12345678"),)
    assert turn.filled == ("tracking_number",)
    assert turn.answer == "Den er på vei."


def test_the_real_intent_stands_behind_the_fallback_intent() -> None:
    turn = Talk().user("blah", LOST, 0.7).history.current
    assert turn.misunderstood
    assert (turn.intent, turn.confidence) == ("track_parcel", 0.2)


def test_a_reverted_message_is_still_counted() -> None:
    talk = Talk().user("blah", LOST).bot("Hva?", action="action_default_fallback")
    talk.event("rewind").user("blah blah", LOST)
    assert [turn.fell_back for turn in talk.history.turns] == [True, True]


def test_a_line_that_filled_a_slot_was_no_fallback() -> None:
    talk = Talk().user("5019", LOST).slot("postcode", "5019")
    assert not talk.history.current.fell_back


@pytest.mark.parametrize("name", ["attempts", "prompt", "errand", "verified", "system_failures"])
def test_the_forms_bookkeeping_is_no_fact(name: str) -> None:
    assert Talk().user("hei").slot(name, "x").history.current.filled == ()


@pytest.mark.parametrize("boundary", ["resume", "restart", "session_started"])
def test_turns_before_a_boundary_are_over_but_counted(boundary: str) -> None:
    talk = Talk().user("en").user("to").event(boundary).user("tre")
    assert [turn.text for turn in talk.history.turns] == ["tre"]
    assert talk.history.number == 3


def test_turns_before_a_handover_are_over_when_the_bot_goes_on() -> None:
    talk = Talk().user("en").decided("offer").user("to").decided("handoff").user("tre")
    assert [turn.text for turn in talk.history.turns] == ["tre"]


def test_an_earlier_decision_is_read_from_the_assessment_slot() -> None:
    talk = Talk().user("en").decided("offer").user("to")
    assert [turn.decision for turn in talk.history.turns] == ["offer", None]


def test_lookups_tell_what_failed() -> None:
    talk = Talk().user("en")
    talk.slot("lookups", [{"operation": "refund", "ok": False, "error": "unavailable"}])
    assert talk.history.current.failed_lookups == ("refund",)


def test_the_agents_lines_are_not_the_bots() -> None:
    talk = Talk().user("en")
    talk.events.append({"event": "bot", "text": "Hei, Kari her", "metadata": {"author": "agent"}})
    assert talk.history.current.answer == ""


def test_a_pressed_button_says_nothing_in_words() -> None:
    assert Talk().user("/affirm", "affirm").history.current.said == ""


def test_a_typed_slash_is_words() -> None:
    talk = Talk({"input": "text"}).user("/affirm er en kommando?")
    assert talk.history.current.said == "/affirm er en kommando?"


def test_the_form_question_is_known_to_the_next_turn() -> None:
    talk = Talk().user("flytt pakken").slot("requested_slot", "postcode").user("5019")
    assert talk.history.current.asked_for == "postcode"


def test_without_a_customer_message_there_is_nothing_to_judge() -> None:
    with pytest.raises(ValueError, match="no customer message"):
        History.from_events([{"event": "action", "name": "action_session_start"}])


def test_an_offer_is_known_by_its_button_or_its_question() -> None:
    talk = Talk().user("en").bot("Vil du?", buttons=[("Ja", "/ask_human")])
    assert talk.history.current.replies[0].offers_person
    talk = Talk().user("en").bot("Vil du heller snakke med en person?")
    assert talk.history.current.replies[0].offers_person
    talk = Talk().user("en").bot("Du snakker med en robot, ikke en person.")
    assert not talk.history.current.replies[0].offers_person
