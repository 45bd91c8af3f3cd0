"""The picture of what other thresholds would cost."""

from __future__ import annotations

from xml.etree import ElementTree

from handoff.evaluation.conversations import Golden, Played, Said, Scripted
from handoff.evaluation.curve import THRESHOLDS, Point, curve, drawn

NEEDED, CALM = Golden(True, 2, 2, "frustration"), Golden(False, None, None, "none")


def said(frustration: float, decision: str = "continue", reason: str | None = None) -> Said:
    judged = {
        "features": {"frustration_now": frustration},
        "decision": decision,
        "reason": reason,
    }
    return Said("hei", "Svar.", "greet", 0.9, 0.0, judged, decision == "handoff")


def played(golden: Golden, *turns: Said) -> Played:
    script = Scripted("a", "heimbud", "bergen", ["hei"] * len(turns), golden)
    return Played(script, None, None, turns)


def at(points: list[Point], threshold: float) -> Point:
    return next(point for point in points if point.threshold == threshold)


def test_a_higher_threshold_keeps_more_and_hands_over_less() -> None:
    results = [
        played(NEEDED, said(0.0), said(0.7)),
        played(NEEDED, said(0.0), said(0.4)),
        played(CALM, said(0.0), said(0.5)),
        played(CALM, said(0.0), said(0.0)),
    ]
    points = curve(results, "uncertainty")
    assert [point.threshold for point in points] == list(THRESHOLDS)
    assert at(points, 0.3) == Point(0.3, 0.0, 50.0)
    assert at(points, 0.6) == Point(0.6, 50.0, 0.0)
    assert at(points, 0.9) == Point(0.9, 100.0, 0.0)


def test_a_rule_hands_over_whatever_the_threshold_and_too_late_is_no_help() -> None:
    asked = said(0.0, "handoff", "asked_human")
    late = played(NEEDED, said(0.0), said(0.0), asked)
    in_time = played(NEEDED, said(0.0), asked)
    points = curve([late, in_time, played(CALM, said(0.0))], "uncertainty")
    assert {point.kept for point in points} == {50.0}


def test_uncertainty_is_left_out_and_one_side_alone_makes_no_curve() -> None:
    unsure = Golden(True, 1, 1, "uncertainty")
    assert curve([played(unsure, said(0.0)), played(CALM, said(0.0))], "uncertainty") == []


def test_the_picture_is_one_that_a_browser_can_read() -> None:
    picture = ElementTree.fromstring(drawn([Point(0.1, 0.0, 62.0), Point(0.9, 40.0, 3.0)], (5, 6)))
    text = " ".join(picture.itertext())
    assert "as it runs" in text
    assert "0.10" in text
