from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from actions.judgement.acts import ACTS, MODEL_FILE
from actions.judgement.corpus import (
    CONVERSATIONS,
    ORDINARY,
    VARIETIES,
    CorpusError,
    act_files,
    fingerprint,
    read_act_lines,
    read_conversations,
    read_written,
)
from actions.judgement.played import PLAYED
from actions.judgement.scores import SCORES_FILE


def test_every_act_has_lines_in_every_variety() -> None:
    counted = Counter((act, line.variety) for line in read_act_lines() for act in line.acts)
    assert {(act, variety) for act in ACTS for variety in VARIETIES} <= set(counted)


def test_the_written_conversations_cover_every_variety_and_pair_calm_with_escalating() -> None:
    rows = read_written()
    assert {row["variety"] for row in rows} == set(VARIETIES)
    scenarios: dict[str, set[bool]] = {}
    for row in rows:
        scenarios.setdefault(row["scenario"], set()).add(row["handoff"]["expected"])
    assert sum(len(kinds) == 2 for kinds in scenarios.values()) >= 80


def test_the_models_are_those_of_the_data() -> None:
    now = fingerprint([*act_files(), CONVERSATIONS, ORDINARY, PLAYED])
    for path in (MODEL_FILE, SCORES_FILE):
        written = json.loads(path.read_text(encoding="utf-8"))
        assert written["fingerprint"] == now, "run python -m actions.judgement.train"


def row(**changes: object) -> str:
    handoff = {"expected": True, "earliest": 1, "latest": 1, "reason": "frustration"}
    return json.dumps({"id": "x", "turns": ["hei"], "handoff": handoff, **changes})


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "line 1: no valid JSON"),
        ("[]", "line 1: expected one JSON object"),
        (row(turns="hei"), "turns must be a list"),
        (row(turns=[]), "turns must be a list"),
        (row(handoff={}), "handoff.expected must be true or false"),
        (row(handoff={"expected": True, "earliest": 2, "latest": 2}), "from 1 to 1"),
        (row(handoff={"expected": True, "earliest": None, "latest": 1}), "turn numbers"),
    ],
)
def test_a_wrong_conversation_is_named_with_its_place(
    tmp_path: Path, content: str, told: str
) -> None:
    path = tmp_path / "talks.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=told):
        read_conversations(path)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("swearing.yml", "bokmaal: [hei]", "no act 'swearing'"),
        ("praise.yml", "dansk: [hej]", "unknown variety 'dansk'"),
        ("praise.yml", "- hei", "expected varieties"),
        ("praise.yml", "bokmaal: [7]", "is no text"),
    ],
)
def test_a_wrong_act_file_is_named_with_its_cure(
    tmp_path: Path, name: str, content: str, told: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=told):
        read_act_lines(tmp_path)
