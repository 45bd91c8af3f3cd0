from __future__ import annotations

import json
import time
from typing import Any

import pytest

from actions.judgement import acts, similarity, words
from actions.judgement.assessment import judge
from actions.judgement.history import History
from actions.judgement.reasons import CODES
from actions.judgement.scores import scores_in_use
from tests.actions.judgement.talk import VARDE, Talk

REASONS = {
    "asked_human",
    "frustration",
    "uncertainty",
    "policy",
    "repeated_failure",
    "no_progress",
    "client_system",
}
KEYS = {
    "v",
    "turn",
    "frustration",
    "uncertainty",
    "bot_uncertainty",
    "decision",
    "reason",
    "reasons",
    "features",
    "threshold_version",
    "propensity",
    "topic",
    "priority",
}


def assess(events: list[dict[str, Any]]) -> dict[str, Any]:
    return judge(History.from_events(events))


def opening(metadata: dict[str, Any] | None = None) -> Talk:
    talk = Talk(metadata).user("Hei, kor e pakken min?", "track_parcel").bot("Nummer?")
    talk.user("HB12345678", "track_parcel", entities={"tracking_number": "HB12345678"})
    return talk.slot("tracking_number", "HB12345678").bot("Pakken er på vei til deg.")


def test_the_assessment_has_the_contracts_keys_and_is_json() -> None:
    judged = assess(opening().user("Takk!", "thank").events)
    assert set(judged) == KEYS
    assert json.loads(json.dumps(judged)) == judged
    assert judged["v"] == 1
    assert judged["turn"] == 3
    assert judged["propensity"] == 1.0
    assert judged["threshold_version"] == scores_in_use().thresholds.version


def test_a_calm_turn_goes_on_without_reasons() -> None:
    judged = assess(opening().user("Fint, då venter eg te torsdag.", "thank").events)
    assert (judged["decision"], judged["reason"], judged["reasons"]) == ("continue", None, [])
    assert judged["frustration"] < 0.2


@pytest.mark.parametrize(
    "line",
    [
        "Det har eg jo sagt tre ganger no, dette e heilt håpløst",
        "Nei nå gir jeg opp, dette nytter jo ikke",
        "I have wasted my whole evening on this and you still don't answer",
        "Tusen takk for ingenting, æ bytte til nån andre",
    ],
)
def test_despair_is_handed_over_with_reasons_that_quote_it(line: str) -> None:
    judged = assess(opening().user(line, "complain", 0.5).events)
    assert (judged["decision"], judged["reason"]) == ("handoff", "frustration")
    assert 1 <= len(judged["reasons"]) <= 3
    first = judged["reasons"][0]
    assert first["code"] in CODES
    assert line in first["nb"]
    assert first["quotes"] == [line]


@pytest.mark.parametrize(
    "line",
    [
        "FAEN SÅ BRA, DÅ REKK EG DET!!!",
        "Pakken va jo faen meg flat som en pannekake haha",
        "Ok. Flytt den til lørdag.",
        "nei",
    ],
)
def test_the_man_from_bergen_is_not_handed_over(line: str) -> None:
    talk = Talk().user("KOR E PAKKEN MIN HEN", "track_parcel").bot("Nummer?")
    talk.user("HB12345678 HER", "track_parcel").bot("Pakken er på vei til deg.")
    assert assess(talk.user(line, "praise").events)["decision"] in ("continue", "clarify")


def test_policy_tells_topic_and_priority() -> None:
    judged = assess(Talk(VARDE).user("Bilen har stoppet", "roadside_assistance").events)
    assert (judged["decision"], judged["reason"]) == ("handoff", "policy")
    assert (judged["topic"], judged["priority"]) == ("roadside_assistance", "front")


def test_every_reason_is_of_the_contract_and_unique() -> None:
    line = "Kan ikke noen ringe meg? Mannen min døde, og jeg har sagt det tre ganger"
    judged = assess(opening().user(line, "ask_human").events)
    assert judged["reason"] in REASONS
    sentences = [reason["nb"] for reason in judged["reasons"]]
    assert len(sentences) == len(set(sentences)) <= 3


def test_after_a_handback_the_scores_start_anew() -> None:
    talk = opening().user("Dette er helt håpløst, dere svarer jo aldri", "complain")
    before = assess(talk.events)
    talk.slot("assessment", before).event("pause").event("resume")
    after = assess(talk.user("Når kommer avisa på lørdag?", "newspaper_delivery_time").events)
    assert after["decision"] == "continue"
    assert after["frustration"] < 0.1
    assert after["turn"] == before["turn"] + 1


@pytest.mark.parametrize("stuck", [False, True])
@pytest.mark.parametrize("count", [3, 40])
def test_a_turn_costs_at_most_five_milliseconds(count: int, stuck: bool) -> None:
    """Also in a talk that gets nowhere: no turn may look at every turn before it."""
    for remembered in (acts.act_probabilities, similarity.similarity, words.words, words.spelled):
        remembered.cache_clear()
    talk = Talk()
    costs = []
    for number in range(count):
        talk.user(f"Jeg lurer på sak nummer {number}, når får jeg svar på den da?", "claim_status")
        started = time.process_time()
        judged = assess(talk.events)
        costs.append(time.process_time() - started)
        answer = (
            "Det samme svaret." if stuck else f"Svar nummer {number} om noe helt annet enn før."
        )
        talk.slot("assessment", judged).bot(answer)
    assert sorted(costs[-5:])[len(costs[-5:]) // 2] <= 0.005
