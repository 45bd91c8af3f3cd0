"""Hides identity, account and card numbers before anything is stored, logged or sent on.

One random 11-digit number in eleven passes the account number's check digit, so the words
around decide there: beside "KID", "faktura" or "sporing" a number is left alone.

Sources: Skatteetaten on fødselsnummer, D- and H-numbers and the rule from 2032 (the first
check sum may leave 0 to 3); Bits on account numbers (modulus 11); ISO/IEC 7812 on cards (Luhn).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

IDENTITY, ACCOUNT, CARD = "identity_number", "account_number", "card_number"
_SHOWN = {IDENTITY: "[fødselsnummer skjult]", ACCOUNT: "[kontonummer skjult]",
          CARD: "[kortnummer skjult]"}  # fmt: skip

# Between digits: blanks of every width, dots, dashes, slashes, and characters nobody sees.
_BETWEEN = r"[\s.\-/\u2010-\u2015\u00ad\u200b-\u200f\u2060\ufeff]"
_RUN = re.compile(rf"\d(?:{_BETWEEN}{{0,3}}\d)*")
_GROUP = re.compile(r"\d+")
_NEAR = 40
_LEAST_DIGITS, _MOST_DIGITS = 11, 19

_LEAVE = re.compile(
    r"\b(kid|kid-?n(umme)?r\w*|faktura\w*|rekning\w*|regning\w*|invoice|spor\w*|sending\w*|pakke\w*"
    r"|parcel|tracking|ordre\w*|order|polise\w*|policy|avtale\w*|abonnement\w*|abb?\w*|sak\w*"
    r"|skade\w*|claim|referanse\w*|ref|kolli\w*|kunden\w*|medlem\w*)\W*(\w+\W+){0,2}$",
    re.IGNORECASE,
)
_IDENTITY_WORD = re.compile(r"(fødsels|personn|fødd?t?|fnr|d-?n(umme)?r|identity|ssn|social sec)",
                            re.IGNORECASE)  # fmt: skip
_ACCOUNT_WORD = re.compile(r"(konto|account|bank|utbetal|refunder|overfør)", re.IGNORECASE)
_CARD_WORD = re.compile(r"(kort(?!e)|\bcard|visa|mastercard|amex)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Masked:
    """The text with what was found hidden, and the kinds that were, in order."""

    text: str
    kinds: tuple[str, ...] = ()


def mask(text: str) -> Masked:
    """Hide identity, account and card numbers in `text`; everything else is left as it is."""
    if not any(map(str.isdigit, text)):
        return Masked(text)  # as most lines are, and each is masked
    plain = "".join(_plain(character) for character in text)
    parts: list[str] = []
    kinds: list[str] = []
    end = 0
    for start, stop, kind in _found(plain):
        parts += [text[end:start], _SHOWN[kind]]
        kinds.append(kind)
        end = stop
    return Masked("".join([*parts, text[end:]]), tuple(kinds)) if kinds else Masked(text)


def _plain(character: str) -> str:
    """Any script's digit as an ASCII digit, one character for one."""
    digit = unicodedata.digit(character, None)
    return character if digit is None else str(digit)


def _found(plain: str) -> Iterator[tuple[int, int, str]]:
    for run in _RUN.finditer(plain):
        yield from _in_run(plain, run.start(), run.group())


def _in_run(plain: str, offset: int, run: str) -> Iterator[tuple[int, int, str]]:
    """Numbers within one run of digits, from group border to group border, longest first."""
    groups = [(match.start(), match.end()) for match in _GROUP.finditer(run)]
    first = 0
    while first < len(groups):
        found = _longest(plain, offset, run, groups, first)
        if found is None:
            first += 1
            continue
        last, kind = found
        yield offset + groups[first][0], offset + groups[last][1], kind
        first = last + 1


def _longest(
    plain: str, offset: int, run: str, groups: list[tuple[int, int]], first: int
) -> tuple[int, str] | None:
    """The last group and kind of the longest number that begins with group `first`."""
    shape: list[int] = []
    fits: list[int] = []
    for last in range(first, len(groups)):
        shape.append(groups[last][1] - groups[last][0])
        count = sum(shape)
        if count > _MOST_DIGITS:
            break
        if count >= _LEAST_DIGITS:
            fits.append(last)
    for last in reversed(fits):
        start, stop = groups[first][0], groups[last][1]
        digits = "".join(run[a:b] for a, b in groups[first : last + 1])
        before = plain[max(0, offset + start - _NEAR) : offset + start]
        after = plain[offset + stop : offset + stop + _NEAR]
        kind = _kind(digits, shape[: last - first + 1], before, after)
        if kind is not None:
            return last, kind
    return None


def _kind(digits: str, shape: list[int], before: str, after: str) -> str | None:
    if before[-1:].isalpha() or after[:1].isalpha():
        return None  # part of a longer code, such as HB318204775NO
    around = before + after
    left_alone = _LEAVE.search(before) is not None
    if len(digits) == 11:
        if is_identity_number(digits) and (not left_alone or _IDENTITY_WORD.search(around)):
            return IDENTITY
        told = _ACCOUNT_WORD.search(around) is not None
        if is_account_number(digits) and (told or shape == [4, 2, 5] or not left_alone):
            return ACCOUNT
        return None
    if is_card_number(digits) and (not left_alone or _CARD_WORD.search(around)):
        return CARD
    return None


def is_identity_number(digits: str) -> bool:
    """Fødselsnummer, D- or H-number, today's rule and the one from 2032. `digits`: 11 of them."""
    d = [int(digit) for digit in digits]
    day, month = d[0] * 10 + d[1], d[2] * 10 + d[3]
    day -= 40 if day > 40 else 0
    for shift in (80, 40):  # test persons, H-numbers
        if month > shift:
            month -= shift
            break
    if not (1 <= month <= 12 and 1 <= day <= _DAYS[month]):
        return False
    first = sum(w * x for w, x in zip((3, 7, 6, 1, 8, 9, 4, 5, 2, 1), d, strict=False))
    second = sum(w * x for w, x in zip((5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1), d, strict=False))
    return first % 11 <= 3 and second % 11 == 0


def is_account_number(digits: str) -> bool:
    """A Norwegian bank account by its check digit. `digits`: 11 of them."""
    total = sum(w * int(x) for w, x in zip((5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1), digits, strict=False))
    return total % 11 == 0 and digits[:4] != "0000"


def is_card_number(digits: str) -> bool:
    """A payment card by issuer prefix, length and Luhn."""
    return any(
        len(digits) in lengths and low <= int(digits[: len(str(low))]) <= high
        for low, high, lengths in _ISSUERS
    ) and _luhn(digits)


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


_DAYS = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ISSUERS = (
    (4, 4, (13, 16, 19)),  # Visa
    (51, 55, (16,)),  # Mastercard
    (2221, 2720, (16,)),
    (34, 34, (15,)),  # American Express
    (37, 37, (15,)),
    (50, 50, (12, 13, 14, 15, 16, 17, 18, 19)),  # Maestro
    (56, 58, (12, 13, 14, 15, 16, 17, 18, 19)),
    (6011, 6011, (16,)),  # Discover
    (65, 65, (16,)),
    (36, 36, (14,)),  # Diners
    (38, 39, (14,)),
    (3528, 3589, (16,)),  # JCB
)
