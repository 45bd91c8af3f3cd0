"""Rewriting dialect and chat spelling."""

# ruff: noqa: PT009 (no pytest in the bot's environment)

from __future__ import annotations

import unittest

from bot.canonical import Canonicaliser, read_rules


class Canonical(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.rules = read_rules()
        cls.rewrite = staticmethod(Canonicaliser(cls.rules))

    def test_one_sentence_in_five_dialects_becomes_one(self) -> None:
        for text in (
            "Hvor er pakken min? Jeg har ikke fått den",
            "kor e pakken min? eg har ikkje fått den",
            "kor e pakka mij? æ har itj fått den",
            "hår e pakkå mij? æ har ikkje fådd den",
            "hvor er pakka min? je har itte fått den",
        ):
            with self.subTest(text):
                self.assertEqual(self.rewrite(text), "hvor er pakken min ? jeg har ikke fått den")

    def test_a_standard_sentence_is_left_alone(self) -> None:
        for text in (
            "hvor er pakken min",
            "jeg vil si opp avisen fra neste uke",
            "kan dere sende fakturaen på nytt til den nye adressen",
            "finn skoen jeg vil ha og vær så god å bli nær meg",
        ):
            with self.subTest(text):
                self.assertEqual(self.rewrite(text), text)

    def test_a_word_in_quotes_is_a_word_though_yaml_takes_it_for_a_truth_value(self) -> None:
        self.assertEqual(self.rewrite("kom no"), "kom nå")

    def test_digits_and_stretched_letters_lose_what_does_not_matter(self) -> None:
        self.assertEqual(self.rewrite("HB 1234"), "hb 0000")
        self.assertEqual(self.rewrite("neeeeei"), self.rewrite("neeei"))

    def test_rewriting_twice_changes_nothing_more(self) -> None:
        for canonical in set(self.rules.values()):
            once = self.rewrite(canonical)
            with self.subTest(canonical):
                self.assertEqual(self.rewrite(once), once)
