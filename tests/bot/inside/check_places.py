"""Names of places: what the finder learns, its file, and its place in the pipeline."""

# ruff: noqa: PT009, PT027 (no pytest in the bot's environment)

from __future__ import annotations

import tempfile
import time
import unittest
from datetime import date
from pathlib import Path
from typing import Any

from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.entities import find_entities
from bot.entity_tagger import EntityTagger
from bot.importer import SkillImporter
from bot.places import FILE, Marked, PlaceFinder, PlaceSettings

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 11, 21)
LINES = (
    ("pakken min ligger i Hamar", "Hamar"),
    ("bor på Voss", "Voss"),
    ("skal til Mo i Rana i morgen", "Mo i Rana"),
    ("hvor er pakken min", None),
    ("jeg er på jobb", None),
    ("i går kom den ikke", None),
    ("vi skal til Spania", None),
)


def marked(text: str, place: str | None) -> Marked:
    places = [(text.index(place), text.index(place) + len(place))] if place else []
    return Marked(text, places, find_entities(text, TODAY), plain=True)


def examples() -> list[Message]:
    """The project's own examples."""
    importer = SkillImporter(domain_path=str(ROOT / "domain.yml"))
    return list(importer.get_nlu_data().training_examples)


def tagger(folder: str, messages: list[Message]) -> EntityTagger:
    storage, resource = LocalModelStorage(Path(folder)), Resource("tagger")
    context: Any = None
    config = EntityTagger.get_default_config()
    EntityTagger.create(config, storage, resource, context).train(TrainingData(messages))
    return EntityTagger.load(config, storage, resource, context)


def places(component: EntityTagger, text: str) -> list[str]:
    read = [span.as_dict() for span in find_entities(text, TODAY)]
    [message] = component.process([Message({"text": text, "entities": read})])
    return [
        text[row["start"] : row["end"]]
        for row in message.get("entities")
        if row["entity"] == "place"
    ]


class Finder(unittest.TestCase):
    def test_training_twice_gives_the_same_file(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            files = [Path(folder) / name for name in ("a", "b")]
            for file in files:
                PlaceFinder.train([marked(*line) for line in LINES], file)
            self.assertEqual(files[0].read_bytes(), files[1].read_bytes())

    def test_a_file_that_is_no_model_is_refused(self) -> None:
        with tempfile.TemporaryDirectory() as folder, self.assertRaises(OSError):
            PlaceFinder(Path(folder) / FILE)

    def test_what_was_read_exactly_is_never_marked_across(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            PlaceFinder.train(
                [marked(*line) for line in LINES], Path(folder) / FILE, PlaceSettings(exchanged=9)
            )
            finder = PlaceFinder(Path(folder) / FILE)
        text = "bor i Nygata 3, 5003 Bergen"
        self.assertEqual(finder.find(text, find_entities(text, TODAY)), [])
        self.assertEqual(finder.find("", []), [])


class Tagger(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.messages = examples()
        with tempfile.TemporaryDirectory() as folder:
            started = time.process_time()
            cls.tagger = tagger(folder, cls.messages)
            cls.seconds = time.process_time() - started

    def test_places_are_marked_that_stand_in_no_example(self) -> None:
        for text, place in {
            "jeg bor i Sarpsborg nå": "Sarpsborg",
            "pakken skal til Mo i Rana": "Mo i Rana",
            "kjem de til Øystese i dag": "Øystese",
            "æ bor i tromsø og venter": "tromsø",
            "kainn dokker levver te trondhjæm i mårrå": "trondhjæm",
            "ka med pakken te bærgen": "bærgen",
            "I moved to Gdansk last week": "Gdansk",
            "Drammen": "Drammen",
            "eg bur på 4330 ålgård": "ålgård",
            "bor i 8300 Svolvær nå": "Svolvær",
            "I live in Modum (3370)": "Modum",
            "moved from Lillestrom yesterday": "Lillestrom",
            "bor nå i ås, takk": "ås",
            "den ligg i steinkjær": "steinkjær",
            "skal te Namsosn": "Namsosn",
            "sendt fra kr.sand": "kr.sand",
            "Bor i Ås. Kan dere komme": "Ås",
        }.items():
            with self.subTest(text):
                self.assertEqual(places(self.tagger, text), [place])

    def test_what_only_looks_like_a_place_is_none(self) -> None:
        for text in (
            "vi skal til Spania i morgen",
            "hentes på Kiwi Storo",
            "hilsen Ragnhild Moen",
            "snakket med Per Arne Voss",
            "Drammens Tidende fikk jeg",
            "taket røk i stormen",
            "jeg bor i hus på landet",
            "jeg går på ski",
            "nå er det nok",
            "can I ask you something",
            "bor i Kirkeveien 41B",
            "",
        ):
            with self.subTest(text):
                self.assertEqual(places(self.tagger, text) if text else [], [])

    def test_a_button_and_what_is_no_text_are_left_alone(self) -> None:
        [message] = self.tagger.process([Message({"text": '/inform{"place": "Bergen"}'})])
        self.assertIsNone(message.get("entities"))

    def test_training_and_reading_are_quick(self) -> None:
        self.assertLess(self.seconds, 8)  # of one processor; a slow one is given twice the time
        text = "Kan dere sende pakken min til hytta på Oppdal i stedet, jeg er bortreist på fredag"
        exact = find_entities(text, TODAY)
        read = [span.as_dict() for span in exact]
        started = time.process_time()
        for _ in range(200):
            self.tagger.process([Message({"text": text, "entities": list(read)})])
        self.assertLess((time.process_time() - started) / 200, 0.002)

    def test_without_a_marked_place_nothing_is_learnt_and_nothing_added(self) -> None:
        unmarked = [Message({"text": "hei", "intent": "greet"})]
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(places(tagger(folder, unmarked), "bor i Bergen"), [])
