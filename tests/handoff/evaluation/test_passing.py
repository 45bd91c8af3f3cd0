"""How played conversations become figures, and the other ways to decide beside ours."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from handoff.evaluation import tables
from handoff.evaluation.baselines import keywords, polarity, repetition, two_stage
from handoff.evaluation.conversations import Golden, Played, Said, Scripted
from handoff.evaluation.passing import interval, report


def said(
    text: str = "hvor er pakken", intent: str = "track_parcel", sure: float = 0.9, **features: float
) -> Said:
    return Said(text, "Svar.", intent, sure, 0.02, {"features": features}, False)


def played(at: int | None, golden: Golden, *, reason: str | None = None, **script: Any) -> Played:
    told = {"id": "a", "client": "heimbud", "variety": "bergen", "turns": ["hei"] * 4, **script}
    return Played(Scripted(handoff=golden, **told), at, reason, (said(),) * 4)


FRUSTRATED = Golden(True, 3, 4, "frustration")
UNSURE = Golden(True, 3, 4, "uncertainty")
CALM = Golden(False, None, None, "none")


def test_who_needed_a_person_is_told_apart_from_uncertainty_and_from_the_calm() -> None:
    found = report(
        [
            played(3, FRUSTRATED, reason="frustration"),
            played(None, FRUSTRATED),
            played(None, UNSURE),
            played(2, CALM, reason="frustration", style="blunt, fine"),
            played(None, CALM, style="plain"),
        ]
    )
    assert (found["needed"]["n"], found["needed"]["in_window"]) == (2, 0.5)
    assert (found["unsure"]["n"], found["unsure"]["missed"]) == (1, 1.0)
    assert (found["calm"]["n"], found["calm"]["needless"]) == (2, 0.5)
    assert (found["hard"]["n"], found["hard"]["needless"]) == (1, 1.0)
    assert found["frustration"]["f1"] == 0.5


def test_a_pair_is_right_when_the_calm_is_kept_and_the_other_comes_in_time() -> None:
    good = [played(None, CALM, pair="1"), played(3, FRUSTRATED, pair="1")]
    late = [played(None, CALM, pair="2"), played(None, FRUSTRATED, pair="2")]
    lone = [played(3, FRUSTRATED, pair="3")]
    found = report([*good, *late, *lone])["pairs"]
    assert (found["n"], found["right"]) == (2, 0.5)


def test_baselines_stand_in_the_same_run() -> None:
    found = report([played(3, FRUSTRATED, reason="frustration"), played(None, CALM)])
    assert next(iter(found["baselines"])) == "ours"
    assert found["baselines"]["ours"]["in_window"] == 1.0
    assert found["baselines"]["keyword list"]["in_window"] == 0.0
    out = StringIO()
    tables.show("conversations", found, Console(file=out, width=160))
    assert "TwoStageFallback" in out.getvalue()
    assert "needed a person, 1: in window 100% (21 to 100)" in out.getvalue()


def test_where_nobody_is_marked_frustrated_there_is_no_f1_and_it_is_said() -> None:
    asked = Golden(True, 3, 4, "asked_human")
    found = report([played(3, asked, reason="frustration"), played(None, CALM)])
    assert found["frustration"] == {"n": 0, "f1": None, "macro": None}
    out = StringIO()
    tables.show("conversations", found, Console(file=out, width=80))
    said = " ".join(out.getvalue().split())
    assert "no conversation here is marked `frustration`, so there is no F1" in said
    assert "marked as uncertainty, apart: none here" in said
    assert "0.000" not in said
    assert "Nothing is wrong." in said


def test_a_conversation_without_a_window_may_be_handed_over_at_any_turn() -> None:
    anywhere = Golden(True, reason="frustration")
    found = report([played(1, anywhere), played(4, anywhere), played(None, anywhere)])
    assert (found["needed"]["in_window"], found["needed"]["missed"]) == (0.6667, 0.3333)


def test_at_80_columns_the_headings_of_conversations_are_whole() -> None:
    out = StringIO()
    found = report([played(3, FRUSTRATED, reason="frustration"), played(None, CALM)])
    tables.show("conversations", found, Console(file=out, width=80))
    assert out.getvalue().count("precision  recall  in window  needless  missed") == 2
    assert "…" not in out.getvalue()


@pytest.mark.parametrize(
    ("part", "whole", "found"),
    [(0, 0, None), (88, 100, (0.8019, 0.93)), (0, 65, (0.0, 0.0558))],
)
def test_intervals_are_wilsons(part: int, whole: int, found: tuple[float, float] | None) -> None:
    assert interval(part, whole) == (pytest.approx(found, abs=1e-4) if found else None)


def test_a_keyword_hits_the_blunt_as_well_as_the_angry() -> None:
    assert keywords([said(), said("Faen så bra!")]) == 2
    assert keywords([said(), said("Jeg gir opp.")]) is None


def test_polarity_needs_two_dark_words_more_than_light_ones() -> None:
    assert polarity([said("Avisen kom ikke, og den er aldri her")]) == 1
    assert polarity([said("Avisen kom ikke, men takk")]) is None


def test_repetition_is_of_either_side() -> None:
    assert repetition([said(), said(bot_repeat=1.0)]) == 2
    assert repetition([said(), said(rephrase=0.6)]) == 2
    assert repetition([said(), said(rephrase=0.3)]) is None


def test_two_stages_of_fallback_pass_on_the_third() -> None:
    lost, no = said(sure=0.2), said("nei", "deny")
    assert two_stage([said(), lost, no, lost]) == 4
    assert two_stage([lost, no, said(), lost]) is None
    assert two_stage([no, no, no]) is None
