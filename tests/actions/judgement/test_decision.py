from __future__ import annotations

import pytest

from actions.judgement.decision import (
    DECLINED_COOL_DOWN,
    IGNORED_COOL_DOWN,
    Costs,
    Level,
    cooling_down,
    decide,
    frustrated,
)
from actions.judgement.history import Turn
from actions.judgement.rules import Trigger
from actions.judgement.scores import Thresholds
from tests.actions.judgement.talk import turn

AT = Thresholds("test", enter=0.5, leave=0.3, at_once=0.8, strong_act=0.6, clarify=0.6)
EVEN = Costs()
QUIET = {"giving_up": 0.0, "time_lost": 0.0, "threat_to_leave": 0.0, "doubt": 0.0}
OFFERED = Trigger("same_answer", "offer", "repeated_failure")
HANDED = Trigger("asked_human", "handoff", "asked_human")


def level(*probabilities: float) -> Level:
    return Level.over(probabilities, AT.enter)


def decided(
    *probabilities: float,
    fired: list[Trigger] | None = None,
    turns: tuple[Turn, ...] = (turn("hei"), turn("hva")),
    bot: float = 0.0,
    customer: float = 0.0,
    found: dict[str, float] | None = None,
) -> tuple[str, str | None]:
    made = decide(
        turns,
        fired or [],
        level(*probabilities),
        {**QUIET, **(found or {})},
        bot,
        customer,
        AT,
        EVEN,
    )
    return made.name, made.reason


def test_the_average_weighs_the_newest_turn_half() -> None:
    assert level(0.8, 0.4).average == pytest.approx(0.4)


def test_who_gives_up_in_the_first_line_is_offered_a_person() -> None:
    first = (turn("I give up. Useless."),)
    assert decided(0.1, turns=first, found={"giving_up": 0.7}) == ("offer", "frustration")
    assert decided(0.1, turns=first, found={"time_lost": 0.7}) == ("continue", None)


def test_one_bad_turn_offers_and_two_hand_over() -> None:
    assert decided(0.1, 0.6) == ("offer", "frustration")
    assert decided(0.6, 0.6) == ("handoff", "frustration")
    assert decided(0.6, 0.1, 0.6) == ("handoff", "frustration")


def test_a_bad_turn_that_passed_is_let_go() -> None:
    assert decided(0.6, 0.1, 0.0) == ("continue", None)


def test_a_nearly_certain_turn_hands_over_alone() -> None:
    assert decided(0.1, 0.85) == ("handoff", "frustration")


@pytest.mark.parametrize("act", ["giving_up", "time_lost", "threat_to_leave"])
def test_an_act_that_is_seldom_said_twice_hands_over_alone(act: str) -> None:
    assert decided(0.1, 0.6, found={act: 0.7}) == ("handoff", "frustration")
    assert decided(0.1, 0.4, found={act: 0.7}) == ("offer", "frustration")


def test_a_rule_goes_before_the_scores() -> None:
    assert decided(0.9, fired=[HANDED]) == ("handoff", "asked_human")


def test_frustration_goes_before_a_rule_that_only_offers() -> None:
    assert decided(0.9, fired=[OFFERED]) == ("handoff", "frustration")
    assert decided(0.1, fired=[OFFERED]) == ("offer", "repeated_failure")


def test_costs_move_the_threshold() -> None:
    assert Costs(late=1, needless=1).move(0.5) == pytest.approx(0.5)
    assert Costs(late=3, needless=1).move(0.5) == pytest.approx(0.25)
    assert Costs(late=1, needless=3).move(0.5) == pytest.approx(0.75)
    assert Costs(late=1000, needless=1).move(0.5) == 0.20
    quiet = {**QUIET}
    late = Costs(late=2)
    assert frustrated(Level.over((0.45, 0.45), late.move(AT.enter)), quiet, AT, late)
    assert not frustrated(level(0.45, 0.45), quiet, AT, EVEN)


@pytest.mark.parametrize("wrong", [None, 0, -1, "x"])
def test_a_cost_that_makes_no_sense_is_one(wrong: object) -> None:
    assert Costs.from_settings({"cost_late": wrong, "cost_needless": 2}) == Costs(1, 2)


