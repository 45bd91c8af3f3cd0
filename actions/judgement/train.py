"""``python -m actions.judgement.train``: write ``acts.json`` and ``scores.json`` from the data.

Takes two minutes, needs scikit-learn, is deterministic. ``--check`` writes nothing and exits 1
when the written models are not those that the data give.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from .acts import GRAVE, HEADS, MODEL_FILE, ActModel, Meaning
from .corpus import (
    CONVERSATIONS,
    ORDINARY,
    act_files,
    fingerprint,
    read_act_lines,
    read_ordinary,
    read_written,
)
from .encoding import sentence_vectors
from .features import (
    BOT_UNCERTAINTY,
    CALMING,
    FRUSTRATION,
    UNCERTAINTY,
    Acts,
    features,
    vector,
)
from .fit import (
    COMPLAINTS,
    Example,
    blended,
    content_groups,
    fit_acts,
    fit_meaning,
    fit_score,
    line_example,
    platt,
)
from .history import Turn
from .played import PLAYED, played_turns
from .scores import SCORES_FILE
from .sketch import written_turns
from .topics import topic_by_phrase

FOLDS = 5
PENALTY = 1.0

THRESHOLDS: dict[str, Any] = {
    "version": "rules-1",
    "enter": 0.45,
    "leave": 0.25,
    "at_once": 0.60,
    "strong_act": 0.50,
    "clarify": 0.60,
}
"""Chosen by grouped cross-validation (docs/knowing-when.md), for equal costs of both errors."""

# Set by hand: the corpus knows no confidences. Learned from stored turns once there are any.
_BOT_WEIGHTS = {
    "misunderstood": 2.5,
    "doubt": 2.5,
    "doubt_rise": 0.5,
    "narrow_margin": 1.0,
    "choices": 0.5,
    "fallbacks_before": 1.0,
}
_BOT_BIAS = -3.0


@dataclass(frozen=True)
class Judged:
    """The last of ``turns`` of a written conversation, with what its author marked."""

    row: Mapping[str, Any]
    turns: Sequence[Turn]
    frustrated: bool
    unsure: bool


def turn_examples(rows: Iterable[Mapping[str, Any]]) -> list[Example]:
    """Conversation turns as examples: a mark says yes to some acts, its absence no to others."""
    found = []
    for row in rows:
        for at, (text, mark) in enumerate(zip(row["turns"], row["marks"], strict=False), 1):
            asks = row["handoff"]["reason"] == "asked_human" and at == row["handoff"]["earliest"]
            yes = set()
            no = set()
            if mark == "frustrated":
                yes.add("dissatisfied")
                no.update({"praise", "satisfaction", "profane_fine", "unsure"})
            else:
                no.update(COMPLAINTS)
            if mark == "unsure":
                yes.add("unsure")
            if asks:
                yes.add("asks_person")
            elif at < (row["handoff"]["earliest"] or at + 1):
                no.add("asks_person")
            if row["handoff"]["reason"] != "policy" or at < row["handoff"]["earliest"]:
                no.update(GRAVE)
            found.append(Example(text, row["scenario"], frozenset(yes), frozenset(no)))
    return found


def ordinary_examples() -> list[Example]:
    """The bot's own training lines: what their intent says they do, and what they do not."""
    found = []
    for at, (intent, text) in enumerate(read_ordinary()):
        yes: set[str] = set()
        no = set(COMPLAINTS) | {"asks_person", "praise", "profane_fine", "declines_person"}
        if intent == "complain":
            yes.add("dissatisfied")
            no = {"asks_person", "praise", "profane_fine", "satisfaction", "unsure"}
        elif intent == "ask_human":
            yes.add("asks_person")
            no = {"praise", "profane_fine", "satisfaction", "declines_person"}
        elif intent == "praise":
            yes.add("praise")
            no.remove("praise")
        elif intent == "contact_info":
            no.remove("asks_person")
        elif intent.startswith("cancel_"):
            no -= set(COMPLAINTS)
        if topic_by_phrase(text) is None:
            no |= set(GRAVE)
        if intent not in ("praise", "thank", "goodbye", "affirm", "deny"):
            no |= {"satisfaction", "correction"} - yes
        group = f"ordinary-{intent}-{at // 8}"
        found.append(Example(text, group, frozenset(yes), frozenset(no)))
    return found


