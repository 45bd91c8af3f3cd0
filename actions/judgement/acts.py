"""What a line does: a small linear classifier of dialogue acts, read from JSON.

Words reach the scores only through these acts. The model is trained by ``train`` on lines of
every variety; each act has a logistic regression of its own over the words and another over the
sentence vector (`meaning`), so a line may do several things. Without a vector, or with one of
another encoder than the model was trained with, the words decide alone.
"""

from __future__ import annotations

import itertools
import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import mul, sub
from pathlib import Path
from typing import Any

from .concepts import concepts
from .meaning import encoder_of, numbers
from .requests import declines_person, phrased
from .topics import topic_by_phrase
from .words import words

ACTS = (
    "process_complaint",
    "said_before",
    "time_lost",
    "giving_up",
    "threat_to_leave",
    "sarcastic_thanks",
    "correction",
    "satisfaction",
    "praise",
    "profane_fine",
    "unsure",
    "asks_person",
    "declines_person",
    "bereavement",
    "injury",
    "legal_threat",
    "press_threat",
)
"""Acts with a classifier of their own. ``neutral`` lines are examples of none of them."""

GRAVE = ACTS[-4:]
"""What a person must hear at once (see `topics`)."""

DISSATISFIED = frozenset(
    {
        "process_complaint",
        "said_before",
        "time_lost",
        "giving_up",
        "threat_to_leave",
        "sarcastic_thanks",
    }
)
"""Acts that say the service is failing the customer; together they train ``dissatisfied``."""

HEADS = (*ACTS, "dissatisfied")

MODEL_FILE = Path(__file__).with_name("acts.json")
_TOKEN = re.compile(r"[^\W_]+")
_NUMBERED = re.compile(r"[A-Za-z]{0,2}\d+[A-Za-z]{0,2}")
LONGEST = 400
"""Characters of a line that are read; what decides is said before that."""


def grams(text: str) -> Counter[str]:
    """Counts of word 1-3-grams (``w:``), of character 2-5-grams within words (``c:``), of concepts
    and their pairs (``k:``), and of known phrases (``p:``)."""
    tokens = words(text[:LONGEST])
    found: Counter[str] = Counter()
    padded = ("^", *tokens, "$")
    for size in (1, 2, 3):
        for start in range(len(padded) - size + 1):
            gram = padded[start : start + size]
            if size > 1 or gram[0] not in "^$":
                found["w:" + " ".join(gram)] += 1
    seen = [tuple(sorted(concepts(token))) for token in tokens]
    present = sorted({concept for each in seen for concept in each})
    for index, first in enumerate(present):
        found["k:" + first] += 1
        for second in present[index + 1 :]:
            found[f"k:{first}&{second}"] += 1
    spoken = [each for each in seen if each]
    for before, after in itertools.pairwise(spoken):
        for first in before:
            for second in after:
                found[f"k:{first}>{second}"] += 1
    for phrase in phrases(text[:LONGEST]):
        found["p:" + phrase] = 1
    for token in tokens:
        if token[0].isalpha():
            edged = f" {token} "
            for size in (2, 3, 4, 5):
                for start in range(len(edged) - size + 1):
                    found["c:" + edged[start : start + size]] += 1
    return found


