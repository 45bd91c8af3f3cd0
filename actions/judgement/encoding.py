"""Sentence vectors of the training texts, by the bot's own encoder. For training only."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.canonical import Canonicaliser, read_rules
from bot.encoder import BUNDLED, load_encoder
from bot.features import Features
from bot.packing import packed
from bot.vector_memory import remembering


def sentence_vectors(texts: Collection[str]) -> Mapping[str, str]:
    """Every text's vector, as it comes with a message. The first time takes a minute or two.

    Raises RuntimeError where the bundled encoder does not load.
    """
    encoder = remembering(load_encoder(BUNDLED))
    if encoder is None:
        raise RuntimeError("the bundled encoder did not load: run make setup")
    features = Features(Canonicaliser(read_rules()), encoder, 1.0)
    ordered = sorted(texts)
    vectors = features.vectors(features.spelt(ordered))
    return {text: packed(BUNDLED, row) for text, row in zip(ordered, vectors, strict=True)}
