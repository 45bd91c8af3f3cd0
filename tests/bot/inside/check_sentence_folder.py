"""A folder as sentence-transformers writes it, read without PyTorch.

``sentences/`` is one with a network of one layer: each of the tokenizer's twelve words has a row
of four numbers in ``onnx/model.onnx`` (a single Gather). Its rows are made to be seen through:
"pakke" and "parcel" are alike, "avis" is not.
"""

# ruff: noqa: PT009, PT027 (no pytest in the bot's environment)

from __future__ import annotations

import json
import shutil
import tempfile
import unittest
from pathlib import Path

import numpy as np

from bot.encoder import load_encoder
from bot.sentence_folder import FolderError, SentenceFolder

FOLDER = Path(__file__).parent / "sentences"


class Folders(unittest.TestCase):
    def setUp(self) -> None:
        self._held = tempfile.TemporaryDirectory()
        self.addCleanup(self._held.cleanup)
        self.folder = Path(self._held.name) / "sentences"
        shutil.copytree(FOLDER, self.folder)

    def write(self, name: str, content: object) -> None:
        (self.folder / name).write_text(json.dumps(content), encoding="utf-8")

    def test_like_sentences_are_near_and_every_vector_is_of_length_one(self) -> None:
        encoder = SentenceFolder(self.folder, threads=1)
        rows = encoder.encode(["hvor er pakke", "hvor er parcel", "hvor er avis"])
        self.assertEqual(rows.shape, (3, encoder.dimension))
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, rtol=1e-5)
        self.assertGreater(float(rows[0] @ rows[1]), float(rows[0] @ rows[2]))
        self.assertEqual(encoder.encode([]).shape, (0, encoder.dimension))

    def test_a_sentence_has_the_same_vector_alone_and_among_longer_ones(self) -> None:
        encoder = SentenceFolder(self.folder)
        alone = encoder.encode(["pakke"])
        among = encoder.encode(["pakke", "hvor er avis hvor er avis"])
        np.testing.assert_allclose(alone[0], among[0], rtol=1e-5)

    def test_the_pooling_is_the_folders(self) -> None:
        mean = SentenceFolder(self.folder).encode(["hvor pakke"])
        self.write("1_Pooling/config.json", {"pooling_mode_cls_token": True})
        first = SentenceFolder(self.folder).encode(["hvor pakke", "hvor avis"])
        np.testing.assert_allclose(first[0], first[1], rtol=1e-5)
        self.assertFalse(np.allclose(mean[0], first[0]))
        self.write("1_Pooling/config.json", {"pooling_mode": "weightedmean"})
        with self.assertRaisesRegex(FolderError, "one of mean, cls and max"):
            SentenceFolder(self.folder)

    def test_what_cannot_be_used_is_told_with_its_cure(self) -> None:
        with self.assertRaisesRegex(FolderError, "is no folder"):
            SentenceFolder(self.folder / "none")
        self.write("modules.json", [{"type": "x.Transformer"}, {"type": "x.Dense", "path": "2"}])
        with self.assertRaisesRegex(FolderError, r"modules\.json: only Transformer, Pooling"):
            SentenceFolder(self.folder)
        (self.folder / "modules.json").write_text("{", encoding="utf-8")
        with self.assertRaisesRegex(FolderError, r"modules\.json cannot be read"):
            SentenceFolder(self.folder)
        (self.folder / "onnx" / "model.onnx").unlink()
        with self.assertRaisesRegex(FolderError, 'export it with .*backend="onnx"'):
            SentenceFolder(self.folder)

    def test_a_broken_network_degrades_with_a_warning_and_never_a_crash(self) -> None:
        self.assertIsInstance(load_encoder(str(self.folder)), SentenceFolder)
        (self.folder / "onnx" / "model.onnx").write_bytes(b"no network")
        with self.assertLogs("bot") as logs:
            self.assertIsNone(load_encoder(str(self.folder)))
        self.assertIn("sentence vectors are off", logs.output[0])

    def test_two_networks_in_folders_of_one_name_are_told_apart(self) -> None:
        name = SentenceFolder(self.folder).name
        self.assertTrue(name.startswith("sentences-"))
        self.assertEqual(SentenceFolder(FOLDER).name, name)
