"""Words held against the register of places."""

from __future__ import annotations

import pytest

from bot.gazetteer import beside, hints, nearly


@pytest.mark.parametrize(
    ("word", "how"),
    [
        ("trondhjæm", "big"),
        ("drammmen", "big"),
        ("lillehamer", "big"),
        ("sandvikaa", "big"),
        ("levangern", "ending"),
        ("stavager", "slip"),
        ("stormen", "some"),  # not big Strømmen
        ("regningen", ""),
        ("pakke", ""),
        ("os", ""),
    ],
)
def test_a_word_is_nearly_a_place_by_sound_ending_or_one_slip(word: str, how: str) -> None:
    assert nearly(word) == how


@pytest.mark.parametrize(
    ("postcode", "words", "count"),
    [
        ("4340", ["Bryne", "og"], 1),
        ("8622", ["Mo", "i", "Rana"], 3),
        ("1400", ["ski"], 1),  # its own place, though an everyday word
        ("7340", ["opdal"], 1),
        ("7500", ["stjørdaln"], 1),
        ("5003", ["og", "Bergen"], 0),
        ("5003", ["mo", "takk"], 0),
        ("5003", [], 0),
    ],
)
def test_words_after_a_postcode_name_its_place_or_another(
    postcode: str, words: list[str], count: int
) -> None:
    assert beside(postcode, words) == count


def test_a_first_name_and_a_foreign_keyboard_are_told() -> None:
    assert hints(["Kari", "Tromso"], ["", ""]) == [["n=X"], ["g=placeBX"]]
