"""The pipeline's reader: language and exact entities of a message.

"Torsdag" is read against the metadata's ``now`` (ISO time with offset), or today without it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.entities import find_entities
from bot.language import detect


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class Reader(GraphComponent):
    """Nothing is learnt: the same text and day give the same reading."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Reader:
        """A reader; it has no settings."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add entities and ``language`` to each message that a person wrote."""
        for message in messages:
            text = message.get(TEXT)
            if not text or text.startswith("/"):  # a button's payload: Rasa reads it itself
                continue
            found = [span.as_dict() for span in find_entities(text, _today(message))]
            message.set(ENTITIES, (message.get(ENTITIES) or []) + found, add_to_output=True)
            detection = detect(text)
            message.set(
                "language",
                {
                    "code": detection.language,
                    "confident": detection.confident,
                    "standard_nynorsk": detection.standard_nynorsk,
                },
                add_to_output=True,
            )
        return messages


def _today(message: Message) -> date:
    now = (message.get("metadata") or {}).get("now")
    return datetime.fromisoformat(now).date() if now else datetime.now().astimezone().date()
