"""Each feature rises for what it is named after, and stays at rest otherwise."""

from __future__ import annotations

import time
from collections.abc import Mapping

import pytest

from actions.judgement.acts import act_probabilities
from actions.judgement.features import (
    BOT_UNCERTAINTY,
    CALMING,
    FRUSTRATION,
    STORED_ONLY,
    UNCERTAINTY,
    features,
    is_value,
    same_answer_run,
    turns_since_progress,
)
from actions.judgement.history import Turn
from tests.actions.judgement.talk import turn

CALM = (
    turn("Hei, når kommer pakken min?", "Hva er sporingsnummeret?"),
    turn("HB12345678", "Pakken kommer torsdag.", entities=(("tracking_number", "HB12345678"),)),
)
HIGH = 0.5


def measured(*turns: Turn) -> Mapping[str, float]:
    return features(turns)


ACTS = [
    ("process_complaint", "Det svaret hjelper meg ikke i det hele tatt, dette er håpløst"),
    ("said_before", "Eg har jo allerede sagt det tre ganger"),
    ("time_lost", "No har æ sott her i en halvtime uten å kom nån vei"),
    ("giving_up", "Nei, je gir opp dette"),
    ("threat_to_leave", "Då bytter eg te et annet selskap, dokker har mista en kunde"),
    ("sarcastic_thanks", "Tusen takk for ingenting, fantastisk service"),
    ("correction", "Nei, du har misforstått, jeg mente fakturaen, ikke pakken"),
    ("unsure", "Æ veit ikke heilt ka æ ska vælge, ka meine du med det?"),
]


@pytest.mark.parametrize(("name", "line"), ACTS)
def test_an_act_is_seen_in_its_line_and_not_in_an_ordinary_one(name: str, line: str) -> None:
    assert measured(*CALM, turn(line))[name] >= HIGH
    assert measured(*CALM, turn("Fint, kan jeg hente den på lørdag?"))[name] < 0.3


@pytest.mark.parametrize("line", [line for name, line in ACTS[:6]])
def test_every_complaint_is_dissatisfaction(line: str) -> None:
    assert measured(*CALM, turn(line))["dissatisfied"] >= HIGH


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("content", "Supert, da vet jeg det. Takk for hjelpen!"),
        ("content_praise", "For en flink bot du er! Imponerende service"),
        ("content_profane", "Faen så bra, da rekk æ det før helga!"),
    ],
)
def test_contentment_is_seen_and_lowers_only(name: str, line: str) -> None:
    assert measured(*CALM, turn(line))[name] >= 0.4
    assert name in CALMING


@pytest.mark.parametrize(
    "line",
    [
        "KOR E PAKKEN MIN HEN",
        "Pakken va jo faen meg flat som en pannekake",
        "Flytt leveringen. Nå.",
        "Helvetes regn, avisen va søkkvåt i dag",
        "nei",
        "Det haster, jeg reiser i morgen",
    ],
)
def test_blunt_loud_and_profane_lines_are_no_dissatisfaction(line: str) -> None:
    assert measured(turn(line))["dissatisfied"] < HIGH


def test_dissatisfaction_just_before_is_remembered() -> None:
    found = measured(turn("Dette er helt håpløst, dere hjelper ikke", "Hva?"), turn("pakken"))
    assert found["dissatisfied_before"] >= HIGH


def test_corrections_before_are_counted() -> None:
    found = measured(turn("Nei, det var ikke det jeg spurte om", "Ok."), turn("fakturaen"))
    assert found["corrections_before"] > 0.2


def test_the_same_question_again_is_a_rephrase() -> None:
    line = "Når kommer avisa til hytta mi?"
    found = measured(turn(line, "Den kommer."), turn("Ka tid kommer avisen til hytten min?"))
    assert found["rephrase"] >= HIGH
    assert found["user_user_average"] > 0.2


def test_two_form_values_are_no_rephrase() -> None:
    assert measured(turn("HB12345678", "Hm."), turn("HB12345679"))["rephrase"] == 0.0


