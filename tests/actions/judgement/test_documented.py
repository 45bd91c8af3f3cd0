from __future__ import annotations

from pathlib import Path

import pytest

from actions.judgement.acts import ACTS
from actions.judgement.features import BOT_UNCERTAINTY, FRUSTRATION, STORED_ONLY, UNCERTAINTY
from actions.judgement.scores import scores_in_use

PAGE = (Path(__file__).parents[3] / "docs" / "knowing-when.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name", sorted({*FRUSTRATION, *UNCERTAINTY, *BOT_UNCERTAINTY, *STORED_ONLY})
)
def test_every_feature_is_explained_on_the_page(name: str) -> None:
    assert f"`{name}`" in PAGE


def test_the_page_states_the_thresholds_that_decide() -> None:
    at = scores_in_use().thresholds
    for value in (at.enter, at.leave, at.at_once, at.strong_act, at.clarify):
        assert f"{value:.2f}"[1:] in PAGE


def test_no_act_is_a_list_of_bad_words_or_a_dialect() -> None:
    assert not {act for act in ACTS if "swear" in act or "dialect" in act}
