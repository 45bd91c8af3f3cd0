"""Sentence vectors from a folder as the sentence-transformers library writes it, without PyTorch.

Read are ``modules.json`` (Transformer, Pooling, Normalize), ``tokenizer.json``, the pooling's
``config.json``, and the network in the ONNX format: ``onnx/model.onnx``, as
``SentenceTransformer(name, backend="onnx").save_pretrained(folder)`` exports it. All of it is data:
nothing in the folder is run or unpickled. https://sbert.net/docs/sentence_transformer/usage/efficiency.html
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

NETWORKS = ("onnx/model.onnx", "model.onnx")
EXPORT = (
    'export it with SentenceTransformer("{folder}", backend="onnx").save_pretrained("{folder}") '
    "where sentence-transformers is installed"
)
# Texts that go through the network together.
BATCH = 32
_LONGEST = 512


class FolderError(ValueError):
    """What is wrong with the folder, and the cure."""


class SentenceFolder:
    """An encoder out of a folder. ``name`` tells two networks in folders of one name apart."""

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        """Raises FolderError for a folder that cannot be used."""
        from onnxruntime import InferenceSession, SessionOptions  # type: ignore[import-untyped]
        from tokenizers import Tokenizer

        if not folder.is_dir():
            raise FolderError(f"{folder} is no folder: name one that sentence-transformers wrote")
        network = next((folder / name for name in NETWORKS if (folder / name).is_file()), None)
        if network is None:
            raise FolderError(f"{folder} holds no {NETWORKS[0]}: {EXPORT.format(folder=folder)}")
        self._pooling = _pooling(folder)
        options = SessionOptions()
        options.intra_op_num_threads = threads or 0
        options.log_severity_level = 3
        try:
            self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._network: Any = InferenceSession(
                str(network), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # both libraries raise their own kinds, without a common one
            raise FolderError(f"{folder} cannot be read: {error}") from error
        self._tokenizer.enable_truncation(_longest(folder))
        self._tokenizer.enable_padding()
        self._takes = {given.name for given in self._network.get_inputs()}
        self._prompt = _prompt(folder)
        digest = hashlib.sha256(network.read_bytes()).hexdigest()
        self.name = f"{folder.name}-{digest[:12]}"
        self.dimension = int(self._vectors(["."]).shape[1])

    def encode(self, texts: list[str]) -> np.ndarray:
        """Unit vectors of the texts."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        parts = [self._vectors(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
        return np.concatenate(parts)

    def _vectors(self, texts: list[str]) -> np.ndarray:
        read = self._tokenizer.encode_batch([self._prompt + text for text in texts])
        mask = np.array([text.attention_mask for text in read], dtype=np.int64)
        given = {
            "input_ids": np.array([text.ids for text in read], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.array([text.type_ids for text in read], dtype=np.int64),
        }
        words = self._network.run(None, {k: v for k, v in given.items() if k in self._takes})[0]
        pooled = words if words.ndim == 2 else self._pooled(words, mask[:, :, None])
        lengths = np.linalg.norm(pooled, axis=1, keepdims=True)
        return np.asarray(pooled / np.maximum(lengths, 1e-12), dtype=np.float32)

    def _pooled(self, words: np.ndarray, mask: np.ndarray) -> np.ndarray:
        if self._pooling == "cls":
            return np.asarray(words[:, 0])
        if self._pooling == "max":
            return np.asarray(np.where(mask == 1, words, -np.inf).max(axis=1))
        return np.asarray((words * mask).sum(axis=1) / np.maximum(mask.sum(axis=1), 1))


def _pooling(folder: Path) -> str:
    modules = _json(folder / "modules.json")
    kinds = {str(module.get("type", "")).rsplit(".", 1)[-1]: module for module in modules}
    foreign = set(kinds) - {"Transformer", "Pooling", "Normalize"}
    if foreign or "Pooling" not in kinds:
        raise FolderError(
            f"{folder / 'modules.json'}: only Transformer, Pooling and Normalize can be read here; "
            f"found {', '.join(sorted(kinds))}"
        )
    config = _json(folder / kinds["Pooling"]["path"] / "config.json")
    wanted = {
        key.split("_")[2] for key, on in config.items() if key.startswith("pooling_mode_") and on
    }
    if config.get("pooling_mode"):  # as newer versions write it
        wanted = {str(config["pooling_mode"])}
    if len(wanted) != 1 or not wanted <= {"mean", "cls", "max"}:
        raise FolderError(f"{folder}: the pooling must be one of mean, cls and max")
    return wanted.pop()


def _longest(folder: Path) -> int:
    settings = folder / "sentence_bert_config.json"
    known = _json(settings).get("max_seq_length") if settings.is_file() else None
    return int(known or _LONGEST)


def _prompt(folder: Path) -> str:
    """What the network wants before each text, such as "query: "."""
    settings = folder / "config_sentence_transformers.json"
    known: Mapping[str, Any] = _json(settings) if settings.is_file() else {}
    prompts = known.get("prompts") or {}
    return str(prompts.get(known.get("default_prompt_name") or "query") or "")


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FolderError(f"{path} cannot be read: {error}") from error