def test_the_bot_repeating_itself_is_seen() -> None:
    found = measured(
        turn("Hvor er den?", "Pakken er på vei til deg."),
        turn("Men når?", "Pakken er på vei til deg."),
        turn("Hva?"),
    )
    assert found["bot_repeat"] == pytest.approx(1.0)
    assert found["bot_bot_average"] >= 0.5


def test_answers_near_the_question_are_seen() -> None:
    near = measured(turn("Når kommer pakken?", "Pakken kommer torsdag."), turn("ok"))
    far = measured(turn("Når kommer pakken?", "Vi har åpent i dag."), turn("ok"))
    assert near["bot_user_average"] > far["bot_user_average"]


def test_fallbacks_before_are_counted_in_a_row_and_as_a_share() -> None:
    lost = turn("blah", "Hva?", misunderstood=True)
    found = measured(turn("hei", "Hei!"), lost, lost, turn("pakken"))
    assert found["fallbacks_before"] == 1.0
    assert found["fallback_share"] == pytest.approx(2 / 3)


def test_failed_lookups_are_counted() -> None:
    failed = turn("spor den", "Nei.", lookups=(("track_parcel", False, "unavailable"),))
    assert measured(failed, turn("igjen?"))["failed_actions"] == 0.5


def test_turns_without_progress_are_counted() -> None:
    answer = "Pakken er på vei til deg."
    turns = (turn("Hvor er den?", answer), turn("Men når?", answer), turn("Ja?", answer))
    assert measured(*turns, turn("Hallo?"))["stalled"] == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    "progress",
    [
        turn("Hva?", "Pakken er på vei til deg.", filled=("postcode",)),
        turn("Hva?", "Pakken er på vei til deg.", lookups=(("refund", True, ""),)),
        turn("5019", "Pakken er på vei til deg.", asked_for="postcode"),
        turn("Hva?", "Et helt nytt svar om saken din."),
    ],
)
def test_a_slot_a_lookup_a_value_or_a_new_answer_is_progress(progress: Turn) -> None:
    stuck = turn("Hvor er den?", "Pakken er på vei til deg.")
    assert turns_since_progress((stuck, stuck, progress, turn("ok, og så?"))) == 0


def test_capitals_count_only_as_a_change_of_style() -> None:
    loud = turn("HVOR ER PAKKEN MIN HEN", "Hm.")
    calm = turn("Hvor er pakken min hen", "Hm.")
    shout = turn("HALLO SVAR MEG DA")
    assert measured(calm, calm, shout)["caps_shift"] > 0.8
    assert measured(loud, loud, shout)["caps_shift"] == 0.0


def test_exclamation_marks_count_only_as_a_change_of_style() -> None:
    assert measured(turn("Hei der", "Hei!"), turn("Hva!!!"))["signs_shift"] == 1.0
    assert measured(turn("Hei!!! Hallo", "Hei!"), turn("Hva!!!"))["signs_shift"] == 0.0


def test_runs_of_question_marks_are_seen() -> None:
    assert measured(turn("Hva??"))["asking_runs"] == 1.0
    assert measured(turn("Hva?"))["asking_runs"] == 0.0


def test_a_line_much_shorter_or_longer_than_usual_is_seen() -> None:
    usual = turn("Hei, jeg lurer på når avisa kommer til hytta", "Torsdag.")
    assert measured(usual, turn("nei men hallo da"))["length_drop"] > 0.4
    assert measured(usual, turn("HB12345678"))["length_drop"] == 0.0
    assert measured(usual, turn("ord " * 40))["length_rise"] == 1.0


def test_thanks_after_a_failure_are_suspicious() -> None:
    lost = turn("pakken", "Det forstod jeg ikke.", misunderstood=True)
    thanks = turn("Tusen takk for hjelpen, supert")
    assert measured(lost, thanks)["thanks_after_failure"] >= HIGH
    assert measured(*CALM, thanks)["thanks_after_failure"] < 0.5


