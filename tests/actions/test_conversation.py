"""What every client's bot answers, and how errands are interrupted, left and offered away."""

from __future__ import annotations

import pytest

from tests.actions.client_systems import ClientSystemsServer
from tests.actions.conftest import Customer


def test_greeting_and_thanks_vary_and_stay_short(heimbud: Customer) -> None:
    assert heimbud.say("hei", "greet").text != heimbud.say("hei", "greet").text
    assert "noe mer" in heimbud.say("takk", "thank").text
    assert heimbud.say("nei", "deny").text.startswith("Ha det")


def test_the_bot_says_honestly_that_it_is_one_and_that_a_person_can_be_had(
    heimbud: Customer,
) -> None:
    reply = heimbud.say("er du et menneske", "bot_challenge")
    assert "chatbot" in reply.text
    assert "ikke et menneske" in reply.text
    assert "/ask_human" in reply.payloads


def test_help_shows_this_clients_errands(heimbud: Customer, varde: Customer) -> None:
    at_heimbud = heimbud.say("hva kan du", "help").payloads
    at_varde = varde.say("hva kan du", "help").payloads
    assert 3 <= len(at_heimbud) <= 5
    assert 3 <= len(at_varde) <= 5
    assert "/track_parcel" in at_heimbud
    assert "/track_parcel" not in at_varde
    assert "/report_claim" in at_varde
    assert "/report_claim" not in at_heimbud


def test_opening_hours_and_contact_come_from_the_clients_settings(heimbud: Customer) -> None:
    heimbud.language = "nn"
    assert "måndag til fredag 8–20" in heimbud.say("når", "opening_hours").text
    reply = heimbud.say("telefon", "contact_info")
    assert "Telefon: +47 55 50 12 30" in reply.text
    assert "E-post: kundeservice@heimbud.example" in reply.text


def test_missing_settings_are_said_to_be_missing(heimbud: Customer) -> None:
    heimbud.metadata.update(hours={}, contact={})
    assert "{" not in heimbud.say("når", "opening_hours").text
    assert "be om en person" in heimbud.say("telefon", "contact_info").text


def test_out_of_scope_twice_in_a_row_offers_a_person(heimbud: Customer) -> None:
    first = heimbud.say("hva er pi", "out_of_scope")
    assert "/track_parcel" in first.payloads
    assert "/ask_human" not in first.payloads
    assert "/ask_human" in heimbud.say("og e", "out_of_scope").payloads


def test_a_complaint_is_met_shortly_with_the_offer_of_a_person(heimbud: Customer) -> None:
    reply = heimbud.say("dette er elendig", "complain")
    assert "/ask_human" in reply.payloads
    assert heimbud.say("ja", "affirm").signal is not None


def test_a_no_to_the_offer_goes_on_here(heimbud: Customer) -> None:
    heimbud.say("dette er elendig", "complain")
    reply = heimbud.say("nei", "deny")
    assert "fortsetter vi her" in reply.text
    assert not reply.paused


def test_what_was_meant_is_asked_in_the_customers_own_terms(heimbud: Customer) -> None:
    ranking = [
        {"name": "nlu_fallback", "confidence": 0.6},
        {"name": "track_parcel", "confidence": 0.3},
        {"name": "newspaper_missing", "confidence": 0.2},
        {"name": "greet", "confidence": 0.2},
    ]
    reply = heimbud.say("pakke avis", "nlu_fallback", ranking=ranking)
    assert reply.text == "Mente du en av disse?"
    assert [b["title"] for b in reply.buttons] == ["Spore en pakke", "Avisen kom ikke", "Noe annet"]


def test_a_question_in_the_middle_is_answered_and_the_form_asks_again(heimbud: Customer) -> None:
    heimbud.say("spor", "track_parcel")
    reply = heimbud.say("når har dere åpent", "opening_hours")
    assert "mandag til fredag" in reply.messages[0]["text"]
    assert "sporingsnummer" in reply.messages[1]["text"]
    assert reply.active_loop == "track_parcel_form"
    assert reply.slots["attempts"] == 0


@pytest.mark.parametrize(
    "words", ["nei glem det", "æ ombestemte mæ", "avbryt", "stopp", "never mind"]
)
def test_changing_ones_mind_leaves_the_form_politely(heimbud: Customer, words: str) -> None:
    heimbud.say("spor", "track_parcel")
    reply = heimbud.say(words, "deny")
    assert reply.active_loop is None
    assert "Greit, da lar vi det ligge." in reply.text


