"""Billing errands against the client's system."""

from __future__ import annotations

from tests.actions.client_systems import ClientSystemsServer
from tests.actions.conftest import Customer


def test_an_invoice_is_explained_line_by_line(heimbud: Customer) -> None:
    heimbud.say("hva er dette for en faktura", "invoice_question")
    reply = heimbud.say("7301122", "out_of_scope", entities={"number": "7301122"})
    assert "Faktura 7301122 er på 459 kroner og forfaller fredag 4. desember." in reply.text
    assert "• Avis, desember: 399 kroner" in reply.text
    assert "KID-nummeret er 0073011224." in reply.text


def test_the_question_decides_what_digits_are(heimbud: Customer) -> None:
    heimbud.say("faktura", "invoice_question")
    reply = heimbud.say("7301122", "out_of_scope", entities={"subscription_number": "7301122"})
    assert "Faktura 7301122" in reply.text
    assert reply.slots["subscription_number"] is None


def test_an_invoice_is_found_by_subscription_or_policy_too(
    heimbud: Customer, varde: Customer, systems: ClientSystemsServer
) -> None:
    heimbud.say("faktura", "invoice_question")
    assert "Faktura 7301122" in heimbud.say("200001", "out_of_scope").text
    heimbud.say("faktura", "invoice_question")
    reply = varde.say("regning", "invoice_question", entities={"policy_number": "V-1234567"})
    assert "Faktura 8801122 på 1 249,50 kroner forfalt torsdag 12. november" in reply.text.replace(
        "\u00a0", " "
    )


def test_a_seven_digit_subscription_number_finds_its_invoice(heimbud: Customer) -> None:
    heimbud.say("faktura", "invoice_question")
    assert "Faktura 7301122" in heimbud.say("2000012", "out_of_scope").text


def test_a_payment_is_changed_after_choice_and_confirmation(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    reply = heimbud.say("betale", "change_payment", entities={"invoice_number": "7301122"})
    assert reply.text == "Hva vil du gjøre med betalingen?"
    assert len(reply.payloads) == 5
    reply = heimbud.press(reply.payloads[0])
    assert reply.text == "Skal jeg utsette forfallet på faktura 7301122?"
    reply = heimbud.press("/affirm")
    assert "Ny forfallsdato for faktura 7301122 er fredag 18. desember." in reply.text
    assert systems.calls[-1]["arguments"] == {"invoice_number": "7301122", "change": "postpone"}


def test_a_paid_invoice_has_nothing_to_change(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    reply = heimbud.say("utsett", "change_payment", entities={"invoice_number": "7301123"})
    assert "er betalt" in reply.text
    assert "change_payment" not in systems.operations()


def test_refunds_are_told_as_they_stand(heimbud: Customer) -> None:
    reply = heimbud.say("refusjon", "refund", entities={"invoice_number": "7301122"})
    assert "60 kroner for faktura 7301122 er godkjent" in reply.text
    reply = heimbud.say("og denne", "refund", entities={"invoice_number": "7301129"})
    assert "ikke registrert noen tilbakebetaling" in reply.text


def test_a_wish_to_pay_later_is_taken_from_the_first_words(heimbud: Customer) -> None:
    heimbud.say("faktura", "invoice_question", entities={"invoice_number": "7301122"})
    reply = heimbud.say("kan jeg betale den senere?", "change_payment")
    assert reply.text == "Skal jeg utsette forfallet på faktura 7301122?"
