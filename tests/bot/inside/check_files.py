"""Model files: fingerprint, signature, importer, evaluation's input."""

# ruff: noqa: PT009, PT027 (no pytest in the bot's environment)

from __future__ import annotations

import contextlib
import io
import os
import shutil
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from bot import evaluate_entities, serve
from bot.fingerprint import fingerprint, sources
from bot.importer import ProjectError, SkillImporter, skills_of
from bot.signature import KEY_FILE, UnsignedModel, is_signed, refuse_unsigned, sign, signature_file

PROJECT = Path(__file__).parents[1] / "project"


class InFolder(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.enterContext(mock.patch.dict(os.environ, {"DATA_DIR": str(self.folder)}))

    def enterContext(self, manager: contextlib.AbstractContextManager) -> object:  # noqa: N802
        entered = manager.__enter__()
        self.addCleanup(manager.__exit__, None, None, None)
        return entered


class Signature(InFolder):
    def setUp(self) -> None:
        super().setUp()
        self.model = self.folder / "m.tar.gz"
        self.model.write_bytes(b"model")
        sign(self.model)

    def test_what_was_signed_passes(self) -> None:
        refuse_unsigned(self.model)
        self.assertEqual(os.stat(self.folder / KEY_FILE).st_mode & 0o777, 0o600)

    def test_a_changed_a_renamed_and_an_unsigned_model_are_refused(self) -> None:
        renamed = self.folder / "n.tar.gz"
        shutil.copy(self.model, renamed)
        shutil.copy(signature_file(self.model), signature_file(renamed))
        unsigned = self.folder / "u.tar.gz"
        unsigned.write_bytes(b"model")
        for model in (renamed, unsigned, self.folder / "absent.tar.gz"):
            with self.subTest(model.name), self.assertRaisesRegex(UnsignedModel, "make train"):
                refuse_unsigned(model)
        self.model.write_bytes(b"Model")
        self.assertFalse(is_signed(self.model))

    def test_a_hash_that_fits_does_not_do_without_our_key(self) -> None:
        (self.folder / KEY_FILE).write_text("00" * 32)
        with self.assertRaisesRegex(UnsignedModel, "not the model that was signed here"):
            refuse_unsigned(self.model)
        (self.folder / KEY_FILE).unlink()
        with self.assertRaisesRegex(UnsignedModel, "key"):
            refuse_unsigned(self.model)

    def test_the_server_refuses_it_in_one_sentence(self) -> None:
        self.model.write_bytes(b"Model")
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            self.assertEqual(serve.main(["--model", str(self.model)]), 1)
        self.assertIn("The bot cannot start: ", said.getvalue())
        self.assertEqual(said.getvalue().count("\n"), 1)

    def test_the_server_refuses_to_start_without_its_tokens(self) -> None:
        said = io.StringIO()
        tokens = {"BOT_TOKEN": "", "RASA_TOKEN": ""}
        with contextlib.redirect_stderr(said), mock.patch.dict(os.environ, tokens):
            self.assertEqual(serve.main(["--model", str(self.model)]), 1)
        self.assertIn("BOT_TOKEN is not set", said.getvalue())


class Fingerprint(InFolder):
    def test_it_changes_with_content_and_with_names(self) -> None:
        project = self.folder / "project"
        shutil.copytree(PROJECT, project)
        before = fingerprint(project)
        self.assertEqual(fingerprint(project), before)
        common = project / "data" / "nlu" / "common.yml"
        common.write_text(common.read_text("utf-8") + "\n# more\n", "utf-8")
        changed = fingerprint(project)
        self.assertNotEqual(changed, before)
        common.rename(common.with_name("other.yml"))
        self.assertNotEqual(fingerprint(project), changed)

    def test_it_covers_our_code_and_its_word_lists(self) -> None:
        names = {name for name, _ in sources(PROJECT)}
        self.assertLessEqual(
            {"config.yml", "domain.yml", "data/nlu/common.yml", "bot/intents.py",
             "bot/data/canonical.yml"},
            names,
        )  # fmt: skip


class Importer(InFolder):
    def setUp(self) -> None:
        super().setUp()
        self.project = self.folder / "project"
        shutil.copytree(PROJECT, self.project)

    def importer(self) -> SkillImporter:
        return SkillImporter(
            str(self.project / "config.yml"),
            str(self.project / "domain.yml"),
            [str(self.project / "data")],
        )

    def test_examples_know_their_skill_and_variety(self) -> None:
        marks = {
            (m.get("intent"), m.get("skill"), m.get("variety"))
            for m in self.importer().get_nlu_data().training_examples
        }
        self.assertIn(("track_parcel", "parcel", "bokmaal"), marks)
        self.assertIn(("greet", "common", "unknown"), marks)
        self.assertEqual(skills_of(self.project / "data" / "nlu")["insurance"], ["report_claim"])

    def test_responses_join_the_domain_with_their_conditions(self) -> None:
        domain = self.importer().get_domain()
        self.assertIn("utter_greet", domain.action_names_or_texts)
        self.assertEqual(len(domain.responses["utter_greet"]), 3)
        self.assertIn("condition", domain.responses["utter_greet"][0])

    def test_rules_are_read(self) -> None:
        self.assertGreater(len(self.importer().get_stories().story_steps), 5)

    def test_a_response_told_twice_is_refused_with_both_files(self) -> None:
        path = self.project / "data" / "responses" / "parcel.yml"
        path.write_text("responses: {utter_greet: [{text: Hallo}]}", "utf-8")
        with self.assertRaisesRegex(ProjectError, "parcel.yml: response 'utter_greet' .*common"):
            self.importer().get_domain()

    def test_a_file_without_responses_is_refused_by_name(self) -> None:
        path = self.project / "data" / "responses" / "parcel.yml"
        path.write_text("utter_x: [{text: Hallo}]", "utf-8")
        with self.assertRaisesRegex(ProjectError, "parcel.yml: expected a mapping"):
            self.importer().get_domain()


class Evaluation(InFolder):
    def test_an_unsigned_model_is_not_evaluated(self) -> None:
        model, lines = self.folder / "m.tar.gz", self.folder / "a.tsv"
        model.write_text("x", "utf-8")
        lines.write_text("id\tclient\tvariety\ttext\n1\ta\tsms\thei\n", "utf-8")
        with contextlib.redirect_stderr(io.StringIO()) as said:
            self.assertEqual(evaluate_entities.main([str(lines), "--model", str(model)]), 1)
        self.assertIn("make train", said.getvalue())
