"""Why an answer could not be taken, told in place of the stock question's hint alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from actions.errand import Field, Run
from actions.facts import POSTCODE, TRACKING, Day, Kind
from actions.periods import Edge
from actions.turn import Turn

Reason = tuple[str, dict[str, Any]]

_HB = re.compile(r"(?<!\w)HB[ -]?(?P<digits>\d(?:[ .-]?\d)*)(?P<abroad> ?NO)?(?!\w)", re.IGNORECASE)
_LONG = re.compile(r"(?<![\w-])(?P<digits>37(?: ?\d){11,20})(?!\w)")
_BARE = re.compile(r"\W*(?P<digits>\d{7}|\d{9})\W*")
_SHAPES: dict[str, dict[str, str]] = {
    "nb": {"hb": "HB og åtte sifre", "abroad": "HB, ni sifre og NO", "long": "18 sifre"},
    "nn": {"hb": "HB og åtte siffer", "abroad": "HB, ni siffer og NO", "long": "18 siffer"},
    "en": {"hb": "HB and eight digits", "abroad": "HB, nine digits and NO", "long": "18 digits"},
}
_LENGTHS = {"hb": 8, "abroad": 9, "long": 18}
_ONE = {"nb": "ett siffer", "nn": "eitt siffer", "en": "one digit"}
_MORE = {"nb": "{} sifre", "nn": "{} siffer", "en": "{} digits"}


def tell_why(run: Run, fields: Iterable[Field]) -> bool:
    """Say what is wrong with what was written for one of ``fields``; False when nothing is seen."""
    if run.turn.is_payload:
        return False
    for field in fields:
        for slot, kind in ((field.slot, field.kind), *field.instead):
            reason = None if slot in run.changed else _why(run.turn, kind)
            if reason:
                run.say(reason[0], **reason[1])
                return True
    return False


def _why(turn: Turn, kind: Kind) -> Reason | None:
    if isinstance(kind, Day | Edge):
        return _no_such_day(turn)
    if kind is TRACKING:
        return _miscounted(turn)
    if kind is POSTCODE:
        return _which_of_many(turn)
    return None


def _no_such_day(turn: Turn) -> Reason | None:
    for entity in turn.entities:
        if entity.get("entity") == "date" and entity.get("exists") is False:
            written = turn.text[int(entity.get("start") or 0) : int(entity.get("end") or 0)]
            return "utter_no_such_day", {"day": written or entity.get("value")}
    return None


def _miscounted(turn: Turn) -> Reason | None:
    """A tracking number with a digit too few or too many."""
    if turn.entity_values("tracking_number"):
        return None
    found = _HB.search(turn.text) or _LONG.search(turn.text) or _BARE.fullmatch(turn.text)
    if found is None:
        return None
    shape = "long" if found.re is _LONG else "hb"
    if found.groupdict().get("abroad"):
        shape = "abroad"
    count = len(re.sub(r"\D", "", found["digits"]))
    off = abs(count - _LENGTHS[shape])
    if not off:
        return None
    language = turn.language
    digits = _ONE[language] if off == 1 else _MORE[language].format(off)
    response = "short" if count < _LENGTHS[shape] else "long"
    values = {"number": found.group().strip(), "digits": digits, "shape": _SHAPES[language][shape]}
    return f"utter_tracking_number_{response}", values


def _which_of_many(turn: Turn) -> Reason | None:
    """A place was named where a postcode was asked for, and it has several."""
    for entity in turn.entities:
        if entity.get("entity") == "place" and entity.get("postcodes"):
            return "utter_which_postcode", {"name": entity.get("value")}
    return None