def test_another_errand_takes_over_from_the_form(heimbud: Customer) -> None:
    heimbud.say("spor", "track_parcel")
    reply = heimbud.say("forresten, avisa kom ikke", "newspaper_missing")
    assert reply.messages[0]["text"] == "Greit, da tar vi det i stedet."
    assert reply.messages[1]["text"] == "Hva er abonnementsnummeret ditt?"
    assert reply.active_loop == "newspaper_missing_form"


def test_an_unreadable_answer_gets_an_example_and_then_the_choice_of_a_person(
    heimbud: Customer,
) -> None:
    heimbud.say("spor", "track_parcel")
    second = heimbud.say("den grønne", "out_of_scope")
    assert "HB12345678" in second.text
    third = heimbud.say("den fra butikken", "out_of_scope")
    assert "/ask_human" in third.payloads
    assert third.active_loop == "track_parcel_form"
    assert heimbud.say("ja", "affirm").signal is not None


@pytest.mark.parametrize("fault", ["status", "nonsense", "shapeless", "unavailable"])
def test_a_failing_system_is_told_kindly_and_the_second_time_a_person_is_offered(
    heimbud: Customer, systems: ClientSystemsServer, fault: str
) -> None:
    systems.fault = fault
    first = heimbud.say("spor", "track_parcel", entities={"tracking_number": "HB12345678"})
    assert "fikk jeg ikke svar fra systemet" in first.text
    assert first.payloads == ["/track_parcel"]
    second = heimbud.press("/track_parcel")
    assert "/ask_human" in second.payloads
    assert "Traceback" not in first.text + second.text
    systems.fault = None
    assert "på vei" in heimbud.press("/track_parcel").text


