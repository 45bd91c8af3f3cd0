from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from actions.judgement import evaluate
from actions.judgement.corpus import CONVERSATIONS
from actions.judgement.evaluate import Outcome, figures, pairs_right, shipped


def talk(expected: bool, at: int | None, scenario: str = "s") -> Outcome:
    window = {"earliest": 2, "latest": 3} if expected else {"earliest": None, "latest": None}
    row = {"id": "x", "scenario": scenario, "handoff": {"expected": expected, **window}}
    return Outcome(row, at, None, None)


@pytest.mark.parametrize(
    ("expected", "at", "verdict"),
    [
        (True, 1, "early"),
        (True, 2, "in_window"),
        (True, 3, "in_window"),
        (True, 4, "late"),
        (True, None, "missed"),
        (False, 2, "needless"),
        (False, None, "kept"),
    ],
)
def test_a_conversation_is_judged_against_its_window(
    expected: bool, at: int | None, verdict: str
) -> None:
    assert talk(expected, at).verdict == verdict


def test_figures_are_shares_of_what_was_due_and_of_what_was_made() -> None:
    found = figures([talk(True, 2), talk(True, None), talk(False, 1), talk(False, None)])
    assert found["handoff_precision"] == 0.5
    assert found["handoff_recall"] == 0.5
    assert (found["in_window"], found["missed"], found["needless"]) == (0.5, 0.5, 0.5)


def test_a_pair_is_right_when_both_its_ends_are() -> None:
    pair = [talk(True, 2, "a"), talk(False, None, "a"), talk(True, 2, "b"), talk(False, 1, "b")]
    assert pairs_right(pair) == (1, 2)


def test_the_models_know_their_own_data() -> None:
    found = figures(shipped(CONVERSATIONS))
    assert found["handoff_precision"] >= 0.9
    assert found["needless"] <= 0.05


def test_the_command_prints_json_for_machines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    row: dict[str, Any] = {
        "id": "one",
        "client": "heimbud",
        "variety": "bokmaal",
        "turns": ["Hvor er pakken?", "Jeg vil snakke med et menneske"],
        "handoff": {"expected": True, "earliest": 2, "latest": 2, "reason": "asked_human"},
    }
    path = tmp_path / "talks.jsonl"
    path.write_text(json.dumps(row), encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["evaluate", str(path), "--json"])
    evaluate.main()
    result = json.loads(capsys.readouterr().out)
    assert result["rows"][0]["handed_over_at"] == 2
    assert result["rows"][0]["verdict"] == "in_window"
    assert result["by_reason"]["asked_human"]["in_window"] == 1.0


def test_a_file_that_is_not_there_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["evaluate", "missing.jsonl"])
    with pytest.raises(SystemExit):
        evaluate.main()
    assert "missing.jsonl" in capsys.readouterr().err
