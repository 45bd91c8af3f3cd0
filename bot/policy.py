"""Acts on the assessment: passes the baton, or asks what was meant, as it does of any mere guess.

The assessment itself is made by ``action_assess`` before any action is chosen. Its prediction
must carry ``is_no_user_prediction``: inside a form RulePolicy's loop prediction does, and Rasa's
ensemble then drops all others before it looks at confidence or priority.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

from rasa.core.featurizers.tracker_featurizers import TrackerFeaturizer
from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

OFFER = "action_offer_human"
CLARIFY = "action_clarify"
CHOICE = "utter_choice_"
UNSURE = 0.5
"""Confidence below which an intent is a guess: what was meant is asked, and nothing is begun."""
SURE = 0.85
SMALL_TALK = frozenset({"greet", "goodbye", "thank", "praise", "affirm"})
NUMBERS = frozenset(
    {"tracking_number", "subscription_number", "invoice_number", "policy_number", "claim_number"}
)
"""A number of these kinds says what the message is about, however short it is."""
_SAYS_SOMETHING = re.compile(r"[^\W_]|[👍👎👌✅❌🙏🙂😊😀😄❤👋💯🆗]")
ACTIONS_BEFORE = {"handoff": "action_handoff", "clarify": CLARIFY}
"""What a decision makes the bot do instead of its answer. An ``offer`` comes after the answer
(see bot/processor.py): a false alarm then costs one sentence, not an answer."""
DECIDED = frozenset({OFFER, *ACTIONS_BEFORE.values()})


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class AssessmentPolicy(Policy):
    """Predicts the action of this turn's decision once, then that the bot listens."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """A priority above RulePolicy's 6, for the case of equal confidence."""
        return {"priority": 10}

    @staticmethod
    def supported_data() -> SupportedData:
        """Learns from nothing; any data may pass."""
        return SupportedData.ML_AND_RULE_DATA

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        featurizer: TrackerFeaturizer | None = None,
    ) -> None:
        super().__init__(config, model_storage, resource, execution_context, featurizer)

    def train(
        self,
        training_trackers: list[TrackerWithCachedStates],
        domain: Domain,
        **kwargs: Any,
    ) -> Resource:
        """Nothing to learn, but Rasa wants a resource to load from."""
        with self._model_storage.write_to(self._resource) as folder:
            Path(folder, "assessment_policy.json").write_text("{}", encoding="utf-8")
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """The decision's action with confidence 1, then listening, or no opinion."""
        events = list(tracker.events)
        action: str | None = ACTIONS_BEFORE.get(pending_decision(events) or "")
        if action is None and is_a_guess(tracker, offered(domain)):
            action = CLARIFY
        if has_decided(events) and tracker.latest_action_name in DECIDED:
            action = ACTION_LISTEN_NAME  # or a form would ask its question on top
        if action is None or action not in domain.action_names_or_texts:
            return self._prediction(self._default_predictions(domain))
        probabilities = self._default_predictions(domain)
        probabilities[domain.index_for_action(action)] = 1.0
        return self._prediction(probabilities, is_no_user_prediction=True)


def offered(domain: Domain) -> frozenset[str]:
    """Intents that the customer can be asked about: those with a title for a button."""
    titles = (name for name in domain.responses if name.startswith(CHOICE))
    return frozenset(name.removeprefix(CHOICE) for name in titles) - {"other"}


def is_a_guess(tracker: DialogueStateTracker, offered: Collection[str]) -> bool:
    """A typed message outside a form that just arrived and may well want something else.

    Either no intent is likely enough or several of those that are ``offered`` are plausible (see
    `bot.certainty`), unless an earlier question has settled it (see `bot.clarified`). A form
    knows what it asked, and asks more clearly by itself.
    """
    said = tracker.latest_message
    if said is None or tracker.active_loop_name or tracker.latest_action_name != ACTION_LISTEN_NAME:
        return False
    if (said.metadata or {}).get("input", "text") == "payload" or said.intent is None:
        return False
    understood = said.parse_data or {}
    if understood.get("settled"):
        return False
    text = said.text or ""
    if not _SAYS_SOMETHING.search(text):
        return True
    if NUMBERS & {entity.get("entity") for entity in said.entities}:
        return False
    if re.fullmatch(r"[\d\s.,-]+", text):
        return True
    if len(set(offered) & set(understood.get("plausible") or [])) > 1:
        return True
    confidence = float(said.intent.get("confidence") or 0.0)
    # "Fredag da" is an answer to something, hardly a goodbye.
    dated = any(entity.get("entity") in ("date", "period") for entity in said.entities)
    threshold = SURE if dated and said.intent.get("name") in SMALL_TALK else UNSURE
    return 0.0 < confidence < threshold and said.intent.get("name") != "nlu_fallback"


def pending_decision(events: list[Event]) -> str | None:
    """This turn's decision, unless a decided action has run already.

    An assessment of an earlier turn decides nothing, even though its slot is still set.
    """
    if has_decided(events):
        return None
    for event in reversed(_this_turn(events)):
        if isinstance(event, SlotSet) and event.key == "assessment":
            decision = (event.value or {}).get("decision")
            return str(decision) if decision else None
    return None


def has_decided(events: list[Event]) -> bool:
    """Whether one of the decided actions has run since the customer spoke."""
    return any(
        isinstance(event, ActionExecuted) and event.action_name in DECIDED
        for event in _this_turn(events)
    )


def _this_turn(events: list[Event]) -> list[Event]:
    last = max((i for i, e in enumerate(events) if isinstance(e, UserUttered)), default=-1)
    return events[last + 1 :]
