"""Chooses among a response's variations: the customer's language, and what was not said yet."""

from __future__ import annotations

import copy
from typing import Any

from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

DEFAULT_LANGUAGE = "nb"


class Unrepeated(TemplatedNaturalLanguageGenerator):
    """Rasa's templated responses, in order instead of at random.

    The first variation that fits and was not said yet is taken, so that the same answer a second
    time is said differently; when all were said, the one said longest ago. The number of the
    variation is kept in the bot event's metadata as ``variation``.
    """

    def __init__(
        self, endpoint_config: EndpointConfig | None = None, domain: Domain | None = None
    ) -> None:
        super().__init__((domain or Domain.empty()).responses)

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """The response as a dictionary of text, buttons and metadata; None if there is none."""
        if utter_action not in self.responses:
            return None
        slots = tracker.current_slot_values()
        slots["language"] = slots.get("language") or DEFAULT_LANGUAGE
        fitting = ResponseVariationFilter(self.responses).responses_for_utter_action(
            utter_action, output_channel, slots
        )
        if not fitting:
            return None
        everything = self.responses[utter_action]
        said = _said(tracker, utter_action)
        numbers = [everything.index(variation) for variation in fitting]
        number = min(numbers, key=lambda n: said.index(n) if n in said else -1)
        response = copy.deepcopy(everything[number])
        response["variation"] = number
        return self._fill_response(response, slots, **kwargs)


def _said(tracker: DialogueStateTracker, utter_action: str) -> list[int]:
    """Numbers of the variations said so far, the one said longest ago first."""
    order: list[int] = []
    for event in tracker.events:
        if isinstance(event, BotUttered) and event.metadata.get("utter_action") == utter_action:
            number = event.metadata.get("variation")
            if isinstance(number, int):
                if number in order:
                    order.remove(number)
                order.append(number)
    return order
