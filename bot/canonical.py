"""From how people write to one spelling: dialect, Nynorsk and chat forms to Bokmål.

The rules are data (``bot/data/canonical.yml``), applied token by token. The result is for the
classifier alone: it is never shown, and what a customer wrote is kept as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import yaml

RULES_FILE = Path(__file__).parent / "data" / "canonical.yml"
_TOKEN = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*|\d+|[^\w\s]+|_")
_STRETCHED = re.compile(r"(\w)\1{2,}")


class RuleError(ValueError):
    """A rule file that says two things of one spelling; names both and the file."""


def read_rules(path: Path = RULES_FILE) -> dict[str, str]:
    """Spelling -> canonical word. Raises RuleError when a spelling has two canonical words."""
    rules: dict[str, str] = {}
    for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]:
        for canonical, spellings in group["words"].items():
            for spelling in written(spellings, canonical, path).split():
                if rules.get(spelling, canonical) != canonical:
                    raise RuleError(
                        f"{path.name}: '{spelling}' stands for both '{rules[spelling]}' and "
                        f"'{canonical}' (group '{group['name']}'): keep one of them"
                    )
                rules[spelling] = canonical
    return rules


def written(spellings: object, word: object, path: Path) -> str:
    """The spellings of a rule. Raises RuleError where YAML read a word as something else."""
    if not isinstance(spellings, str) or not isinstance(word, str):
        raise RuleError(
            f"{path.name}: at '{word}', YAML reads '{spellings}' as no text (no, on and off are "
            f'truth values there): put it in quotes, as in "no"'
        )
    return spellings


class Canonicaliser:
    """Rewrites text by the rules; pure and deterministic."""

    def __init__(self, rules: dict[str, str]) -> None:
        self._rules = rules

    def plain(self, text: str) -> list[str]:
        """Lower-cased words of ``text`` as they were written; runs of digits become ``0``."""
        found = _TOKEN.findall(_STRETCHED.sub(r"\1\1", text.lower().replace("’", "'")))
        return ["0" * min(len(token), 9) if token.isdigit() else token for token in found]

    def rewritten(self, words: Iterable[str]) -> str:
        """Words of `plain` in canonical spelling, parted by one space."""
        return " ".join(self._rules.get(word, word) for word in words)

    def __call__(self, text: str) -> str:
        """``text`` in canonical spelling, words parted by one space."""
        return self.rewritten(self.plain(text))
