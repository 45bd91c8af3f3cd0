"""Hiccups: a calm customer who has no answer to give, or did not follow. No sign of anger."""

# ruff: noqa: E501 -- a pattern is read as one line

from __future__ import annotations

import re
from collections.abc import Sequence

from .history import Turn
from .style import loud_signs
from .words import plain, spelled

LONGEST = 12
"""Words of a hiccup; who writes more tells more, and the scores judge it."""
NUMBERS = frozenset(
    "tracking_number subscription_number invoice_number policy_number claim_number postcode".split()
)
"""Questions that somebody may have no answer to at hand."""

_LACKS = re.compile(
    r"\b(?:(?:jeg |i )?(?:vet|aner|husker|hugsar|huske|hugse|hugsa) (?:jeg )?(?:da )?(?:ikke|da ikke)(?! hva mer| hvor mange| hvor lenge| hvorfor| hvordan dere)"
    r"|ikke peiling|ingen (?:anelse|aning|ide)|aner ikke|no idea|no clue|not sure(?: \w+){0,2}$|(?:don til|dont|do not) (?:know|remember|have)(?! why| how you)"
    r"|(?:har|finner|finne|ser|så|fikk|får|husker|hadde)(?: \w+){0,2}? (?:ikke|ingen|ikke noe|aldri)(?: \w+){0,3}? "
    r"(?:nummer\w*|nr|\w*nummeret|\w*kode\w*|lapp\w*|number)"
    r"|(?:har|finner|finne|ser|husker|hadde)(?: \w+){0,2}? ikke (?:noe |tak i )?(?:den|det|dette|noe)(?: \w+){0,2}$|finne det ikke"
    r"|(?:har|finner|ser) (?:\w+ )?(?:det|den) ikke|(?:har|fikk) (?:ikke|ingen)$"
    r"|(?:mistet|mista) (?:\w+ ){0,2}(?:nummer\w*|lapp\w*)|kastet (?:\w+ ){0,2}(?:lapp\w*|brev\w*|faktura\w*)"
    r"|(?:(?:haven|don|can|couldn|didn) til|cannot|could not|can not) (?:\w+ ){0,2}(?:find|get|got|see|have|remember|recall)"
    r"|lost (?:it|the (?:number|letter|slip)))\b",
    re.IGNORECASE,
)
_PUZZLED = re.compile(
    r"(?:^(?:(?:nei|men|hei|oi|hm|beklager|sorry|unnskyld|her|nå|da) )*|\b(?:jeg|i|det|dette) )(?:(?:skjønner|forstår|fatter|forsto|skjønte)(?: jeg)? (?:ikke|ingenting)(?! at| hvorfor| hvordan dere)(?: \w+){0,2}?"
    r"(?: (?:hva|kva|ka|det|spørsmålet|dette|du|den|noe|nå)\b.*)?$"
    r"|hva mener du|hva betyr (?:det|dette)|hva er det$|what do you mean|(?:don til|dont|do not) (?:quite )?(?:understand|get it|follow)"
    r"|(?:im|i m|i am) (?:\w+ )?(?:confused|lost|not following)|hæ$)",
    re.IGNORECASE,
)


def _line(text: str) -> str:
    return " ".join(word for word in spelled(plain(text)) if word[0] not in "!?.")


def _calm(text: str) -> bool:
    return len(spelled(text)) <= LONGEST and loud_signs(text) == 0 and not text.isupper()


def lacks_answer(text: str) -> bool:
    """ "Vet ikke", "har itte noe nummer": there is nothing to answer with."""
    return _calm(text) and not re.search(r"\d{3}", text) and bool(_LACKS.search(_line(text)))


def puzzled(text: str) -> bool:
    """ "Eg skjønar ikkje kva du meiner": the question was not followed."""
    return _calm(text) and bool(_PUZZLED.search(_line(text)))


def hiccup(turn: Turn) -> bool:
    """The line is one of these, and so no sign of frustration whatever its words."""
    if not turn.said:
        return False
    return (turn.asked_for is not None and lacks_answer(turn.said)) or puzzled(turn.said)


def hiccups_in_a_row(turns: Sequence[Turn]) -> int:
    """Hiccups at the end of ``turns``."""
    run = 0
    for turn in reversed(turns):
        if not hiccup(turn):
            break
        run += 1
    return run
