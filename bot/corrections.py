"""What a message means only together with the ones before it: "nei, jeg mente avisen".

Such a line names a matter and no errand. The errand is in the message that was misread, so that
one is read again with the right word in it: "hvor er pakken?" becomes "hvor er avisen?". The same
goes for "glem fakturaen", said of an errand that waits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from bot.clauses import WORDS_FILE, Clauses

SURE = 0.5
"""From here a reading stands; below it the most usual errand about the matter is taken."""
LONGEST = 12
"""Words of a correction; what is longer tells the errand anew, and the classifier reads it."""
_MEANT = re.compile(
    r"(?<!\w)(?:ment[e]?|meinte?|meinnte|men(?:er|ar)|mein(?:er|ar|e)|tenk(?:te|er)(?: på)?"
    r"|(?:snakk|prat|prater?)(?:er|et|a|ar)? om|spurte om|gjeld(?:er|t)?|gjaldt|gjel"
    r"|meant|mean|(?:was|am|i'm) talking about|asked about|(?:it's|its|it is|it was) about)(?!\w)",
    re.IGNORECASE,
)
_NO = re.compile(
    r"\W*(?:(?:nei|næi|næ|neida|neei|no|nope|feil|wrong|unnskyld|sorry|beklager|ops|oi|oops|altså)"
    r"(?!\w)\W*)+",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"(?<!\w)(?:ikke|ikkje|itj|itte|ittj|not|i stedet for|istedenfor|i staden for|instead of)"
    r" (?:om |på |the |my |that )*[\w-]+(?: (?:min|mi|mitt|mæ))?",
    re.IGNORECASE,
)
_THINGS = {"parcel": "pakken", "newspaper": "avisen"}
_IT = re.compile(r"(?<!\w)(?:han|ham|hn|ho|hu|hun|henne|den|dn|it|him)(?!\w)", re.IGNORECASE)
_LITTLE = frozenset(
    "den det the my min mi mitt men but om på about it's its it var va er e is was heller altså jo"
    " jeg eg æ æg e i vi me da då".split()
)
_LET_GO = re.compile(
    r"(?<!\w)(?:glem|gløym|gløm|glømm|dropp|skipp?|forget|drop|never mind|stryk"
    r"|treng(?:er)? (?:ikke|ikkje|itj)|don'?t need|vent med)(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Correction:
    """A line that names another matter than the one understood.

    ``text`` is the misread message with that matter in it.
    """

    matter: str
    text: str


class Corrections:
    """Reads lines against the ones before them, with its words read once."""

    def __init__(self) -> None:
        raw = yaml.safe_load(WORDS_FILE.read_text(encoding="utf-8"))
        self._clauses = Clauses()
        self._about = {str(k): tuple(str(v).split()) for k, v in raw["about"].items()}
        self.intents = frozenset(intent for intents in self._about.values() for intent in intents)
        # What a pronoun is easily taken for: a person, nothing at all, the other thing.
        things = {intent for matter in _THINGS for intent in self._about[matter]}
        self.mistaken = frozenset({"ask_human", "out_of_scope", *things})

    def find(self, text: str, misread: str, understood: str) -> Correction | None:
        """What ``text`` corrects in the message ``misread``, taken for the errand ``understood``.

        None when it corrects nothing, or names what it was taken for.
        """
        named = self._named(text)
        if named is None or understood in self._about[named[0]]:
            return None
        matter, word = named
        wrong = self._matters_of(understood)
        reread = self._clauses.renamed(misread, wrong, word)
        return Correction(matter, reread if reread != misread else f"{misread} {word}".strip())

    def pointed_at(self, text: str, before: str, understood: str) -> Correction | None:
        """A short line that calls the parcel or newspaper of ``before`` "han", "ho" or "den".

        Its ``text`` has the noun in the pronoun's place. None when it names a matter itself.
        """
        matter = next((m for m in _THINGS if understood in self._about[m]), None)
        pronoun = _IT.search(text)
        if matter is None or pronoun is None or len(text.split()) > LONGEST:
            return None
        if self._clauses.matters(text):
            return None
        spoken = re.findall(r"[^\W_]+", before)
        word = next((w for w in spoken if matter in self._clauses.matters(w)), _THINGS[matter])
        return Correction(matter, f"{text[: pronoun.start()]}{word}{text[pronoun.end() :]}")

    def errand(self, matter: str, *readings: Sequence[Mapping[str, Any]]) -> tuple[str, float]:
        """The errand about ``matter`` and its confidence, from rankings, the most telling first."""
        intents = self._about[matter]
        for ranking in readings:
            for row in ranking:
                if row.get("name") in intents and float(row.get("confidence") or 0.0) >= SURE:
                    return str(row["name"]), float(row["confidence"])
        return intents[0], SURE

    def intents_about(self, matter: str) -> tuple[str, ...]:
        """The errands that a matter's name may mean."""
        return self._about[matter]

    def lets_go_of(self, text: str, waiting: str, in_hand: str | None) -> bool:
        """Whether the line drops the errand that waits, and not the one in hand."""
        if not _LET_GO.search(text) or len(text.split()) > LONGEST:
            return False
        named = self._clauses.matters(text)
        mine, other = self._matters_of(waiting), self._matters_of(in_hand)
        return bool(named & (mine - other)) and not named & (other - mine)

    def _matters_of(self, intent: str | None) -> frozenset[str]:
        return frozenset(matter for matter, intents in self._about.items() if intent in intents)

    def _named(self, text: str) -> tuple[str, str] | None:
        """The one matter that a correcting line says is meant, and the word for it."""
        if len(text.split()) > LONGEST or "?" in text:
            return None
        rest = _NOT.sub(" ", text)
        said_no = _NO.match(rest)
        rest = rest[said_no.end() :] if said_no else rest
        denies = bool(said_no) or rest.strip() != text.strip()
        wanted = self._clauses.matters(rest)
        words = re.findall(r"[^\W_]+(?:[-'’]\w+)*", rest)
        other = [w for w in words if w.lower() not in _LITTLE and not self._clauses.matters(w)]
        meant = _MEANT.search(rest) is not None and len(other) <= 3
        if len(wanted) != 1 or not (meant or (denies and not other)):
            return None
        matter = next(iter(wanted))
        word = next((w for w in words if self._clauses.matters(w)), "")
        return (matter, word) if matter in self._about else None


__all__ = ["Correction", "Corrections"]