class ActModel:
    """Weights of every head over grams and vectors; ``probabilities`` is the only question."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.fingerprint: str = raw["fingerprint"]
        self.heads: tuple[str, ...] = tuple(raw["heads"])
        self._bias: tuple[float, ...] = tuple(raw["bias"])
        self._slope: tuple[float, ...] = tuple(raw["slope"])
        self._offset: tuple[float, ...] = tuple(raw["offset"])
        scale = float(raw["scale"])
        self._blocks: dict[str, float] = dict(raw["blocks"])
        self._grams: dict[str, tuple[float, tuple[float, ...]]] = {
            gram: (float(row[0]), tuple(value * scale for value in row[1:]))
            for gram, row in raw["grams"].items()
        }
        self._meaning = Meaning(raw["meaning"]) if raw.get("meaning") else None

    @classmethod
    def load(cls, path: Path = MODEL_FILE) -> ActModel:
        return cls(json.loads(path.read_text(encoding="utf-8")))

    def probabilities(self, text: str, vector: str = "") -> dict[str, float]:
        """Calibrated probability of every head for one line.

        All zero for a line without known words, and for a number alone: it does nothing but
        answer, whatever numbers the model has seen in angry lines.
        """
        sums = {} if _is_number_alone(text) else self.sums(text)
        if not sums:
            return dict.fromkeys(self.heads, 0.0)
        if self._meaning and self._meaning.reads(vector):
            logits = self._meaning.joined([sums[head] for head in self.heads], vector)
        else:
            logits = [
                slope * sums[head] + offset
                for head, slope, offset in zip(self.heads, self._slope, self._offset, strict=True)
            ]
        return {
            head: 1.0 / (1.0 + math.exp(-logit))
            for head, logit in zip(self.heads, logits, strict=True)
        }

    def sums(self, text: str) -> dict[str, float]:
        """Log-odds of every head before calibration; empty for a line without known words."""
        rows = []
        square = dict.fromkeys(self._blocks, 0.0)
        for gram, count in grams(text).items():
            known = self._grams.get(gram)
            if known is not None:
                value = (1.0 + math.log(count)) * known[0]
                square[gram[0]] += value * value
                rows.append((gram[0], value, known[1]))
        if not rows:
            return {}
        length = {
            kind: math.sqrt(total) / self._blocks[kind] for kind, total in square.items() if total
        }
        sums = list(self._bias)
        for kind, value, weights in rows:
            share = value / length[kind]
            for index, weight in enumerate(weights):
                sums[index] += share * weight
        return dict(zip(self.heads, sums, strict=False))


class Meaning:
    """Weights of every head over the sentence vector, and how both sums make one."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._encoder: str = raw["encoder"]
        self._centre: tuple[float, ...] = tuple(raw["centre"])
        self._weights: list[tuple[float, ...]] = [tuple(row) for row in raw["weights"]]
        self._bias: tuple[float, ...] = tuple(raw["bias"])
        self._blend: list[tuple[float, float, float]] = [tuple(row) for row in raw["blend"]]

    def reads(self, vector: str) -> bool:
        """The vector is one of the encoder that the weights were learnt with."""
        return bool(vector) and encoder_of(vector) == self._encoder

    def sums(self, vector: str) -> list[float]:
        """Log-odds of every head by the vector alone, before calibration."""
        row = tuple(map(sub, numbers(vector), self._centre))
        return [
            bias + sum(map(mul, weights, row))
            for bias, weights in zip(self._bias, self._weights, strict=True)
        ]

    def joined(self, words: Sequence[float], vector: str) -> list[float]:
        """Calibrated log-odds of every head, from those of the words and the vector."""
        return [
            first * word + second * by_vector + offset
            for word, by_vector, (first, second, offset) in zip(
                words, self.sums(vector), self._blend, strict=True
            )
        ]


def phrases(text: str) -> list[str]:
    """What the phrases of `requests` and `topics` say of the line."""
    found = ["asks_person"] if phrased(text) else []
    if declines_person(text):
        found.append("declines_person")
    topic = topic_by_phrase(text)
    return [*found, topic] if topic else found


@lru_cache(maxsize=1)
def _shipped() -> ActModel:
    return ActModel.load()


@lru_cache(maxsize=4096)
def act_probabilities(text: str, vector: str = "") -> Mapping[str, float]:
    """``ActModel.probabilities`` of the shipped model, remembered by line."""
    return _shipped().probabilities(text, vector)


def _is_number_alone(text: str) -> bool:
    """Digits, with at most two letters before or behind: "HB 2030 4050", "rr 123 no", "12.05."."""
    tokens = _TOKEN.findall(text[:LONGEST])
    numbered = [_NUMBERED.fullmatch(token) is not None for token in tokens]
    beside = [any(numbered[max(0, at - 1) : at + 2]) for at in range(len(tokens))]
    return any(numbered) and all(
        number or (near and len(token) <= 2)
        for token, number, near in zip(tokens, numbered, beside, strict=True)
    )
