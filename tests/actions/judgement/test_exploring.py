from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from actions.judgement.decision import Decision
from actions.judgement.exploring import SHARE, explored
from actions.judgement.rules import Trigger

OFFER = Decision("offer", "frustration")


def metadata(turn: int, **handoff: Any) -> dict[str, Any]:
    return {"turn_id": f"{turn:032x}", "handoff": {"explore": True, **handoff}}


def test_five_in_a_hundred_offers_are_decided_by_chance_half_each_way() -> None:
    turns = 20_000
    made = [explored(OFFER, metadata(turn)) for turn in range(turns)]
    names = Counter(decision.name for decision, _ in made)
    assert names["continue"] / turns == pytest.approx(SHARE / 2, abs=0.004)
    assert names["handoff"] / turns == pytest.approx(SHARE / 2, abs=0.004)
    assert {(decision.name, propensity) for decision, propensity in made} == {
        ("offer", 0.95),
        ("continue", 0.025),
        ("handoff", 0.025),
    }


def test_the_same_turn_answered_again_decides_alike() -> None:
    for turn in range(200):
        assert explored(OFFER, metadata(turn)) == explored(OFFER, metadata(turn))


@pytest.mark.parametrize(
    "decision",
    [
        Decision("continue"),
        Decision("clarify", "uncertainty"),
        Decision("handoff", "frustration"),
        Decision("handoff", "asked_human", Trigger("asked_human", "handoff", "asked_human")),
        Decision("offer", "no_progress", Trigger("no_progress", "offer", "no_progress")),
    ],
)
def test_what_is_plain_is_never_left_to_chance(decision: Decision) -> None:
    made = {explored(decision, metadata(turn)) for turn in range(500)}
    assert made == {(decision, 1.0)}


@pytest.mark.parametrize("given", [{}, {"handoff": {"explore": True}}, metadata(1, explore=False)])
def test_without_the_clients_leave_or_a_turn_nothing_is_changed(given: dict[str, Any]) -> None:
    assert explored(OFFER, given) == (OFFER, 1.0)


def test_an_explored_handover_keeps_its_reason() -> None:
    made = [explored(OFFER, metadata(turn))[0] for turn in range(500)]
    assert {each.reason for each in made if each.name == "handoff"} == {"frustration"}
