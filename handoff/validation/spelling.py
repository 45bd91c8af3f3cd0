"""A line in the one spelling in which lines are compared: small letters, Bokmål words.

The rules are the bot's own, `bot/data/canonical.yml`; that they are right is checked elsewhere
(`inside.check_rule_files`), so what cannot be read here is left out in silence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from handoff.validation.findings import Report
from handoff.validation.tree import Keys, Text, read_tree

RULES = Path("bot") / "data" / "canonical.yml"
_TOKEN = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*|\d+|[^\w\s]+")
_STRETCHED = re.compile(r"(\w)\1{2,}")


class Spelling:
    """Rewrites lines by the rules, word for word."""

    def __init__(self, rules: Mapping[str, str]) -> None:
        self._rules = rules

    def words(self, text: str) -> list[str]:
        """The words of `text` in canonical spelling, a run of digits as `0`, no punctuation."""
        plain = _STRETCHED.sub(r"\1\1", text.lower().replace("’", "'"))
        rewritten = (
            "0" if word.isdigit() else self._rules.get(word, word) for word in _TOKEN.findall(plain)
        )
        return [
            word
            for phrase in rewritten
            for word in phrase.split()
            if any(letter.isalnum() for letter in word)
        ]


def read_spelling(root: Path) -> Spelling:
    """The rules of the project at `root`; without their file lines are compared as written."""
    if not (root / RULES).is_file():
        return Spelling({})
    tree = read_tree(root / RULES, root, Report())
    rules: dict[str, str] = {}
    for group in tree.items("groups", Report()) if tree is not None else ():
        words = group.section("words", Report()) if isinstance(group, Keys) else None
        for canonical, spellings in words.values.items() if words is not None else ():
            if isinstance(spellings, Text) and spellings.value:
                rules.update(dict.fromkeys(spellings.value.split(), canonical))
    return Spelling(rules)
