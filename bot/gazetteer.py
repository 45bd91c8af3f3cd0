"""Words held against the register of places: as they stand there, or nearly so.

Nearly is: without the letters of Norwegian ("Grunerlokka"), with a dialect's sounds or ending
("trondhjæm", "stjørdaln"), or with one slip of the pen ("lillehamer").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from bot.postcodes import (
    big_towns,
    common_words,
    first_names,
    other_names,
    place_names,
    place_of,
    town_of,
)

LONGEST_NAME = 4  # words
# Letters and sounds that a word must have to be nearly a name.
NEARLY, _FEWEST_SOUNDS = 5, 4
# A slip of the pen is looked for in words of so many letters.
_SLIPPED, _LONG = 6, 9
_VOWELS = re.compile(r"[aeiouyæøå]+")
_FOLDED = str.maketrans("æøåäöüé", "aoaaoue")


def hints(words: Sequence[str], read: Sequence[str]) -> list[list[str]]:
    """Of each word: its part in a name of the register, what it is nearly, what was read there."""
    plain = [word.rstrip(".") for word in words]
    found: list[list[str]] = [[f"x={what}"] if what else [] for what in read]
    place = 0
    while place < len(words):
        count, kind = longest(plain, place)
        for part in range(count):
            letter = "X" if words[place + part][:1].isupper() else "x"
            found[place + part].append(f"g={kind}{'I' if part else 'B'}{letter}")
        if not count:
            if words[place][0].isupper() and _folded(words[place].lower()) in _all_folded():
                found[place].append("g=placeBX")  # "Tromso", on a foreign keyboard
            elif words[place].lower() in first_names():
                found[place].append("n=X" if words[place][:1].isupper() else "n=x")
            elif how := nearly(words[place]):
                found[place].append(f"f={how}{'X' if words[place][:1].isupper() else 'x'}")
        place += max(count, 1)
    return found


def longest(words: Sequence[str], place: int) -> tuple[int, str]:
    """How many words from ``place`` on are a known name, and of what kind."""
    names, others = place_names(), other_names()
    for count in range(min(LONGEST_NAME, len(words) - place), 0, -1):
        written = " ".join(words[place : place + count])
        name = written.lower()
        if name == written and name in common_words():
            return 1, "word"
        for form in (name, name[:-1] if name.endswith("s") else name):
            if form in others:
                return count, others[form].split()[0]
            if form in names:
                return count, "place" if len(form) > 2 else "short"
    return 0, ""


@cache
def _nearby() -> dict[str, dict[str, frozenset[str]]]:
    """What places look like when they are folded, as sounds, and with a letter lost."""
    made = {}
    for size, names in (("big", big_towns()), ("small", place_names())):
        written = [name for name in names if len(name) >= NEARLY and " " not in name]
        made[size] = {
            "folded": frozenset(map(_folded, written)),
            "sounds": frozenset(map(_sounds, written)),
            "less": frozenset(
                less for name in written if len(name) >= _SLIPPED for less in _less(_folded(name))
            ),
        }
    return made


def nearly(word: str) -> str:
    """How the word may be another spelling of a place, or "" if it is none.

    ``big`` towns are told from ``small`` places; ``ending`` is a dialect's; a ``slip`` is one
    letter more, less or other. ``sounds`` and ``some`` are such likenesses to places few write of.
    """
    lower = word.lower()
    if len(word) < NEARLY or lower in common_words():
        return ""
    return _nearly(lower) or _nearly_small(lower)


@cache
def _all_folded() -> frozenset[str]:
    return frozenset(_folded(name) for name in place_names() if len(name) >= NEARLY - 1)


@cache
def _nearly(lower: str) -> str:
    big = _nearby()["big"]
    sounds = _sounds(lower)
    if _folded(lower) in big["folded"]:
        return "big"
    if len(_consonants(sounds)) >= _FEWEST_SOUNDS and sounds in big["sounds"]:
        return "big"
    if _bare(lower) & (big_towns() | _town_like()):
        return "ending"
    if _folded(lower) in _nearby()["small"]["folded"]:
        return "small"
    long = len(lower) >= _LONG and _slipped(lower, "small")
    return "slip" if long or (len(lower) >= _SLIPPED and _slipped(lower, "big")) else ""


@cache
def _nearly_small(lower: str) -> str:
    small = _nearby()["small"]
    sounds = _sounds(lower)
    if len(_consonants(sounds)) >= _FEWEST_SOUNDS and sounds in small["sounds"]:
        return "sounds"
    return "some" if len(lower) >= _SLIPPED and _slipped(lower, "small") else ""


def _slipped(lower: str, size: str) -> bool:
    folded, index = _folded(lower), _nearby()[size]
    return (
        folded in index["less"]
        or not index["folded"].isdisjoint(_less(folded))
        or (not index["less"].isdisjoint(_less(folded)))
    )


@cache
def _town_like() -> frozenset[str]:
    return frozenset(name for name in place_names() if len(name) >= _SLIPPED)


def _bare(lower: str) -> set[str]:
    """Without a dialect's ending, or with the one it leaves out."""
    forms = {lower[: -len(end)] for end in ("n", "en", "a") if lower.endswith(end)}
    forms |= {lower + end for end in ("er", "e", "en")}
    return {form for form in forms if len(form) >= _SLIPPED}


def _folded(name: str) -> str:
    return name.replace("aa", "a").replace("ae", "a").replace("oe", "o").translate(_FOLDED)


def _less(name: str) -> set[str]:
    """The name with one letter lost; the first one stays."""
    return {name[:at] + name[at + 1 :] for at in range(1, len(name))}


def _sounds(word: str) -> str:
    """What slips and dialect leave of a word: ``trondhjæm`` and ``Trondheim`` are one."""
    rest = re.sub(r"[hj\W]", "", word[1:].replace("c", "k").replace("w", "v"))
    return word[:1] + re.sub(r"(.)\1+", r"\1", _VOWELS.sub("_", rest))


def _consonants(sounds: str) -> str:
    return sounds.replace("_", "")


def beside(postcode: str, words: Sequence[str], last: bool = False) -> int:
    """How many of the words right after a postcode (or, ``last``, right before it) name a place.

    The postcode's own place counts however it is written; of others a word that is an everyday
    one too does not.
    """
    own = {(place_of(postcode) or "").lower(), town_of(postcode) or ""} - {""}
    for count in range(min(LONGEST_NAME, len(words)), 0, -1):
        written = " ".join(words[-count:] if last else words[:count])
        name = written.lower().rstrip(".")
        if name in own:
            return count
        if name in place_names() and not (written == name and name in common_words()):
            return count
    if not words:
        return 0
    word = (words[-1] if last else words[0]).rstrip(".")
    if is_own(postcode, word):
        return 1
    return 1 if nearly(word) in ("big", "ending", "small") and word[:1].isupper() else 0


def is_own(postcode: str, word: str) -> bool:
    """Whether a word is a postcode's place or town, nearly as it is spelt."""
    own = {(place_of(postcode) or "").lower(), town_of(postcode) or ""} - {""}
    lower = word.lower()
    return bool(own & _bare(lower)) or any(_same(lower, name) for name in own)


def _same(word: str, name: str) -> bool:
    """Whether two words differ in sounds, folding or one slip only."""
    if min(len(word), len(name)) < 4 or word[:1] != name[:1]:
        return False
    one, other = _folded(word), _folded(name)
    return (
        _sounds(word) == _sounds(name)
        or one == other
        or one in _less(other)
        or other in _less(one)
        or (len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1)
    )
