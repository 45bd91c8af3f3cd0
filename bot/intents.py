"""What a message wants: a linear model over `Features`, with calibrated confidence.

Kept free of Rasa so that it can be trained, measured and tested by itself. Model files are one
.npz of arrays and one .json of words: no pickles, since a pickled model is code.
"""

from __future__ import annotations

import json
import logging
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from bot.calibration import (
    expected_calibration_error,
    fit_scale,
    grouped_folds,
    groups_of_like,
    softmax,
)
from bot.canonical import Canonicaliser
from bot.encoder import Encoder
from bot.features import Features, Spelt
from bot.variants import Varying, read_varieties

# Of the varieties of training lines, the one that variants are made of.
BOKMAAL = "bokmaal"

progress = logging.getLogger("bot.progress")


@dataclass(frozen=True)
class TrainingSettings:
    """``vector_weight`` against TF-IDF's 1; ``penalty`` is LinearSVC's C; ``folds`` calibrate.

    ``variants`` lines in other varieties are made of each line that is Bokmål.
    """

    vector_weight: float = 1.0
    penalty: float = 0.25
    folds: int = 5
    variants: int = 0
    seed: int = 7


@dataclass(frozen=True)
class Report:
    """How the model did on lines it had not seen, by grouped cross-validation."""

    lines: int
    accuracy: float
    calibration_error: float
    scale: float
    by_variety: dict[str, float] = field(default_factory=dict)


class Trained(NamedTuple):
    """A model, and its lines' (lines, intents) margins by models that had not seen them.

    ``truth`` is the number of each line's intent among the model's labels.
    """

    model: IntentModel
    unseen: np.ndarray
    truth: np.ndarray


