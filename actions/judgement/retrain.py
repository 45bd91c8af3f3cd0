"""``python -m actions.judgement.retrain OUT``: the frustration score, learnt from contacts as well.

Reads what `replay` reads, each line also with its ``source``. What agents and customers said of
real contacts is added to the written conversations; the acts and the other scores stay. Writes the
scores into OUT and prints, as JSON, how old and new do on the same contacts, the new one on folds
it had not seen. Deterministic; needs scikit-learn.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from .corpus import read_written
from .features import FRUSTRATION
from .replay import FEWEST, Contact, ReplayError, shares
from .rules import HANDOFF
from .scores import Score, file_in_use, scores_in_use
from .train import FOLDS, Judged, act_examples, all_vectors, as_text, calibrated, fold_of, stacked

WEIGHTS: Mapping[str, float] = {
    "verdict": 1.0,
    "rating": 0.7,
    "left": 0.5,
    "again": 0.3,
    "stayed_away": 0.3,
}
"""How much a contact's turn counts against a written one, by who says what was needed."""


@dataclass(frozen=True)
class Example:
    """One turn of a contact: its features and whether a person was to come for frustration."""

    contact: str
    features: Mapping[str, float]
    frustrated: bool
    weight: float


def examples(raw: Mapping[str, Any]) -> list[Example]:
    """The turns of a labelled contact of which something is known.

    Before a handover that was due the customer was served well; one that came too late was due a
    turn earlier. Asked for, or by a rule, it says nothing of frustration on its own turn.
    """
    turns, handed, weight = raw["turns"], raw["handed"], WEIGHTS[raw["source"]]
    truth: list[bool | None] = [False] * len(turns)
    if raw["needed"] and handed is None:
        truth = [None] * (len(turns) - 1) + [True]
    elif raw["needed"] and handed:
        last = turns[handed - 1]
        by_score = (last["decision"], last["reason"]) == (HANDOFF, "frustration")
        truth[handed - 1] = True if by_score or raw["late"] else None
        if raw["late"] and handed > 1:
            truth[handed - 2] = True
    return [
        Example(str(raw["id"]), _whole(turn["features"]), known, weight)
        for turn, known in zip(turns, truth, strict=True)
        if known is not None
    ]


def _whole(stored: Mapping[str, float]) -> dict[str, float]:
    """The features as they were: what was nothing was not stored."""
    return {name: float(stored.get(name, 0.0)) for name in FRUSTRATION}


def fit(
    judged: Sequence[Judged],
    found: Sequence[Mapping[str, float]],
    field: Sequence[Example],
) -> dict[str, Any]:
    """The raw frustration score of written and real turns together."""
    return calibrated(
        FRUSTRATION,
        [*found, *(each.features for each in field)],
        [*(turn.frustrated for turn in judged), *(each.frustrated for each in field)],
        [*(fold_of(turn.row["scenario"]) for turn in judged), *(fold_of(e.contact) for e in field)],
        [*(1.0 for _ in judged), *(each.weight for each in field)],
    )


def judged_by(score: Score, contact: Contact, raw: Mapping[str, Any]) -> Contact:
    """The contact with the probabilities another score gives its turns."""
    return replace(
        contact,
        probabilities=tuple(
            # What was no frustration by rule, a hiccup or a quiet leave, stays none.
            score.probability(_whole(turn["features"])) if before else 0.0
            for turn, before in zip(raw["turns"], contact.probabilities, strict=True)
        ),
    )


def report(rows: Sequence[Mapping[str, Any]], version: str) -> tuple[dict[str, Any], str]:
    """Figures of old and new on the same contacts, and the text of the new scores' file."""
    in_use = scores_in_use()
    contacts = [Contact.from_raw(row) for row in rows]
    field = [example for row in rows for example in examples(row)]
    lines, written = act_examples(), read_written()
    vectors = all_vectors(lines, written)
    with threadpool_limits(1):
        _, judged, found = stacked(lines, written, vectors)
    unseen = list(contacts)
    for fold in range(FOLDS):
        known = [example for example in field if fold_of(example.contact) != fold]
        made = _score(fit(judged, found, known))
        for at, (contact, row) in enumerate(zip(contacts, rows, strict=True)):
            if fold_of(contact.id) == fold:  # contacts of one conversation are in one fold
                unseen[at] = judged_by(made, contact, row)
    raw = json.loads(file_in_use().read_text(encoding="utf-8"))
    raw["frustration"] = fit(judged, found, field)
    raw["thresholds"]["version"] = version
    enter = in_use.thresholds.enter
    figures = {
        "labelled": len(contacts),
        "turns": len(field),
        "version": version,
        "old": shares(contacts, in_use.thresholds, enter),
        "new": shares(unseen, in_use.thresholds, enter),
    }
    return figures, as_text(raw)


def _score(raw: Mapping[str, Any]) -> Score:
    return Score(raw["weights"], raw["bias"], raw["slope"], raw["offset"])


def read(lines: Iterable[str]) -> list[Mapping[str, Any]]:
    """Raises ReplayError naming the line."""
    rows = []
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            Contact.from_raw(row)
            examples(row)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ReplayError(f"line {number} is no labelled contact: {error!r}.") from None
        rows.append(row)
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--version", default="field", help="what stored turns will call it")
    given = parser.parse_args()
    try:
        rows = read(sys.stdin)
    except ReplayError as error:
        print(error, file=sys.stderr)
        return 1
    if len(rows) < FEWEST:
        print(f"{len(rows)} labelled contacts; {FEWEST} are needed to learn from.", file=sys.stderr)
        return 1
    figures, text = report(rows, given.version)
    given.out.write_text(text, encoding="utf-8")
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
