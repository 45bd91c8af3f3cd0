"""Rasa's stock pipelines on the same lines, trained and asked through Rasa itself."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.benchmark.datasets import Line, Task
from bot.benchmark.measures import accuracy_by, f1
from bot.tagger import OUTSIDE

_TOKENS: list[dict[str, Any]] = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
]
PIPELINES: dict[str, list[dict[str, Any]]] = {
    "light": [
        *_TOKENS,
        {"name": "LogisticRegressionClassifier", "ranking_length": 0},
        {"name": "CRFEntityExtractor"},
    ],
    # Rasa's own default; after these epochs it knows all its lines, and each takes a minute.
    "diet": [
        *_TOKENS,
        {
            "name": "DIETClassifier",
            "epochs": 20,
            "constrain_similarities": True,
            "ranking_length": 0,
        },
    ],
}


def measure_peer(name: str, task: Task) -> dict[str, Any]:
    """Accuracy, slots and time of Rasa's pipeline on the task's lines."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        model = _train(Path(folder), PIPELINES[name], task.train)
        seconds = time.perf_counter() - began
        found, ms = asyncio.run(_ask(model, task))
    inside = np.array([line.intent != task.out_of_scope for line in task.test])
    right = np.array(
        [
            line.intent == answer["intent"]["name"]
            for line, answer in zip(task.test, found, strict=True)
        ]
    )
    varieties = [line.variety for line in task.test]
    tagged = [
        _tags(line, answer["entities"]) for line, answer in zip(task.test, found, strict=True)
    ]
    return {
        "accuracy": round(float(right[inside].mean()), 4),
        "by_variety": accuracy_by(right, varieties) if any(varieties) else {},
        "slots_f1": round(f1((line.tags for line in task.test), tagged), 4)
        if any(line.tags for line in task.train)
        else None,
        "oos_recall": round(float(right[~inside].mean()), 4) if (~inside).any() else None,
        "ms_p50": round(float(np.percentile(ms, 50)), 2),
        "ms_p95": round(float(np.percentile(ms, 95)), 2),
        "train_seconds": round(seconds, 1),
    }


def _train(folder: Path, pipeline: list[dict[str, Any]], lines: Sequence[Line]) -> str:
    from rasa.model_training import train_nlu

    config = folder / "config.json"  # JSON is YAML
    config.write_text(
        json.dumps({"recipe": "default.v1", "language": "nb", "pipeline": pipeline}), "utf-8"
    )
    examples = [_example(line) for line in lines]
    data = folder / "nlu.json"
    data.write_text(
        json.dumps({"rasa_nlu_data": {"common_examples": examples}}, ensure_ascii=False), "utf-8"
    )
    trained = train_nlu(str(config), str(data), str(folder / "models"))
    if trained is None:
        raise RuntimeError("Rasa did not train the peer's model; its reason stands above.")
    return str(trained)


def _example(line: Line) -> dict[str, Any]:
    """A line in Rasa's JSON. A `/` in an intent's name would make it a retrieval intent."""
    entities: list[dict[str, Any]] = []
    place = 0
    for word, tag in zip(line.words, line.tags, strict=True):
        start = line.text.find(word, place)
        if start < 0:
            continue
        place = start + len(word)
        if tag == OUTSIDE:
            continue
        if tag[0] == "I" and entities and entities[-1]["entity"] == tag[2:]:
            entities[-1]["end"] = place
        else:
            entities.append({"start": start, "end": place, "entity": tag[2:]})
    for entity in entities:
        entity["value"] = line.text[entity["start"] : entity["end"]]
    return {"text": line.text, "intent": line.intent.replace("/", "|"), "entities": entities}


async def _ask(model: str, task: Task) -> tuple[list[dict[str, Any]], list[float]]:
    from rasa.core.agent import load_agent

    agent = await load_agent(model)
    skills = {line.intent: line.skills for line in task.train}
    answers, ms = [], []
    for line in task.test:
        began = time.perf_counter()
        answer = await agent.parse_message(line.text)
        ms.append(1000 * (time.perf_counter() - began))
        names = [str(row["name"]).replace("|", "/") for row in answer["intent_ranking"]]
        # Restricted to the client's skills, as ours is.
        allowed = [n for n in names if not line.skills or set(skills[n]) & set(line.skills)]
        answer["intent"]["name"] = allowed[0] if allowed else None
        answers.append(answer)
    return answers, ms


def _tags(line: Line, entities: Sequence[dict[str, Any]]) -> list[str]:
    """Rasa's stretches of characters as tags of the line's words."""
    tags = []
    place = 0
    for word in line.words:
        start = line.text.find(word, place)
        place = max(start, 0) + len(word)
        inside = next((e for e in entities if e["start"] <= start < e["end"]), None)
        if inside is None:
            tags.append(OUTSIDE)
        else:
            tags.append(("B-" if start == inside["start"] else "I-") + str(inside["entity"]))
    return tags
