"""Sentence vectors kept between trainings, so that a designer's edit costs only the new lines."""

from __future__ import annotations

import hashlib
import logging
import os
import zipfile
from pathlib import Path

import numpy as np

from bot.encoder import Encoder

logger = logging.getLogger(__name__)

PATH_VARIABLE = "BOT_VECTOR_CACHE"


class CachedEncoder:
    """An encoder that asks another one only for texts it has not seen before.

    The file is one .npz of two arrays (digests and vectors), written anew with exactly the texts
    of the latest call; an unreadable one is made again.
    """

    def __init__(self, encoder: Encoder, path: Path) -> None:
        self._encoder = encoder
        self._path = path
        self.name = encoder.name
        self.dimension = encoder.dimension

    def encode(self, texts: list[str]) -> np.ndarray:
        """The other encoder's vectors of these texts."""
        known = self._read()
        digests = [self._digest(text) for text in texts]
        new = {d: t for d, t in zip(digests, texts, strict=True) if d not in known}
        known.update(zip(new, self._encoder.encode(list(new.values())), strict=True))
        rows = np.array([known[digest] for digest in digests], dtype=np.float32)
        self._write(dict(zip(digests, rows, strict=True)))
        return rows.reshape(len(texts), self.dimension)

    def _digest(self, text: str) -> str:
        return hashlib.sha256(f"{self.name}\0{text}".encode()).hexdigest()

    def _read(self) -> dict[str, np.ndarray]:
        try:
            with np.load(self._path, allow_pickle=False) as file:
                digests, vectors = file["digests"], file["vectors"]
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            return {}
        if vectors.ndim != 2 or vectors.shape != (len(digests), self.dimension):
            return {}
        return {str(digest): vector for digest, vector in zip(digests, vectors, strict=True)}

    def _write(self, vectors: dict[str, np.ndarray]) -> None:
        part = self._path.with_suffix(".part.npz")
        try:
            np.savez(
                part, digests=np.array(list(vectors)), vectors=np.array(list(vectors.values()))
            )
            os.replace(part, self._path)
        except OSError as error:
            logger.warning("sentence vectors are not kept: %s", type(error).__name__)


def with_cache(encoder: Encoder | None) -> Encoder | None:
    """The encoder behind the cache file that BOT_VECTOR_CACHE names, or as it is."""
    path = os.environ.get(PATH_VARIABLE)
    return CachedEncoder(encoder, Path(path)) if encoder is not None and path else encoder
