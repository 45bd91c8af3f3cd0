"""Rasa's message processor, made strict: a turn either worked and was saved, or it failed.

Stock Rasa goes on after almost anything: a failed action loses its events, a failed
``action_assess`` is logged, a failed save falls back to memory, a loop is cut off. Each leaves an
answer that looks right and is not. Here each fails the turn before anything is saved, so that
the same turn may be tried again.
"""

from __future__ import annotations

import contextvars
import re
from pathlib import Path
from typing import Any

import rasa
import rasa.core.agent
from jsonschema import Draft7Validator, ValidationError
from rasa.core.actions.action import Action, ActionExecutionRejection, RemoteAction
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore, TrackerStore
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot import clarified
from bot.context import in_context
from bot.locks import Held
from bot.policy import OFFER, offered, pending_decision
from bot.signature import refuse_unsigned
from bot.turn_view import turn_answer

SEVERAL = 4
"""Words of a line that changes the language of a conversation."""
RASA_VERSION = "3.6.21"
"""The version whose inner parts are replaced here; another one must be read first."""

_failures: contextvars.ContextVar[list[str] | None] = contextvars.ContextVar(
    "failures_of_this_turn", default=None
)


class TurnFailed(Exception):
    """The turn did not work and was not saved. Carries what failed, never what was said."""


class TurnProcessor(MessageProcessor):
    """Runs turns for the channel; everything else is Rasa's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        store: TrackerStore = kwargs["tracker_store"]
        if isinstance(store, FailSafeTrackerStore):
            # Its fallback keeps a conversation in memory when the database refuses it.
            store = store._tracker_store
        self.tracker_store = store
        self.on_circuit_break = self._tripped

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, ModelMetadata, GraphRunner]:
        """Loads only models that we signed: a model archive is code."""
        refuse_unsigned(Path(model_path))
        return MessageProcessor._load_model(model_path)

    async def run_turn(self, message: UserMessage, turn_id: str, held: Held) -> dict[str, Any]:
        """Handle a customer's message once, and answer with what the tracker holds of it.

        A turn that the tracker holds already is not run again. The caller holds the
        conversation's lock, `held`. Raises TurnFailed, or whatever broke, with nothing saved.
        """
        failures: list[str] = []
        token = _failures.set(failures)
        try:
            tracker = await self.fetch_tracker_and_update_session(
                message.sender_id, message.output_channel, message.metadata
            )
            answer = turn_answer(tracker.events, turn_id, self.initial_slots)
            if answer is not None:
                return answer
            # The event holds the metadata itself; once more here, every action would be sent both.
            message.parse_data = {**await self._parse(message, tracker), "metadata": {}}
            tracker.update_with_events(self._slots_before(message, tracker), self.domain)
            await self._handle_message_with_tracker(message, tracker)
            tracker = await self.run_action_extract_slots(message.output_channel, tracker)
            await self._run_prediction_loop(message.output_channel, tracker)
            if failures:
                raise TurnFailed("; ".join(failures))
            await held.check()
            await self.save_tracker(tracker)
            answer = turn_answer(tracker.events, turn_id, self.initial_slots)
            if answer is None:
                raise TurnFailed("the turn is not in its own tracker")
            return answer
        finally:
            _failures.reset(token)

    async def find_turn(self, conversation: str, turn_id: str) -> dict[str, Any] | None:
        """The answer of a saved turn of any session, or None."""
        tracker = await self.tracker_store.retrieve_full_tracker(conversation)
        return turn_answer(tracker.events, turn_id, self.initial_slots) if tracker else None

    @property
    def initial_slots(self) -> dict[str, Any]:
        """The domain's slots as a conversation begins."""
        return {slot.name: slot.initial_value for slot in self.domain.slots}

    async def _parse(self, message: UserMessage, tracker: DialogueStateTracker) -> dict[str, Any]:
        """Understand the message; what a person typed never is a command, even after a slash."""
        if (message.metadata or {}).get("input") == "payload":
            return await self.parse_message(message, tracker)
        typed = UserMessage(
            without_command(message.text or ""),
            sender_id=message.sender_id,
            metadata=message.metadata,
        )
        parsed = {**await self.parse_message(typed, tracker), "text": message.text}

        async def parse(text: str) -> dict[str, Any]:
            again = UserMessage(text, sender_id=message.sender_id, metadata=message.metadata)
            return await self.parse_message(again, tracker)

        skills = (message.metadata or {}).get("skills") or ()
        parsed = await in_context(parsed, tracker, parse, skills)
        return clarified.understood(parsed, tracker, offered(self.domain))

    def _slots_before(self, message: UserMessage, tracker: DialogueStateTracker) -> list[Event]:
        """Slots to set before the message: its language, what it chose, and no look-ups yet."""
        known = {slot.name for slot in self.domain.slots}
        events: list[Event] = []
        if "language" in known:
            language = language_to_set(message, tracker)
            if language is not None:
                events.append(SlotSet("language", language))
        if clarified.SLOT in known:
            intent = (message.parse_data or {}).get("intent") or {}
            events += clarified.choice_made(str(intent.get("name")), tracker)
        if "lookups" in known and tracker.get_slot("lookups"):
            events.append(SlotSet("lookups", None))
        return events

    def predict_next_with_tracker_if_should(
        self, tracker: DialogueStateTracker
    ) -> tuple[Action, PolicyPrediction]:
        """Rasa's prediction, save that an offer of a person is made before the bot listens."""
        action, prediction = super().predict_next_with_tracker_if_should(tracker)
        if (
            action.name() == ACTION_LISTEN_NAME
            and OFFER in self.domain.action_names_or_texts
            and pending_decision(list(tracker.events)) == "offer"
        ):
            offer = PolicyPrediction.for_action_name(self.domain, OFFER, "AssessmentPolicy")
            return self._get_action(OFFER), offer
        return action, prediction

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        run = action.run

        async def watched(
            output_channel: OutputChannel,
            nlg: NaturalLanguageGenerator,
            tracker: DialogueStateTracker,
            domain: Domain,
        ) -> list[Event]:
            try:
                return await run(output_channel, nlg, tracker, domain)
            except ActionExecutionRejection:
                raise
            except Exception as error:
                _note(f"{action.name()}: {type(error).__name__}")
                raise

        action.run = watched
        return await super()._run_action(action, tracker, output_channel, nlg, prediction)

    @staticmethod
    def _tripped(*_: Any) -> None:
        _note("too many actions in one turn")


