"""Questions that only the conversation so far explains."""

from __future__ import annotations

import pytest

from tests.actions.client_systems import ClientSystemsServer
from tests.actions.conftest import Customer


def test_hours_after_a_pickup_point_are_the_pickup_points(heimbud: Customer) -> None:
    heimbud.writes("hvor kan jeg hente pakken?", "pickup_point")
    heimbud.writes("5003")
    reply = heimbud.writes("ka tid stenge det då?", "opening_hours")
    assert "man–fre 08–21" in reply.text
    assert "Samvirkelaget Voss" in reply.text
    assert "mandag til fredag 8–20" in heimbud.writes("når har dere åpent?", "opening_hours").text


def test_hours_after_a_parcel_at_a_pickup_point_are_the_pickup_points(heimbud: Customer) -> None:
    heimbud.writes("hvor er HB10000004", "track_parcel")
    reply = heimbud.writes("når stenger de?", "opening_hours")
    assert "man–lør 07–22" in reply.text


def report(varde: Customer) -> None:
    varde.writes("jeg vil melde en skade", "report_claim")
    varde.writes("Det er vannlekkasje på kjøkkenet", "report_claim")
    varde.writes("i går")
    varde.writes("V-1234567", "claim_status", 0.8)


def test_money_after_a_claim_is_about_the_claim(varde: Customer) -> None:
    report(varde)
    varde.writes("ja", "affirm")
    reply = varde.writes("når får jeg pengene?", "refund")
    assert "faktura" not in reply.text
    assert "V-54321" in reply.text
    assert reply.active_loop is None


def test_money_in_the_middle_of_a_claim_is_told_and_the_form_goes_on(varde: Customer) -> None:
    varde.writes("jeg vil melde en skade", "report_claim")
    varde.writes("Det er vannlekkasje på kjøkkenet", "report_claim")
    reply = varde.writes("når får jeg pengene?", "refund")
    assert reply.active_loop == "report_claim_form"
    assert "skadebehandler" in reply.text


def test_an_invoice_that_is_named_is_looked_up_all_the_same(
    varde: Customer, systems: ClientSystemsServer
) -> None:
    report(varde)
    varde.writes("ja", "affirm")
    varde.writes("jeg har betalt fakturaen to ganger, når får jeg pengene?", "refund")
    assert systems.operations()[-1] == "refund"


def test_a_refund_for_a_parcel_is_not_met_with_an_invoice_number(heimbud: Customer) -> None:
    heimbud.language = "en"
    heimbud.writes("my parcel HB12345678 came broken, the vase is in pieces", "parcel_damaged")
    reply = heimbud.writes("can you refund me?", "refund")
    assert "invoice number" not in reply.text
    assert "H-246979" in reply.text
    assert "/ask_human" in reply.payloads


def test_a_refund_for_a_tracked_parcel_leads_to_reporting_it(heimbud: Customer) -> None:
    heimbud.writes("hvor er HB12345678", "track_parcel")
    reply = heimbud.writes("kan jeg få pengene tilbake?", "refund")
    assert "fakturanummer" not in reply.text
    assert "/parcel_damaged" in reply.payloads
    assert reply.active_loop is None


@pytest.mark.parametrize("words", ["ka skjer no då?", "hva skjer nå?", "what happens next?"])
def test_what_happens_next_is_told_after_a_missing_newspaper(heimbud: Customer, words: str) -> None:
    heimbud.writes("avisa kom ikke", "newspaper_missing")
    heimbud.writes("204511")
    reply = heimbud.writes(words, "help")
    assert "A-1000" in reply.text
    assert "Du får avisen i morgen." in reply.text
    assert reply.active_loop is None


def test_what_happens_next_is_told_after_a_damaged_parcel(heimbud: Customer) -> None:
    heimbud.writes("pakken HB12345678 kom knust, vasen er i to deler", "parcel_damaged")
    reply = heimbud.writes("og hva skjer nå?", "help")
    assert "H-246979" in reply.text
    assert "torsdag 26. november" in reply.text


def test_a_paper_that_is_to_be_stopped_is_no_parcel(heimbud: Customer) -> None:
    heimbud.writes("avisa kom ikke", "newspaper_missing")
    heimbud.writes("204511")
    reply = heimbud.writes(
        "kan dokkar stanse den neste uke? eg ska te Syden", "change_delivery", 0.9
    )
    assert reply.active_loop == "pause_subscription_form"
    assert "mandag 23. november til og med søndag 29. november?" in reply.text


@pytest.mark.parametrize(
    "words",
    ["no, nobody in the house has it", "ingen av naboene har den", "ja, har sjekka overalt"],
)
def test_nobody_has_it_means_that_it_was_looked_for(
    heimbud: Customer, systems: ClientSystemsServer, words: str
) -> None:
    heimbud.writes("pakken HB10000005 kom aldri", "parcel_not_received")
    reply = heimbud.writes(words, "parcel_not_received", 0.91)
    assert "H-969544" in reply.text
    assert systems.operations()[-1] == "report_parcel_missing"


