"""Days told in few letters, put right at the confirmation, or in no calendar at all."""

from __future__ import annotations

import pytest

from tests.actions.client_systems import ClientSystemsServer
from tests.actions.conftest import Customer


def pause(customer: Customer, *lines: str) -> str:
    """The bot's last answer to a pause asked for in these lines."""
    reply = customer.writes(lines[0], "pause_subscription")
    for line in lines[1:]:
        reply = customer.writes(line, "deny" if line.startswith("nei") else "nlu_fallback")
    return reply.text


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("nei, til 18.", "tirsdag 1. desember", "fredag 18. desember"),
        ("nei vent, fjerde", "tirsdag 1. desember", "fredag 4. desember"),
        ("nei, fra 3.", "torsdag 3. desember", "torsdag 10. desember"),
        ("nei, til og med den 12.", "tirsdag 1. desember", "lørdag 12. desember"),
        ("nei, til 5/3-28", "tirsdag 1. desember", "søndag 5. mars 2028"),
    ],
)
def test_a_day_of_the_month_with_the_no_moves_that_end(
    heimbud: Customer, said: str, first: str, last: str
) -> None:
    opening = "stans avisen fra 1. desember til 10. desember"
    assert f"fra og med {first} til og med {last}?" in pause(heimbud, opening, "204511", said)


def test_the_month_of_such_a_day_is_the_one_at_hand(heimbud: Customer) -> None:
    opening = "stans avisen fra 4. januar til 10. januar"
    said = pause(heimbud, opening, "204511", "nei, til den 18.")
    assert "til og med mandag 18. januar 2027?" in said


def test_a_new_address_from_another_day_keeps_its_month(heimbud: Customer) -> None:
    heimbud.writes("jeg skal flytte, abonnement 204511", "change_address")
    heimbud.writes("Nygata 3, 5003 Bergen", "nlu_fallback")
    heimbud.writes("10. januar")
    assert "fra mandag 18. januar 2027?" in heimbud.writes("nei, den 18.", "deny").text


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("fred", "lørd", "fredag 27. november til og med lørdag 28. november?"),
        ("man", "tirs", "mandag 23. november til og med tirsdag 24. november?"),
        ("i mrg", "5.", "søndag 22. november til og med lørdag 5. desember?"),
    ],
)
def test_days_cut_short_answer_which_day(
    heimbud: Customer, first: str, last: str, told: str
) -> None:
    assert told in pause(heimbud, "stans avisen", "204511", first, last)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_day_in_no_calendar_is_told_so(heimbud: Customer, language: str) -> None:
    heimbud.language = language
    said = pause(heimbud, "stans avisen fra 1. desember", "204511", "31. februar")
    assert {"nb": "finnes ikke", "nn": "finst ikkje", "en": "There is no"}[language] in said
    assert "28. februar 2027" in heimbud.writes("28. februar").text or language == "en"


def test_a_day_in_no_calendar_is_told_so_at_the_confirmation(heimbud: Customer) -> None:
    opening = "stans avisen fra 1. desember til 10. desember"
    said = pause(heimbud, opening, "204511", "nei, til 31. februar")
    assert "31. februar finnes ikke i kalenderen." in said
    assert "Hva skal være annerledes?" in said


def test_payment_is_put_off_to_the_day_that_was_told(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    heimbud.writes("utsette betalinga til 15. januar", "change_payment")
    assert "til fredag 15. januar 2027?" in heimbud.writes("7301122").text
    heimbud.writes("ja", "affirm")
    assert systems.calls[-1]["arguments"] == {
        "invoice_number": "7301122",
        "change": "postpone",
        "date": "2027-01-15",
    }


def test_of_several_newspapers_it_is_asked_which_day(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    heimbud.language = "nn"
    heimbud.writes("ikkje fått avisa på to dagar", "newspaper_missing")
    reply = heimbud.writes("204511")
    assert "Kva dag manglar du avisa frå?" in reply.text
    assert [button["title"] for button in reply.buttons] == ["Gløym det"]
    reply = heimbud.writes("i går")
    assert systems.calls[-1]["arguments"]["date"] == "2026-11-20"
    assert [button["title"] for button in reply.buttons] == ["Meld ein dag til"]
    assert "Kva dag" in heimbud.press("/newspaper_missing").text
    heimbud.writes("torsdag")
    assert systems.calls[-1]["arguments"]["date"] == "2026-11-19"
