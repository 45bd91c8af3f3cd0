"""Lines in other varieties, and the tagger that is trained on them."""

# ruff: noqa: PT009 (no pytest in the bot's environment)

from __future__ import annotations

import random
import tempfile
import unittest
from pathlib import Path

from bot.canonical import Canonicaliser, read_rules
from bot.tagger import Penalties, Tagger, spans
from bot.variants import Varying, read_varieties

LINE = "hvor er avisene jeg ikke har fått".split()


class Variants(unittest.TestCase):
    def test_every_variety_writes_some_words_of_its_own(self) -> None:
        spelt = {v.name: [v.spell(w, random.Random(1)) for w in LINE] for v in read_varieties()}
        self.assertEqual(spelt["bergen"], ["kor", "e", "avisene", "eg", "ikkje", "har", "fått"])
        self.assertEqual(spelt["nynorsk"], ["kvar", "er", "avisane", "eg", "ikkje", "har", "fått"])
        self.assertEqual(spelt["troendersk"][2], "avisan")
        self.assertEqual(len({" ".join(words) for words in spelt.values()}), 7)

    def test_variants_are_word_for_word_and_the_same_each_time(self) -> None:
        varying = Varying(read_varieties(), 7)
        first, again = varying.of(LINE, 3), varying.of(LINE, 3)
        self.assertEqual(first, again)
        self.assertTrue(first)
        for made in first:
            self.assertEqual(len(made), len(LINE))
            self.assertNotEqual(made, LINE)

    def test_a_line_nobody_would_write_otherwise_has_no_variants(self) -> None:
        self.assertEqual(Varying(read_varieties(), 7).of(["HB12345678"], 0), [])

    def test_the_canonicaliser_knows_the_words_that_variants_write(self) -> None:
        # What training writes and what reading understands come from the same knowledge.
        rules = read_rules()
        for word in ("eg", "ikkje", "korsn", "koffer", "dokker", "itte", "kvifor", "korleis"):
            self.assertIn(word, rules)


class Tagging(unittest.TestCase):
    LINES = (
        ("spill", "en", "sang", "av", "Grieg"),
        ("spill", "noe", "av", "Wenche", "Myhre"),
        ("sett", "på", "musikk", "av", "Odd", "Nordstoga"),
        ("spill", "musikk"),
    )
    TAGS = (
        ("O", "O", "O", "O", "B-artist"),
        ("O", "O", "O", "B-artist", "I-artist"),
        ("O", "O", "O", "O", "B-artist", "I-artist"),
        ("O", "O"),
    )

    def test_names_it_has_not_seen_are_marked_by_their_place(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "tags.crfsuite"
            canonicaliser = Canonicaliser({})
            Tagger.train(
                self.LINES, self.TAGS, ["play"] * 4, canonicaliser, file, Penalties(0.0, 0.05)
            )
            found = Tagger(canonicaliser, file).tag(["spill", "noe", "av", "Anne", "Grete"], "play")
        self.assertEqual(spans(found), {(3, 5, "artist")})

    def test_training_twice_gives_the_same_file(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            files = [Path(folder) / name for name in ("a", "b")]
            for file in files:
                Tagger.train(self.LINES, self.TAGS, [""] * 4, Canonicaliser({}), file)
            self.assertEqual(files[0].read_bytes(), files[1].read_bytes())

    def test_stretches_end_where_another_begins(self) -> None:
        self.assertEqual(
            spans(["B-a", "B-a", "I-a", "O", "I-b"]), {(0, 1, "a"), (1, 3, "a"), (4, 5, "b")}
        )
