"""This project's pipeline on somebody else's data."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bot.benchmark.datasets import Line, Task
from bot.benchmark.measures import (
    accuracy_by,
    f1,
    outside,
    risk_coverage,
    threshold_outside,
)
from bot.calibration import expected_calibration_error, softmax
from bot.canonical import Canonicaliser, read_rules
from bot.encoder import Encoder
from bot.intents import BOKMAAL, IntentModel, Trained, TrainingSettings
from bot.tagger import Tagger
from bot.variants import Varying, read_varieties
from bot.vector_memory import RememberingEncoder

# Lines that are timed one by one.
TIMED = 400
# Variants of a line for the tagger, which has no sentence vector to lean on.
TAGGED_VARIANTS = 7


@dataclass
class Figures:
    """What was measured. ``ms`` are milliseconds of each timed line, first to last step."""

    accuracy: float = 0.0
    by_variety: dict[str, float] = field(default_factory=dict)
    slots_f1: float | None = None
    ece: float = 0.0
    risk_coverage: dict[str, float] = field(default_factory=dict)
    oos_recall: float | None = None
    ms: list[float] = field(default_factory=list)
    train_seconds: float = 0.0


def measure(
    train: Sequence[Line],
    test: Sequence[Line],
    encoder: Encoder | None,
    vectors: Path,
    settings: TrainingSettings,
    task: Task,
) -> Figures:
    """Train on lines of a task and measure on others.

    ``vectors`` is a folder that remembers the sentence vectors of training lines.
    """
    plain = task.plain
    canonicaliser = Canonicaliser(read_rules())
    began = time.perf_counter()
    # The calibration's folds keep what says the same together.
    numbers = {group: n for n, group in enumerate(dict.fromkeys(line.group for line in train))}
    trained = IntentModel.train(
        [line.text for line in train],
        [line.intent for line in train],
        {line.intent: frozenset({"all"}) for line in train},
        canonicaliser,
        RememberingEncoder(encoder, vectors) if encoder else None,
        settings,
        [BOKMAAL if plain and line.variety == plain else line.variety for line in train],
        [numbers[line.group] for line in train],
    )
    with tempfile.TemporaryDirectory() as folder:
        tagger = None
        if any(line.tags for line in train):
            tagger = _tagger(train, trained, canonicaliser, plain, Path(folder) / "tags.crfsuite")
        seconds = time.perf_counter() - began
        # As in use: from its files, with an encoder that reads each line anew.
        trained.model.save(Path(folder))
        model = IntentModel.load(Path(folder), canonicaliser, encoder)
        figures = _figures(trained._replace(model=model), tagger, test, task.out_of_scope)
    figures.train_seconds = round(seconds, 1)
    return figures


def _tagger(
    train: Sequence[Line],
    trained: Trained,
    canonicaliser: Canonicaliser,
    plain: str | None,
    file: Path,
) -> Tagger:
    # The intents as models that had not seen the lines guessed them: as sure as in use.
    guessed = [trained.model.labels[row] for row in trained.unseen.argmax(axis=1)]
    varying = Varying(read_varieties(), TAGGED_VARIANTS if plain else 0)
    lines: list[Sequence[str]] = []
    tags: list[Sequence[str]] = []
    intents: list[str] = []
    for number, (line, intent) in enumerate(zip(train, guessed, strict=True)):
        made = varying.of(line.words, number) if line.variety == plain else []
        for words in (line.words, *made):
            lines.append(words)
            tags.append(line.tags)
            intents.append(intent)
    Tagger.train(lines, tags, intents, canonicaliser, file)
    return Tagger(canonicaliser, file)


def _figures(
    trained: Trained, tagger: Tagger | None, test: Sequence[Line], out_of_scope: str | None
) -> Figures:
    model = trained.model
    margins = model.margins([line.text for line in test])
    confidence = softmax(model.scale * margins)
    labels = np.array(model.labels)
    truth = np.array([line.intent for line in test])
    figures = Figures()
    inside = truth != out_of_scope
    found = labels[margins.argmax(axis=1)]
    if out_of_scope in model.labels:
        column = model.labels.index(out_of_scope)
        limit = threshold_outside(trained.unseen, trained.truth, column)
        away = outside(margins, column) >= limit
        others = margins.copy()
        others[:, column] = -np.inf
        found = np.where(away, out_of_scope, labels[others.argmax(axis=1)])
        figures.oos_recall = round(float(away[~inside].mean()), 4) if (~inside).any() else None
    right = found == truth
    figures.accuracy = round(float(right[inside].mean()), 4)
    varieties = [line.variety for line in test]
    if any(varieties):
        figures.by_variety = accuracy_by(right, varieties)
    sure = confidence.max(axis=1)
    guessed_right = labels[margins.argmax(axis=1)] == truth
    figures.ece = round(expected_calibration_error(sure, guessed_right), 4)
    figures.risk_coverage = risk_coverage(sure, guessed_right)
    if tagger is not None:
        tagged = [tagger.tag(line.words, str(f)) for line, f in zip(test, found, strict=True)]
        figures.slots_f1 = round(f1((line.tags for line in test), tagged), 4)
    for line in test[:: max(1, len(test) // TIMED)]:
        began = time.perf_counter()
        best = model.rank(line.text)[0][0]
        if tagger is not None:
            tagger.tag(line.words, best)
        figures.ms.append(1000 * (time.perf_counter() - began))
    return figures
