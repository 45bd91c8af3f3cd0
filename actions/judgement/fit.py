"""Fitting of the models, for training only: the bot never imports this module.

Act heads: one L2 logistic regression each on TF-IDF of words, characters and concepts, another on
the sentence vector, and a third that joins the two sums. Scores: L2 logistic regression whose
weights may not take the wrong sign, so that every reason reads right.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import scipy.sparse as sparse
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from .acts import DISSATISFIED, GRAVE, HEADS, grams
from .meaning import encoder_of, numbers

COMPLAINTS = DISSATISFIED | {"dissatisfied"}
STRENGTH = 5.0
"""Inverse of the L2 penalty of an act head."""
RAREST = 3
"""Lines that a word, character or concept feature must be in."""
SCALE = 0.005
"""Act weights are stored as whole multiples of this."""
STRENGTH_OF_MEANING = 2.0
"""The same of an act head over sentence vectors."""
BLOCKS = {"w": 1.0, "c": 1.0, "k": 1.3, "p": 0.7}
"""Weight of word, character, concept and phrase features against each other."""

# Every fold reads the same lines.
_counted = cache(grams)


@cache
def _row(vector: str) -> Any:
    return np.array(numbers(vector))


@dataclass(frozen=True)
class Example:
    """A line, the acts known to be in it and the acts known not to be; others are unknown."""

    text: str
    group: str
    yes: frozenset[str]
    no: frozenset[str]


def line_example(text: str, acts: frozenset[str], group: str) -> Example:
    """A line whose every act is known, but that of what is grave nobody asked how it was said."""
    yes = set(acts)
    if acts & DISSATISFIED:
        yes.add("dissatisfied")
    unknown = COMPLAINTS if acts & set(GRAVE) else frozenset()
    return Example(text, group, frozenset(yes), frozenset(HEADS) - yes - unknown)


def content_groups(texts: Sequence[str], limit: float = 0.62) -> list[int]:
    """Lines alike by character grams share a group, so that one content is in one fold only."""
    counts = [
        {key: 1 + math.log(n) for key, n in grams(text).items() if key[0] == "c"} for text in texts
    ]
    keys = {key: at for at, key in enumerate(sorted({key for row in counts for key in row}))}
    matrix = _sparse([[(keys[key], value) for key, value in row.items()] for row in counts], keys)
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    matrix = sparse.diags(1 / np.maximum(norms, 1e-9)) @ matrix
    alike = (matrix @ matrix.T).tocoo()
    parent = list(range(len(texts)))

    def root(index: int) -> int:
        while parent[index] != index:
            index = parent[index]
        return index

    for one, two, value in zip(alike.row, alike.col, alike.data, strict=False):
        if one < two and value > limit:
            parent[root(int(one))] = root(int(two))
    return [root(index) for index in range(len(texts))]


def _sparse(rows: Sequence[Sequence[tuple[int, float]]], keys: dict[str, int]) -> Any:
    lengths = np.cumsum([0] + [len(row) for row in rows])
    indices = [at for row in rows for at, _ in row]
    values = [value for row in rows for _, value in row]
    return sparse.csr_matrix((values, indices, lengths), shape=(len(rows), len(keys)))


def fit_acts(examples: Sequence[Example]) -> dict[str, Any]:
    """Raw act model (see ``ActModel``) without calibration: slope 1, offset 0."""
    counted = [_counted(example.text) for example in examples]
    seen: Counter[str] = Counter()
    for row in counted:
        seen.update(row.keys())
    kept = sorted(gram for gram, count in seen.items() if count >= RAREST)
    keys = {gram: at for at, gram in enumerate(kept)}
    total = len(examples)
    rarity = {gram: round(math.log((1 + total) / (1 + seen[gram])) + 1, 3) for gram in kept}
    rows = [_tfidf(row, keys, rarity) for row in counted]
    matrix = _sparse(rows, keys)
    weights = np.zeros((len(HEADS), len(kept)))
    bias = np.zeros(len(HEADS))
    for at, head in enumerate(HEADS):
        known = _known(examples, head)
        truth = np.array([head in examples[index].yes for index in known], dtype=int)
        model = LogisticRegression(
            C=STRENGTH, class_weight="balanced", solver="liblinear", random_state=0
        ).fit(matrix[known], truth)
        weights[at], bias[at] = model.coef_[0], model.intercept_[0]
    return {
        "heads": list(HEADS),
        "bias": [round(float(value), 3) for value in bias],
        "slope": [1.0] * len(HEADS),
        "offset": [0.0] * len(HEADS),
        "scale": SCALE,
        "blocks": BLOCKS,
        "grams": {
            gram: [rarity[gram]] + [round(float(value) / SCALE) for value in weights[:, at]]
            for gram, at in keys.items()
        },
        "fingerprint": "",
    }


def fit_meaning(examples: Sequence[Example], vectors: Mapping[str, str]) -> dict[str, Any]:
    """Raw weights over sentence vectors (see ``Meaning``), all alike still blended half and half.

    ``vectors`` holds one for each example's text, as ``bot/packing.py`` writes it.
    """
    rows = np.array([_row(vectors[example.text]) for example in examples])
    centre = rows.mean(axis=0).round(4)
    rows = rows - centre
    weights, bias = [], []
    for head in HEADS:
        known = _known(examples, head)
        model = LogisticRegression(
            C=STRENGTH_OF_MEANING, class_weight="balanced", solver="liblinear", random_state=0
        ).fit(rows[known], [head in examples[index].yes for index in known])
        weights.append([round(float(value), 2) for value in model.coef_[0]])
        bias.append(round(float(model.intercept_[0]), 2))
    return {
        "encoder": encoder_of(vectors[examples[0].text]),
        "centre": [float(value) for value in centre],
        "weights": weights,
        "bias": bias,
        "blend": [[0.5, 0.5, 0.0]] * len(HEADS),
    }


def _known(examples: Sequence[Example], head: str) -> list[int]:
    """Places of the examples of which it is known whether they do this."""
    return [at for at, each in enumerate(examples) if head in each.yes or head in each.no]


def _tfidf(
    row: Counter[str], keys: dict[str, int], rarity: dict[str, float]
) -> list[tuple[int, float]]:
    values = [
        (gram, (1 + math.log(count)) * rarity[gram]) for gram, count in row.items() if gram in keys
    ]
    square = dict.fromkeys(BLOCKS, 0.0)
    for gram, value in values:
        square[gram[0]] += value * value
    length = {kind: math.sqrt(total) / BLOCKS[kind] for kind, total in square.items()}
    return [(keys[gram], value / length[gram[0]]) for gram, value in values]


def platt(
    sums: Sequence[float], truth: Sequence[bool], weights: Sequence[float] | None = None
) -> tuple[float, float]:
    """Slope and offset that make a sum a probability (Platt 1999, with his smoothed targets)."""
    slope, offset = blended([sums], truth, weights)
    return slope, offset


def blended(
    columns: Sequence[Sequence[float]],
    truth: Sequence[bool],
    weights: Sequence[float] | None = None,
) -> tuple[float, ...]:
    """The same of several sums for each line: a slope for each of the columns, and an offset."""
    each = np.ones(len(truth)) if weights is None else np.array(weights, dtype=float)
    positives = sum(truth)
    high = (positives + 1) / (positives + 2)
    low = 1 / (len(truth) - positives + 2)
    target = np.where(np.array(truth, dtype=bool), high, low)
    values = np.array(columns, dtype=float)

    def loss(point: Any) -> Any:
        logits = point[:-1] @ values + point[-1]
        return np.sum(each * (np.logaddexp(0, logits) - target * logits))

    start = np.array([1.0 / len(values)] * len(values) + [0.0])
    bounds = [(0.05, 8)] * len(values) + [(-8, 8)]
    found = minimize(loss, start, method="L-BFGS-B", bounds=bounds)
    return tuple(float(value) for value in found.x)


def fit_score(
    rows: Sequence[Sequence[float]],
    truth: Sequence[bool],
    signs: Sequence[int],
    penalty: float = 1.0,
    weights: Sequence[float] | None = None,
) -> tuple[list[float], float]:
    """Weights and bias of an L2 logistic regression; sign 1 keeps a weight >= 0, -1 <= 0."""
    matrix = np.array(rows, dtype=float)
    target = np.array(truth, dtype=float)
    each = np.ones(len(target)) if weights is None else np.array(weights, dtype=float)
    count = matrix.shape[1]

    def loss(point: Any) -> Any:
        logits = matrix @ point[:count] + point[count]
        error = each * (1 / (1 + np.exp(-logits)) - target)
        value = np.sum(each * (np.logaddexp(0, logits) - target * logits))
        slope = np.append(matrix.T @ error + penalty * point[:count], error.sum())
        return value + penalty * np.sum(point[:count] ** 2) / 2, slope

    bounds = [(0, None) if sign > 0 else (None, 0) for sign in signs] + [(None, None)]
    found = minimize(loss, np.zeros(count + 1), jac=True, method="L-BFGS-B", bounds=bounds)
    return [float(value) for value in found.x[:count]], float(found.x[count])
