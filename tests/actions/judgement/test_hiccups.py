"""Hiccups: nothing to answer with, or the question not followed."""

from __future__ import annotations

import pytest

from actions.judgement.features import features
from actions.judgement.hiccups import hiccup, lacks_answer, puzzled
from tests.actions.judgement.talk import turn


@pytest.mark.parametrize(
    "line",
    [
        "vet ikke",
        "veit ikkje",
        "æ veit itj",
        "har itte noe nummer",
        "har ikke nummeret sa jeg",
        "finn det ikkje",
        "eg har mista lappen",
        "I don't have the number here",
        "can't find it",
        "no idea",
    ],
)
def test_nothing_to_answer_with_is_known_in_every_variety(line: str) -> None:
    assert lacks_answer(line)


@pytest.mark.parametrize(
    "line",
    [
        "har fortsatt ikke fått den",
        "jeg har ikke fått pakken",
        "jeg vet ikke hvor mange ganger jeg har sagt det",
        "VET IKKE!!",
        "vet ikke, kanskje 204511",
        "avisa kom ikke",
        "jeg har ikke bedt om det",
        "jeg har ikke bestilt noe",
        "not sure this is good enough",
        "jeg vet ikke hvorfor dere er så trege",
    ],
)
def test_other_lines_are_no_lack_of_an_answer(line: str) -> None:
    assert not lacks_answer(line)


@pytest.mark.parametrize(
    "line",
    ["Eg skjønar ikkje kva du meiner med det", "hva mener du", "hæ?", "I don't understand"],
)
def test_a_question_that_was_not_followed_is_known(line: str) -> None:
    assert puzzled(line)


@pytest.mark.parametrize(
    "line",
    [
        "skjønner du ikke hva jeg mener",
        "dere forstår ingenting",
        "jeg skjønner ikke at dere tør",
        "Du forstår ikke hva jeg mener",
        "du skjønar ikkje det eg seier",
        "Boten skjønner ikke noe",
        "De forstår ikke",
        "You don't understand",
    ],
)
def test_blame_is_no_puzzlement(line: str) -> None:
    assert not puzzled(line)


def test_without_a_question_nothing_is_lacking() -> None:
    assert not hiccup(turn("vet ikke"))
    assert hiccup(turn("vet ikke", asked_for="invoice_number"))


def test_a_hiccup_leaves_no_trace_in_the_score_of_the_next_line() -> None:
    line = "har ikke nummeret sa jeg"
    turns = [turn(line, asked_for="tracking_number"), turn("HB12345678")]
    assert features(turns)["dissatisfied_before"] < 0.05
