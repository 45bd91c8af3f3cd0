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
    risk_coverage,
)
from bot.calibration import expected_calibration_error
from bot.canonical import Canonicaliser, read_rules
from bot.encoder import Encoder
from bot.intent_training import BOKMAAL, TrainingSettings
from bot.intent_training import train as train_intents
from bot.intents import IntentModel
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
    trained = train_intents(
        [line.text for line in train],
        [line.intent for line in train],
        {line.intent: frozenset(line.skills) for line in train},
        canonicaliser,
        RememberingEncoder(encoder, vectors) if encoder else None,
        settings,
        [BOKMAAL if plain and line.variety == plain else line.variety for line in train],
        [numbers[line.group] for line in train] if any(numbers) else None,
    )
    with tempfile.TemporaryDirectory() as folder:
        tagger = None
        if any(line.tags for line in train):
            tagger = _tagger(train, trained, canonicaliser, plain, Path(folder) / "tags.crfsuite")
        seconds = time.perf_counter() - began
        # As in use: from its files, with an encoder that reads each line anew.
        trained.save(Path(folder))
        model = IntentModel.load(Path(folder), canonicaliser, encoder)
        figures = _figures(model, tagger, test, task.out_of_scope)
    figures.train_seconds = round(seconds, 1)
    return figures


def _tagger(
    train: Sequence[Line],
    trained: IntentModel,
    canonicaliser: Canonicaliser,
    plain: str | None,
    file: Path,
) -> Tagger:
    # The intents as models that had not seen the lines guessed them: as sure as in use.
    guessed = [trained.labels[row] for row in trained.certainty.margins.argmax(axis=1)]
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
    model: IntentModel, tagger: Tagger | None, test: Sequence[Line], out_of_scope: str | None
) -> Figures:
    readings = [model.read(line.text, line.skills or None) for line in test]
    found = np.array([reading.ranking[0][0] for reading in readings])
    sure = np.array([reading.ranking[0][1] for reading in readings])
    truth = np.array([line.intent for line in test])
    right = found == truth
    inside = truth != out_of_scope
    figures = Figures(accuracy=round(float(right[inside].mean()), 4))
    if not inside.all():
        figures.oos_recall = round(float(right[~inside].mean()), 4)
    varieties = [line.variety for line in test]
    if any(varieties):
        figures.by_variety = accuracy_by(right, varieties)
    figures.ece = round(expected_calibration_error(sure, right), 4)
    figures.risk_coverage = risk_coverage(sure, right)
    if tagger is not None:
        tagged = [tagger.tag(line.words, str(f)) for line, f in zip(test, found, strict=True)]
        figures.slots_f1 = round(f1((line.tags for line in test), tagged), 4)
    for line in test[:: max(1, len(test) // TIMED)]:
        began = time.perf_counter()
        best = model.read(line.text, line.skills or None).ranking[0][0]
        if tagger is not None:
            tagger.tag(line.words, best)
        figures.ms.append(1000 * (time.perf_counter() - began))
    return figures
