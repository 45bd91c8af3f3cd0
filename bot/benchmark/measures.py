"""The figures of a run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from bot.tagger import spans

# Shares of the lines, the surest first, for which the accuracy is told.
COVERAGES = (1.0, 0.9, 0.8, 0.7, 0.5)


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