def test_the_conversation_grows() -> None:
    assert measured(turn("hei"))["turn_count"] == 0.0
    assert measured(*CALM, turn("ok"))["turn_count"] == 1.0


def test_asking_back_and_hesitating_are_seen() -> None:
    found = measured(turn("hmm, er det nummeret på lappen?"))
    assert (found["asking"], found["hesitation"]) == (1.0, 1.0)


def test_the_bots_doubt_is_measured() -> None:
    sure = turn("pakken", "Ja.", confidence=0.95)
    now = turn("det der", confidence=0.4, runner_up=0.35, choices=3, misunderstood=True)
    found = measured(sure, now)
    assert found["misunderstood"] == 1.0
    assert found["doubt"] == pytest.approx(0.6)
    assert found["doubt_rise"] == pytest.approx(0.55)
    assert found["narrow_margin"] == pytest.approx(0.9)
    assert found["choices"] == 0.5


def test_without_understanding_there_is_no_doubt() -> None:
    found = measured(turn("pakken"))
    assert [found[name] for name in ("doubt", "narrow_margin", "choices")] == [0, 0, 0]


def test_haste_is_the_time_since_the_turn_before() -> None:
    assert measured(turn("en", "to", at=0.0), turn("tre", at=5.0))["haste"] == 0.75
    assert measured(turn("en", "to", at=0.0), turn("tre", at=60.0))["haste"] == 0.0


def test_every_feature_lies_between_0_and_1_and_belongs_to_a_score() -> None:
    turns = (*CALM, turn("Dette er jo HELT håpløst!!! Hvorfor svarer dere ikke??", "Hva?"))
    known = {*FRUSTRATION, *UNCERTAINTY, *BOT_UNCERTAINTY, *STORED_ONLY}
    for at in range(1, len(turns) + 1):
        found = features(turns[:at])
        assert set(found) == known
        assert all(0.0 <= value <= 1.0 for value in found.values())


def test_the_same_answer_is_counted_in_a_row_and_starts_anew_with_new_facts() -> None:
    said = "Pakken er på vei til deg."
    again = [turn("Hvor er den?", said), turn("Men når da?", said)]
    assert same_answer_run(again) == 2
    other = turn("og denne?", said, entities=(("tracking_number", "HB2"),))
    assert same_answer_run([*again, other]) == 1


@pytest.mark.parametrize("text", ["HB12345678", "torsdag", "Storgata 14, 5015 Bergen", "ja"])
def test_bare_values_are_known(text: str) -> None:
    assert is_value(turn(text))


def test_a_sentence_is_no_bare_value() -> None:
    assert not is_value(turn("Jeg har jo sagt at pakken ikke er her"))


def test_an_answer_is_not_held_against_itself() -> None:
    assert measured(turn("Kor er han?", "Hva er sporingsnummeret?"), turn("Hm."))[
        "bot_bot_average"
    ] == 0.0  # fmt: skip
    assert measured(*CALM, turn("Takk"))["bot_bot_average"] < HIGH


@pytest.mark.parametrize(
    ("line", "alone"),
    [
        ("HB 2030 4050", True),
        ("12.05.2024", True),
        ("rr 123 456 785 no", True),
        ("5003", True),
        ("5003 Bergen", False),
        ("tre", False),
        ("HB12345678!!!", True),
        ("nå har jeg skrevet HB12345678 tre ganger", False),
    ],
)
def test_a_number_alone_says_nothing_but_itself(line: str, alone: bool) -> None:
    assert (max(act_probabilities(line).values()) == 0.0) is alone


def test_a_long_number_with_words_is_read_at_once() -> None:
    started = time.process_time()
    for digits in (18, 40, 400, 4000):
        act_probabilities("7" * digits + " er nummeret mitt og det har jeg sagt")
        act_probabilities("1 ab " * digits + "x!")
    assert time.process_time() - started < 1.0
