from __future__ import annotations

import io
import json
import sys
from typing import Any

import pytest

from actions.judgement import replay
from actions.judgement.replay import Contact, ReplayError, changed, interval, report, shares
from actions.judgement.scores import scores_in_use

THRESHOLDS = scores_in_use().thresholds


def turn(probability: float, decision: str = "continue", reason: str | None = None) -> Any:
    return {
        "features": {"frustration_now": probability},
        "decision": decision,
        "reason": reason,
        "propensity": 1.0,
    }


def row(*turns: Any, handed: int | None = None, needed: bool = False, late: bool = False) -> Any:
    return {"id": "a", "turns": list(turns), "handed": handed, "needed": needed, "late": late}


def contact(*turns: Any, **given: Any) -> Contact:
    return Contact.from_raw(row(*turns, **given))


FRUSTRATED = turn(0.60, "handoff", "frustration")
ASKED = turn(0.05, "handoff", "asked_human")


def test_at_the_threshold_in_use_a_replay_does_what_was_done() -> None:
    for each in (
        contact(turn(0.1), turn(0.2)),
        contact(turn(0.1), FRUSTRATED, handed=2, needed=True),
        contact(turn(0.1), ASKED, handed=2, needed=True),
    ):
        assert each.handed(THRESHOLDS) == each.made


def test_a_higher_threshold_spares_the_needless_and_fails_the_needy() -> None:
    needless = contact(turn(0.1), FRUSTRATED, handed=2)
    needed = contact(turn(0.1), FRUSTRATED, handed=2, needed=True)
    now, then = (shares([needless, needed], THRESHOLDS, at) for at in (THRESHOLDS.enter, 0.7))
    assert (now["needless"], now["late"]) == (50.0, 0.0)
    assert (then["needless"], then["late"]) == (0.0, 50.0)
    assert now["needless_interval"][0] < 50 < now["needless_interval"][1]


def test_a_lower_threshold_catches_whom_the_bot_kept_too_long() -> None:
    missed = contact(turn(0.1), turn(0.42), needed=True, late=True)
    assert missed.is_late(missed.handed(THRESHOLDS))
    low = shares([missed], THRESHOLDS, 0.25)
    assert (low["late"], low["handed_over"]) == (0.0, 1)
    assert low["cost_needless"] < 1 < shares([missed], THRESHOLDS, 0.7)["cost_needless"]


def test_what_came_too_late_is_in_time_only_a_turn_earlier() -> None:
    late = contact(turn(0.1), turn(0.42), FRUSTRATED, handed=3, needed=True, late=True)
    assert late.is_late(late.handed(THRESHOLDS))
    assert changed([late], THRESHOLDS, 0.25) == [
        {"id": "a", "needed": True, "handed_at": 3, "would_be_at": 2}
    ]
    assert shares([late], THRESHOLDS, 0.25)["late"] == 0.0


def test_no_threshold_moves_what_a_rule_or_the_customer_decided() -> None:
    asked = contact(turn(0.1), ASKED, handed=2, needed=True)
    by_button = contact(turn(0.1), turn(0.1), handed=2, needed=True)
    for each in (asked, by_button):
        assert each.handed(THRESHOLDS, shift=3.0) == 2


def test_a_clients_costs_are_those_it_was_judged_with() -> None:
    doubtful = row(turn(0.1), turn(0.50), needed=True, late=True)
    dear = {**doubtful, "costs": {"late": 2.0, "needless": 1.0}}
    assert Contact.from_raw(doubtful).handed(THRESHOLDS) is None
    assert Contact.from_raw(dear).handed(THRESHOLDS) == 2


def test_shares_are_hidden_below_a_hundred_labelled_contacts() -> None:
    one = contact(turn(0.1), FRUSTRATED, handed=2)
    few, enough = report([one] * 99, 0.7), report([one] * 100, 0.7)
    assert few["curve"] == []
    assert len(few["changed"]) == 99
    assert [each["threshold"] for each in enough["curve"]] == sorted({*replay.CURVE, 0.7})
    assert enough["alike"] == 1.0


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"), [(0, 100, 0.0, 0.037), (50, 100, 0.404, 0.596)]
)
def test_intervals_are_wilsons(part: int, whole: int, low: float, high: float) -> None:
    assert interval(part, whole) == pytest.approx((low, high), abs=0.001)


@pytest.mark.parametrize("line", ["", "{", "[]", "{}", json.dumps({**row(), "turns": [1]})])
def test_a_line_that_is_no_contact_is_named(line: str) -> None:
    good = json.dumps(row(turn(0.1)))
    with pytest.raises(ReplayError, match="line 2"):
        replay.read([good, line])


def test_the_program_reads_lines_and_prints_one_object(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(row(turn(0.1))) + "\n"))
    monkeypatch.setattr(sys, "argv", ["replay", "--threshold", "0.5"])
    assert replay.main() == 0
    assert json.loads(capsys.readouterr().out)["labelled"] == 1
