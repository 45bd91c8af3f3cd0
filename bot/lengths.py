"""Whether "to uker" is the time of an errand, or only tells how long something has gone on."""

from __future__ import annotations

import re
from re import Match

_WAITED = re.compile(
    r"(?:\b(?:vent\w*|vænt\w*|wait\w*|been|stått|bodd|budd|vært|vore|hatt|dryppet|bøttet|tatt|tok|brukt|brukte|kunde"
    r"|hørt|høyrt|hear\w*|registrer\w*|missing)\b[^.!?]{0,40}|\b(?:på|innen|innan|within|under))"
    r"\s+(?:(?:i|på|for|in|etter)\s+)?$"
)
_MORE = re.compile(r"\s+(?:til|te|more|ekstra|extra)(?!\w)")
_BY_NOW = re.compile(
    r"\s+(?:nå|no|nu|now|allerede|allereie|already|på rad|på rappen|i strekk|i året|i uka|in a row"
    r"|og (?:ingen|ikke|ikkje|itj|enda|ennå))(?!\w)"
)
_TO_COME = re.compile(
    r"(?:pause|stopp|stans|stogg|reis|bort|opph|utset|utsatt|forleng)[^.!?]{0,40}$"
)
_FOR_A = re.compile(
    r"(?:\b(?:for|by|another|about|pause|stop|hold|delay|postpone|extend)"
    r"(?:\s+(?:it|them|mine|my \w+|the \w+))?)\s+$|^\W*$"
)


_CRIED = re.compile(r"\s*[!.]")
_HAS_WAITED = re.compile(
    r"\b(?:vent\w+|vænt\w+|wait\w*|stått|been)\b.*[.!?]\s+(?:hele |heile )?$", re.S
)


def is_to_come(match: Match[str]) -> bool:
    """Whether a length (its ``count`` a group of the match, in lower case) is one of an errand.

    "Ventet i to uker", "ingen avis på to uker" and "to uker nå" are not; "once a week" is none.
    """
    before, after = match.string[: match.start()], match.string[match.end() :]
    if _WAITED.search(before) and not _MORE.match(after):
        return False
    if _CRIED.match(after) and _HAS_WAITED.search(before[-160:]):
        return False  # "Har ventet i ti dager. Ti dager!"
    if _BY_NOW.match(after) and not _TO_COME.search(before):
        return False
    return match["count"] not in ("a", "an") or bool(_FOR_A.search(before))