def act_examples() -> list[Example]:
    """Every hand-written line, alike lines in one group, and the ordinary ones."""
    lines = read_act_lines()
    groups = content_groups([line.text for line in lines])
    return [
        line_example(line.text, line.acts, f"line-{group}")
        for line, group in zip(lines, groups, strict=True)
    ] + ordinary_examples()


def judged_turns(rows: Iterable[Mapping[str, Any]], vectors: Mapping[str, str]) -> list[Judged]:
    """Every turn as it was written, and as the real bot played it."""
    found = []
    for row in rows:
        sides = [written_turns(row, vectors)]
        as_played = played_turns(row, vectors)
        if as_played:
            sides.append(as_played)
        for turns in sides:
            found += [
                Judged(row, turns[:at], mark == "frustrated", mark == "unsure")
                for at, mark in enumerate(row["marks"], 1)
            ]
    return found


def fold_of(group: str) -> int:
    """A fold that depends on the group's name alone."""
    return sum((at + 1) * byte for at, byte in enumerate(group.encode())) % 7919 % FOLDS


def remembered(model: ActModel) -> Acts:
    known = lru_cache(maxsize=None)(model.probabilities)
    return lambda turn: known(turn.said, turn.vector)


def all_vectors(lines: Sequence[Example], rows: Sequence[Mapping[str, Any]]) -> Mapping[str, str]:
    """The sentence vector of each text there is."""
    return sentence_vectors(
        {line.text for line in lines} | {text for row in rows for text in row["turns"]}
    )


