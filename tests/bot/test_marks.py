"""Marks in a line, as data/nlu and measuring files have them."""

from __future__ import annotations

import re

import pytest

from bot.marks import Mark, MarkError, read_marks

KNOWN = ("date", "place")


def test_marks_are_taken_out_and_point_at_their_words() -> None:
    text, marks = read_marks("ingen avis [i dag](date) på [Mo i Rana](place)!", KNOWN)
    assert text == "ingen avis i dag på Mo i Rana!"
    assert marks == [Mark(11, 16, "date"), Mark(20, 29, "place")]
    assert read_marks("(uten merker)", KNOWN) == ("(uten merker)", [])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("[i dag](dato)", "no entity 'dato': use date, place"),
        ("[i dag ](date)", "a blank belongs outside"),
        ("[i dag(date)", "a bracket is no mark"),
        ("[på [lørdag](date)](date)", "a bracket is no mark"),
    ],
)
def test_what_is_no_mark_is_told_with_its_cure(line: str, said: str) -> None:
    with pytest.raises(MarkError, match=re.escape(said)):
        read_marks(line, KNOWN)