def language_to_set(message: UserMessage, tracker: DialogueStateTracker) -> str | None:
    """The language to answer in, when this message changes it.

    What the customer chose wins; else the first confident detection is kept, until a line of
    several words is plainly in another language: English, Norwegian, or standard Nynorsk.
    """
    chosen = (message.metadata or {}).get("language")
    if chosen:
        return str(chosen) if chosen != tracker.get_slot("language") else None
    found = (message.parse_data or {}).get("language") or {}
    if not found.get("confident"):
        return None
    kept = [e.value for e in tracker.events if isinstance(e, SlotSet) and e.key == "language"]
    before, now = next((value for value in reversed(kept) if value), None), str(found["code"])
    if before is None:
        return now
    several = len(re.findall(r"[^\W\d_]+", message.text or "")) >= SEVERAL
    # Who writes Nynorsk and then a line that is also Bokmål has not changed language.
    follows = several and now != before and (before, now) != ("nn", "nb")
    return now if follows else None


def without_command(text: str) -> str:
    """``text`` with the slashes that begin it replaced by spaces, every other place unmoved.

    Rasa strips white space and reads ``/intent{"slot":1}`` as a command.
    """
    end = 0
    while end < len(text) and (text[end].isspace() or text[end] == "/"):
        end += 1
    return text[:end].replace("/", " ") + text[end:]


def _note(failure: str) -> None:
    failures = _failures.get()
    if failures is not None:
        failures.append(failure)


_VALIDATOR = Draft7Validator(RemoteAction.action_response_format_spec())


def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    """Rasa's check of an action server's answer, with the schema compiled once.

    Stock Rasa checks the schema itself anew at every call: half of a turn's time.
    """
    error = next(_VALIDATOR.iter_errors(result), None)
    if error is not None:
        raise ValidationError(f"the action server's answer does not fit: {error.message}")
    return True


_run_remote = RemoteAction.run


async def _run_remote_noting(
    self: RemoteAction,
    output_channel: OutputChannel,
    nlg: NaturalLanguageGenerator,
    tracker: DialogueStateTracker,
    domain: Domain,
) -> list[Event]:
    """Rasa only logs when the action of a slot mapping fails; here the turn learns of it."""
    try:
        return await _run_remote(self, output_channel, nlg, tracker, domain)
    except ActionExecutionRejection:
        raise
    except Exception as error:
        _note(f"{self.name()}: {type(error).__name__}")
        raise


def install() -> None:
    """Put the strict processor and the cached validator in Rasa's place, once for the process.

    Raises RuntimeError under another version of Rasa than the one this was written for.
    """
    if rasa.__version__ != RASA_VERSION:
        raise RuntimeError(
            f"bot/processor.py replaces parts of Rasa {RASA_VERSION}, but {rasa.__version__} is "
            "installed: install the version in uv.lock, or read the new one and raise the pin"
        )
    rasa.core.agent.MessageProcessor = TurnProcessor
    RemoteAction._validate_action_result = _validate_action_result
    RemoteAction.run = _run_remote_noting


__all__ = ["TurnFailed", "TurnProcessor", "install", "without_command"]
