"""Training lines as other varieties would write them, made of Bokmål ones.

The rules are data (``bot/data/varieties.yml``). Words are changed one for one, so that what is
marked in a line stays marked; the same line, number and rules give the same variants.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from re import Pattern

import yaml

from bot.canonical import written

RULES_FILE = Path(__file__).parent / "data" / "varieties.yml"
# Nobody writes dialect throughout: each word is changed with this probability.
SHARE = 0.75
_SHORTEST = 5


@dataclass(frozen=True)
class Variety:
    """One variety's spellings of Bokmål words, and what it does to endings."""

    name: str
    words: dict[str, tuple[str, ...]]
    endings: tuple[tuple[Pattern[str], str], ...]

    def spell(self, word: str, dice: random.Random) -> str:
        """The word as this variety may write it; one word may become two with a space."""
        lower = word.lower()
        if spellings := self.words.get(lower):
            return dice.choice(spellings)
        if len(word) >= _SHORTEST and word[0].islower():
            for pattern, ending in self.endings:
                changed = pattern.sub(ending, word)
                if changed != word:
                    return changed
        return word


def read_varieties(path: Path = RULES_FILE) -> list[Variety]:
    """The varieties of a rules file, in its order. Raises RuleError for what is no text."""
    return [
        Variety(
            name,
            {
                word: tuple(written(spellings, word, path).split("|"))
                for word, spellings in rules["words"].items()
            },
            tuple((re.compile(pattern), ending) for pattern, ending in rules["endings"]),
        )
        for name, rules in yaml.safe_load(path.read_text(encoding="utf-8")).items()
    ]


class Varying:
    """Makes ``count`` variants of a line, each of another variety in turn."""

    def __init__(self, varieties: Sequence[Variety], count: int, seed: int = 7) -> None:
        self._varieties = varieties
        self._count = count
        self._seed = seed

    def of(self, words: Sequence[str], number: int) -> list[list[str]]:
        """Variants of line ``number``, word for word; those that change nothing are left out."""
        found = []
        for turn in range(self._count):
            variety = self._varieties[(number + turn) % len(self._varieties)]
            dice = random.Random(f"{self._seed} {number} {turn}")  # noqa: S311 - not a secret
            changed = [
                variety.spell(word, dice) if dice.random() < SHARE else word for word in words
            ]
            if changed != list(words):
                found.append(changed)
        return found