class IntentModel:
    """Ranks intents for a text, among those of the skills a client has."""

    def __init__(
        self,
        features: Features,
        labels: list[str],
        skills: dict[str, frozenset[str]],
        coefficients: np.ndarray,
        intercept: np.ndarray,
        scale: float,
        report: Report | None = None,
    ) -> None:
        self._features = features
        self.labels = labels
        self.skills = skills
        self._coefficients = coefficients  # (features, intents)
        self._intercept = intercept
        self.scale = scale
        self.report = report

    @classmethod
    def train(
        cls,
        texts: Sequence[str],
        intents: Sequence[str],
        skills: dict[str, frozenset[str]],
        canonicaliser: Canonicaliser,
        encoder: Encoder | None,
        settings: TrainingSettings,
        varieties: Sequence[str] | None = None,
        groups: Sequence[int] | None = None,
    ) -> Trained:
        """Fit on texts and their intents. Raises ValueError for fewer than two intents.

        Lines of one of ``groups`` say the same and are never parted in cross-validation; without
        groups, lines that are alike are.
        """
        labels = sorted(set(intents))
        if len(labels) < 2:
            raise ValueError(
                "training needs examples of at least two intents: add some to data/nlu"
            )
        truth = np.array([labels.index(intent) for intent in intents])
        features = Features(canonicaliser, encoder, settings.vector_weight)
        spelt = features.spelt(list(texts))
        progress.info("reading sentences", extra={"fraction": 0.2})
        vectors = features.vectors(spelt)
        lines = _Lines(spelt, vectors, truth, _variants(spelt, features, varieties, settings))
        margins = _unseen_margins(lines, canonicaliser, encoder, settings, groups)
        scale = fit_scale(margins, truth)
        report = _report(margins, truth, scale, varieties)
        progress.info("fitting intents", extra={"fraction": 0.8})
        coefficients, intercept = _fit(features, lines, settings)
        model = cls(features, labels, skills, coefficients, intercept, scale, report)
        return Trained(model, margins, truth)

    def rank(self, text: str, skills: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """Intents of the given skills (None: of all) and confidences that sum to 1, best first.

        Empty when none of the skills has an intent.
        """
        return self.ranked(self.margins([text])[0], skills)

    def ranked(
        self, margins: np.ndarray, skills: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """As `rank`, of one row that `margins` made."""
        if skills is None:
            allowed = list(range(len(self.labels)))
        else:
            wanted = set(skills)
            allowed = [i for i, label in enumerate(self.labels) if self.skills[label] & wanted]
        if not allowed:
            return []
        confidences = softmax(self.scale * margins[None, allowed])[0]
        order = np.argsort(-confidences, kind="stable")
        return [(self.labels[allowed[i]], float(confidences[i])) for i in order]

    def margins(self, texts: list[str], quick: bool = False) -> np.ndarray:
        """(texts, intents) distances from each intent's plane.

        ``quick`` leaves out the sentence vectors, which cost ten times as much as all the rest.
        """
        spelt = self._features.spelt(texts)
        sparse = self._features.sparse(spelt)
        vectors = np.zeros((len(texts), 0)) if quick else self._features.vectors(spelt)
        dense = self._features.dense(vectors)
        split = sparse.shape[1]
        return np.asarray(
            sparse @ self._coefficients[:split]
            + dense @ self._coefficients[split:]
            + self._intercept
        )

    def save(self, folder: Path) -> None:
        """Write ``intents.npz`` and ``intents.json`` into ``folder``."""
        arrays: dict[str, np.ndarray] = {
            "coefficients": self._coefficients.astype(np.float32),
            "intercept": self._intercept.astype(np.float32),
        }
        words: dict[str, Any] = {
            "labels": self.labels,
            "skills": {label: sorted(names) for label, names in self.skills.items()},
            "scale": self.scale,
            "report": self.report.__dict__ if self.report else None,
            "features": _without_arrays(self._features.state(), "features", arrays),
        }
        np.savez_compressed(folder / "intents.npz", **arrays)
        (folder / "intents.json").write_text(
            json.dumps(words, ensure_ascii=False), encoding="utf-8"
        )

    @staticmethod
    def report_in_archive(archive: Path) -> dict[str, Any]:
        """The report inside a model archive; empty when there is none."""
        with tarfile.open(archive) as files:
            for member in files:
                if member.name.endswith("/intents.json"):
                    content = files.extractfile(member)
                    return dict(json.load(content)["report"] or {}) if content else {}
        return {}

    @classmethod
    def load(
        cls, folder: Path, canonicaliser: Canonicaliser, encoder: Encoder | None
    ) -> IntentModel:
        """A model as `save` wrote it."""
        words = json.loads((folder / "intents.json").read_text(encoding="utf-8"))
        with np.load(folder / "intents.npz", allow_pickle=False) as arrays:
            state = _with_arrays(words["features"], "features", arrays)
            coefficients = arrays["coefficients"]
            intercept = arrays["intercept"]
        return cls(
            Features.restore(state, canonicaliser, encoder),
            words["labels"],
            {label: frozenset(names) for label, names in words["skills"].items()},
            coefficients,
            intercept,
            float(words["scale"]),
            Report(**words["report"]) if words["report"] else None,
        )


@dataclass(frozen=True)
class _Lines:
    """Training lines with their vectors, intents and variants, row by row."""

    spelt: list[Spelt]
    vectors: np.ndarray
    truth: np.ndarray
    variants: list[list[Spelt]]

    def only(self, rows: np.ndarray, truth: np.ndarray) -> _Lines:
        """Some of the rows, with their intents numbered anew."""
        return _Lines(
            [self.spelt[i] for i in rows],
            self.vectors[rows],
            truth,
            [self.variants[i] for i in rows],
        )

    def with_variants(self) -> tuple[list[Spelt], np.ndarray]:
        """Every line and variant, and the row it is of: a variant shares its line's vector."""
        texts, rows = list(self.spelt), list(range(len(self.spelt)))
        for row, made in enumerate(self.variants):
            texts += made
            rows += [row] * len(made)
        return texts, np.array(rows)


def _variants(
    spelt: list[Spelt],
    features: Features,
    varieties: Sequence[str] | None,
    settings: TrainingSettings,
) -> list[list[Spelt]]:
    if not settings.variants or varieties is None:
        return [[] for _ in spelt]
    varying = Varying(read_varieties(), settings.variants, settings.seed)
    return [
        features.spelt([" ".join(words) for words in varying.of(text.plain.split(), number)])
        if variety == BOKMAAL
        else []
        for number, (text, variety) in enumerate(zip(spelt, varieties, strict=True))
    ]


def _fit(
    features: Features, lines: _Lines, settings: TrainingSettings
) -> tuple[np.ndarray, np.ndarray]:
    """Fits ``features`` too. (features, intents) coefficients and intercepts."""
    texts, rows = lines.with_variants()
    features.fit(texts, lines.vectors)
    dense = csr_matrix(features.dense(lines.vectors)[rows])
    model = LinearSVC(C=settings.penalty, random_state=settings.seed).fit(
        hstack([features.sparse(texts), dense], format="csr"), lines.truth[rows]
    )
    if len(model.classes_) == 2:  # one plane for two intents
        return (
            np.hstack([-model.coef_.T, model.coef_.T]),
            np.array([-model.intercept_[0], model.intercept_[0]]),
        )
    return model.coef_.T, model.intercept_


def _unseen_margins(
    lines: _Lines,
    canonicaliser: Canonicaliser,
    encoder: Encoder | None,
    settings: TrainingSettings,
    groups: Sequence[int] | None,
) -> np.ndarray:
    """Margins of every line by a model that saw neither it nor any line like it."""
    truth = lines.truth
    grouped = np.asarray(groups) if groups is not None else _alike(lines.spelt, canonicaliser)
    margins = np.full((len(truth), int(truth.max()) + 1), -1.0)
    folds = [fold for fold in grouped_folds(grouped, truth, settings.folds) if len(fold)]
    for number, fold in enumerate(folds):
        progress.info("cross-validating", extra={"fraction": 0.4 + 0.4 * number / len(folds)})
        kept = np.setdiff1d(np.arange(len(truth)), fold)
        present = np.unique(truth[kept])
        if len(present) < 2:
            continue
        features = Features(canonicaliser, encoder, settings.vector_weight)
        seen = lines.only(kept, np.searchsorted(present, truth[kept]))
        coefficients, intercept = _fit(features, seen, settings)
        sparse = features.sparse([lines.spelt[i] for i in fold])
        dense = features.dense(lines.vectors[fold])
        split = sparse.shape[1]
        found = sparse @ coefficients[:split] + dense @ coefficients[split:]
        margins[np.ix_(fold, present)] = found + intercept
    return margins


def _alike(spelt: list[Spelt], canonicaliser: Canonicaliser) -> np.ndarray:
    features = Features(canonicaliser, None, 0.0)
    features.fit(spelt, np.zeros((len(spelt), 0)))
    return groups_of_like(normalize(features.sparse(spelt)))


def _report(
    margins: np.ndarray, truth: np.ndarray, scale: float, varieties: Sequence[str] | None
) -> Report:
    right = margins.argmax(axis=1) == truth
    confidence = softmax(scale * margins).max(axis=1)
    names = np.array(varieties if varieties is not None else [])
    return Report(
        lines=len(truth),
        accuracy=round(float(right.mean()), 4),
        calibration_error=round(expected_calibration_error(confidence, right), 4),
        scale=scale,
        by_variety={
            str(name): round(float(right[names == name].mean()), 4) for name in sorted(set(names))
        },
    )


def _without_arrays(
    state: dict[str, Any], prefix: str, arrays: dict[str, np.ndarray]
) -> dict[str, Any]:
    """The state as JSON values; its arrays go into ``arrays`` under their path."""
    plain: dict[str, Any] = {}
    for key, value in state.items():
        if isinstance(value, np.ndarray):
            arrays[f"{prefix}.{key}"] = value
        else:
            is_block = isinstance(value, dict) and key != "vocabulary"
            plain[key] = _without_arrays(value, f"{prefix}.{key}", arrays) if is_block else value
    return plain


def _with_arrays(plain: dict[str, Any], prefix: str, arrays: Any) -> dict[str, Any]:
    state = {
        key: _with_arrays(value, f"{prefix}.{key}", arrays)
        if isinstance(value, dict) and key != "vocabulary"
        else value
        for key, value in plain.items()
    }
    depth = prefix.count(".") + 1
    for name in arrays.files:
        if name.startswith(prefix + ".") and name.count(".") == depth:
            state[name.rsplit(".", 1)[1]] = arrays[name]
    return state
