"""Sentence vectors kept between trainings, so that an edit costs only its own lines."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bot.encoder import Encoder
from bot.signature import ROOT

progress = logging.getLogger("bot.progress")
# Texts between two words of progress: a few seconds. With half as many the threads wait for each
# other, and all of it takes 40 % longer.
BATCH = 128
# The part of a whole training that reading every sentence is.
BEGINS, ENDS = 0.2, 0.4


class RememberingEncoder:
    """An encoder that reads each text once and keeps its vector in ``folder``.

    The file is an .npz of two arrays, the texts' SHA-256 and their float32 vectors; it holds no
    text. A file that cannot be read is made anew.
    """

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self._encoder = encoder
        self._file = folder / f"{encoder.name}.npz"
        self.name = encoder.name
        self.dimension = encoder.dimension

    def encode(self, texts: list[str]) -> np.ndarray:
        """One row for each text, from memory where it is known."""
        known = self._read()
        keys = [_key(text) for text in texts]
        fresh = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if fresh:
            known.update(zip(fresh, self._read_anew(list(fresh.values())), strict=True))
            self._write(known)
        return np.array([known[key] for key in keys], dtype=np.float32).reshape(-1, self.dimension)

    def _read_anew(self, texts: list[str]) -> Iterator[np.ndarray]:
        """The texts' vectors, told as progress batch by batch: thousands take a minute."""
        for at in range(0, len(texts), BATCH):
            share = at / len(texts)
            progress.info(
                f"reading sentences, {at} of {len(texts)}",
                extra={"fraction": BEGINS + (ENDS - BEGINS) * share},
            )
            yield from self._encoder.encode(texts[at : at + BATCH])

    def _read(self) -> dict[bytes, np.ndarray]:
        try:
            with np.load(self._file, allow_pickle=False) as kept:
                keys, rows = kept["keys"], kept["rows"]
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            return {}
        if rows.ndim != 2 or rows.shape[1] != self.dimension:
            return {}
        return dict(zip((bytes(key) for key in keys), rows, strict=True))

    def _write(self, known: dict[bytes, np.ndarray]) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        keys = np.frombuffer(b"".join(known), dtype=np.uint8).reshape(len(known), -1)
        descriptor, name = tempfile.mkstemp(dir=self._file.parent, suffix=".npz")
        with os.fdopen(descriptor, "wb") as file:
            np.savez(file, keys=keys, rows=np.stack(list(known.values())))
        os.replace(name, self._file)


def remembering(encoder: Encoder | None) -> Encoder | None:
    """The encoder with its vectors of earlier trainings, kept beside the models."""
    folder = ROOT / os.environ.get("MODELS_DIR", "models") / "vectors"
    return None if encoder is None else RememberingEncoder(encoder, folder)


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
