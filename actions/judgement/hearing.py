"""What the acts of a line are enough for: a person is asked for, or something grave is told.

Phrases (`requests`, `topics`) are evidence among others in the classifier of acts. Those of the
grave topics also decide by themselves, unless the line is harmless to the classifier.
"""

from __future__ import annotations

from collections.abc import Mapping

from .acts import GRAVE
from .topics import DANGER, topic_by_phrase

ASKS = 0.50
"""Probability of ``asks_person`` that is enough without any other sign."""
ASKS_SURELY = 0.80
"""Probability that is enough although the intent is a near one (*is anybody there?*)."""
ASKS_NOT = 0.40
"""Below this the intent ``ask_human`` is not believed."""
GRAVELY = 0.80
"""Probability of a grave act that is enough without a phrase."""
HARMLESS = 0.05
"""Below this for every grave act, a phrase is a harmless mention. Of 58 conversations with
something grave, 4,886 lines without: phrases alone find .55 with 13 false, both so .64 with 5
(out of fold, before phrases were evidence for the acts)."""


def asks_for_person(acts: Mapping[str, float]) -> bool:
    """The line asks for a person."""
    return acts["asks_person"] >= ASKS


def vulnerable_topic(text: str, acts: Mapping[str, float]) -> str | None:
    """The topic of this line that a person must take, the gravest first, or None.

    ``acts`` are the line's.
    """
    phrase = topic_by_phrase(text)
    likely = max(GRAVE, key=lambda act: acts[act])
    if phrase and (phrase == DANGER or acts[likely] >= HARMLESS):
        return phrase
    return likely if acts[likely] >= GRAVELY else None
