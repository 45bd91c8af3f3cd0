"""What a line means after the errand before it, and lines that ask for nothing."""

# ruff: noqa: PT009 (no pytest in the bot's environment)

from __future__ import annotations

import asyncio
import unittest
from typing import Any

from rasa.shared.core.events import ActiveLoop, SlotSet
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.context import in_context
from bot.remarks import beyond_thanks, signed, wrong_address

HEIMBUD = ("common", "billing", "parcel", "newspaper")
VARDE = ("common", "billing", "insurance")


def tracker_after(errand: str | None = None, done: bool = False) -> DialogueStateTracker:
    slots = [AnySlot(name, mappings=[]) for name in ("errand", "done", "waiting_errand")]
    tracker = DialogueStateTracker.from_events("talk", [], slots=slots)
    if errand:
        tracker.update(SlotSet("errand", errand))
        tracker.update(SlotSet("errand", None))
    if done:
        tracker.update(SlotSet("done", {"errand": errand}))
    return tracker


def read(
    text: str,
    intent: str,
    confidence: float = 0.9,
    *,
    tracker: DialogueStateTracker | None = None,
    skills: tuple[str, ...] = HEIMBUD,
    entities: tuple[dict[str, Any], ...] = (),
) -> dict[str, Any]:
    def parsed(words: str, name: str, sure: float) -> dict[str, Any]:
        row = {"name": name, "confidence": sure}
        return {
            "text": words,
            "intent": row,
            "intent_ranking": [row],
            "plausible": [name],
            "entities": list(entities),
        }

    async def again(words: str) -> dict[str, Any]:
        return parsed(words, "track_parcel", 0.8)

    before = tracker or tracker_after()
    return asyncio.run(in_context(parsed(text, intent, confidence), before, again, skills))


class AfterAnErrand(unittest.TestCase):
    def test_after_an_invoice_a_payment_or_a_due_date_is_that_invoices(self) -> None:
        for text, intent, about in (
            ("jeg betalte den for to uker siden!", "refund", "paid"),
            ("eg har jo betalt", "complain", "paid"),
            ("I paid it last week", "out_of_scope", "paid"),
            ("ka tid e fristen no", "opening_hours", "due"),
            ("når må eg betala", "change_payment", "due"),
        ):
            with self.subTest(text):
                found = read(text, intent, tracker=tracker_after("invoice_question"))
                self.assertEqual(found["intent"]["name"], "invoice_question")
                self.assertEqual(found["about"], about)

    def test_money_back_and_more_time_are_what_they_were_read_as(self) -> None:
        for text, intent in (
            ("jeg har betalt to ganger", "refund"),
            ("når får jeg pengene tilbake, jeg har betalt", "refund"),
            ("kan fristen utsettes", "change_payment"),
            ("jeg har betalt, la meg få snakke med noen", "ask_human"),
        ):
            with self.subTest(text):
                found = read(text, intent, tracker=tracker_after("invoice_question"))
                self.assertEqual(found["intent"]["name"], intent)

    def test_another_invoice_number_is_another_invoice(self) -> None:
        number = {"entity": "number", "value": "7301123", "start": 0, "end": 7}
        for text in ("7301123", "og 7301123 da?", "hva med 7301 123"):
            with self.subTest(text):
                found = read(
                    text, "track_parcel", 0.6,
                    tracker=tracker_after("invoice_question"), entities=(number,),
                )  # fmt: skip
                self.assertEqual(found["intent"]["name"], "invoice_question")
                self.assertEqual(found["entities"][0]["entity"], "invoice_number")
                self.assertEqual(found["entities"][0]["value"], "7301123")
        self.assertEqual(read("7301123", "track_parcel", 0.6)["intent"]["name"], "track_parcel")

    def test_another_matter_that_is_named_is_another_errand(self) -> None:
        for last, text, intent in (
            ("invoice_question", "Jeg betalte for en pakke som ikke kom", "parcel_not_received"),
            ("invoice_question", "Når kan jeg hente pakken?", "pickup_point"),
            ("track_parcel", "hvorfor kommer avisen så sent", "newspaper_missing"),
            ("newspaper_missing", "når kommer pakken", "track_parcel"),
        ):
            with self.subTest(text):
                found = read(text, intent, 0.97, tracker=tracker_after(last))
                self.assertEqual(found["intent"]["name"], intent)
                self.assertNotIn("about", found)

    def test_why_it_is_late_is_asked_of_the_parcel(self) -> None:
        found = read("koffor e han så sein", "complain", tracker=tracker_after("track_parcel"))
        self.assertEqual((found["intent"]["name"], found["about"]), ("track_parcel", "late"))

    def test_when_it_comes_is_asked_of_the_newspaper(self) -> None:
        after = tracker_after("newspaper_missing", done=True)
        found = read("når kommer den?", "track_parcel", tracker=after)
        self.assertEqual((found["intent"]["name"], found["about"]), ("help", "next"))
        found = read("når kommer den?", "thank", tracker=tracker_after("newspaper_missing"))
        self.assertEqual(found["intent"]["name"], "newspaper_delivery_time")

    def test_a_form_knows_better_what_its_answers_mean(self) -> None:
        tracker = tracker_after("invoice_question")
        tracker.update(ActiveLoop("change_payment_form"))
        found = read("jeg betalte den i går", "refund", tracker=tracker)
        self.assertEqual(found["intent"]["name"], "refund")


