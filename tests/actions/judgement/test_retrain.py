"""Learning frustration from what became of real contacts: the program, in the bot's environment."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from actions.judgement.replay import FEWEST
from actions.judgement.scores import ScoresError, read_scores, scores_in_use
from handoff.launcher.plan import BOT_PYTHON
from handoff.settings import ROOT

# The bot repeats itself, and the customer only half minds: here agents say that none was needed.
ALIKE = {"turn_count": 1.0, "bot_repeat": 1.0, "bot_bot_average": 1.0, "dissatisfied": 0.8}
FED_UP = {"turn_count": 1.0, "dissatisfied": 0.9, "said_before": 0.8, "rephrase": 0.5}


def contact(number: int, needed: bool) -> dict[str, Any]:
    features = FED_UP if needed else ALIKE
    probability = scores_in_use().frustration.probability(
        {**dict.fromkeys(scores_in_use().frustration.weights, 0.0), **features}
    )
    handed = {"features": {**features, "frustration_now": probability}, "decision": "handoff"}
    return {
        "id": f"contact-{number}",
        "turns": [
            {"features": {"frustration_now": 0.01}, "decision": "continue", "reason": None},
            {**handed, "reason": "frustration"},
        ],
        "handed": 2,
        "needed": needed,
        "late": False,
        "source": "verdict",
        "costs": {"late": 1.0, "needless": 1.0},
    }


def retrain(rows: list[dict[str, Any]], out: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BOT_PYTHON), "-m", "actions.judgement.retrain", str(out), "--version", "field-test"],
        cwd=ROOT,
        input="".join(f"{json.dumps(row)}\n" for row in rows),
        capture_output=True,
        text=True,
        check=False,
    )


def test_verdicts_teach_the_score_what_is_needless(tmp_path: Path) -> None:
    rows = [contact(number, needed=number % 2 == 0) for number in range(2 * FEWEST)]
    out = tmp_path / "scores.json"
    done = retrain(rows, out)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["labelled"] == 2 * FEWEST
    assert figures["new"]["needless"] < figures["old"]["needless"]
    assert figures["new"]["late"] <= figures["old"]["late"] + 1
    learnt, shipped = read_scores(out), scores_in_use()
    assert learnt.thresholds.version == "field-test"
    assert learnt.bot_uncertainty == shipped.bot_uncertainty
    whole = dict.fromkeys(shipped.frustration.weights, 0.0)
    assert learnt.frustration.probability({**whole, **ALIKE}) < shipped.frustration.probability(
        {**whole, **ALIKE}
    )
    assert learnt.frustration.probability({**whole, **FED_UP}) >= shipped.thresholds.enter


def test_too_few_contacts_teach_nothing(tmp_path: Path) -> None:
    out = tmp_path / "scores.json"
    done = retrain([contact(number, needed=True) for number in range(FEWEST - 1)], out)
    assert (done.returncode, out.exists()) == (1, False)
    assert f"{FEWEST - 1} labelled contacts; {FEWEST} are needed" in done.stderr


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"thresholds": {}}'])
def test_a_file_that_holds_no_scores_is_named_with_the_cure(tmp_path: Path, text: str) -> None:
    file = tmp_path / "scores.json"
    with pytest.raises(ScoresError, match=r"SCORES_FILE .*scores.json.*stafett handoff retrain"):
        read_scores(file)
    file.write_text(text, "utf-8")
    with pytest.raises(ScoresError, match=r"SCORES_FILE .*scores.json.*stafett handoff retrain"):
        read_scores(file)
