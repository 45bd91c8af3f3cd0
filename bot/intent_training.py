"""Makes an `IntentModel` of lines and their intents."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.svm import LinearSVC

from bot.calibration import grouped_folds, groups_of_like
from bot.canonical import Canonicaliser
from bot.certainty import Aims, Certainty
from bot.encoder import Encoder
from bot.features import Features, Spelt, Weights
from bot.intents import IntentModel, Planes, Report
from bot.variants import Varying, read_varieties

# Of the varieties of training lines, the one that variants are made of.
BOKMAAL = "bokmaal"
# An intent with lines in these alone has none in a dialect.
STANDARD = frozenset({BOKMAAL, "english", "unknown"})
# Accuracy does not change between this and a hundredth of it; the time doubles.
TOLERANCE = 0.1

progress = logging.getLogger("bot.progress")


@dataclass(frozen=True)
class TrainingSettings:
    """``vector_weight`` against TF-IDF's 1; ``penalty`` is LinearSVC's C; ``folds`` calibrate.

    ``variants`` lines in other varieties are made of each Bokmål line of an intent that has no
    line in any of them: real ones are better.
    """

    vector_weight: float = 1.0
    penalty: float = 0.25
    folds: int = 5
    variants: int = 0
    seed: int = 7
    aims: Aims = field(default_factory=Aims)


def train(
    texts: Sequence[str],
    intents: Sequence[str],
    skills: dict[str, frozenset[str]],
    canonicaliser: Canonicaliser,
    encoder: Encoder | None,
    settings: TrainingSettings,
    varieties: Sequence[str] | None = None,
    groups: Sequence[int] | None = None,
) -> IntentModel:
    """Fit on texts and their intents. Raises ValueError for fewer than two intents.

    Lines of one of ``groups`` say the same and are never parted in cross-validation; without
    groups, lines that are alike are.
    """
    labels = sorted(set(intents))
    if len(labels) < 2:
        raise ValueError("training needs examples of at least two intents: add some to data/nlu")
    truth = np.array([labels.index(intent) for intent in intents])
    names = list(varieties) if varieties is not None else ["unknown"] * len(intents)
    features = Features(canonicaliser, encoder, settings.vector_weight)
    spelt = features.spelt(list(texts))
    progress.info("reading sentences", extra={"fraction": 0.2})
    vectors = features.vectors(spelt)
    varied, rows = _with_variants(spelt, features, intents, names, settings)
    lines = _Lines(features.learn_terms(varied), rows, vectors, truth)
    like = groups if groups is not None else groups_of_like([text.canonical for text in spelt])
    unseen = _unseen_margins(lines, features, settings, np.asarray(like))
    progress.info("fitting intents", extra={"fraction": 0.8})
    weights, planes = _fit(features, lines, np.arange(len(truth)), settings)
    # In half precision, as they are kept: a loaded model must decide as a fresh one does.
    certainty = Certainty(unseen.astype(np.float16), truth, labels, settings.aims)
    report = _report(certainty, labels, names)
    return IntentModel(features, weights, labels, skills, planes, certainty, report)


@dataclass(frozen=True)
class _Lines:
    """Counts of the training lines, and after them of their variants; ``rows`` says of which line.

    ``vectors`` and ``truth`` are the lines' alone: a variant shares its line's.
    """

    counts: csr_matrix
    rows: np.ndarray
    vectors: np.ndarray
    truth: np.ndarray


def _with_variants(
    spelt: list[Spelt],
    features: Features,
    intents: Sequence[str],
    varieties: Sequence[str],
    settings: TrainingSettings,
) -> tuple[list[Spelt], np.ndarray]:
    texts, rows = list(spelt), list(range(len(spelt)))
    written: dict[str, set[str]] = defaultdict(set)
    for intent, variety in zip(intents, varieties, strict=True):
        written[intent].add(variety)
    varying = Varying(read_varieties(), settings.variants, settings.seed)
    for number, (line, intent, variety) in enumerate(zip(spelt, intents, varieties, strict=True)):
        if variety == BOKMAAL and written[intent] <= STANDARD:
            made = [" ".join(words) for words in varying.of(line.plain.split(), number)]
            texts += features.spelt(made)
            rows += [number] * len(made)
    return texts, np.array(rows)


def _fit(
    features: Features, lines: _Lines, chosen: np.ndarray, settings: TrainingSettings
) -> tuple[Weights, Planes]:
    """Fit on the ``chosen`` lines, in rising order, and their variants."""
    kept = np.isin(lines.rows, chosen)
    counts, rows = lines.counts[kept], lines.rows[kept]
    weights = features.weights(counts, lines.vectors[chosen])
    dense = csr_matrix(features.dense(lines.vectors[rows], weights))
    model = LinearSVC(C=settings.penalty, tol=TOLERANCE, random_state=settings.seed).fit(
        hstack([features.sparse(counts, weights), dense], format="csr"), lines.truth[rows]
    )
    if len(model.classes_) == 2:  # one plane for two intents
        return weights, Planes(
            np.hstack([-model.coef_.T, model.coef_.T]),
            np.array([-model.intercept_[0], model.intercept_[0]]),
        )
    return weights, Planes(model.coef_.T, model.intercept_)


def _unseen_margins(
    lines: _Lines, features: Features, settings: TrainingSettings, groups: np.ndarray
) -> np.ndarray:
    """(lines, intents) margins of every line by a model that saw neither it nor any like it."""
    truth = lines.truth
    everything = np.arange(len(truth))
    margins = np.full((len(truth), int(truth.max()) + 1), -1.0)
    folds = [fold for fold in grouped_folds(groups, truth, settings.folds) if len(fold)]
    for number, fold in enumerate(folds):
        progress.info("cross-validating", extra={"fraction": 0.4 + 0.4 * number / len(folds)})
        kept = np.setdiff1d(everything, fold)
        present = np.unique(truth[kept])
        if len(present) < 2:
            continue
        weights, planes = _fit(features, lines, kept, settings)
        sparse = features.sparse(lines.counts[fold], weights)
        dense = features.dense(lines.vectors[fold], weights)
        split = sparse.shape[1]
        found = sparse @ planes.coefficients[:split] + dense @ planes.coefficients[split:]
        margins[np.ix_(fold, present)] = found + planes.intercept
    return margins


def _report(certainty: Certainty, labels: list[str], varieties: Sequence[str]) -> Report:
    limits = certainty.limits(range(len(labels)))
    right = limits.confidences(certainty.margins).argmax(axis=1) == certainty.truth
    names = np.array(varieties)
    return Report(
        lines=len(right),
        accuracy=round(limits.accuracy, 4),
        calibration_error=round(limits.calibration_error, 4),
        coverage=round(limits.coverage, 4),
        asked=round(limits.asked, 4),
        outside_recall=(None if limits.outside_recall is None else round(limits.outside_recall, 4)),
        by_variety={
            str(name): round(float(right[names == name].mean()), 4) for name in sorted(set(names))
        },
    )
