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

from yaml.nodes import Node, SequenceNode

from bot.rule_files import RuleFile, Word, near

RULES_FILE = Path(__file__).parent / "data" / "varieties.yml"
NAMES = ("bergen", "stavanger", "troendersk", "nordnorsk", "innlandet", "nynorsk", "sms")
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
    """The varieties of a rules file, in its order. Raises RuleError for its first mistake."""
    file = RuleFile(path)
    varieties = gather(file)
    file.raise_first()
    return varieties


def gather(file: RuleFile) -> list[Variety]:
    """The varieties; what is wrong is kept in ``file``."""
    node = file.top()
    found: list[Variety] = []
    for name, rules in file.pairs(node, "the file") if node is not None else ():
        if name.text not in NAMES:
            file.wrong(name.line, f"`{name.text}` is no variety.", near(name.text, NAMES))
        parts = file.keys(rules, f"`{name.text}`", ("words", "endings"))
        words = file.pairs(parts["words"][1], "`words`") if "words" in parts else []
        endings = file.items(parts["endings"][1], "`endings`") if "endings" in parts else []
        found.append(
            Variety(
                name.text,
                {word.text: _spellings(file, word, value) for word, value in words},
                tuple(pair for ending in endings for pair in _ending(file, ending)),
            )
        )
    return found


def _spellings(file: RuleFile, word: Word, value: Node) -> tuple[str, ...]:
    spellings = file.word(value, f"the spelling of `{word.text}`")
    if word.text != word.text.lower() or len(word.text.split()) != 1:
        file.wrong(word.line, f"`{word.text}` is never found: lines are changed word by word, "
                   "in small letters.", "Write one word in small letters.")  # fmt: skip
    if spellings is None:
        return ()
    found = tuple(spelling.strip() for spelling in spellings.text.split("|"))
    if not all(found):
        file.wrong(spellings.line, f"A spelling of `{word.text}` is empty.",
                   "Write `one|other`, without a bar at either end.")  # fmt: skip
    return found


def _ending(file: RuleFile, node: Node) -> list[tuple[Pattern[str], str]]:
    """The pattern and what stands in its place; nothing when they cannot be used."""
    pair = file.items(node, "an ending")
    if len(pair) != 2:
        if isinstance(node, SequenceNode):
            file.wrong(node.start_mark.line + 1, f"An ending has {len(pair)} parts.",
                       "Write two: ['the pattern$', what stands in its place].")  # fmt: skip
        return []
    pattern, instead = file.word(pair[0], "a pattern"), file.word(pair[1], "a replacement")
    if pattern is None or instead is None:
        return []
    try:
        compiled = re.compile(pattern.text)
        compiled.sub(instead.text, "")
    except (re.error, IndexError) as error:
        file.wrong(pattern.line, f"The pattern `{pattern.text}` with `{instead.text}` cannot be "
                   f"used: {error}.", "Close every bracket; put a \\ before a sign that is meant "
                   "as itself.")  # fmt: skip
        return []
    if compiled.search(""):
        file.wrong(pattern.line, f"The pattern `{pattern.text}` fits nothing at all, and so every "
                   "word.", "Name at least one letter that must stand there.")  # fmt: skip
    return [(compiled, instead.text)]


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
