"""Letting a matter go ("glem det", "samme det", "never mind"): normal, and seldom angry."""

# ruff: noqa: E501 -- a pattern is read as one line

from __future__ import annotations

import re

from .acts import act_probabilities
from .words import words

_SOFT = (
    r"(?:nei|næi|næ|neida|å|åh|oh|ja|jo|ok|okei|okay|greit|vel|nja|tja|vet du hva|veit du kva|men|så|da|bare|berre"
    r"|bærre|just|well|no|actually|egentlig|eigentleg|eigentlig|ærlig talt|vi|jeg|eg|æ|e|i|vil|har|kan|du|kan du|please"
    r"|sorry|unnskyld)"
)
_LET_GO = re.compile(
    r"^\W*(?:" + _SOFT + r"\b[ ,.!]*)*"
    r"(?:(?:glem|gløym|gløm|gjøym|avbryt|dropp|drit i|drit te|drit|blås i|gi blaffen i|skip|forget|leave)\b"
    r"(?: (?:heile |hele )?(?:det|d|de|da|dæ|it|that|greia|greien|greiå|saken|saka|alt|alt sammen|all that))?"
    r"|never ?mind|nvm|(?:det (?:er |e )?)?(?:det )?sam+e?a? (?:det|kan det være)|de samma|samme for meg"
    r"|(?:det|d|da) (?:var|va|er|e) (?:ikke|ikkje|itj|ingen|inkje|ikkj|kje) ?(?:noe|noko|nokke|någe|nokka|nåkka|ting)?"
    r"(?: (?:viktig|farlig))?$|(?:det )?spiller ingen rolle|(?:det )?speler inga rolle|it was nothing"
    r"|(?:la|lat|lar|let) (?:det|vi det|it) (?:ligge|ligg|liggje|ligga|være|vere|vær|ver|be|go)"
    r"|(?:stopp|stop|cancel)\W*$|ombestem\w+|angr(?:er|ar|a|et)\b|(?:i )?changed my mind)",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"^\W*(?:(?:da|då|nå|no|likevel|likavel|takk|tusen takk|lell|altså|heller|mæ|meg|igjen|then|thanks|anyway|for now)"
    r"\b\W*)*$",
    re.IGNORECASE,
)
_WAIT = re.compile(
    r"^\W*(?:(?:ok|okei|nei|ja|eh|hm+)\b[ ,.]*)*(?:vent|vænt|venta|bare vent|kan du vente|hold on|hang on|wait|one moment"
    r"|just a (?:moment|minute|second|sec)|one sec\w*|(?:et|eit|ett) (?:øyeblikk|augeblikk|augneblink|sekund|lite øyeblikk)"
    r"|øyeblikk|sekund|skal (?:bare )?(?:finne|sjekke|hente|leite|se etter) \w+( \w+)?)"
    r"(?: (?:litt|a (?:moment|bit|minute|second|sec)|please|da|litt da|et øyeblikk|eit augeblikk|nå|no))*\W*$",
    re.IGNORECASE,
)
_OTHER_SIGNS = ("process_complaint", "time_lost", "threat_to_leave", "said_before", "dissatisfied")
_ANGRY = 0.5
"""Probability of a sign of frustration in what follows, from which leaving is not quiet."""


def lets_go(text: str) -> bool:
    """The line drops the matter: short, or with a new one after a comma."""
    found = _LET_GO.search(text)
    if not found:
        return False
    rest = text[found.end() :]
    return (
        len(re.findall(r"\w+", text)) <= 6
        or bool(_TAIL.match(rest))
        or bool(re.match(r"\W*(?:det|it|that)?,", rest))
    )


def asks_for_time(text: str) -> bool:
    """ "Vent litt": the customer is looking for something, and nothing is wrong."""
    return bool(_WAIT.match(text))


def quietly(text: str) -> bool:
    """The line drops the matter and shows no strong sign of frustration besides."""
    found = _LET_GO.search(text)
    if not found or not lets_go(text):
        return False
    if text.isupper() and "!" in text:
        return False
    rest = text[found.end() :]
    if _TAIL.match(rest):
        return True
    acts = act_probabilities(rest)
    return bool(words(rest)) and max(acts[sign] for sign in _OTHER_SIGNS) < _ANGRY
