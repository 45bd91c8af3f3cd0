"""Text to numbers: TF-IDF of characters and words in two spellings, and a sentence vector."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.canonical import Canonicaliser
from bot.encoder import Encoder
from bot.language import detect


class Spelt(NamedTuple):
    """A text as it was written (tokens parted by one space) and in canonical spelling."""

    plain: str
    canonical: str


class _Block(NamedTuple):
    """One TF-IDF block: which spelling it reads, and how."""

    read: Callable[[Spelt], str]
    settings: dict[str, Any]


_CHARACTERS: dict[str, Any] = {"analyzer": "char_wb", "ngram_range": (1, 5), "sublinear_tf": True}
_WORDS: dict[str, Any] = {
    "analyzer": "word",
    "ngram_range": (1, 2),
    "sublinear_tf": True,
    "token_pattern": r"\S+",
}
# Both spellings: the rules bring dialects together, and what they wrongly change is still there.
_BLOCKS: dict[str, _Block] = {
    "plain_characters": _Block(lambda text: text.plain, _CHARACTERS),
    "characters": _Block(lambda text: text.canonical, _CHARACTERS),
    "words": _Block(lambda text: text.canonical, _WORDS),
}


class Features:
    """Fitted on training texts, then the same for training and for use.

    ``weight`` scales the sentence vectors, which are centred and brought to mean length one;
    without an encoder their block is nothing and the rest still works.
    """

    def __init__(
        self, canonicaliser: Canonicaliser, encoder: Encoder | None, weight: float
    ) -> None:
        self._canonicaliser = canonicaliser
        self._encoder = encoder
        self._weight = weight
        self._vectorizers: dict[str, TfidfVectorizer] = {}
        self._centre = np.zeros(encoder.dimension if encoder else 0, dtype=np.float32)
        self._length = 1.0

    def spelt(self, texts: list[str]) -> list[Spelt]:
        """The texts in the spellings the features are made of."""
        return [self._spelt(text) for text in texts]

    def _spelt(self, text: str) -> Spelt:
        words = self._canonicaliser.plain(text)
        plain = " ".join(words)
        # The rules are for Norwegian: "no" is "nå" there, and a refusal in English.
        english = detect(text).language == "en"
        return Spelt(plain, plain if english else self._canonicaliser.rewritten(words))

    def fit(self, texts: list[Spelt], vectors: np.ndarray) -> None:
        """Learn vocabulary, document frequencies and the vectors' centre and length."""
        for name, block in _BLOCKS.items():
            fresh = TfidfVectorizer(**block.settings)
            self._vectorizers[name] = fresh.fit([block.read(text) for text in texts])
        if vectors.shape[1]:
            self._centre = vectors.mean(axis=0).astype(np.float32)
            squares = ((vectors - self._centre) ** 2).sum(axis=1)
            self._length = float(np.sqrt(squares.mean())) or 1.0

    def vectors(self, texts: list[Spelt]) -> np.ndarray:
        """Sentence vectors, or rows of no columns where there is no encoder."""
        if self._encoder is None:
            return np.zeros((len(texts), 0), dtype=np.float32)
        return self._encoder.encode([text.canonical for text in texts])

    def sparse(self, texts: list[Spelt]) -> csr_matrix:
        """The TF-IDF blocks side by side."""
        blocks = [
            self._vectorizers[name].transform([block.read(text) for text in texts])
            for name, block in _BLOCKS.items()
        ]
        return hstack(blocks, format="csr", dtype=np.float32)

    def dense(self, vectors: np.ndarray) -> np.ndarray:
        """Centred, scaled and weighted sentence vectors; all zero where they are missing."""
        if vectors.shape[1] != len(self._centre):
            return np.zeros((len(vectors), len(self._centre)), dtype=np.float32)
        return self._weight * (vectors - self._centre) / self._length

    def state(self) -> dict[str, Any]:
        """What `restore` needs: plain JSON values and arrays, no pickled objects."""
        return {
            "weight": self._weight,
            "length": self._length,
            "centre": self._centre,
            **{
                name: {
                    "vocabulary": {term: int(i) for term, i in vectorizer.vocabulary_.items()},
                    "idf": vectorizer.idf_.astype(np.float32),
                }
                for name, vectorizer in self._vectorizers.items()
            },
        }

    @classmethod
    def restore(
        cls, state: dict[str, Any], canonicaliser: Canonicaliser, encoder: Encoder | None
    ) -> Features:
        """Features as they were when `state` was taken."""
        features = cls(canonicaliser, encoder, float(state["weight"]))
        features._centre = np.asarray(state["centre"], dtype=np.float32)
        features._length = float(state["length"])
        for name, block in _BLOCKS.items():
            vectorizer = TfidfVectorizer(**block.settings, vocabulary=state[name]["vocabulary"])
            vectorizer.idf_ = np.asarray(state[name]["idf"], dtype=np.float64)
            features._vectorizers[name] = vectorizer
        return features