def test_after_an_offer_that_was_ignored_there_is_a_pause() -> None:
    offered = turn("hva", "Vil du?", decision="offer")
    for later in range(1, IGNORED_COOL_DOWN + 1):
        turns = (turn("hei"), offered, *[turn("så")] * later)
        assert cooling_down(turns)
        assert decided(0.4, turns=turns) == ("continue", None)
    assert not cooling_down((offered, *[turn("så")] * (IGNORED_COOL_DOWN + 1)))


def test_after_no_thanks_the_pause_is_longer() -> None:
    offered = turn("hva", "Vil du?", decision="offer")
    declined = turn("nei takk", intent="deny")
    assert cooling_down((offered, declined, *[turn("så")] * (DECLINED_COOL_DOWN - 1)))
    assert not cooling_down((offered, declined, *[turn("så")] * DECLINED_COOL_DOWN))


def test_no_pause_holds_back_a_handover() -> None:
    turns = (turn("hva", "Vil du?", decision="offer"), turn("nei takk", intent="deny"))
    assert decided(0.9, turns=turns) == ("handoff", "frustration")
    assert decided(0.1, turns=turns, fired=[HANDED]) == ("handoff", "asked_human")


def test_a_bot_that_is_lost_asks_what_was_meant_then_offers_and_then_hands_over() -> None:
    assert decided(0.1, bot=0.7) == ("clarify", "uncertainty")
    asked = (turn("det der", decision="clarify"), turn("den greia"))
    assert decided(0.1, bot=0.7, turns=asked) == ("offer", "uncertainty")
    offered = (asked[0], turn("den greia", decision="offer"), turn("dingsen"))
    assert decided(0.1, bot=0.7, turns=offered) == ("handoff", "uncertainty")
    assert decided(0.1, bot=0.2, turns=asked) == ("continue", None)


def test_an_unsure_customer_is_no_handover() -> None:
    assert decided(0.1, customer=0.9, found={"doubt": 0.6}) == ("clarify", "uncertainty")
    assert decided(0.1, customer=0.9, found={"doubt": 0.1}) == ("continue", None)


def test_a_form_asks_again_by_itself() -> None:
    turns = (turn("meld skade"), turn("Jeg rygget på en stolpe", asked_for="claim_description"))
    assert decided(0.1, bot=0.9, turns=turns) == ("continue", None)


@pytest.mark.parametrize("line", ["jeg sa fredag", "det hjalp ikke", "I said Friday"])
def test_the_first_mild_line_is_answered_with_an_offer_and_the_second_hands_over(
    line: str,
) -> None:
    turns = (turn("flytt pakken"), turn(line, intent="deny", confidence=0.6))
    assert decided(0.1, 0.82, turns=turns) == ("offer", "frustration")
    again = (turns[0], turn("nei", decision="offer"), turns[1])
    assert decided(0.1, 0.82, turns=again) == ("handoff", "frustration")


@pytest.mark.parametrize("line", ["jeg sa fredag!", "JEG SA FREDAG", "jeg sa jo fredag for lenge"])
def test_emphasis_or_more_words_are_not_mild(line: str) -> None:
    turns = (turn("flytt pakken"), turn(line, intent="deny", confidence=0.6))
    assert decided(0.1, 0.82, turns=turns) == ("handoff", "frustration")


def test_a_clear_question_is_answered_whatever_its_words_remind_of() -> None:
    asked = turn("ka e det eg betaler for egentlig?", intent="invoice_question", confidence=0.95)
    assert decided(0.1, 0.6, turns=(turn("hei"), asked)) == ("continue", None)


@pytest.mark.parametrize(("settled", "words"), [("other", "noe annet"), ("signed", "mvh turid")])
def test_none_of_these_and_a_signature_are_no_sign_of_anything(settled: str, words: str) -> None:
    said = turn(words, intent="help", confidence=1.0, settled=settled)
    assert decided(0.1, 0.9, turns=(turn("hei"), said)) == ("continue", None)
