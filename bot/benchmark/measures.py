"""The figures of a run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from bot.tagger import spans

# Shares of the lines, the surest first, for which the accuracy is told.
COVERAGES = (1.0, 0.9, 0.8, 0.7, 0.5)
# In-scope accuracy that may be paid for turning away what is out of scope.
PRICE = 0.01


def accuracy_by(right: np.ndarray, names: Sequence[str]) -> dict[str, float]:
    """Share that is right for each name, in the order of the names."""
    among = np.asarray(names)
    return {str(name): round(float(right[among == name].mean()), 4) for name in sorted(set(names))}


def risk_coverage(confidence: np.ndarray, right: np.ndarray) -> dict[str, float]:
    """Accuracy on the surest share of the lines, for each of `COVERAGES`."""
    order = np.argsort(-confidence, kind="stable")
    return {
        f"{share:g}": round(float(right[order[: max(1, round(share * len(order)))]].mean()), 4)
        for share in COVERAGES
    }


def f1(truth: Iterable[Sequence[str]], found: Iterable[Sequence[str]]) -> float:
    """Of spans that agree in name and in both ends."""
    hits = wanted = given = 0
    for expected, tagged in zip(truth, found, strict=True):
        one, other = spans(expected), spans(tagged)
        hits, wanted, given = hits + len(one & other), wanted + len(one), given + len(other)
    return 2 * hits / (wanted + given) if wanted + given else 0.0


def outside(margins: np.ndarray, column: int) -> np.ndarray:
    """How much nearer each line is to what is out of scope than to any intent."""
    others = np.delete(margins, column, axis=1)
    return np.asarray(margins[:, column] - others.max(axis=1))


def threshold_outside(margins: np.ndarray, truth: np.ndarray, column: int) -> float:
    """Above which a line is out of scope, so that `PRICE` of in-scope accuracy is lost.

    From margins of lines the models had not seen; never from the lines that are measured.
    """
    inside = truth != column
    others = margins.copy()
    others[:, column] = -np.inf
    right = others.argmax(axis=1) == truth
    scores = np.sort(outside(margins, column)[inside & right])[::-1]
    return float(scores[min(int(PRICE * inside.sum()), len(scores) - 1)])
