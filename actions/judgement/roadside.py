"""A crash that is over is a claim; a car that stands still and needs help now is roadside help."""

from __future__ import annotations

import re

_CRASH = re.compile(
    r"(?<!\w)(?:kr[aæe]sj|kr[aæ]sh|crash|kollider|kollisjon|påkjør|bulk|\w*ulykk|\w*ulukk"
    r"|uhell|accident|collision|collided|kjørte av veien|køyrde av vegen|hit (?:a|another) car)",
    re.IGNORECASE,
)
_ACCIDENT = re.compile(
    r"(?<!\w)(?:kr[aæe]sj|kr[aæ]sh|crash|kollider|kollisjon|påkjørt|\w*ulykk|\w*ulukk"
    r"|car accident|traffic accident|collision|collided|kjørte av veien|køyrde av vegen"
    r"|ble påkjørt|vart påkøyrd|trafikkuhell)",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"(?<!\w)(?:veihjelp|veghjelp|vegahjelp|viking|falck"
    r"|berg(?:e|ing\w*|a)|tau(?:e|ing|a)|slep|tow|roadside"
    r"|står|stend|stå|stuck|stranded|stopped"
    r"|grøft\w*|starter ikke|startar ikkje|start(?:e|a)? itj|won'?t start|motorvei\w*|motorveg\w*"
    r"|akkurat nå|akkurat no|nettopp|hent bilen|hente bilen|trenger hjelp|treng hjelp|need help"
    r"|right now|just now|kommer (?:ikke|meg ikke)|kjem (?:ikkje|meg ikkje))(?!\w)",
    re.IGNORECASE,
)


def is_only_a_crash(text: str) -> bool:
    """A crash is told, and nothing says that the car stands somewhere and needs help now."""
    return bool(_CRASH.search(text)) and not _NOW.search(text)


def tells_of_accident(text: str) -> bool:
    """An accident people may have been hurt in, as against a dent in a parking lot."""
    return bool(_ACCIDENT.search(text))
