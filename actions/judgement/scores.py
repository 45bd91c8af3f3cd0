"""Three calibrated scores from a turn's features: frustration, uncertainty, bot uncertainty.

Each is a logistic regression followed by Platt's scaling, read from JSON. No score decides alone:
``decision`` weighs them over turns.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

SCORES_FILE = Path(__file__).with_name("scores.json")


def logistic(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, value))))


@dataclass(frozen=True)
class Score:
    """Weights over named features, a bias, and Platt's slope and offset."""

    weights: Mapping[str, float]
    bias: float
    slope: float = 1.0
    offset: float = 0.0

    def probability(self, found: Mapping[str, float]) -> float:
        total = self.bias + sum(weight * found[name] for name, weight in self.weights.items())
        return logistic(self.slope * total + self.offset)

    def contributions(self, found: Mapping[str, float]) -> list[tuple[str, float]]:
        """What raises the score, strongest first: feature and its share of the log-odds."""
        shares = [
            (name, self.slope * weight * found[name])
            for name, weight in self.weights.items()
            if weight * found[name] > 0
        ]
        return sorted(shares, key=lambda pair: -pair[1])


@dataclass(frozen=True)
class Thresholds:
    """Where probabilities turn into decisions, at equal costs of late and needless handovers."""

    version: str
    enter: float
    leave: float
    at_once: float
    strong_act: float
    clarify: float


@dataclass(frozen=True)
class ScoreModel:
    frustration: Score
    uncertainty: Score
    bot_uncertainty: Score
    thresholds: Thresholds
    fingerprint: str

    @classmethod
    def from_raw(cls, raw: Mapping[str, Any]) -> ScoreModel:
        scores: dict[str, Score] = {
            name: Score(
                raw[name]["weights"], raw[name]["bias"], raw[name]["slope"], raw[name]["offset"]
            )
            for name in ("frustration", "uncertainty", "bot_uncertainty")
        }
        return cls(
            thresholds=Thresholds(**raw["thresholds"]), fingerprint=raw["fingerprint"], **scores
        )


class ScoresError(ValueError):
    """A file of scores cannot be used; the message names it, what is wrong and the cure."""


def read_scores(path: Path) -> ScoreModel:
    """Raises ScoresError."""
    cure = "make it by `stafett handoff retrain`, or leave SCORES_FILE out"
    try:
        return ScoreModel.from_raw(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise ScoresError(f"SCORES_FILE {path} cannot be read ({error}): {cure}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise ScoresError(f"SCORES_FILE {path} holds no scores ({error!r}): {cure}") from None


def file_in_use() -> Path:
    """The file that SCORES_FILE names, or the shipped one."""
    return Path(os.environ.get("SCORES_FILE") or SCORES_FILE)


@lru_cache(maxsize=1)
def scores_in_use() -> ScoreModel:
    """Those of `file_in_use`, read once. Raises ScoresError."""
    return read_scores(file_in_use())
