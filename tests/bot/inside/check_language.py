"""Which language is answered in."""

# ruff: noqa: PT009 (no pytest in the bot's environment)

from __future__ import annotations

import unittest

import yaml

from bot.language import _WORDS_FILE, detect


class Language(unittest.TestCase):
    def found(self, text: str) -> tuple[str, bool]:
        detection = detect(text)
        return detection.language, detection.confident

    def test_standard_nynorsk_is_known_by_its_spelling(self) -> None:
        for text in (
            "Kvifor har eg ikkje fått avisa mi? Ho skulle kome tysdag.",
            "Korleis kan eg endre leveringa til laurdag?",
            "Eg ynskjer å seie opp abonnementet mitt frå neste månad.",
            "Hei, kor mykje kostar det å forsikre ein bil hjå dykk?",
            "Kan de sende rekninga på nytt? Eg har ikkje motteke noko.",
            "Hei, eg skal flytte og vil ha avisa på ny adresse. Kva kostar det?",
            "Kvar er pakken min?",
            "Kvifor er han forseinka?",
            "Eg vil snakke med eit menneske",
        ):
            with self.subTest(text):
                self.assertTrue(detect(text).standard_nynorsk)
                self.assertEqual(self.found(text), ("nn", True))

    def test_dialect_is_answered_in_bokmaal_even_with_nynorsk_words(self) -> None:
        for text in (
            "kor e pakken min, eg har ikkje fått den ennå",
            "koffor kommer ikkje avisen hos meg, eg bor i Bergen",
            "æ har itj fått aviså i dag",
            "Eg e så lei av dokkar, det kjem jo ikkje noko",
            "kossen e det eg endre adressen ifrå tysdag",
            "je har itte fått avisa på tre daer",
            "hvis dokker ikkje veit ka tid det kjem, kem veit då?",
            "eg har ikkje fått avisa",
            "ka tid kjem pakken min, eg venta ikkje lenger",
            "eg får ikkje te den derre sporingå",
        ):
            with self.subTest(text):
                self.assertFalse(detect(text).standard_nynorsk)
                self.assertEqual(detect(text).language, "nb")

    def test_one_shared_word_is_not_enough_for_nynorsk(self) -> None:
        for text in ("ikkje", "eg veit", "Eg vil ikkje", "tysdag"):
            with self.subTest(text):
                self.assertFalse(detect(text).standard_nynorsk)

    def test_a_number_told_in_english_does_not_turn_the_language(self) -> None:
        for text in ("my number is HB12345678", "my policy number is VF-1122"):
            with self.subTest(text):
                self.assertNotEqual(self.found(text), ("nb", True))

    def test_what_may_be_nynorsk_does_not_settle_the_language_yet(self) -> None:
        for text in ("Eg skal flytte, ikkje langt", "Hei, noko gale med pakken min og sendinga"):
            with self.subTest(text):
                self.assertNotEqual(self.found(text), ("nb", True))

    def test_english_is_known(self) -> None:
        for text in (
            "Where is my parcel?",
            "hello",
            "thanks a lot",
            "I have not received the invoice",
        ):
            with self.subTest(text):
                self.assertEqual(self.found(text), ("en", True))

    def test_bokmaal_is_known(self) -> None:
        for text in (
            "Hvor er pakken min?",
            "jeg vil snakke med et menneske",
            "har dere åpent på lørdag",
        ):
            with self.subTest(text):
                self.assertEqual(self.found(text), ("nb", True))

    def test_what_cannot_be_told_decides_nothing(self) -> None:
        for text in ("ok", "HB12345678", "???", "", "1234", "😀", "hei"):
            with self.subTest(text):
                self.assertFalse(detect(text).confident)

    def test_each_word_of_the_nynorsk_and_dialect_lists_stands_in_one_list(self) -> None:
        groups = yaml.safe_load(_WORDS_FILE.read_text("utf-8"))
        words = {name: set(str(text).split()) for name, text in groups.items()}
        for left, right in (
            ("nynorsk", "bokmaal"),
            ("nynorsk", "dialect"),
            ("nynorsk_weak", "bokmaal"),
            ("nynorsk_weak", "dialect"),
            ("nynorsk", "norwegian"),
        ):
            with self.subTest(f"{left} and {right}"):
                self.assertEqual(words[left] & words[right], set())
