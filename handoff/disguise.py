"""A customer's line with what points to a person replaced, in the notation of training lines.

What the bot read exactly becomes an entity of the same shape, `[HB00000000](tracking_number)`, so
that the line teaches what it taught. Beyond that whatever looks like an address, an e-mail, a link
or an introduced name goes, and every run of four digits or more becomes zeros. A name that nobody
introduces (*Kari fikk den ikke*) looks like any other word: the line must still be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# For the entities the bot reads exactly, what stands in their place; None keeps the shape and
# makes every digit a zero.
_INSTEAD: Mapping[str, str | None] = {
    "tracking_number": None, "subscription_number": None, "invoice_number": None,
    "policy_number": None, "claim_number": None, "number": None, "postcode": None,
    "phone": "20 00 00 00", "email": "navn@eksempel.no", "address": "Storgata 1",
}  # fmt: skip
# Told apart by their words: they are marked, and kept unless a longer number stands in them.
_KEPT = ("date", "period", "amount")
NAME = "Kim"

_LETTER = r"[^\W\d_]"
_CAPITAL = r"[A-ZÆØÅÄÖÉ][a-zæøåäöéèü'-]+"
_NAMES = rf"{_CAPITAL}(?:\s+(?:(?:van|von|de|der)\s+)?{_CAPITAL}){{0,3}}"
_EMAIL = re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_STREET = re.compile(
    rf"(?:{_CAPITAL}\s+){{0,2}}?{_LETTER}*(?i:gat[aeå]n?|veg(?:en)?|vei(?:en)?|vn|gt|plass(?:en)?"
    r"|all[eé]en|torg(?:et)?|bakken|svingen|stien|lia|haugen|tunet|kroken|ringen|terrasse|street"
    r"|road)\.?\s+\d{1,4}(?:\s?[A-Za-z](?!\w))?"
)
_NO_NAME = (
    r"(?i:(?:en|ei|ein|et|eit|a|an|the|to|til|på|i|in|at|av|og|and|å|fra|frå|from|her|men|but|kan|har"
    r"|som|vil|skal|bor|kom|er|e|jeg|eg|æ|je|vi|me|we|du|you|dere|dykk|dykkar|dokker|de|they|meg|deg"
    r"|seg|oss|us|den|det|dette|min|mi|mitt|mine|my|din|di|ditt|dine|your|vår|våre|our|hele|heile|alle"
    r"|all|både|ikke|ikkje|not|nå|no|now|når|for|med|with|ved|om|så|da|då|igjen|again|takk|thanks|kunde"
    r"|kunden|customer|kundeservice|kundesenteret|sint|angry|irritert|skuffet|skuffa|frustrert"
    r"|fortvilet|fortvila|oppgitt|trist|sur|glad|tlf|telefon|mobil|mob|nr)(?!\w))"
)
_ANY_NAME = rf"(?!{_NO_NAME}){_LETTER}[\w'-]*(?:\s+(?!{_NO_NAME}){_LETTER}[\w'-]*){{0,2}}(?![\w'-])"
_PARTED = r"[\s.,:;!/–-]+"
# After such words comes a name, in small letters too, and perhaps another.
_INTRODUCED = re.compile(
    r"(?P<before>(?i:\b(?:(?:jeg|eg|æ|je|e|han|hun|ho|hu|me|vi)\s+(?:heter|heiter|heite|hete|het)"
    r"|(?:navnet?|namnet?)\s+(?:mitt|på meg)\s+(?:er|e)|mitt\s+(?:navn|namn)\s+(?:er|e)"
    r"|my name is|i am called|(?:navn|namn|name)\s*:))\s+)"
    rf"{_LETTER}[\w'-]*(?:\s+(?!(?i:og|å|i|på|fra|frå|men|her|kan|har|som|and|from|but|vil|skal"
    rf"|bor|jeg|eg)\b){_LETTER}[\w'-]*){{0,2}}"
)
# After these a name comes where it begins with a capital.
_SIGNED = re.compile(
    r"(?P<before>(?i:\b(?:hilsen|helsing|mvh|regards|dett?e?\s+(?:er|e)|this\s+is|i'm|i\s+am|fru"
    r"|herr|hei|hallo|hi|hello|kjære|dear|mrs?))[.,:]?\s+)"
    rf"{_NAMES}"
)
# What comes after such words ends a letter, and is a name in small letters too.
_ENDS = re.compile(
    r"(?P<before>(?i:\b(?:m\.?v\.?h|vh|(?:vennlig|venleg|vennleg|beste|hjertelig|kjærlig|varm)\s+"
    r"(?:hilsen|helsing)|(?:kind|best|warm)?\s*regards|sincerely|yours\s+truly)\b"
    rf"{_PARTED}(?:(?:fra|frå|from)\s+)?))"
    rf"{_ANY_NAME}"
)
# After these it is one where nothing else follows: "hilsen dere sendte" names nobody.
_MAY_END = re.compile(
    r"(?P<before>(?i:\b(?:hilsen|helsing|hils|klem|klemmer|klemz|cheers|love)\b"
    rf"{_PARTED}(?:(?:fra|frå|from)\s+)?))"
    rf"{_ANY_NAME}(?=\s*(?:$|[^\w\s]|\d|{_NO_NAME}))"
)
# Two words with capitals in a row are mostly a name, unless the first begins a sentence.
_FULL_NAME = re.compile(rf"(?<![\w@]){_CAPITAL}(?:\s+{_CAPITAL}){{1,3}}(?!\w)")
_BEGINS = frozenset(
    "hei hallo hi hello kjære dear mvh hilsen fra frå til dette det jeg eg kan har er når hva hvor "
    "hvem kor ka kva kvar vi og men at om the my is when where what from to min mr mrs fru herr "
    "får skal vil må".split()
)
_DIGITS = re.compile(r"\d(?:[\s.\-/:]{0,3}\d)*")
_LEAST_DIGITS = 4
_HOUR = re.compile(r"(?:[01]?\d|2[0-3])[.:][0-5]\d")
_EDGES = " .,;:!?"
_WORD_END = re.compile(r"\w$")
_WORD_START = re.compile(r"\w")
_SYNTAX = str.maketrans("[]{}", "()()")


@dataclass(frozen=True, slots=True)
class Found:
    """What the bot read in a line: characters `start` to before `end`."""

    entity: str
    start: int
    end: int


def disguised(text: str, found: Iterable[Found] = ()) -> str:
    """One training line of `text`; "" when nothing but placeholders would be left of it."""
    marked = _apart(found, len(text))
    ends = [0, *(one.end for one in marked)]
    starts = [*(one.start for one in marked), len(text)]
    bare = [_bare(text[end:start]) for end, start in zip(ends, starts, strict=True)]
    parts = [bare[0]]
    for one, before, after in zip(marked, bare, bare[1:], strict=False):
        inside = bool(_WORD_END.search(before) or _WORD_START.match(after))
        parts += [_placed(text[one.start : one.end], one.entity, inside=inside), after]
    line = " ".join("".join(parts).split()).lstrip("/-•* ")
    words = re.sub(r"\[[^\]]*\]\([a-z_]+\)", "", "".join(bare))
    return line if re.search(rf"{_LETTER}{{2}}", words) else ""


def _apart(found: Iterable[Found], length: int) -> Sequence[Found]:
    """Those that may be marked, the longest of overlapping ones, in the order of the line."""
    kept: list[Found] = []
    known = (*_INSTEAD, *_KEPT)
    for one in sorted(found, key=lambda one: (one.start - one.end, one.entity)):
        fits = one.entity in known and 0 <= one.start < one.end <= length
        if fits and all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def _placed(words: str, entity: str, *, inside: bool) -> str:
    """The words disguised, and marked unless that would mark a part of a word (`inside`)."""
    core = words.strip(_EDGES)
    if not core.strip():
        return words
    head, _, tail = words.partition(core)
    core = " ".join(core.translate(_SYNTAX).split())
    shown = _zeroed(core) if entity in _KEPT else _INSTEAD[entity] or _nulled(core)
    # A day whose digits are hidden is none: the words stay, unmarked.
    hidden = entity in _KEPT and entity != "amount" and shown != core
    if not hidden and not inside:
        shown = f"[{shown}]({entity})"
    return head + shown + tail


def _nulled(number: str) -> str:
    """Every digit a zero, but the 37 by which a long parcel number is known."""
    digits = [letter for letter in number if letter.isdigit()]
    head = 2 if len(digits) == 18 and digits[:2] == ["3", "7"] else 0
    shown, seen = "", 0
    for letter in number:
        if letter.isdigit():
            seen += 1
            shown += letter if seen <= head else "0"
        else:
            shown += letter
    return shown


def _bare(text: str) -> str:
    """Text in which the bot read nothing: what still points to a person goes."""
    plain = "".join(letter if letter.isprintable() or letter.isspace() else "" for letter in text)
    plain = plain.translate(_SYNTAX)
    plain = _EMAIL.sub("[navn@eksempel.no](email)", plain)
    plain = _LINK.sub("eksempel.no", plain)
    plain = _STREET.sub("[Storgata 1](address)", plain)
    plain = _INTRODUCED.sub(rf"\g<before>{NAME}", plain)
    plain = _FULL_NAME.sub(_unnamed, plain)
    for pattern in (_SIGNED, _MAY_END, _ENDS):
        plain = pattern.sub(rf"\g<before>{NAME}", plain)
    return _zeroed(plain)


def _unnamed(match: re.Match[str]) -> str:
    first, *others = match.group().split()
    if first.lower() not in _BEGINS:
        return NAME
    return f"{first} {NAME}" if len(others) > 1 else match.group()


def _zeroed(text: str) -> str:
    def zeros(match: re.Match[str]) -> str:
        run = match.group()
        if sum(map(str.isdigit, run)) < _LEAST_DIGITS or _HOUR.fullmatch(run):
            return run
        return "".join("0" if letter.isdigit() else letter for letter in run)

    return _DIGITS.sub(zeros, text)
