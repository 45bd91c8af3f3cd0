"""Answers that touch more than the question: lengths, corrections, and facts that stay."""

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
    ("opening", "length", "first", "last"),
    [
        ("stans avisen fra fredag", "3 uker", "fredag 27. november", "torsdag 17. desember"),
        ("stans avisen fra neste mandag", "to uker", "mandag 23. november", "søndag 6. desember"),
        ("stopp avisa frå 1. desember", "ein månad", "tirsdag 1. desember", "torsdag 31. desember"),
        ("stopp avisa fra i morgen", "i fem dager", "søndag 22. november", "torsdag 26. november"),
    ],
)
def test_a_length_as_the_end_is_counted_from_the_first_day(
    heimbud: Customer, opening: str, length: str, first: str, last: str
) -> None:
    said = pause(heimbud, opening, "204511", length)
    assert f"fra og med {first} til og med {last}?" in said


def test_a_length_before_the_first_day_waits_for_it(heimbud: Customer) -> None:
    assert "Fra og med hvilken dag" in pause(heimbud, "stopp avisa i to uker", "204511")
    assert "27. november til og med torsdag 10. desember?" in heimbud.writes("fredag").text


def test_a_named_week_as_the_end_keeps_the_first_day(heimbud: Customer) -> None:
    said = pause(heimbud, "stans avisen fra fredag", "204511", "ut neste uke")
    assert "fra og med fredag 27. november til og med" in said


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("nei, til 10. desember", "mandag 23. november", "torsdag 10. desember"),
        ("nei, fra 25. november", "onsdag 25. november", "lørdag 5. desember"),
        ("nei, den 12. desember", "mandag 23. november", "lørdag 12. desember"),
        ("nei, to uker", "mandag 23. november", "søndag 6. desember"),
    ],
)
def test_a_no_with_one_end_moves_that_end_alone(
    heimbud: Customer, said: str, first: str, last: str
) -> None:
    opening = "stans avisen fra 23. november til 5. desember"
    assert f"fra og med {first} til og med {last}?" in pause(heimbud, opening, "204511", said)


def test_a_wrong_date_mended_with_one_end_keeps_the_other(heimbud: Customer) -> None:
    opening = "stans avisen fra 23. november til 5. desember"
    pause(heimbud, opening, "204511", "nei, feil dato")
    said = heimbud.writes("fra lørdag").text
    assert "fra og med lørdag 21. november til og med lørdag 5. desember?" in said


def test_a_time_alone_is_no_description_of_a_claim(varde: Customer) -> None:
    varde.writes("jeg vil melde en skade", "report_claim")
    reply = varde.writes("i går kveld", "greet", 0.79)
    assert reply.slots["requested_slot"] == "claim_description"
    assert reply.slots["claim_date"] == "2026-11-20"
    reply = varde.writes("vannlekkasje på badet", "goodbye", 0.34)
    assert reply.slots["requested_slot"] == "policy_number"
    assert reply.slots["claim_description"] == "vannlekkasje på badet"


def claim(varde: Customer) -> None:
    varde.writes("jeg vil melde en skade", "report_claim")
    varde.writes("Det er vannlekkasje på kjøkkenet", "report_claim")
    varde.writes("i går")
    varde.writes("V-1234567", "claim_status", 0.8)


def test_the_day_of_a_claim_is_mended_with_the_no(
    varde: Customer, systems: ClientSystemsServer
) -> None:
    claim(varde)
    reply = varde.writes("Nei, det var forrigårs", "deny")
    assert "torsdag 19. november, «Det er vannlekkasje på kjøkkenet». Stemmer det?" in reply.text
    varde.writes("ja", "affirm")
    assert systems.calls[-1]["arguments"]["date"] == "2026-11-19"


def test_the_description_of_a_claim_is_mended_with_the_no(varde: Customer) -> None:
    claim(varde)
    reply = varde.writes("nei, det var en vannlekkasje på badet", "deny")
    assert "«en vannlekkasje på badet». Stemmer det?" in reply.text


def test_a_postcode_in_the_address_is_told_once(heimbud: Customer) -> None:
    heimbud.writes("jeg flytter", "change_address")
    heimbud.writes("204511")
    heimbud.writes("Storgata 5, 5700 Voss")
    reply = heimbud.writes("1. desember")
    assert "til Storgata 5, 5700 Voss, fra tirsdag" in reply.text
    assert "kommer avisen til Storgata 5, 5700 Voss." in heimbud.writes("ja", "affirm").text


def test_a_parcel_address_is_told_whole(heimbud: Customer) -> None:
    heimbud.writes("endre levering av HB12345678", "change_delivery")
    reply = heimbud.writes("den skal til Storgata 5, 5700 Voss")
    assert reply.text.count("5700") == 1
