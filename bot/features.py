"""Text to numbers: TF-IDF of characters and words in two spellings, and a sentence vector."""

from __future__ import annotations

import logging
import math
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from bot.canonical import Canonicaliser
from bot.encoder import Encoder
from bot.language import detect

logger = logging.getLogger(__name__)


class Spelt(NamedTuple):
    """A text as it was written (tokens parted by one space) and in canonical spelling."""

    plain: str
    canonical: str


class _Block(NamedTuple):
    """One TF-IDF block: which spelling it reads, and how."""

    read: Callable[[Spelt], str]
    settings: dict[str, Any]


_CHARACTERS: dict[str, Any] = {"analyzer": "char_wb", "ngram_range": (1, 4)}
_WORDS: dict[str, Any] = {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"\S+"}
# Both spellings: the rules bring dialects together, and what they wrongly change is still there.
_BLOCKS: dict[str, _Block] = {
    "plain_characters": _Block(lambda text: text.plain, _CHARACTERS),
    "characters": _Block(lambda text: text.canonical, _CHARACTERS),
    "words": _Block(lambda text: text.canonical, _WORDS),
}


class Weights(NamedTuple):
    """What is learnt of some of the texts: each block's weights, the vectors' centre and length.

    A term that none of those texts has weighs nothing.
    """

    idf: dict[str, np.ndarray]
    centre: np.ndarray
    length: float


class Features:
    """Knows the terms of all training texts; what they weigh may be learnt of some of them.

    So a model of cross-validation need not read its texts again. ``weight`` scales the sentence
    vectors, which are centred and brought to mean length one; without an encoder their block is
    nothing and the rest still works.
    """

    def __init__(
        self, canonicaliser: Canonicaliser, encoder: Encoder | None, weight: float
    ) -> None:
        self._canonicaliser = canonicaliser
        self._encoder = encoder
        self._weight = weight
        self._counters = {name: CountVectorizer(**b.settings) for name, b in _BLOCKS.items()}
        self._analyzers = {name: c.build_analyzer() for name, c in self._counters.items()}

    @property
    def encoder_name(self) -> str:
        """Empty without an encoder."""
        return self._encoder.name if self._encoder else ""

    def spelt(self, texts: list[str]) -> list[Spelt]:
        """The texts in the spellings the features are made of."""
        return [self._spelt(text) for text in texts]

    def _spelt(self, text: str) -> Spelt:
        words = self._canonicaliser.plain(text)
        plain = " ".join(words)
        # The rules are for Norwegian: "no" is "nå" there, and a refusal in English.
        english = detect(text).language == "en"
        return Spelt(plain, plain if english else self._canonicaliser.rewritten(words))

    def learn_terms(self, texts: list[Spelt]) -> csr_matrix:
        """Take the texts' terms for all there are; (texts, terms) counts of them."""
        return hstack(
            [
                self._counters[name].fit_transform([block.read(text) for text in texts])
                for name, block in _BLOCKS.items()
            ],
            format="csr",
        )

    def weights(self, counts: csr_matrix, vectors: np.ndarray) -> Weights:
        """Learnt of these texts' counts, and of the vectors of those that have one."""
        idf = {}
        for name, block in self._parted(counts).items():
            idf[name] = TfidfTransformer(sublinear_tf=True).fit(block).idf_
            idf[name][np.bincount(block.indices, minlength=block.shape[1]) == 0] = 0.0
        centre, length = np.zeros(0, dtype=np.float32), 1.0
        if vectors.shape[1]:
            centre = vectors.mean(axis=0).astype(np.float32)
            length = float(np.sqrt(((vectors - centre) ** 2).sum(axis=1).mean())) or 1.0
        return Weights(idf, centre, length)

    def vectors(self, texts: list[Spelt]) -> np.ndarray:
        """Sentence vectors, or rows of no columns where there is no encoder."""
        if self._encoder is None:
            return np.zeros((len(texts), 0), dtype=np.float32)
        return self._encoder.encode([text.canonical for text in texts])

    def sparse(self, counts: csr_matrix, weights: Weights) -> csr_matrix:
        """TF-IDF of the counts: logarithms, weighted, each block of each text of length one."""
        blocks = []
        for name, block in self._parted(counts).items():
            transformer = TfidfTransformer(sublinear_tf=True)
            transformer.idf_ = weights.idf[name]
            blocks.append(transformer.transform(block))
        return hstack(blocks, format="csr", dtype=np.float32)

    def sparse_of(self, texts: list[Spelt], weights: Weights) -> csr_matrix:
        """The same of a few texts, straight from their terms: several times as fast."""
        indices: list[int] = []
        values: list[float] = []
        ends = [0]
        for text in texts:
            start = 0
            for name, block in _BLOCKS.items():
                known, idf = self._counters[name].vocabulary_, weights.idf[name]
                counted = Counter(self._analyzers[name](block.read(text)))
                found = [(known[term], n) for term, n in counted.items() if term in known]
                weighed = [idf[term] * (1.0 + math.log(n)) for term, n in found]
                length = math.sqrt(sum(value * value for value in weighed)) or 1.0
                indices += [start + term for term, _ in found]
                values += [value / length for value in weighed]
                start += len(known)
            ends.append(len(indices))
        terms = sum(len(counter.vocabulary_) for counter in self._counters.values())
        return csr_matrix((values, indices, ends), shape=(len(texts), terms), dtype=np.float32)

    def dense(self, vectors: np.ndarray, weights: Weights) -> np.ndarray:
        """Centred, scaled and weighted sentence vectors; all zero where they are missing."""
        if vectors.shape[1] != len(weights.centre):
            return np.zeros((len(vectors), len(weights.centre)), dtype=np.float32)
        return self._weight * (vectors - weights.centre) / weights.length

    def _parted(self, counts: csr_matrix) -> dict[str, csr_matrix]:
        blocks, start = {}, 0
        for name, counter in self._counters.items():
            end = start + len(counter.vocabulary_)
            blocks[name] = counts[:, start:end]
            start = end
        return blocks

    def state(self, weights: Weights) -> dict[str, Any]:
        """What `restore` needs: plain JSON values and arrays, no pickled objects."""
        return {
            "weight": self._weight,
            "encoder": self._encoder.name if self._encoder else None,
            "length": weights.length,
            "centre": weights.centre,
            **{
                name: {
                    "vocabulary": {term: int(i) for term, i in counter.vocabulary_.items()},
                    "idf": weights.idf[name].astype(np.float32),
                }
                for name, counter in self._counters.items()
            },
        }

    @classmethod
    def restore(
        cls, state: dict[str, Any], canonicaliser: Canonicaliser, encoder: Encoder | None
    ) -> tuple[Features, Weights]:
        """Features and weights as they were when `state` was taken.

        Vectors of another encoder than the one trained with would mean nothing: it is left out,
        with a warning.
        """
        if encoder is not None and encoder.name != state["encoder"]:
            logger.warning(
                "sentence vectors are off: the model was trained with encoder '%s', and '%s' is "
                "here. Train again.",
                state["encoder"],
                encoder.name,
            )
            encoder = None
        features = cls(canonicaliser, encoder, float(state["weight"]))
        idf = {}
        for name in _BLOCKS:
            features._counters[name].vocabulary_ = state[name]["vocabulary"]
            idf[name] = np.asarray(state[name]["idf"], dtype=np.float64)
        centre = np.asarray(state["centre"], dtype=np.float32)
        return features, Weights(idf, centre, float(state["length"]))
