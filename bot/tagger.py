"""Marks stretches of words in a line: a conditional random field over what words look like.

Kept free of Rasa. A word is described as written and in canonical spelling, with its beginnings
and endings, its shape, what the exact parsers read there, and its neighbours; the line's intent,
where it is known, is said beside.
A trained model is a file of CRFsuite, which is data and no pickle.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pycrfsuite  # type: ignore[import-untyped]

from bot.canonical import Canonicaliser
from bot.entities import find_entities

OUTSIDE = "O"
# Which day it is moves what exact parsers read of a date, and not where it stands.
A_DAY = date(2026, 1, 5)
_LONGEST_AFFIX = 4
# Distance of a neighbour -> what is said of it.
_NEIGHBOURS = {1: ("w", "c", "s", "k", "p3", "e3"), 2: ("c", "s"), 3: ("c",)}

# What a model sees of each word of a line.
Described = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Penalties:
    """Of the likelihood: L1 makes weights vanish, L2 keeps them small; and the most iterations."""

    l1: float = 0.1
    l2: float = 0.1
    iterations: int = 100


class Tagger:
    """Tags words with B-name, I-name or O."""

    def __init__(self, canonicaliser: Canonicaliser, file: Path) -> None:
        """A model that `train` wrote into ``file``. Raises OSError when it cannot be read."""
        self._canonicaliser = canonicaliser
        self._model = opened(file)

    @staticmethod
    def train(
        lines: Sequence[Sequence[str]],
        tags: Sequence[Sequence[str]],
        intents: Sequence[str],
        canonicaliser: Canonicaliser,
        file: Path,
        penalties: Penalties | None = None,
    ) -> None:
        """Fit on lines of words and write the model into ``file``. Deterministic."""
        described = (
            describe(words, intent, canonicaliser)
            for words, intent in zip(lines, intents, strict=True)
        )
        fit(described, tags, file, penalties or Penalties())

    def tag(self, words: Sequence[str], intent: str = "") -> list[str]:
        """One tag for each word."""
        return list(self._model.tag(describe(words, intent, self._canonicaliser)))


def fit(
    described: Iterable[Described], tags: Iterable[Sequence[str]], file: Path, penalties: Penalties
) -> None:
    """Fit a conditional random field and write it into ``file``. Deterministic."""
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(
        {"c1": penalties.l1, "c2": penalties.l2, "max_iterations": penalties.iterations}
    )
    for words, labels in zip(described, tags, strict=True):
        trainer.append(words, list(labels))
    trainer.train(str(file))


def opened(file: Path) -> pycrfsuite.Tagger:
    """The field that `fit` wrote. Raises OSError when it cannot be read."""
    model = pycrfsuite.Tagger()
    model.open(str(file))
    return model


def spans(tags: Sequence[str]) -> set[tuple[int, int, str]]:
    """(first word, word after the last, name) of each marked stretch."""
    found = set()
    start: int | None = None
    name = ""
    for place, tag in enumerate([*tags, OUTSIDE]):
        if start is not None and (tag == OUTSIDE or tag[0] == "B" or tag[2:] != name):
            found.add((start, place, name))
            start = None
        if tag != OUTSIDE and start is None:
            start, name = place, tag[2:]
    return found


def describe(words: Sequence[str], intent: str, canonicaliser: Canonicaliser) -> Described:
    """What the model sees of each word."""
    known = [_word(word, canonicaliser) for word in words]
    for word, reading in zip(known, _readings(words), strict=True):
        word["k"] = reading
    return [_place(known, place, intent) for place in range(len(words))]


def _readings(words: Sequence[str]) -> list[str]:
    """For each word whether it begins or goes on what the exact parsers read, and as what."""
    found = find_entities(" ".join(words), A_DAY)
    readings, start = [], 0
    for word in words:
        span = next((span for span in found if span.start <= start < span.end), None)
        begins = span is not None and span.start == start
        readings.append(f"{'B' if begins else 'I'}-{span.entity}" if span else OUTSIDE)
        start += len(word) + 1
    return readings


def _word(word: str, canonicaliser: Canonicaliser) -> dict[str, str]:
    canonical = canonicaliser(word)
    said = {
        "w": word.lower(),
        "c": canonical,
        "s": _shape(word),
        "d": str(any(character.isdigit() for character in word)),
    }
    for length in range(1, _LONGEST_AFFIX + 1):
        if len(canonical) > length:
            said[f"p{length}"] = canonical[:length]
            said[f"e{length}"] = canonical[-length:]
    return said


def _shape(word: str) -> str:
    """``Torsdag`` is Xx, ``HB1234`` is X9: runs count once."""
    drawn = "".join(
        "9" if c.isdigit() else "X" if c.isupper() else "x" if c.isalpha() else c for c in word
    )
    return re.sub(r"(.)\1+", r"\1", drawn)


def _place(known: list[dict[str, str]], place: int, intent: str) -> list[str]:
    here = known[place]
    said = ["bias", *(f"{name}={value}" for name, value in here.items())]
    for distance, names in _NEIGHBOURS.items():
        for offset in (-distance, distance):
            other = place + offset
            if 0 <= other < len(known):
                said += [f"{offset}{n}={known[other][n]}" for n in names if n in known[other]]
            else:
                said.append(f"{offset}edge")
    if place:
        said.append(f"-1|0={known[place - 1]['c']}|{here['c']}")
    if place > 1:
        said.append(f"-2|-1={known[place - 2]['c']}|{known[place - 1]['c']}")
    if place + 1 < len(known):
        said.append(f"0|1={here['c']}|{known[place + 1]['c']}")
    if intent:
        said += [f"i={intent}", f"i|0={intent}|{here['c']}"]
    return said
