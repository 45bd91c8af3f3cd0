"""What `--against` tells of two runs."""

from __future__ import annotations

from io import StringIO
from typing import Any

from rich.console import Console

from handoff.evaluation import changes


def told(kind: str, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The lines shown, blanks in a row as one."""
    out = StringIO()
    changes.show(kind, before, after, Console(file=out, width=200))
    return [" ".join(line.split()) for line in out.getvalue().splitlines()]


def read(id_: str, predicted: str, confidence: float, text: str | None = None) -> dict[str, Any]:
    row = {"id": id_, "intent": "greet", "predicted": predicted, "confidence": confidence}
    return row | {"text": f"line [{id_}]" if text is None else text}


def test_lines_that_became_right_or_wrong_are_shown_with_their_words() -> None:
    assert told(
        "utterances",
        {"rows": [read("a", "deny", 0.4), read("b", "greet", 0.6), read("c", "deny", 0.5)]},
        {"rows": [read("a", "greet", 0.8), read("b", "deny", 0.7), read("c", "affirm", 0.5)]},
    ) == [
        "became right should be before now confidence line",
        "a greet deny greet 0.40 > 0.80 line [a]",
        "became wrong should be before now confidence line",
        "b greet greet deny 0.60 > 0.70 line [b]",
        "still wrong should be before now confidence line",
        "c greet deny affirm 0.50 > 0.50 line [c]",
        "Became right: 1, wrong: 1. Confidence moved by 0.05 or more where the reading stayed: "
        "up 0, down 0.",
    ]


def test_confidences_that_moved_are_shown_up_and_down_the_most_first() -> None:
    before = [read("a", "greet", 0.5), read("b", "greet", 0.5), read("c", "deny", 0.5),
              read("d", "greet", 0.5), read("e", "greet", 0.5)]  # fmt: skip
    after = [read("a", "greet", 0.6), read("b", "greet", 0.9), read("c", "deny", 0.2),
             read("d", "greet", 0.53), read("e", "greet", 0.44)]  # fmt: skip
    assert told("utterances", {"rows": before}, {"rows": after}) == [
        "surer read as before now moved line",
        "b greet 0.50 0.90 +0.40 line [b]",
        "a greet 0.50 0.60 +0.10 line [a]",
        "less sure read as before now moved line",
        "c deny, wrongly 0.50 0.20 -0.30 line [c]",
        "e greet 0.50 0.44 -0.06 line [e]",
        "Became right: 0, wrong: 0. Confidence moved by 0.05 or more where the reading stayed: "
        "up 2, down 2.",
    ]


def test_of_many_that_moved_the_most_moved_are_listed_and_counted() -> None:
    before = [read(str(n), "greet", 0.2) for n in range(30)]
    after = [read(str(n), "greet", 0.3 + n / 100) for n in range(30)]
    shown = told("utterances", {"rows": before}, {"rows": after})
    assert shown[0].startswith("surer (10 of 30)")
    assert shown[1].startswith("29 greet 0.20 0.59 +0.39")
    assert len(shown) == 12


def test_a_run_kept_without_texts_is_shown_with_the_texts_of_now() -> None:
    before = read("a", "deny", 0.4)
    del before["text"]
    assert (
        "line [a]" in told("utterances", {"rows": [before]}, {"rows": [read("a", "greet", 1)]})[1]
    )


def test_lines_that_are_gone_new_or_other_lines_now_are_told_apart() -> None:
    before = [read("a", "greet", 0.5), read("b", "greet", 0.5), read("c", "greet", 0.5)]
    after = [read("a", "greet", 0.5), read("c", "deny", 0.5, "else"), read("d", "greet", 0.5)]
    assert told("utterances", {"rows": before}, {"rows": after}) == [
        "Gone since that run: 2 (b, c)",
        "New: 2 (c, d)",
        "Nothing changed since that run.",
    ]
    assert told("utterances", {"rows": before[:2]}, {"rows": after[2:]}) == [
        "That run was of other lines: none of its ids and texts are in this one."
    ]


def span(entity: str, text: str) -> dict[str, Any]:
    return {"entity": entity, "start": 0, "end": len(text), "text": text}


def test_entities_are_compared_line_by_line() -> None:
    def run(*rows: tuple[str, list[dict[str, Any]], list[dict[str, Any]]]) -> dict[str, Any]:
        shown = [{"id": id_, "text": f"line {id_}", "right": not (m or e)} for id_, m, e in rows]
        errors = [{"id": id_, "missed": m, "extra": e} for id_, m, e in rows if m or e]
        return {"rows": shown, "errors": errors}

    date, place, period = span("date", "i dag"), span("place", "[Moss]"), span("period", "i jula")
    before = run(("a", [date], []), ("b", [], []), ("c", [place], []), ("d", [date], []))
    after = run(("a", [], []), ("b", [], [place]), ("c", [], [period]), ("d", [date], []))
    assert told("entities", before, after) == [
        "became right was line",
        "a missed i dag (date) line a",
        "became wrong now line",
        "b too much [Moss] (place) line b",
        "still wrong was now line",
        "c missed [Moss] (place) too much i jula (period) line c",
        "Became right: 1, wrong: 1.",
    ]
    assert told("entities", after, after) == ["Nothing changed since that run."]


def test_conversations_tell_the_turn_of_the_handover() -> None:
    before = {"rows": [{"id": "a", "handed_over_at": None, "expected": True}]}
    after = {"rows": [{"id": "a", "handed_over_at": 3, "expected": True}]}
    assert told("conversations", before, after) == [
        "changed before now person needed",
        "a kept turn 3 yes",
    ]