class AsksForNothing(unittest.TestCase):
    def test_a_signature_is_thanks_in_a_form_too(self) -> None:
        tracker = tracker_after("track_parcel")
        tracker.update(ActiveLoop("track_parcel_form"))
        for text in ("mvh turid", "hilsen Per", "Beste helsing Ola", "best regards, John Smith"):
            with self.subTest(text):
                found = read(text, "goodbye", 0.66, tracker=tracker)
                self.assertEqual(found["intent"]["name"], "thank")
                self.assertEqual(found["settled"], "signed")

    def test_what_says_more_is_no_signature(self) -> None:
        for text in ("mvh Per, hvor er pakken?", "hilsen en sur kunde", "hilsen sint kunde", "hei"):
            with self.subTest(text):
                self.assertFalse(signed(text))

    def test_a_question_behind_thanks_is_read(self) -> None:
        found = read("ok takk. men når kommer den?", "thank", 0.9)
        self.assertEqual(found["intent"]["name"], "track_parcel")
        self.assertEqual(found["text"], "ok takk. men når kommer den?")
        for text in ("takk", "ok", "ja takk", "takk for hjelpen", "jo det er greit"):
            with self.subTest(text):
                self.assertEqual(beyond_thanks(text), 0)


class OfWhatCompany(unittest.TestCase):
    def test_another_companys_matter_is_out_of_scope_however_it_was_read(self) -> None:
        found = read("da vil jeg ha avisa stoppet", "goodbye", 0.65, skills=VARDE)
        self.assertEqual(found["intent"]["name"], "out_of_scope")
        found = read("da vil jeg ha avisa stoppet", "goodbye", 0.65, skills=HEIMBUD)
        self.assertEqual(found["intent"]["name"], "goodbye")

    def test_a_wrong_address_is_changed_where_the_client_can(self) -> None:
        found = read("feil adresse", "contact_info", 0.41)
        self.assertEqual(found["plausible"], ["change_delivery", "change_address"])
        after = tracker_after("track_parcel")
        found = read("det er feil adresse", "contact_info", 0.41, tracker=after)
        self.assertEqual(found["plausible"], ["change_delivery"])
        self.assertEqual(wrong_address("feil adresse", "", VARDE), [])
        self.assertEqual(wrong_address("hvilken adresse har dere", "", HEIMBUD), [])