def fit_all(
    lines: Sequence[Example], rows: Sequence[Mapping[str, Any]], vectors: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Raw act model and raw score model."""
    raw, judged, found = stacked(lines, rows, vectors)
    return raw, _scores(judged, found)


def _fitted(examples: Sequence[Example], vectors: Mapping[str, str]) -> dict[str, Any]:
    return {**fit_acts(examples), "meaning": fit_meaning(examples, vectors)}


def stacked(
    lines: Sequence[Example], rows: Sequence[Mapping[str, Any]], vectors: Mapping[str, str]
) -> tuple[dict[str, Any], list[Judged], list[dict[str, float]]]:
    """Raw act model, and each written turn with its features, whose acts are out of fold."""
    examples = list(lines) + turn_examples(rows)
    judged = judged_turns(rows, vectors)
    by_words: list[dict[str, float]] = [{} for _ in examples]
    by_meaning: list[list[float]] = [[] for _ in examples]
    without = []
    for fold in range(FOLDS):
        inside = [each for each in examples if fold_of(each.group) != fold]
        without.append(_fitted(inside, vectors))
        model, meaning = ActModel(without[fold]), Meaning(without[fold]["meaning"])
        for at, example in enumerate(examples):
            if fold_of(example.group) == fold:
                by_words[at] = model.sums(example.text)
                by_meaning[at] = meaning.sums(vectors[example.text])
    raw = _fitted(examples, vectors)
    for at, head in enumerate(HEADS):
        known = [
            index
            for index, each in enumerate(examples)
            if by_words[index] and (head in each.yes or head in each.no)
        ]
        truth = [head in examples[index].yes for index in known]
        words = [by_words[index][head] for index in known]
        meant = [by_meaning[index][at] for index in known]
        raw["slope"][at], raw["offset"][at] = _rounded(platt(words, truth))
        raw["meaning"]["blend"][at] = _rounded(blended([words, meant], truth))
    found: list[dict[str, float]] = [{} for _ in judged]
    for fold, kept in enumerate(without):
        kept["slope"], kept["offset"] = raw["slope"], raw["offset"]
        kept["meaning"]["blend"] = raw["meaning"]["blend"]
        acts = remembered(ActModel(kept))
        for index, turn in enumerate(judged):
            if fold_of(turn.row["scenario"]) == fold:
                found[index] = features(turn.turns, acts)
    return raw, judged, found


def _rounded(values: Iterable[float]) -> list[float]:
    return [round(value, 3) for value in values]


def _scores(judged: Sequence[Judged], found: Sequence[Mapping[str, float]]) -> dict[str, Any]:
    raw: dict[str, Any] = {"thresholds": THRESHOLDS}
    for name, names, truth in (
        ("frustration", FRUSTRATION, [turn.frustrated for turn in judged]),
        ("uncertainty", UNCERTAINTY, [turn.unsure for turn in judged]),
    ):
        folds = [fold_of(turn.row["scenario"]) for turn in judged]
        raw[name] = calibrated(names, found, truth, folds)
    raw["bot_uncertainty"] = {
        "weights": {feature: _BOT_WEIGHTS[feature] for feature in BOT_UNCERTAINTY},
        "bias": _BOT_BIAS,
        "slope": 1.0,
        "offset": 0.0,
    }
    return raw


def calibrated(
    names: Sequence[str],
    found: Sequence[Mapping[str, float]],
    truth: Sequence[bool],
    folds: Sequence[int],
    weights: Sequence[float] | None = None,
) -> dict[str, Any]:
    """A raw score over the features ``names``, scaled by Platt's method out of fold."""
    rows = [vector(each, names) for each in found]
    signs = [-1 if feature in CALMING else 1 for feature in names]
    each = [1.0] * len(rows) if weights is None else list(weights)
    out = [0.0] * len(rows)
    for fold in sorted(set(folds)):
        inside = [at for at, of in enumerate(folds) if of != fold]
        fitted, bias = fit_score(
            [rows[at] for at in inside],
            [truth[at] for at in inside],
            signs,
            PENALTY,
            [each[at] for at in inside],
        )
        for at, of in enumerate(folds):
            if of == fold:
                out[at] = bias + sum(w * x for w, x in zip(fitted, rows[at], strict=True))
    slope, offset = platt(out, truth, each)
    fitted, bias = fit_score(rows, truth, signs, PENALTY, each)
    return {
        "weights": {name: round(weight, 3) for name, weight in zip(names, fitted, strict=True)},
        "bias": round(bias, 3),
        "slope": round(slope, 3),
        "offset": round(offset, 3),
    }


def as_text(raw: Mapping[str, Any]) -> str:
    """JSON with one gram a line, so that a change of data is a readable change of model."""
    head = {key: value for key, value in raw.items() if key != "grams"}
    text = json.dumps(head, ensure_ascii=False, indent=1, sort_keys=True)
    if "grams" not in raw:
        return text + "\n"
    rows = ",\n".join(
        f"{json.dumps(gram, ensure_ascii=False)}:{json.dumps(row, separators=(',', ':'))}"
        for gram, row in raw["grams"].items()
    )
    return text[:-2] + ',\n "grams": {\n' + rows + "\n }\n}\n"


def data_fingerprint() -> str:
    return fingerprint([*act_files(), CONVERSATIONS, ORDINARY, PLAYED])


def build() -> dict[Path, str]:
    """The text of each model file."""
    lines, rows = act_examples(), read_written()
    vectors = all_vectors(lines, rows)
    # One thread: how many there are decides in which order numbers are summed.
    with threadpool_limits(1):
        acts, scores = fit_all(lines, rows, vectors)
    acts["fingerprint"] = scores["fingerprint"] = data_fingerprint()
    # Stored turns name their scores: learnt of other data, they are other scores.
    version = f"{THRESHOLDS['version']}-{scores['fingerprint'][:8]}"
    scores["thresholds"] = {**THRESHOLDS, "version": version}
    return {MODEL_FILE: as_text(acts), SCORES_FILE: as_text(scores)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    check = parser.parse_args().check
    for path, text in build().items():
        if not check:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.name}: {len(text) // 1024} kB")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            sys.exit(
                f"{path.name} is not what the data give: run python -m actions.judgement.train"
            )


if __name__ == "__main__":
    main()
