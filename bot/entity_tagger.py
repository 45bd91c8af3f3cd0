"""The pipeline's tagger of entities: `PlaceFinder` inside Rasa.

It stands after `bot.reader.Reader` and adds what no rule can tell: names of places. What was read
exactly stays as it is; nothing is marked across it. Without a marked place in the examples there is
nothing to learn, and nothing is added.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.entities import find_entities
from bot.intent_training import BOKMAAL
from bot.places import FILE, PLACE, Marked, PlaceFinder, PlaceSettings
from bot.postcodes import codes_told
from bot.spans import Span

# Which day it is moves values and no spans; the same examples must give the same model.
A_DAY = date(2026, 1, 5)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class EntityTagger(GraphComponent):
    """Trains, keeps and applies a `PlaceFinder`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Settings and their defaults; see config.yml for what each means."""
        standard = PlaceSettings()
        return {"exchanged": standard.exchanged, "variants": standard.variants, "seed": 7}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        finder: PlaceFinder | None = None,
    ) -> None:
        """Not called by hand: see `create` and `load`."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._finder = finder

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EntityTagger:
        """An untrained tagger."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the marks of the examples, and persist."""
        lines = [_marked(message) for message in training_data.nlu_examples if message.get(TEXT)]
        with self._model_storage.write_to(self._resource) as folder:
            if any(line.places for line in lines):
                settings = PlaceSettings(
                    exchanged=int(self._config["exchanged"]),
                    variants=int(self._config["variants"]),
                    seed=int(self._config["seed"]),
                )
                PlaceFinder.train(lines, Path(folder) / FILE, settings)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EntityTagger:
        """A trained tagger."""
        with model_storage.read_from(resource) as folder:
            file = Path(folder) / FILE
            finder = PlaceFinder(file) if file.is_file() else None
        return cls(config, model_storage, resource, finder)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the places of each message that a person wrote."""
        for message in messages:
            text = message.get(TEXT)
            if self._finder is None or not text or text.startswith("/"):
                continue
            read = list(message.get(ENTITIES) or [])
            exact = [Span(row["entity"], row["start"], row["end"], row["value"]) for row in read]
            places = self._finder.find(text, exact)
            found = [{**span.as_dict(), **codes_told(str(span.value))} for span in places]
            ordered = sorted([*read, *found], key=lambda row: (row["start"], row["end"]))
            message.set(ENTITIES, ordered, add_to_output=True)
        return messages


def _marked(message: Message) -> Marked:
    text = str(message.get(TEXT))
    marks = message.get(ENTITIES) or []
    return Marked(
        text,
        [(row["start"], row["end"]) for row in marks if row["entity"] == PLACE],
        find_entities(text, A_DAY),
        message.get("variety") == BOKMAAL,
    )
