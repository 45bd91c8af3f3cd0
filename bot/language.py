"""Which language a message is written in: Bokmål, Nynorsk or English.

Norwegian dialects share words with Nynorsk without being it, and most who write dialect to a
company expect Bokmål back. So Nynorsk is only said of text with forms that belong to standard
Nynorsk spelling and none that belong to dialect or Bokmål. What cannot be told ("ok",
"HB12345678") has no confident language and changes nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

LANGUAGES = ("nb", "nn", "en")
_WORDS_FILE = Path(__file__).parent / "data" / "languages.yml"
# Endings of standard Nynorsk: "koppane", "mogleg", "sjuande", "ventar".
_NYNORSK_ENDING = re.compile(r"\w{3,}(?:ane|leg|ande)|(?!februar|januar|svar|klar)\w{3,}ar")
_DIALECT_ENDING = re.compile(
    r"(?!også|altså|etterpå|endå|såpå|derpå|oppå|utpå|innpå|forstå|bestå|oppstå|framgå)\w{3,}å"
)
"""Definite forms of the south-west: "ukå", "forsikringå"."""
_ENOUGH, _ENOUGH_WEAK = 3, 4
"""Marks of standard Nynorsk that decide: an unmistakable word counts two, a question word of the
written language three, one that dialect writers use too counts one, and more of those are needed
where they stand alone."""
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


@dataclass(frozen=True)
class Detection:
    """``language`` is the best guess, ``confident`` whether it may decide what is answered in."""

    language: str
    confident: bool
    standard_nynorsk: bool


@lru_cache(maxsize=1)
def _groups() -> dict[str, frozenset[str]]:
    groups = yaml.safe_load(_WORDS_FILE.read_text(encoding="utf-8"))
    return {name: frozenset(str(words).split()) for name, words in groups.items()}


def detect(text: str) -> Detection:
    """The language of one message, from function words and spelling alone."""
    groups = _groups()
    tokens = [token.replace("’", "'") for token in _TOKEN.findall(text.lower())]
    seen = set(tokens) - groups["shared"]
    english = len(seen & groups["english"])
    bokmaal, dialect = len(seen & groups["bokmaal"]), len(seen & groups["dialect"])
    dialect += sum(1 for t in seen - groups["dialect"] if _DIALECT_ENDING.fullmatch(t))
    strong = len(seen & (groups["nynorsk"] | groups["nynorsk_asking"]))
    weak = len(set(tokens) & groups["nynorsk_weak"])
    weak += sum(1 for t in seen - groups["norwegian"] if _NYNORSK_ENDING.fullmatch(t))
    norwegian = bokmaal + dialect + strong + len(seen & groups["nynorsk_weak"])
    norwegian += len(seen & groups["norwegian"])
    norwegian += sum(1 for t in seen if re.search("[æøå]", t) and t not in groups["dialect"])
    if english > norwegian:
        return Detection("en", english >= 2 or (not norwegian and len(tokens) <= 3), False)
    if not bokmaal and not dialect:
        asking = bool(seen & groups["nynorsk_asking"])
        if 2 * strong + weak + asking >= (_ENOUGH if strong else _ENOUGH_WEAK):
            return Detection("nn", True, True)
        if strong or weak >= 2:  # may well be Nynorsk: the next line will tell
            return Detection("nb", False, False)
    return Detection("nb", bokmaal + dialect > 0 or norwegian >= 3, False)