def test_not_yet_is_not_looked_for(heimbud: Customer, systems: ClientSystemsServer) -> None:
    heimbud.writes("pakken HB10000005 kom aldri", "parcel_not_received")
    heimbud.writes("nei, jeg har ikke spurt naboene ennå", "deny")
    assert "report_parcel_missing" not in systems.operations()


def test_the_price_is_said_to_be_unknown_and_the_question_comes_again(heimbud: Customer) -> None:
    heimbud.writes("stans avisa", "pause_subscription")
    reply = heimbud.writes("vent, hva koster det?", "out_of_scope", 0.31)
    assert "Prisen" in reply.messages[0]["text"]
    assert "bonnementsnummer" in reply.messages[-1]["text"]
    assert reply.slots["attempts"] == 0


def test_the_price_in_the_opening_line_is_answered_too(heimbud: Customer) -> None:
    heimbud.language = "nn"
    reply = heimbud.writes(
        "Eg skal flytte og vil ha avisa på ny adresse. Kva kostar det?", "change_address"
    )
    assert "Prisen" in reply.messages[0]["text"]
    assert "abonnementsnummer" in reply.messages[-1]["text"]


def test_thanks_in_the_middle_are_acknowledged_and_no_more(heimbud: Customer) -> None:
    heimbud.writes("stans avisa", "pause_subscription")
    reply = heimbud.writes("takk!", "thank")
    assert reply.messages[0]["text"] == "Bare hyggelig."
    assert "noe mer" not in reply.text
    assert "bonnementsnummer" in reply.messages[1]["text"]
    reply = heimbud.writes("så flink du er", "praise")
    assert "noe mer" not in reply.text


@pytest.mark.parametrize("words", ["🍌🍌🍌", "?!", "...", "🤷"])
def test_a_line_without_words_is_not_understood(heimbud: Customer, words: str) -> None:
    reply = heimbud.writes(words, "goodbye", 0.42)
    assert "Ha det" not in reply.text
    assert "/track_parcel" in reply.payloads
    assert reply.signal is None


def test_a_line_without_words_does_not_end_a_form(heimbud: Customer) -> None:
    heimbud.writes("stans avisa", "pause_subscription")
    reply = heimbud.writes("🍌🍌🍌", "goodbye", 0.82)
    assert reply.active_loop == "pause_subscription_form"
    assert "Ha det" not in reply.text


def test_a_thumb_still_means_yes(heimbud: Customer, systems: ClientSystemsServer) -> None:
    heimbud.writes("stans avisa neste uke", "pause_subscription")
    heimbud.writes("204511")
    heimbud.writes("👍", "affirm")
    assert systems.operations()[-1] == "pause_subscription"


@pytest.mark.parametrize("intent", ["out_of_scope", "nlu_fallback", "insurance_documents"])
def test_another_companys_field_is_said_to_be_so(varde: Customer, intent: str) -> None:
    reply = varde.writes("hvor er pakken min?", intent, 0.28)
    assert "Varde Forsikring" in reply.text
    assert "pakker" in reply.text
    assert "/report_claim" in reply.payloads
    assert "/insurance_documents" not in reply.payloads[:1]


def test_a_crash_is_a_claim_and_asks_after_everybody(varde: Customer) -> None:
    reply = varde.writes("Jeg har kræsjet bilen", "roadside_assistance", 0.89)
    assert reply.signal is None
    assert reply.active_loop == "report_claim_form"
    assert "bra med alle" in reply.text
    reply = varde.writes("ja, alle er uskadd", "affirm")
    assert reply.signal is None
    assert "godt å høre" in reply.messages[0]["text"]
    assert reply.slots["attempts"] == 0
    assert reply.active_loop == "report_claim_form"


@pytest.mark.parametrize(
    "words",
    [
        "jeg har kræsjet og bilen står midt i veien",
        "krasjet nå, trenger bergingsbil",
        "I crashed and need a tow",
        "bilen starter ikke",
    ],
)
def test_a_car_that_stands_still_gets_roadside_assistance(varde: Customer, words: str) -> None:
    reply = varde.writes(words, "roadside_assistance", 0.89)
    assert reply.signal is not None
    assert reply.signal["priority"] == "front"