def test_what_a_system_forbids_is_offered_to_a_person(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    systems.failing_operations["return_parcel"] = "not_allowed"
    reply = heimbud.say("retur", "return_parcel", entities={"tracking_number": "HB12345678"})
    assert "ikke lov til" in reply.text
    assert "/ask_human" in reply.payloads


def test_look_ups_are_kept_for_their_turn_only(heimbud: Customer) -> None:
    reply = heimbud.say("spor", "track_parcel", entities={"tracking_number": "HB12345678"})
    assert [row["operation"] for row in reply.slots["lookups"]] == ["track_parcel"]
    reply = heimbud.say("retur", "return_parcel")
    assert [row["operation"] for row in reply.slots["lookups"]] == ["return_parcel"]
    assert reply.slots["lookups"][0]["ok"] is True


@pytest.mark.parametrize("words", ["hæ, ka for et nummer?", "I don't have the number here"])
def test_a_word_about_the_number_gets_told_where_it_stands(heimbud: Customer, words: str) -> None:
    heimbud.say("spor", "track_parcel")
    reply = heimbud.say(words, "contact_info")
    assert "+47" not in reply.text
    assert "står i meldingen du fikk" in reply.text


def test_the_errand_said_again_is_no_failed_answer(heimbud: Customer) -> None:
    heimbud.say("spor", "track_parcel")
    reply = heimbud.say("jeg vil spore pakken min", "track_parcel")
    assert reply.slots["attempts"] == 0
    assert reply.slots["requested_slot"] == "tracking_number"


def test_leaving_with_a_question_gets_the_question_answered(heimbud: Customer) -> None:
    heimbud.say("spor", "track_parcel")
    reply = heimbud.say("nei glem det, når har dere egentlig åpent hos dere?", "opening_hours")
    assert "lar vi det ligge" in reply.text
    assert "mandag til fredag" in reply.text
    assert reply.active_loop is None


def test_leaving_with_another_errand_starts_it(heimbud: Customer) -> None:
    heimbud.say("spor", "track_parcel")
    reply = heimbud.say("glem det, avisa kom ikke", "newspaper_missing")
    assert reply.active_loop == "newspaper_missing_form"


def test_a_picture_is_told_the_way_inside_an_errand(heimbud: Customer) -> None:
    heimbud.say("esken er knust", "parcel_damaged")
    inside = heimbud.say("kan jeg sende bilde?", "nlu_fallback", confidence=0.3)
    assert "kundeservice@heimbud.example" in inside.text
    assert inside.slots["requested_slot"] == "tracking_number"


def test_a_picture_is_told_the_way_outside_an_errand(heimbud: Customer) -> None:
    reply = heimbud.say("jeg har et bilde av det her", "nlu_fallback", confidence=0.3)
    assert "kundeservice@heimbud.example" in reply.text


def test_a_goodbye_ends_the_errand_too(heimbud: Customer) -> None:
    heimbud.say("spor", "track_parcel")
    reply = heimbud.say("ha det", "goodbye")
    assert reply.active_loop is None
    assert reply.text.startswith("Ha det")


def test_an_aside_that_names_a_topic_is_answered_and_the_form_asks_again(
    heimbud: Customer,
) -> None:
    heimbud.metadata["handoff"] = {"intents": []}
    heimbud.say("spor", "track_parcel")
    reply = heimbud.say("og forresten vil jeg si opp avisa", "cancel_subscription")
    assert "sier du opp på" in reply.text
    assert reply.active_loop == "track_parcel_form"


def test_where_the_number_stands_is_told_without_losing_patience(heimbud: Customer) -> None:
    heimbud.say("stopp avisa", "pause_subscription")
    reply = heimbud.say("nei vent hvor finner jeg det", "deny")
    assert "øverst på fakturaen" in reply.text
    assert reply.slots["attempts"] == 0


def test_a_number_tells_two_nearly_equal_errands_apart(heimbud: Customer) -> None:
    ranking = [
        {"name": "change_address", "confidence": 0.35},
        {"name": "change_delivery", "confidence": 0.3},
    ]
    reply = heimbud.say(
        "flytt HB12345678 til torsdag",
        "change_address",
        confidence=0.35,
        ranking=ranking,
        entities={"tracking_number": "HB12345678", "date": "2026-11-26"},
    )
    assert "HB12345678 til torsdag 26. november?" in reply.text
    assert len(reply.messages) == 1


def test_a_third_matter_out_of_scope_is_met_with_other_words_and_a_person_at_hand(
    heimbud: Customer,
) -> None:
    lines = ("hva er pi", "hvem vant kampen", "lag en kake til meg", "si noe om statsministeren")
    said = [heimbud.say(line, "out_of_scope") for line in lines]
    assert len({reply.text for reply in said}) == 4
    assert all("/ask_human" in reply.payloads for reply in said[1:])
    assert not any(reply.paused for reply in said)


def test_what_nobody_can_make_sense_of_is_not_understood(
    heimbud: Customer, varde: Customer
) -> None:
    ranking = [
        {"name": "out_of_scope", "confidence": 0.35},
        {"name": "price_quote", "confidence": 0.2},
    ]
    unsure = varde.say("banan 44 traktor???", "out_of_scope", 0.35, ranking=ranking)
    likely = heimbud.say("banan 44 traktor???", "out_of_scope", 0.51)
    strange = heimbud.understood("asdf qwer", "out_of_scope", language={"confident": False})
    for reply in (unsure, likely):
        assert "skjønte jeg ikke" in reply.text
        assert len(reply.payloads) == 3
    assert "Mente du" not in strange.text


@pytest.mark.parametrize("words", ["vet ikke", "har itte noe nummer", "I don't know"])
def test_a_number_that_is_not_at_hand_gets_its_place_and_a_person_at_once(
    heimbud: Customer, words: str
) -> None:
    heimbud.say("avisa kom ikke", "newspaper_missing")
    reply = heimbud.say(words, "deny", 0.99)
    assert "øverst på fakturaen" in reply.text
    assert reply.slots["assessment"]["decision"] == "offer"
    assert reply.slots["attempts"] == 0
    again = heimbud.say("finner det ikke", "deny", 0.9)
    assert not again.paused
    assert "/ask_human" in again.payloads
    assert heimbud.writes("204511").slots["subscription_number"] == "204511"


def test_a_question_that_was_not_followed_is_put_in_other_words(heimbud: Customer) -> None:
    heimbud.language = "nn"
    heimbud.say("Kva tid kjem avisa", "newspaper_delivery_time")
    reply = heimbud.say("Eg skjønar ikkje kva du meiner med det", "deny", 0.6)
    assert "til dømes 5003" in reply.text
    assert reply.slots["attempts"] == 0
    assert "/ask_human" not in reply.payloads


def test_another_companys_matter_said_again_is_still_another_companys(varde: Customer) -> None:
    for words in ("avisa kom ikke", "da vil jeg ha avisa stoppet"):
        reply = varde.understood(words, "out_of_scope", settled="foreign")
        assert "ikke noe med aviser" in reply.text
        assert "/report_claim" in reply.payloads
    third = varde.understood("og pakken da", "out_of_scope", settled="foreign")
    assert "steller ikke med pakker" in third.text
    assert "/ask_human" in third.payloads
