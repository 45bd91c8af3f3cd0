from __future__ import annotations

import pytest

from actions.judgement.similarity import similarity
from actions.judgement.style import caps_share, loud_signs, rise
from actions.judgement.words import plain, spelled, words


@pytest.mark.parametrize(
    "line",
    [
        "Eg har ikkje fått noko",
        "Æ har itj fått nå",
        "Je har itte fått noe",
        "jg har ikk fått noe",
    ],
)
def test_varieties_meet_in_standard_spellings(line: str) -> None:
    assert words(line)[:3] == ("jeg", "har", "ikke")


def test_numbers_are_short_or_long_and_kept_when_spelled() -> None:
    assert words("3 ganger, HB12345678!!") == ("#", "ganger", "hb", "##", "!!")
    assert spelled("3 ganger") == ("3", "ganger")


def test_stretched_letters_are_one_word() -> None:
    assert words("sååååå bra") == ("så", "bra")


def test_invisible_characters_hide_nothing() -> None:
    assert plain("sn\u200bakke\u00a0 med") == "snakke med"


def test_the_same_in_another_variety_is_alike() -> None:
    assert similarity("Hvor er pakken min?", "Kor e pakken min") > 0.9


def test_other_contents_are_not_alike() -> None:
    assert similarity("Hvor er pakken min?", "Når forfaller regninga?") < 0.4


def test_one_word_answers_are_never_alike() -> None:
    assert similarity("nei", "nei") == 0.0


def test_answers_about_two_numbers_differ() -> None:
    assert similarity("Pakke HB11112222 er levert", "Pakke HB99993333 er levert") < 0.92


def test_capitals_and_signs_are_shares() -> None:
    assert caps_share("HVOR ER PAKKEN") == 1.0
    assert caps_share("OK") == 0.0
    assert loud_signs("hva!!!") == 1.0
    assert loud_signs("hva?") == 0.0


def test_only_what_rises_above_habit_counts() -> None:
    assert rise(1.0, [1.0, 0.2]) == 0.0
    assert rise(1.0, [0.1]) == pytest.approx(0.9)
    assert rise(1.0, []) == 0.0
