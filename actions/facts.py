"""Kinds of facts an errand asks for, and how each is read from what the customer wrote."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from re import Pattern
from typing import Any, Protocol

from actions.periods import day_alone
from actions.turn import Turn
from actions.wording import read_day


class Kind(Protocol):
    """A kind of fact. ``asked`` says that the bot just asked for it, so that bare forms count."""

    def read(self, turn: Turn, asked: bool) -> Any | None:
        """The canonical value in the newest message, or None."""


@dataclass(frozen=True)
class Form:
    """One written form of a number and how it becomes canonical (``\\1`` is the digits)."""

    pattern: Pattern[str]
    canonical: str


def _form(pattern: str, canonical: str) -> Form:
    return Form(re.compile(rf"(?<![\w-]){pattern}(?!\w|-\d)", re.IGNORECASE), canonical)


def _digits(count: str) -> str:
    """A pattern of ``count`` (``7`` or ``6,7``) digits that may be set apart by single spaces."""
    low, _, high = count.partition(",")
    more = f"{int(low) - 1},{int(high) - 1}" if high else str(int(low) - 1)
    return rf"(\d(?: ?\d){{{more}}})"


@dataclass(frozen=True)
class Number:
    """A reference number: unmistakable forms always count, bare digits only when asked for."""

    entity: str
    clear: tuple[Form, ...] = ()
    bare: tuple[Form, ...] = ()
    # What the understanding denies of a number that cannot be right, and the response to it.
    doubt: tuple[str, str] | None = None

    def doubtful(self, turn: Turn, value: Any) -> bool:
        """Whether ``value``, written in this message, cannot be right."""
        return self.doubt is not None and any(
            entity.get(self.doubt[0]) is False and digits_of(entity["value"]) == digits_of(value)
            for entity in turn.entities
        )

    def read(self, turn: Turn, asked: bool) -> str | None:
        found = self.find(turn.text, asked) if not turn.is_payload else None
        if found:
            return found
        for value in reversed(turn.entity_values(self.entity)):
            found = self.find(str(value), True)
            if found:
                return found
        return None

    def find(self, text: str, asked: bool) -> str | None:
        """The last such number in ``text``: after a correction the last one is meant."""
        for form in self.clear + (self.bare if asked else ()):
            hits = list(form.pattern.finditer(text))
            if hits:
                digits = re.sub(r"\D", "", hits[-1].group(1))
                return form.canonical.replace("#", digits).replace(
                    "~", f"{digits[:2]}-{digits[2:]}"
                )
        return None


TRACKING = Number(
    "tracking_number",
    clear=(
        _form(rf"HB[ -]?{_digits('9')} ?NO", "HB#NO"),
        _form(rf"HB[ -]?{_digits('8')}", "HB#"),
        _form(r"(37(?: ?\d){16})", "#"),
    ),
    bare=(_form(rf"{_digits('8')}", "HB#"), _form(rf"{_digits('9')} ?NO", "HB#NO")),
    doubt=("check", "utter_mistyped_tracking_number"),
)
SUBSCRIPTION = Number("subscription_number", bare=(_form(_digits("6,7"), "#"),))
INVOICE = Number("invoice_number", bare=(_form(_digits("7"), "#"),))
POLICY = Number(
    "policy_number",
    clear=(_form(rf"V[ -]?{_digits('7')}", "V-#"),),
    bare=(_form(_digits("7"), "V-#"),),
)
CLAIM = Number(
    "claim_number",
    clear=(_form(rf"V[ -]?{_digits('5')}", "V-#"), _form(r"(\d{2}-\d{6})", "~")),
    bare=(
        _form(r"(\d{2} \d{6})", "~"),
        _form(_digits("8"), "~"),
        _form(_digits("6"), "#"),
        _form(_digits("5"), "V-#"),
    ),
)


@dataclass(frozen=True)
class Postcode(Number):
    """A postcode; where it was asked for, a place that has but one will do."""

    def read(self, turn: Turn, asked: bool) -> str | None:
        found = super().read(turn, asked)
        if found or not asked or turn.is_payload:
            return found
        places = (e for e in turn.entities if e.get("entity") == "place" and e.get("postcode"))
        return next((str(place["postcode"]) for place in places), None)


POSTCODE = Postcode(
    "postcode",
    bare=(_form(r"(\d{2} ?\d{2})", "#"),),
    doubt=("known", "utter_unknown_postcode"),
)


_JUST_NOW = re.compile(
    r"(?<!\w)(?:i natt|i nott|i nått|i morges|i morgest|nettopp|akkurat nå|akkurat no|last night"
    r"|this morning|just now)(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Day:
    """An ISO date on or after today, or (``past``) on or before it."""

    past: bool = False
    own: str = ""  # its slot, whose month is at hand while it is put right

    def read(self, turn: Turn, asked: bool) -> str | None:
        alone = day_alone(turn, asked)
        if alone:
            known = read_day(turn.tracker.slots.get(self.own))
            day = alone.newest(turn.today) if self.past else alone.near(known, turn.today)
            return day.isoformat()
        for entity in reversed(turn.entities):
            value = entity.get("value")
            if entity.get("day"):  # "etter jul"
                value = entity["day"]
            elif entity.get("entity") == "period" and asked and isinstance(value, dict):
                value = value.get("from")
            elif entity.get("entity") != "date":
                continue
            found = read_day(value)
            if found is None:
                continue
            earlier = read_day(entity.get("past"))
            if self.past and found > turn.today and earlier:
                found = earlier
            if found == turn.today or (found < turn.today) == self.past:
                return found.isoformat()
        if self.past and _JUST_NOW.search(turn.text) and not turn.is_payload:
            return turn.today.isoformat()
        return None


@dataclass(frozen=True)
class Choice:
    """One of a few options: by its button, by what else was said, or by the words for it."""

    words: Mapping[str, Pattern[str]]
    signs: tuple[tuple[str, str], ...] = ()  # an entity that gives the option away, the option

    def read(self, turn: Turn, asked: bool) -> str | None:
        pressed = turn.choice()
        if pressed in self.words:
            return pressed
        if turn.is_payload:
            return None
        for entity, option in self.signs:
            if turn.entity_values(entity):
                return option
        hits = [name for name, pattern in self.words.items() if pattern.search(turn.text)]
        return hits[0] if len(hits) == 1 else None


def options(signs: tuple[tuple[str, str], ...] = (), **patterns: str) -> Choice:
    """A ``Choice`` from option names and the beginnings of words that mean them."""
    words = {
        name: re.compile(rf"(?<!\w)(?:{pattern})", re.IGNORECASE)
        for name, pattern in patterns.items()
    }
    return Choice(words, signs)


_YES = re.compile(
    r"^\W*(ja+|jad+a|jaman|ja+pp|jepp|jess|yess|jupp|jau|jo|joda|jaja|yes|yep|yeah|ok(ei|ay)?|greit|gjerne|stemmer|riktig"
    r"|rett|klart|gjør det|gjer det|sure|correct|that'?s right|absolutt|selvfølgelig|sjølvsagt)\b",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^\W*(nei+|næi|nope|niks|nja|no|not|nay|ikke|ikkje|itj|feil|stopp|vent)\b", re.IGNORECASE
)


CLEAR = 0.8


@dataclass(frozen=True)
class YesNo:
    """True or False, only when asked; the understanding decides, plain words as a second."""

    def read(self, turn: Turn, asked: bool) -> bool | None:
        if turn.choice() in ("yes", "no"):
            return turn.choice() == "yes"
        if not asked:
            return None
        if turn.is_payload:
            return {"affirm": True, "deny": False}.get(turn.intent)
        if turn.intent == "thank" and turn.confidence >= CLEAR:
            return None  # "ok takk for hjelpen" lets nothing be written
        if _NO.search(turn.text):
            return False
        if _YES.search(turn.text):
            return True
        return {"affirm": True, "deny": False}.get(turn.intent)


_NOT_YET = re.compile(
    r"(?<!\w)(?:ikke ennå|ikke enda|ikkje enno|itj enda|ikkje ennå|not yet"
    r"|har (?:ikke|ikkje|itj) (?:sett|spurt|sjekka"
    r"|sjekket|leita|lett)|haven'?t|have not|skal (?:sjekke|spørre|se)|kan sjekke)(?!\w)",
    re.IGNORECASE,
)
_IN_VAIN = re.compile(
    r"(?<!\w)(?:nobody|no one|no-one|none|neither|nowhere|not there|ingen|ingenting"
    r"|heller ikke"
    r"|(?:er|e|var|va) (?:ikke|ikkje|itj) (?:der|her|hos)|borte|søkk"
    r"|finner (?:den|ho|han) (?:ikke|ikkje|itj)"
    r"|(?:har|have|i'?ve) (?:\w+ )?(?:sjekk\w*|spurt|leita|lett|sett|asked|checked|looked)"
    r"|sjekk(?:a|et) overalt|overalt|everywhere)(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Searched:
    """Whether it was looked for: "no, nobody has it" is a yes, "not yet" is a no."""

    def read(self, turn: Turn, asked: bool) -> bool | None:
        if asked and not turn.is_payload:
            if _NOT_YET.search(turn.text):
                return False
            if _IN_VAIN.search(turn.text):
                return True
        return YesNo().read(turn, asked)


_FILLING = re.compile(
    r"(?<!\w)(?:i|på|om|ca|rundt|omtrent|klokk\w*|kl|kveld\w*|natt|natta|morges|morgen\w*"
    r"|formiddag\w*"
    r"|ettermiddag\w*|det|den|var|va|er|skjedde|hendte|hende|in|on|at|the|it|was|last|night|evening"
    r"|morning|afternoon|happened|about|ja|nei|hei|yes|no)(?!\w)",
    re.IGNORECASE,
)


def telling_words(turn: Turn, text: str) -> list[str]:
    """The words of ``text`` that tell something, days and times left out."""
    spans = [e for e in turn.entities if e.get("entity") in ("date", "period")]
    for span in spans:
        said = turn.text[int(span.get("start") or 0) : int(span.get("end") or 0)]
        text = text.replace(said, " ") if said else text
    return re.findall(r"[^\W\d_]{2,}", _FILLING.sub(" ", text))


@dataclass(frozen=True)
class Words:
    """The customer's own words. Unasked, a first message of ``opening`` words or more counts."""

    fewest: int = 1
    opening: int = 0

    def read(self, turn: Turn, asked: bool) -> str | None:
        if turn.is_payload:
            return None
        text = re.sub(r"\s+", " ", turn.said if asked else turn.text).strip()
        needed = self.fewest if asked else self.opening
        if not needed or len(re.findall(r"\w+", text)) < needed or not telling_words(turn, text):
            return None
        return text[:500]


