"""Other ways to decide when a person takes over, on the turns the bot made: what ours must beat.

Each answers with the customer's turn, from 1, or None. They are as simple as they are in the field:
words of anger and for people; the last line's polarity by a word list; a bot that repeats itself or
a customer who says it again (MHCH's untrained rule); and Rasa's two-stage fallback, which passes on
at the third message in a row that it cannot tell (confidence below .3, or .1 between the best two).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from handoff.evaluation.conversations import Said

Rule = Callable[[Sequence[Said]], int | None]

_SURE, _APART = 0.3, 0.1
_REPEATED, _REPHRASED = 0.92, 0.55
_STAGES = 3

_FOR_PEOPLE = (
    "menneske person kundebehandler kundebehandlar kundeservice saksbehandler rådgiver leder sjef "
    "human agent operator manager representative"
)
_OF_ANGER = (
    "faen fan helvete hælvete satan jævla jævlig dævel fy sint forbanna forbannet rasende irritert "
    "idiot dust ubrukelig ubrukeleg elendig håpløst håplaust latterlig latterleg skandale skam "
    "klage klager lei drittlei søppel dritt damn hell fuck fucking shit useless ridiculous angry "
    "furious terrible awful complaint"
)
_NEGATIVE = (
    "ikke ikkje ikkj itj itte aldri ingen feil dårlig dårleg galt treg treig sen forsinket "
    "forsinka mangler manglar ødelagt øydelagt knust problem verre verst trist skuffet skuffa "
    "not never no wrong bad late broken missing slow worse worst problem disappointed"
)
_POSITIVE = (
    "takk tusen bra fint flott supert topp perfekt herlig herleg greit ok konge kjempebra god gode "
    "hyggelig hyggeleg rask snill thanks thank great good fine perfect lovely nice cool super"
)


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_KEYWORDS = _words(_FOR_PEOPLE) | _words(_OF_ANGER)
_DARK = _words(_NEGATIVE) | _words(_OF_ANGER)
_LIGHT = _words(_POSITIVE)
_WORD = re.compile(r"\w+")


def keywords(turns: Sequence[Said]) -> int | None:
    """A word of anger or for people."""
    return _first(turns, lambda said: not _KEYWORDS.isdisjoint(_WORD.findall(said.text.lower())))


def polarity(turns: Sequence[Said]) -> int | None:
    """More dark words than light ones, by two."""

    def dark(said: Said) -> bool:
        found = _WORD.findall(said.text.lower())
        return sum(w in _DARK for w in found) - sum(w in _LIGHT for w in found) >= 2

    return _first(turns, dark)


def repetition(turns: Sequence[Said]) -> int | None:
    """The bot repeated itself, or the customer said it again in other words."""

    def again(said: Said) -> bool:
        features: Mapping[str, float] = said.assessment.get("features") or {}
        return (
            features.get("bot_repeat", 0.0) >= _REPEATED
            or features.get("rephrase", 0.0) >= _REPHRASED
        )

    return _first(turns, again)


def two_stage(turns: Sequence[Said]) -> int | None:
    """Rasa's TwoStageFallback."""
    lost = 0
    for number, said in enumerate(turns, start=1):
        unsure = said.confidence < _SURE or said.confidence - said.runner_up < _APART
        lost = lost + 1 if unsure or (lost and said.intent == "deny") else 0
        if lost == _STAGES:
            return number
    return None


def _first(turns: Sequence[Said], fits: Callable[[Said], bool]) -> int | None:
    return next((number for number, said in enumerate(turns, start=1) if fits(said)), None)


BASELINES: Mapping[str, Rule] = {
    "keyword list": keywords,
    "last line's polarity": polarity,
    "repeats or rephrases": repetition,
    "Rasa's TwoStageFallback": two_stage,
}
