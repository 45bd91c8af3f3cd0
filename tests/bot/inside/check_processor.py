"""What is replaced in Rasa: the cached validator, the literal slash, the decided actions."""

# ruff: noqa: PT009, PT027 (no pytest in the bot's environment)

from __future__ import annotations

import unittest

import rasa
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot import processor
from bot.language import detect
from bot.policy import has_decided, pending_decision
from bot.processor import (
    RASA_VERSION,
    _validate_action_result,
    language_to_set,
    without_command,
)
from bot.turn_view import turn_answer

ANSWERS = [
    {},
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "a", "value": 1}], "responses": [{"text": "hei"}]},
    {"events": [{"event": "form", "name": None}]},
    {"events": "none"},
    {"events": [{"event": "slot"}]},
    {"events": [{"event": "no such event"}]},
    {"responses": ["text"]},
    {"responses": {}},
]


class Validator(unittest.TestCase):
    def test_the_pin_is_the_version_that_is_installed(self) -> None:
        self.assertEqual(rasa.__version__, RASA_VERSION)

    def test_it_accepts_and_refuses_what_rasas_own_does(self) -> None:
        action = RemoteAction("action_x", None)
        for answer in ANSWERS:
            with self.subTest(answer):
                try:
                    stock = RemoteAction._validate_action_result(action, answer)
                except ValidationError:
                    with self.assertRaises(ValidationError):
                        _validate_action_result(action, answer)
                else:
                    self.assertEqual(_validate_action_result(action, answer), stock)

    def test_another_version_of_rasa_is_refused(self) -> None:
        known, processor.RASA_VERSION = processor.RASA_VERSION, "0.0"
        try:
            with self.assertRaisesRegex(RuntimeError, "install the version in uv.lock"):
                processor.install()
        finally:
            processor.RASA_VERSION = known


class LiteralSlash(unittest.TestCase):
    def test_leading_slashes_become_spaces_and_nothing_moves(self) -> None:
        for text, literal in (
            ("/greet", " greet"),
            (' /\u00a0/inform{"a": 1}', '  \u00a0 inform{"a": 1}'),
            ("1/2", "1/2"),
            ("", ""),
            ("///", "   "),
        ):
            with self.subTest(text):
                self.assertEqual(without_command(text), literal)
                self.assertEqual(len(without_command(text)), len(text))
                self.assertFalse(without_command(text).strip().startswith("/"))


def spoke(turn_id: str) -> UserUttered:
    parsed = {"intent": {"name": "greet"}, "entities": [], "text": "hei"}
    return UserUttered("hei", {"name": "greet"}, parse_data=parsed, metadata={"turn_id": turn_id})


class FollowedLanguage(unittest.TestCase):
    def after(self, before: str, text: str, chosen: str | None = None) -> str | None:
        slot = TextSlot("language", mappings=[])
        tracker = DialogueStateTracker.from_events("talk", [], slots=[slot])
        tracker.update(SlotSet("language", before))
        found = detect(text)
        language = {"code": found.language, "confident": found.confident}
        message = UserMessage(text, parse_data={"language": language})
        message.metadata = {"language": chosen}
        return language_to_set(message, tracker)

    def test_a_line_of_several_words_in_another_language_is_followed(self) -> None:
        for before, text, now in (
            ("en", "Jeg lurer på hvor pakken min er", "nb"),
            ("nb", "Where is my parcel now?", "en"),
            ("nb", "Eg lurar på kva tid avisa kjem", "nn"),
            ("en", "takk", None),
            ("nb", "thanks a lot", None),
            ("nb", "kor e pakken min, eg har ikkje fått den ennå", None),
            ("nn", "jeg lurer på hvor pakken min er", None),
        ):
            with self.subTest(text):
                self.assertEqual(self.after(before, text), now)

    def test_what_the_customer_chose_wins(self) -> None:
        self.assertIsNone(self.after("en", "Jeg lurer på hvor pakken min er", chosen="en"))


class Decisions(unittest.TestCase):
    def test_this_turns_decision_is_pending_until_it_is_acted_on(self) -> None:
        events = [spoke("a"), SlotSet("assessment", {"decision": "handoff"})]
        self.assertEqual(pending_decision(events), "handoff")
        events.append(ActionExecuted("utter_greet"))
        self.assertEqual(pending_decision(events), "handoff")
        events.append(ActionExecuted("action_handoff"))
        self.assertIsNone(pending_decision(events))
        self.assertTrue(has_decided(events))

    def test_an_earlier_turns_decision_decides_nothing(self) -> None:
        events = [spoke("a"), SlotSet("assessment", {"decision": "handoff"}), spoke("b")]
        self.assertIsNone(pending_decision(events))

    def test_the_latest_assessment_of_a_turn_counts(self) -> None:
        events = [
            spoke("a"),
            SlotSet("assessment", {"decision": "handoff"}),
            SlotSet("assessment", {"decision": "continue"}),
        ]
        self.assertEqual(pending_decision(events), "continue")
        self.assertIsNone(pending_decision([*events, SlotSet("assessment", None)][3:]))


class TurnView(unittest.TestCase):
    def test_a_turn_ends_where_the_bot_listens(self) -> None:
        events = [
            spoke("a"),
            SlotSet("lookups", [{"operation": "x"}]),
            BotUttered("svar"),
            ActionExecuted("action_listen"),
            SlotSet("lookups", None),
            spoke("b"),
        ]
        answer = turn_answer(events, "a", {})
        assert answer is not None
        self.assertEqual(answer["lookups"], [{"operation": "x"}])
        self.assertEqual(answer["messages"], [{"text": "svar"}])

    def test_facts_are_told_and_bookkeeping_is_not(self) -> None:
        events = [
            spoke("a"),
            SlotSet("postcode", "5003"),
            SlotSet("requested_slot", "postcode"),
            SlotSet("note", ""),
            SlotSet("gone", None),
        ]
        answer = turn_answer(events, "a", {"gone": 1, "kept": 2})
        assert answer is not None
        self.assertEqual(answer["slots"], {"kept": 2, "postcode": "5003"})

    def test_a_pause_holds_until_it_is_lifted(self) -> None:
        events = [spoke("a"), ConversationPaused(), ConversationResumed(), spoke("b")]
        first, second = turn_answer(events, "a", {}), turn_answer(events, "b", {})
        assert first is not None
        assert second is not None
        self.assertEqual((first["paused"], second["paused"]), (True, False))

    def test_a_fallback_tells_the_real_ranking(self) -> None:
        parsed = {
            "intent": {"name": "nlu_fallback", "confidence": 0.3},
            "intent_ranking": [
                {"name": "nlu_fallback", "confidence": 0.3},
                {"name": "greet", "confidence": 0.2},
            ],
            "entities": [{"entity": "date", "value": "x", "start": 0, "end": 1, "past": "y"}],
        }
        event = UserUttered("hm", {}, parse_data=parsed, metadata={"turn_id": "a"})
        answer = turn_answer([event], "a", {})
        assert answer is not None
        self.assertEqual(answer["nlu"]["intent"], "nlu_fallback")
        self.assertEqual(answer["nlu"]["confidence"], 0.2)
        self.assertEqual(answer["nlu"]["ranking"], [{"name": "greet", "confidence": 0.2}])
        self.assertEqual(
            answer["nlu"]["entities"], [{"entity": "date", "value": "x", "start": 0, "end": 1}]
        )

    def test_an_unknown_turn_has_no_answer(self) -> None:
        self.assertIsNone(turn_answer([spoke("a")], "b", {}))