def test_a_paper_with_no_issue_that_day_is_not_reported(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    heimbud.metadata["now"] = "2026-11-22T09:00:00+01:00"
    heimbud.writes("avisa kom ikke i dag", "newspaper_missing")
    reply = heimbud.writes("204511")
    assert "report_newspaper_missing" not in systems.operations()
    assert "Fjordposten kommer ikke på søndager" in reply.text
    assert "Hvilken dag" in reply.text
    reply = heimbud.writes("i går")
    assert systems.calls[-1]["arguments"]["date"] == "2026-11-21"
    assert "meldt" in reply.text


def test_no_issue_today_is_told_in_nynorsk_and_may_be_let_go(heimbud: Customer) -> None:
    heimbud.language = "nn"
    heimbud.metadata["now"] = "2026-11-22T09:00:00+01:00"
    heimbud.writes("avisa mi 204511 kom ikkje", "newspaper_missing")
    reply = heimbud.writes("204511")
    assert "kjem ikkje på søndagar" in reply.text
    reply = heimbud.writes("nei, det var berre i dag", "deny")
    assert reply.active_loop is None


def test_thanks_at_the_confirmation_writes_nothing(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    heimbud.writes("stans avisa neste uke", "pause_subscription")
    heimbud.writes("204511")
    reply = heimbud.writes("ok takk for hjelpen", "thank")
    assert "pause_subscription" not in systems.operations()
    assert reply.active_loop == "pause_subscription_form"


def test_a_day_is_an_answer_and_no_goodbye(heimbud: Customer) -> None:
    heimbud.writes("stans avisa", "pause_subscription")
    heimbud.writes("204511")
    reply = heimbud.writes("lørdag da", "goodbye", 0.74)
    assert reply.slots["pause_from"] == "2026-11-21"
    assert "Ha det" not in Customer.writes(heimbud, "avbryt").text
    assert "Ha det" not in heimbud.writes("på lørdag da", "goodbye", 0.74).text


def test_a_number_alone_begins_no_other_errand(heimbud: Customer) -> None:
    heimbud.writes("utsett faktura 7301122", "change_payment")
    reply = heimbud.writes("7301122", "track_parcel", 0.52)
    assert reply.active_loop == "change_payment_form"


def test_a_new_house_number_keeps_the_town(heimbud: Customer) -> None:
    heimbud.writes("endre levering av HB12345678 til Storgata 5, 5700 Voss", "change_delivery")
    reply = heimbud.writes("nei, Storgata 7", "deny")
    assert "til Storgata 7, 5700 Voss i stedet?" in reply.text


def test_a_no_to_a_person_is_never_met_with_one(heimbud: Customer) -> None:
    heimbud.writes("hvor er pakken min", "track_parcel")
    heimbud.writes("glem det", "deny")
    heimbud.writes("er du et menneske?", "bot_challenge")
    assert heimbud.writes("nei", "deny").signal is None


def test_a_yes_to_what_was_meant_begins_it(heimbud: Customer) -> None:
    ranking = [{"name": "track_parcel", "confidence": 0.4}]
    reply = heimbud.say("den greia der", "track_parcel", 0.4, ranking=ranking)
    assert reply.payloads[0] == "/track_parcel"
    assert heimbud.writes("ja", "affirm").active_loop == "track_parcel_form"


def test_paid_already_is_about_the_invoice_and_no_refund(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    heimbud.writes("hva er faktura 7301122", "invoice_question")
    reply = heimbud.understood(
        "jeg betalte den for to uker siden!", "invoice_question", about="paid"
    )
    assert "noen virkedager" in reply.text
    assert "/ask_human" in reply.payloads
    assert "refund" not in systems.operations()


def test_a_payment_that_arrived_is_said_to_have(heimbud: Customer) -> None:
    heimbud.writes("hva er faktura 7301123", "invoice_question")
    reply = heimbud.understood("men jeg har betalt den", "invoice_question", about="paid")
    assert "betalt" in reply.text
    assert "virkedager" not in reply.text


def test_the_due_date_is_told_alone(heimbud: Customer) -> None:
    heimbud.writes("hva er faktura 7301122", "invoice_question")
    reply = heimbud.understood("ka tid e fristen no", "invoice_question", about="due")
    assert "fredag 4. desember" in reply.text
    assert len(reply.messages) == 1


def test_why_a_parcel_is_late_is_told_as_far_as_it_is_known(heimbud: Customer) -> None:
    heimbud.writes("hvor er HB10000007", "track_parcel")
    reply = heimbud.understood("hvorfor er den forsinket?", "track_parcel", about="late")
    assert "står ikke i sporingen" in reply.text
    assert "torsdag 26. november" in reply.text
    assert {"/change_delivery", "/ask_human"} <= set(reply.payloads)


def test_a_parcel_on_time_is_said_not_to_be_late(heimbud: Customer) -> None:
    heimbud.writes("hvor er HB12345678", "track_parcel")
    reply = heimbud.understood("koffor e han så sen", "track_parcel", about="late")
    assert "ikke meldt forsinket" in reply.text


def test_when_a_reported_newspaper_comes_is_told(heimbud: Customer) -> None:
    heimbud.writes("avisa kom ikke", "newspaper_missing")
    heimbud.writes("204511")
    reply = heimbud.understood("ok takk. men når kommer den?", "help", about="next")
    assert "Du får avisen i morgen." in reply.text
