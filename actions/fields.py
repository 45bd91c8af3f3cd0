"""What other companies do: a parcel at an insurance company is said to be no matter of theirs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from re import Pattern

from actions.turn import Turn

_WORDS: Mapping[str, Pattern[str]] = {
    "parcel": re.compile(r"(?<!\w)(?:pakk[ea]\w*|parcel|package|sporings?nummer)", re.IGNORECASE),
    "newspaper": re.compile(r"(?<!\w)(?:avis[aeå]?n?|aviser|newspaper)(?!\w)", re.IGNORECASE),
    "insurance": re.compile(
        r"(?<!\w)(?:\w*forsikring\w*|\w*insurance|skadesak\w*|egenandel\w*)", re.IGNORECASE
    ),
}
_NAMES: Mapping[str, Mapping[str, str]] = {
    "parcel": {"nb": "pakker", "nn": "pakkar", "en": "parcels"},
    "newspaper": {"nb": "aviser", "nn": "aviser", "en": "newspapers"},
    "insurance": {"nb": "forsikring", "nn": "forsikring", "en": "insurance"},
}


def foreign_field(turn: Turn) -> str | None:
    """The field of another company that the message is about, named in the customer's language.

    None when the client has that skill, or when the message is about a field of its own as well.
    """
    if turn.is_payload or not turn.skills:
        return None
    told = [skill for skill, words in _WORDS.items() if words.search(turn.text)]
    if not told or set(told) & set(turn.skills):
        return None
    return _NAMES[told[0]][turn.language]
