"""Confidence that means what it says: softmax of margins, scaled by cross-validation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import TfidfVectorizer


def softmax(scores: np.ndarray) -> np.ndarray:
    """Row-wise softmax of a (rows, classes) matrix."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def fit_scale(margins: np.ndarray, truth: np.ndarray) -> float:
    """The scale that makes softmax(scale x margin) likeliest (Guo et al. 2017, "temperature").

    ``margins`` are (rows, classes) of lines the model was not trained on, ``truth`` class numbers.
    """
    rows = np.arange(len(truth))

    def loss(scale: float) -> float:
        return float(-np.log(softmax(scale * margins)[rows, truth] + 1e-12).mean())

    low, high = np.log(0.2), np.log(50.0)
    golden = (np.sqrt(5) - 1) / 2
    for _ in range(40):
        left, right = high - golden * (high - low), low + golden * (high - low)
        if loss(float(np.exp(left))) < loss(float(np.exp(right))):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def expected_calibration_error(confidence: np.ndarray, right: np.ndarray, bins: int = 10) -> float:
    """Mean gap between confidence and accuracy over bins of equal size, from 0 to 1."""
    order = np.argsort(confidence)
    gaps = [
        len(part) * abs(float(confidence[part].mean()) - float(right[part].mean()))
        for part in np.array_split(order, bins)
        if len(part)
    ]
    return sum(gaps) / max(len(confidence), 1)


def groups_of_like(texts: Sequence[str], threshold: float = 0.6) -> np.ndarray:
    """A group number for each text; texts that share most of their stretches of four and five
    characters (cosine of TF-IDF above ``threshold``) share one.

    Lines that say the same in two spellings must fall in the same fold, or the confidence
    is fitted on lines that the model has all but seen.
    """
    # Shorter stretches are in every line, and make this ten times slower.
    rows = TfidfVectorizer(analyzer="char_wb", ngram_range=(4, 5), sublinear_tf=True)
    known = rows.fit_transform(texts)
    likeness = known @ known.T
    likeness.data[likeness.data < threshold] = 0
    likeness.eliminate_zeros()
    _, labels = connected_components(likeness, directed=False)
    return np.asarray(labels)


def grouped_folds(groups: np.ndarray, truth: np.ndarray, count: int) -> list[np.ndarray]:
    """Row numbers of ``count`` test folds: no group is split, each intent spread evenly.

    Deterministic: groups are dealt out, biggest first, to the fold with fewest of their intent.
    """
    members: dict[int, list[int]] = {}
    for row, group in enumerate(groups):
        members.setdefault(int(group), []).append(row)
    filled = np.zeros((count, int(truth.max()) + 1))
    folds: list[list[int]] = [[] for _ in range(count)]
    for rows in sorted(members.values(), key=lambda rows: (-len(rows), rows[0])):
        label = int(truth[rows[0]])
        keys: Sequence[tuple[float, float, int]] = [
            (filled[fold, label], filled[fold].sum(), fold) for fold in range(count)
        ]
        fold = min(keys)[2]
        folds[fold].extend(rows)
        for row in rows:
            filled[fold, int(truth[row])] += 1
    return [np.array(sorted(rows)) for rows in folds]
