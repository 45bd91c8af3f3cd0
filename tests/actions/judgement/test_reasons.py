from __future__ import annotations

import re

import pytest

from actions.judgement.acts import DISSATISFIED
from actions.judgement.features import BOT_UNCERTAINTY, CALMING, FRUSTRATION, UNCERTAINTY, features
from actions.judgement.reasons import (
    CODES,
    LONGEST_QUOTE,
    of_contributions,
    of_trigger,
    sentence,
)
from actions.judgement.rules import Trigger
from tests.actions.judgement.talk import turn

EXPLAINED = sorted({*FRUSTRATION, *UNCERTAINTY, *BOT_UNCERTAINTY} - CALMING)
TURNS = (
    turn("Hei, når kommer pakken?", "Pakken er på vei."),
    turn("Når kommer den da?", "Pakken er på vei."),
    turn("Det har jeg jo sagt tre ganger, håpløst"),
)


@pytest.mark.parametrize("code", EXPLAINED)
def test_every_feature_that_raises_a_score_can_be_explained(code: str) -> None:
    found = {**dict.fromkeys(features(TURNS), 0.0), code: 1.0}
    reasons = of_contributions([(code, 1.0)], TURNS, found)
    if code == "turn_count":
        assert reasons == []
        return
    (reason,) = reasons
    assert reason.nb
    assert reason.en
    assert reason.nb != reason.en
    for quote in reason.quotes:
        assert quote in reason.nb
        assert quote in reason.en


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_sentence_says_what_was_seen_and_never_how_the_customer_is(code: str) -> None:
    reason = sentence(code, ("én linje", "to linjer"), topic="refund", times=2)
    assert not re.search(r"\b(sint|frustrert|sur|aggressiv|rasende)\b", reason.nb)
    assert not re.search(r"\b(angry|frustrated|aggressive|furious)\b", reason.en)
    assert "{" not in reason.nb + reason.en


def test_the_line_is_quoted() -> None:
    reason = of_trigger(Trigger("asked_human", "handoff", "asked_human", ("Gi meg noen",)))
    assert reason.nb == "Kunden ba om et menneske: «Gi meg noen»"
    assert reason.en == "The customer asked for a person: “Gi meg noen”"
    assert reason.quotes == ("Gi meg noen",)


def test_a_quote_with_braces_stays_as_it_is() -> None:
    assert sentence("asked_human", ("{0} {topic}",)).nb.endswith("«{0} {topic}»")


def test_a_long_quote_is_shortened() -> None:
    (quote,) = sentence("asked_human", ("ord " * 100,)).quotes
    assert len(quote) == LONGEST_QUOTE
    assert quote.endswith("…")


def test_what_one_line_does_is_one_reason_the_clearest_act() -> None:
    found = {**dict.fromkeys(DISSATISFIED, 0.1), "dissatisfied": 0.9, "said_before": 0.9}
    shares = [("dissatisfied", 3.0), ("process_complaint", 2.0), ("said_before", 1.0)]
    assert [reason.code for reason in of_contributions(shares, TURNS, found)] == ["said_before"]


def test_the_bots_own_answer_is_quoted_with_how_often_it_came() -> None:
    (reason,) = of_contributions([("bot_repeat", 1.0)], TURNS, {"bot_repeat": 1.0})
    assert reason.nb == "Boten ga samme svar 2 ganger: «Pakken er på vei.»"


def test_weak_shares_are_no_reasons() -> None:
    assert of_contributions([("rephrase", 0.01)], TURNS, {"rephrase": 0.9}) == []


@pytest.mark.parametrize("code", ["rephrase", "dissatisfied", "dissatisfied_before", "unsure"])
def test_nothing_is_claimed_that_is_less_likely_than_not(code: str) -> None:
    found = {**dict.fromkeys(DISSATISFIED, 0.1), code: 0.4}
    assert of_contributions([(code, 2.0)], TURNS, found) == []


def test_the_earlier_line_that_was_dissatisfied_is_the_one_quoted() -> None:
    turns = (
        turn("Dette er håpløst, dere hjelper ikke i det hele tatt", "Hva er sporingsnummeret?"),
        turn("4711 Oslo", "Takk."),
        turn("Og nå?"),
    )
    (reason,) = of_contributions(
        [("dissatisfied_before", 1.0)], turns, {"dissatisfied_before": 0.9}
    )
    assert reason.quotes == (turns[0].said,)