_STREET = re.compile(
    r"\b([^\W\d][\w.'’-]*(?: [\w.'’-]+){0,3}? \d{1,4} ?[A-Za-z]?)(?![\w/.])", re.UNICODE
)


@dataclass(frozen=True)
class Address:
    """A street address: the recognised one, or, when asked, a name with a house number.

    ``street``: without postcode and town, which are asked for by themselves.
    """

    street: bool = False

    def read(self, turn: Turn, asked: bool) -> str | None:
        found = [e for e in turn.entities if e.get("entity") == "address"]
        if found and re.search(r"\d", str(found[-1].get("value"))):
            line = found[-1].get("value")
            return str((self.street and found[-1].get("street")) or line).strip(" ,.")
        if not asked or turn.is_payload:
            return None
        text = re.sub(r"\b\d{4}\b[^\d]*$", "", turn.text).strip(" ,.")  # a postcode and its place
        text = _LEAD.sub("", text)
        return text[:120] if _STREET.search(text) else None


_LEAD = re.compile(
    r"^(?:(?:den |det |the |my )?(?:nye? |new )?(?:add?ress\w*)(?: min| mi)?"
    r"(?: er| e| blir| vert| is)?|(?:det|den) (?:er|e|blir|vert)|it'?s|(?:jeg|eg|æ|i)? ?flytter til"
    r"|til|to)\b[ :,]*",
    re.IGNORECASE,
)


def digits_of(value: Any) -> str:
    """The digits alone, to see whether two numbers are one."""
    return re.sub(r"\D", "", str(value or ""))


def known(facts: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """Those of ``names`` that have a value."""
    return {name: facts[name] for name in names if facts.get(name) not in (None, "")}
