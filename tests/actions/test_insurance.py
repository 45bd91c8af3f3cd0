"""Insurance errands against the client's system."""

from __future__ import annotations

import pytest

from tests.actions.client_systems import ClientSystemsServer
from tests.actions.conftest import Customer

STORY = "Jeg rygget inn i en lyktestolpe utenfor Coop i går, og støtfangeren henger"


def test_a_story_told_at_once_is_not_asked_for_again(
    varde: Customer, systems: ClientSystemsServer
) -> None:
    reply = varde.say(STORY, "report_claim", entities={"date": "2026-11-20"})
    assert reply.text == "Hva er avtalenummeret ditt?"
    reply = varde.say("v 1234567", "out_of_scope", entities={"policy_number": "V-1234567"})
    assert "avtale V-1234567: fredag 20. november" in reply.text
    assert STORY in reply.text
    assert systems.calls == []
    reply = varde.say("ja", "affirm")
    assert "saksnummeret er V-54321" in reply.text
    assert "kundeservice@heimbud.example" in reply.text
    assert systems.calls[-1]["arguments"] == {
        "policy_number": "V-1234567",
        "date": "2026-11-20",
        "description": STORY,
    }


def test_a_policy_number_refused_at_the_end_costs_the_customer_nothing_else(
    varde: Customer, systems: ClientSystemsServer
) -> None:
    varde.say(STORY, "report_claim", entities={"date": "2026-11-20"})
    varde.say("V-9999999", "out_of_scope", entities={"policy_number": "V-9999999"})
    reply = varde.say("ja", "affirm")
    assert "Jeg finner ingen avtale med nummeret V-9999999." in reply.text
    assert reply.slots["requested_slot"] == "policy_number"
    reply = varde.say("V-1234567", "out_of_scope", entities={"policy_number": "V-1234567"})
    assert "avtale V-1234567: fredag 20. november" in reply.text
    assert STORY in reply.text
    assert "saksnummeret er V-54321" in varde.say("ja", "affirm").text


def test_a_question_in_the_middle_of_the_story_is_not_the_story(varde: Customer) -> None:
    varde.metadata["handoff"] = {"intents": []}
    varde.say("melde skade", "report_claim")
    reply = varde.say("hva dekker forsikringen?", "coverage_question", confidence=0.7)
    assert "vilkårene" in reply.text
    assert reply.slots["requested_slot"] == "claim_description"
    assert reply.slots["claim_description"] is None


def test_damage_cannot_have_happened_tomorrow(varde: Customer) -> None:
    varde.say("melde skade", "report_claim")
    varde.say("noen knuste ruta på bilen", "out_of_scope")
    reply = varde.say("i morgen", "out_of_scope", entities={"date": "2026-11-22"})
    assert "Skriv dagen det skjedde" in reply.text


def test_claim_status_tells_state_and_next_step_in_the_language(varde: Customer) -> None:
    varde.language = "nn"
    reply = varde.say("kva skjer", "claim_status", entities={"claim_number": "V-12345"})
    assert "ventar på dokument frå deg" in reply.text
    assert "Send oss kvitteringa." in reply.text
    assert "Ingrid" in reply.text
    varde.language = "en"
    reply = varde.say("and this", "claim_status", entities={"claim_number": "24-123456"})
    assert "NOK 8,200 has been paid" in reply.text


def test_a_document_is_chosen_by_button_or_word_and_sent(
    varde: Customer, systems: ClientSystemsServer
) -> None:
    reply = varde.say("trenger papirer", "insurance_documents")
    assert len([p for p in reply.payloads if p.startswith("/insurance_documents")]) == 3
    varde.say("grønt kort", "out_of_scope")
    reply = varde.say("V-1234567", "out_of_scope", entities={"policy_number": "V-1234567"})
    assert "grønt kort for V-1234567 sendt til k•••@example.no" in reply.text
    assert systems.calls[-1]["arguments"]["document"] == "green_card"


@pytest.mark.parametrize(
    "intent", ["coverage_question", "price_quote", "cancel_policy", "roadside_assistance"]
)
def test_policy_topics_go_to_a_person_at_once_with_the_reason(varde: Customer, intent: str) -> None:
    reply = varde.say("det gjelder dette", intent)
    assert reply.signal is not None
    assert reply.paused
    assert reply.signal["reason"] == "policy"
    assert reply.signal["topic"] == intent
    expected = "front" if intent == "roadside_assistance" else "normal"
    assert reply.signal["priority"] == expected
    assert reply.text.endswith(".")
    assert "setter deg over" in reply.text


@pytest.mark.parametrize(
    "intent", ["coverage_question", "price_quote", "cancel_policy", "roadside_assistance"]
)
def test_policy_topics_are_answered_where_the_client_keeps_them(
    varde: Customer, intent: str
) -> None:
    varde.metadata["handoff"] = {"intents": []}
    reply = varde.say("det gjelder dette", intent)
    assert reply.signal is None
    assert not reply.paused
    assert "/ask_human" in reply.payloads
