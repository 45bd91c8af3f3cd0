"""Which errands one message holds: its stretches, each classified by itself.

Two errands are found only where two stretches each mean, clearly, an errand of their own. The
sentence vectors cost nearly all of a turn's understanding, so that stretches are first looked at
without them, and then read together.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from bot.clauses import WORDS_FILE, Clauses
from bot.intents import IntentModel, Reading

CLEAR = 0.8
"""Calibrated confidence from which a stretch is an errand of its own. Of 490 pairs of held-out
lines put together 148 are found and 137 of these are the right two; with limits of 0.6 it is 156
of 173, of 0.9 111 of 117. Of 5,299 lines with one errand or none, three are read as two."""
CLEAR_IF_ADDED = 0.7
"""The same where words say that something is added ("i tillegg"): 9 of 10 pairs between the two
limits were right."""
WORTH_READING = 0.1
"""Confidence without sentence vectors from which a stretch may turn out to be an errand."""


@dataclass(frozen=True)
class Found:
    """An errand of the message: what its stretch was read as, and its characters."""

    reading: Reading
    start: int
    end: int

    @property
    def intent(self) -> str:
        return self.reading.ranking[0][0]

    def as_dict(self) -> dict[str, Any]:
        """As it stands in the parse data."""
        confidence = round(self.reading.ranking[0][1], 5)
        return {
            "intent": self.intent,
            "confidence": confidence,
            "start": self.start,
            "end": self.end,
        }


class Errands:
    """Finds the errands of a message that has more than one."""

    def __init__(self, model: IntentModel) -> None:
        raw = yaml.safe_load(WORDS_FILE.read_text(encoding="utf-8"))
        common = set(str(raw["common_errands"]).split())
        self._model = model
        self._clauses = Clauses()
        self._stories = [frozenset(str(each).split()) for each in raw["one_story"]]
        self._errands = {
            label for label in model.labels if label in common or model.skills[label] - {"common"}
        }

    def find(
        self, text: str, skills: Sequence[str] | None, front: Collection[str] = ()
    ) -> list[Found]:
        """The two to four errands of ``text`` in the order to take them, or nothing.

        Errands among ``front`` cannot wait, and go first; otherwise the order is the customer's.
        """
        clauses = self._clauses.split(text)
        if len(clauses) < 2:
            return []
        parts = [text[clause.start : clause.end] for clause in clauses]
        if not self._promising(parts, skills):
            return []
        readings = self._model.read_all(parts, skills)
        limit = CLEAR_IF_ADDED if any(clause.added for clause in clauses) else CLEAR
        chosen: list[int] = []
        for at, reading in enumerate(readings):
            intent, confidence = reading.ranking[0]
            if intent in self._errands and confidence >= limit:
                earlier = [readings[before].ranking[0][0] for before in chosen]
                if all(self._are_two(other, intent, clauses[at].added) for other in earlier):
                    chosen.append(at)
        if len(chosen) < 2:
            return []
        # What stands between is told of the errand before it; what opens the message, of the first.
        starts = [clauses[0].start, *(clauses[at].start for at in chosen[1:])]
        ends = [*(clauses[at - 1].end for at in chosen[1:]), clauses[-1].end]
        found = [
            Found(readings[at], start, end)
            for at, start, end in zip(chosen, starts, ends, strict=True)
        ]
        return sorted(found, key=lambda errand: errand.intent not in front)

    def _promising(self, parts: list[str], skills: Sequence[str] | None) -> bool:
        """Without sentence vectors two parts may mean two different errands."""
        likely = [
            {
                intent
                for intent, confidence in reading.ranking
                if intent in self._errands and confidence >= WORTH_READING
            }
            for reading in self._model.read_all(parts, skills, quick=True)
        ]
        some = [intents for intents in likely if intents]
        return len(some) > 1 and len(set().union(*some)) > 1

    def _are_two(self, first: str, second: str, added: bool) -> bool:
        told_as_one = any({first, second} <= story for story in self._stories)
        return first != second and (added or not told_as_one)


__all__ = ["Errands", "Found"]
