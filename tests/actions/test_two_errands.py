"""Two errands in one message: one after the other, each with its own words, and none is lost."""

from __future__ import annotations

import pytest

from tests.actions.client_systems import ClientSystemsServer
from tests.actions.conftest import Customer


def parcel_and_invoice(customer: Customer) -> None:
    customer.asks_both(
        "hvor er pakken? |og så lurer jeg på fakturaen", "track_parcel", "invoice_question"
    )


def test_both_are_acknowledged_and_done_one_after_the_other(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    reply = heimbud.asks_both(
        "avisen kom ikke i går, |og så lurer jeg på fakturaen 7301122",
        "newspaper_missing",
        "invoice_question",
    )
    assert (
        reply.messages[0]["text"] == "Først tar jeg dette: avisen som ikke kom. Etterpå: fakturaen."
    )
    assert reply.active_loop == "newspaper_missing_form"
    reply = heimbud.writes("204511")
    assert systems.operations() == [
        "get_subscription",
        "report_newspaper_missing",
        "get_invoice",
    ]
    assert systems.calls[1]["arguments"]["date"] == "2026-11-20"
    assert "Da tar vi fakturaen." in reply.text
    assert reply.text.index("meldt") < reply.text.index("Da tar vi") < reply.text.index("459")
    assert reply.slots["waiting_errand"] is None
    assert reply.active_loop is None


def three(customer: Customer) -> str:
    text = "avisen kom ikke, hvor er pakken HB12345678 og så lurer jeg på fakturaen 7301122"
    starts = [text.index(words) for words in ("avisen", "hvor", "lurer")]
    intents = ["newspaper_missing", "track_parcel", "invoice_question"]
    errands = [
        {"intent": intent, "confidence": 0.95, "start": start, "end": end}
        for intent, start, end in zip(intents, starts, [*starts[1:], len(text)], strict=True)
    ]
    return customer.understood(text, intents[0], errands=errands).messages[0]["text"]


def test_a_third_errand_waits_its_turn_too(heimbud: Customer, systems: ClientSystemsServer) -> None:
    said = three(heimbud)
    assert said == "Først tar jeg dette: avisen som ikke kom. Etterpå: pakken og fakturaen."
    reply = heimbud.writes("204511")
    assert reply.text.index("Da tar vi pakken.") < reply.text.index("Da tar vi fakturaen.")
    assert systems.operations()[-2:] == ["track_parcel", "get_invoice"]
    assert reply.slots["waiting_errand"] is None
    assert reply.active_loop is None


def test_the_third_is_dropped_by_its_name_and_the_second_stays(heimbud: Customer) -> None:
    three(heimbud)
    heimbud.understood("glem fakturaen", "deny", lets_go_of="invoice_question")
    reply = heimbud.writes("204511")
    assert "Da tar vi pakken." in reply.text
    assert "Da tar vi fakturaen." not in reply.text


def test_a_handover_keeps_all_that_waits_on_the_card(heimbud: Customer) -> None:
    three(heimbud)
    reply = heimbud.writes("gi meg et menneske", "ask_human")
    assert reply.signal is not None
    wishes = [line["en"].split(",")[0] for line in reply.signal["tried"]]
    assert wishes == [
        "The customer also wants: the parcel",
        "The customer also wants: the invoice",
    ]


def test_both_may_be_done_in_the_very_turn(heimbud: Customer, systems: ClientSystemsServer) -> None:
    heimbud.language = "nn"
    reply = heimbud.asks_both(
        "kvar er pakka HB12345678? |Dessutan er faktura 7301122 rar",
        "track_parcel",
        "invoice_question",
    )
    assert systems.operations() == ["track_parcel", "get_invoice"]
    assert reply.messages[0]["text"] == "Først tek eg dette: pakka. Etterpå: fakturaen."
    assert "Då tek vi fakturaen." in reply.text
    assert reply.active_loop is None


def test_the_second_waits_over_several_turns(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    heimbud.language = "en"
    heimbud.asks_both(
        "pause the paper 1 December, |and where is my parcel HB12345678",
        "pause_subscription",
        "track_parcel",
    )
    heimbud.writes("204511")
    reply = heimbud.writes("10 December")
    assert "1 December" in reply.text
    assert "track_parcel" not in systems.operations()
    reply = heimbud.writes("yes", "affirm")
    assert "Now for the parcel." in reply.text
    assert systems.operations()[-2:] == ["pause_subscription", "track_parcel"]


def test_each_errand_has_the_days_of_its_own_part(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    heimbud.asks_both(
        "avisa 204511 kom ikke i går. |I tillegg vil jeg stanse den fra 1. til 10. desember",
        "newspaper_missing",
        "pause_subscription",
    )
    reply = heimbud.writes("204511")
    assert systems.calls[-1]["arguments"]["date"] == "2026-11-20"
    assert "1. desember til og med torsdag 10. desember?" in reply.text


def test_the_question_about_the_second_is_read_by_the_second(heimbud: Customer) -> None:
    parcel_and_invoice(heimbud)
    reply = heimbud.writes("HB12345678", "track_parcel")
    assert reply.active_loop == "invoice_question_form"
    assert "459" in heimbud.writes("7301122").text


def test_the_first_is_let_go_and_the_second_is_taken_up(heimbud: Customer) -> None:
    parcel_and_invoice(heimbud)
    reply = heimbud.writes("glem det", "deny")
    assert [m["text"] for m in reply.messages][:2] == [
        "Greit, da lar vi det ligge.",
        "Da tar vi fakturaen.",
    ]
    assert reply.active_loop == "invoice_question_form"


def test_the_second_is_dropped_by_its_name_and_the_first_goes_on(heimbud: Customer) -> None:
    parcel_and_invoice(heimbud)
    reply = heimbud.understood("glem fakturaen", "deny", lets_go_of="invoice_question")
    assert reply.messages[0]["text"] == "Greit, da lar vi fakturaen ligge."
    assert reply.active_loop == "track_parcel_form"
    assert "Da tar vi" not in heimbud.writes("HB12345678", "track_parcel").text


@pytest.mark.parametrize("words", ["glem alt sammen", "glem begge", "forget both"])
def test_both_are_dropped_at_once(heimbud: Customer, words: str) -> None:
    parcel_and_invoice(heimbud)
    reply = heimbud.writes(words, "deny")
    assert reply.active_loop is None
    assert len(reply.messages) == 1
    assert reply.slots["waiting_errand"] is None


def test_what_was_done_meanwhile_is_not_taken_up_again(heimbud: Customer) -> None:
    parcel_and_invoice(heimbud)
    heimbud.writes("fakturaen først, nummer 7301122", "invoice_question")
    assert "Da tar vi" not in heimbud.writes("takk", "thank").text


def test_a_handover_keeps_the_second_on_the_card(heimbud: Customer) -> None:
    parcel_and_invoice(heimbud)
    reply = heimbud.writes("gi meg et menneske", "ask_human")
    assert reply.signal is not None
    assert reply.signal["topic"] == "track_parcel"
    assert reply.signal["tried"] == [
        {
            "nb": "Kunden vil også: fakturaen, «og så lurer jeg på fakturaen»",
            "en": "The customer also wants: the invoice, “og så lurer jeg på fakturaen”",
        }
    ]
    assert reply.slots["waiting_errand"] is None


def test_a_first_errand_for_people_takes_the_second_with_it(heimbud: Customer) -> None:
    reply = heimbud.asks_both(
        "jeg vil si opp avisen. |Og så lurer jeg på fakturaen",
        "cancel_subscription",
        "invoice_question",
    )
    assert reply.signal is not None
    assert reply.signal["topic"] == "cancel_subscription"
    assert "fakturaen" in reply.signal["tried"][-1]["nb"]


def test_a_second_errand_for_people_is_handed_over_when_its_turn_comes(heimbud: Customer) -> None:
    heimbud.asks_both(
        "hvor er pakken? |Og så vil jeg si opp avisen", "track_parcel", "cancel_subscription"
    )
    reply = heimbud.writes("HB12345678", "track_parcel")
    assert reply.signal is not None
    assert (reply.signal["reason"], reply.signal["topic"]) == ("policy", "cancel_subscription")
    assert [line["nb"] for line in reply.signal["tried"]] == ["Sporet pakke HB12345678"]
    assert reply.text.index("på vei") < reply.text.index("Da tar vi oppsigelsen av avisen.")


def test_an_answer_without_a_form_goes_before_the_second(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    reply = heimbud.asks_both(
        "når har dere åpent? |Og hvor er pakken HB12345678", "opening_hours", "track_parcel"
    )
    assert systems.operations() == ["track_parcel"]
    assert reply.text.index("8–20") < reply.text.index("Da tar vi pakken.")


def test_an_offer_of_a_person_is_answered_before_the_second(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    systems.failing_operations["track_parcel"] = "not_allowed"
    reply = heimbud.asks_both(
        "hvor er HB12345678? |Og så lurer jeg på faktura 7301122",
        "track_parcel",
        "invoice_question",
    )
    assert "Da tar vi" not in reply.text
    assert "/ask_human" in reply.payloads
    reply = heimbud.press('/deny{"choice": "go_on"}')
    assert reply.messages[0]["text"] == "Da tar vi fakturaen."
    assert "459" in reply.text


def test_a_story_that_is_asked_for_may_speak_of_two_matters(varde: Customer) -> None:
    varde.writes("jeg vil melde en skade", "report_claim")
    reply = varde.asks_both(
        "noen har kjørt på bilen. |Verkstedet sendte meg fakturaen",
        "claim_status",
        "invoice_question",
    )
    assert reply.active_loop == "report_claim_form"
    assert reply.slots["waiting_errand"] is None
    story = "noen har kjørt på bilen. Verkstedet sendte meg fakturaen"
    assert reply.slots["claim_description"] == story


def test_a_correction_changes_the_errand_and_keeps_its_day(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    heimbud.writes("den kom ikke i går", "parcel_not_received")
    yesterday = {"entity": "date", "value": "2026-11-20", "start": 0, "end": 0}
    reply = heimbud.understood(
        "nei, jeg mente avisen, ikke pakken",
        "newspaper_missing",
        corrects={"text": "den kom ikke i går avisen", "entities": [yesterday]},
    )
    assert reply.active_loop == "newspaper_missing_form"
    heimbud.writes("204511")
    assert systems.calls[-1]["arguments"]["date"] == "2026-11-20"


def test_a_correction_at_a_confirmation_is_no_no(heimbud: Customer) -> None:
    heimbud.writes("stans avisa neste uke", "pause_subscription")
    heimbud.writes("204511")
    reply = heimbud.understood(
        "nei, pakken",
        "track_parcel",
        corrects={"text": "stans pakken neste uke", "entities": []},
    )
    assert reply.active_loop == "track_parcel_form"


@pytest.mark.parametrize(
    ("said", "last"),
    [
        ("10", "torsdag 10. desember"),
        ("den 5.", "lørdag 5. desember"),
        ("3", "torsdag 3. desember"),
    ],
)
def test_a_bare_number_is_a_day_where_a_day_was_asked_for(
    heimbud: Customer, said: str, last: str
) -> None:
    heimbud.writes("stans avisen fra 1. desember", "pause_subscription")
    heimbud.writes("204511")
    assert f"til og med {last}?" in heimbud.writes(said).text


def test_ok_after_an_answer_asks_for_nothing_again(heimbud: Customer) -> None:
    heimbud.writes("hvor er HB12345678", "track_parcel")
    assert heimbud.writes("ok", "affirm").text == "Fint. Er det noe mer jeg kan hjelpe med?"
    assert "Skriv hva det gjelder" in heimbud.writes("ja", "affirm").text


def test_yes_to_a_menu_is_no_yes_to_a_person(heimbud: Customer) -> None:
    heimbud.writes("hjelp", "help")
    reply = heimbud.writes("ja", "affirm")
    assert reply.signal is None
