"""Newspaper errands against the client's system."""

from __future__ import annotations

from tests.actions.client_systems import ClientSystemsServer
from tests.actions.conftest import HEIMBUD, Customer

SUBSCRIPTION = {"subscription_number": "204511"}


def test_a_missing_newspaper_is_reported_for_today_unless_a_day_is_told(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    heimbud.say("avisa kom ikke", "newspaper_missing")
    reply = heimbud.say("204511", "out_of_scope", confidence=0.2)
    assert "Fjordposten ikke kom i dag" in reply.text
    assert "Du får avisen i morgen." in reply.text
    assert systems.calls[-1]["arguments"]["date"] == "2026-11-21"


def test_a_weekday_means_the_one_that_was_and_credit_is_told(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    reply = heimbud.say(
        "avisa kom ikke torsdag",
        "newspaper_missing",
        entities={"subscription_number": "200001", "date": "2026-11-19"},
    )
    assert "torsdag 19. november" in reply.text
    assert "Vi trekker 32,50 kroner fra på neste faktura." in reply.text


def test_a_paused_newspaper_is_explained_and_not_reported(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    reply = heimbud.say(
        "avisa kom ikke", "newspaper_missing", entities={"subscription_number": "4102938"}
    )
    assert "på pause til og med søndag 29. november" in reply.text
    assert systems.operations() == ["get_subscription"]


def test_a_pause_takes_first_and_last_day_one_at_a_time(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    heimbud.say("stopp avisa", "pause_subscription")
    heimbud.say("204511", "out_of_scope")
    heimbud.say("1. desember", "out_of_scope", entities={"date": "2026-12-01"})
    reply = heimbud.say("30. november", "out_of_scope", entities={"date": "2026-11-30"})
    assert "Den siste dagen kan ikke komme før den første." in reply.text
    reply = heimbud.say("13. desember", "out_of_scope", entities={"date": "2026-12-13"})
    assert "fra og med tirsdag 1. desember til og med søndag 13. desember?" in reply.text
    reply = heimbud.say("ja", "affirm")
    assert "Du får 320 kroner igjen" in reply.text
    assert systems.calls[-1]["arguments"] == {
        "subscription_number": "204511",
        "from": "2026-12-01",
        "to": "2026-12-13",
    }


def test_a_pause_takes_a_whole_period_at_once(heimbud: Customer) -> None:
    reply = heimbud.say(
        "stopp avisa neste uke",
        "pause_subscription",
        entities={**SUBSCRIPTION, "period": {"from": "2026-11-23", "to": "2026-11-29"}},
    )
    assert "fra og med mandag 23. november til og med søndag 29. november?" in reply.text


def test_a_move_is_confirmed_before_it_is_written(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    heimbud.say("jeg flytter", "change_address", entities=SUBSCRIPTION)
    reply = heimbud.say(
        "Vangsgata 30, 5700 Voss",
        "out_of_scope",
        entities={"address": "Vangsgata 30", "postcode": "5700"},
    )
    assert reply.text == "Fra hvilken dag gjelder den nye adressen?"
    reply = heimbud.say("1. desember", "out_of_scope", entities={"date": "2026-12-01"})
    assert "204511 til Vangsgata 30, 5700, fra tirsdag 1. desember?" in reply.text
    assert "change_address" not in systems.operations()
    reply = heimbud.say("ok", "affirm")
    assert "Fra tirsdag 1. desember kommer avisen til Vangsgata 30, 5700 Voss." in reply.text


def test_delivery_times_are_told_for_a_postcode(heimbud: Customer) -> None:
    heimbud.say("når kommer avisa", "newspaper_delivery_time")
    reply = heimbud.say("5003", "out_of_scope")
    assert "innen 06.00 på hverdager og 07.30 på lørdager" in reply.text
    assert "Søndager er det ingen levering." in reply.text


def test_cancelling_goes_to_a_person_where_the_client_says_so(heimbud: Customer) -> None:
    reply = heimbud.say("jeg vil si opp", "cancel_subscription")
    assert reply.text == "Oppsigelser er det et menneske som tar seg av, så jeg setter deg over."
    assert reply.signal is not None
    assert reply.signal["reason"] == "policy"
    assert reply.signal["topic"] == "cancel_subscription"


def test_cancelling_is_answered_where_the_client_does_not_hand_it_over(heimbud: Customer) -> None:
    heimbud.metadata["handoff"] = {"intents": []}
    reply = heimbud.say("jeg vil si opp", "cancel_subscription")
    assert HEIMBUD["contact"]["phone"] in reply.text
    assert "/pause_subscription" in reply.payloads
    assert reply.signal is None


def test_any_errand_goes_to_a_person_where_the_client_says_so(
    heimbud: Customer, systems: ClientSystemsServer
) -> None:
    heimbud.metadata["handoff"] = {"intents": ["change_address"]}
    reply = heimbud.say("jeg flytter", "change_address", entities=SUBSCRIPTION)
    assert reply.signal is not None
    assert reply.signal["reason"] == "policy"
    assert reply.paused
    assert systems.calls == []


def test_a_pause_of_one_day_is_said_as_one_day(heimbud: Customer) -> None:
    reply = heimbud.say(
        "ikke avis på søndag",
        "pause_subscription",
        entities={**SUBSCRIPTION, "period": {"from": "2026-11-22", "to": "2026-11-22"}},
    )
    assert "bare søndag 22. november?" in reply.text


def test_what_the_subscription_told_is_not_asked_for(heimbud: Customer) -> None:
    heimbud.say("avisa kom ikke", "newspaper_missing", entities=SUBSCRIPTION)
    reply = heimbud.say("når pleier den å komme?", "newspaper_delivery_time")
    assert "I 5003 Bergen kommer Fjordposten innen 06.00" in reply.text
