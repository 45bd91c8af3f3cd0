"""What a message wants: a linear model over `Features`, with calibrated confidence.

Kept free of Rasa so that it can be measured and tested by itself; `bot.intent_training` makes it.
Model files are one .npz of arrays and one .json of words: no pickles, as a pickled model is code.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bot.canonical import Canonicaliser
from bot.certainty import Aims, Certainty, Limits
from bot.encoder import Encoder
from bot.features import Features, Spelt, Weights

# Intents in a set of plausible ones: more would be no question but a menu.
LARGEST_SET = 4


@dataclass(frozen=True)
class Report:
    """How the model did on lines it had not seen, by grouped cross-validation, of all intents.

    ``coverage``: the true intent was among the plausible ones; ``asked``: it was not alone there.
    """

    lines: int
    accuracy: float
    calibration_error: float
    coverage: float
    asked: float
    outside_recall: float | None
    by_variety: dict[str, float] = field(default_factory=dict)


class Reading(NamedTuple):
    """Intents with confidences that sum to 1, best first; and those that may well be meant.

    ``vector`` is the text's sentence vector, of no numbers where it was read without.
    """

    ranking: list[tuple[str, float]]
    plausible: list[str]
    vector: np.ndarray


class Planes(NamedTuple):
    """What separates each intent from the others: (features, intents), and (intents,)."""

    coefficients: np.ndarray
    intercept: np.ndarray


class IntentModel:
    """Ranks intents for a text, among those of the skills a client has."""

    def __init__(
        self,
        features: Features,
        weights: Weights,
        labels: list[str],
        skills: dict[str, frozenset[str]],
        planes: Planes,
        certainty: Certainty,
        report: Report | None = None,
    ) -> None:
        self._features = features
        self._weights = weights
        self.labels = labels
        self.skills = skills
        self._planes = planes
        self.certainty = certainty
        self.report = report

    def read(self, text: str, skills: Sequence[str] | None = None) -> Reading:
        """What a text may want, among intents of the given skills (None: of all).

        Empty when none of the skills has an intent.
        """
        return self.read_all([text], skills)[0]

    def read_all(
        self, texts: list[str], skills: Sequence[str] | None = None, quick: bool = False
    ) -> list[Reading]:
        """A reading of each text.

        ``quick`` leaves out the sentence vectors, which cost ten times as much as all the rest.
        """
        limits = self.limits(skills)
        if limits is None or not texts:
            return [Reading([], [], np.zeros(0)) for _ in texts]
        spelt = self._features.spelt(texts)
        vectors = np.zeros((len(texts), 0)) if quick else self._features.vectors(spelt)
        confidences = limits.confidences(self._margins(spelt, vectors))
        return [
            self._reading(row, limits, vector)
            for row, vector in zip(confidences, vectors, strict=True)
        ]

    def _reading(self, confidences: np.ndarray, limits: Limits, vector: np.ndarray) -> Reading:
        ranking = [
            (self.labels[limits.allowed[i]], float(confidences[i]))
            for i in np.argsort(-confidences, kind="stable")
        ]
        plausible = [name for name, confidence in ranking if confidence >= limits.plausible]
        return Reading(ranking, plausible[:LARGEST_SET], vector)

    @property
    def encoder(self) -> str:
        """Name of the encoder whose vectors are read; empty where there is none."""
        return self._features.encoder_name

    def limits(self, skills: Sequence[str] | None = None) -> Limits | None:
        """What holds among the intents of these skills (None: of all); None without any."""
        wanted = None if skills is None else set(skills)
        allowed = [
            i for i, name in enumerate(self.labels) if wanted is None or self.skills[name] & wanted
        ]
        return self.certainty.limits(allowed) if allowed else None

    def _margins(self, spelt: list[Spelt], vectors: np.ndarray) -> np.ndarray:
        """(texts, intents) distances from each intent's plane."""
        sparse = self._features.sparse_of(spelt, self._weights)
        dense = self._features.dense(vectors, self._weights)
        split = sparse.shape[1]
        coefficients = self._planes.coefficients
        return np.asarray(
            sparse @ coefficients[:split] + dense @ coefficients[split:] + self._planes.intercept
        )

    def save(self, folder: Path) -> None:
        """Write ``intents.npz`` and ``intents.json`` into ``folder``."""
        arrays: dict[str, np.ndarray] = {
            "coefficients": self._planes.coefficients.astype(np.float32),
            "intercept": self._planes.intercept.astype(np.float32),
            "unseen": self.certainty.margins.astype(np.float16),
            "truth": self.certainty.truth.astype(np.int16),
        }
        features = _without_arrays(self._features.state(self._weights), "features", arrays)
        words: dict[str, Any] = {
            "labels": self.labels,
            "skills": {label: sorted(names) for label, names in self.skills.items()},
            "aims": asdict(self.certainty.aims),
            "report": asdict(self.report) if self.report else None,
            "features": features,
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
            planes = Planes(arrays["coefficients"], arrays["intercept"])
            certainty = Certainty(
                arrays["unseen"], arrays["truth"], words["labels"], Aims(**words["aims"])
            )
        features, weights = Features.restore(state, canonicaliser, encoder)
        return cls(
            features,
            weights,
            words["labels"],
            {label: frozenset(names) for label, names in words["skills"].items()},
            planes,
            certainty,
            Report(**words["report"]) if words["report"] else None,
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
