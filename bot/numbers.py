"""The numbers that customers read off letters, screens and labels, each with its exact format.

Bare runs of 4 to 8 digits are ``number``: which number it is, only the question that was asked
can tell. Spaces inside a number are allowed, letters may be of either case.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from re import Match, Pattern
from typing import Any

from bot.spans import Span

_B, _E = r"(?<![\w\-])", r"(?![\w])"
_WINDOW = r"[^.!?]{0,45}$"
_CONTEXTS: list[tuple[str, Pattern[str], tuple[int, ...]]] = [
    (
        "subscription_number",
        re.compile(
            r"\b(?:abon\w*|abb?\b|abb?o\w*|subscription|kunde(?:nr|nummer)\w*)" + _WINDOW, re.I
        ),
        (6, 7),
    ),
    ("invoice_number", re.compile(r"(?:faktura|regning|rekning|invoice)\w*" + _WINDOW, re.I), (7,)),
    ("policy_number", re.compile(r"(?:polise|police|policy)\w*" + _WINDOW, re.I), (7,)),
    (
        "claim_number",
        re.compile(r"\b(?:skade|sak|claim|case)(?:en|a|nr|nummer|no|number)?\w*" + _WINDOW, re.I),
        (6,),
    ),
]
"""What a bare run of digits is when such a word stands just before it, by its length."""

_POSTCODE_WORD = re.compile(r"(?:post\s?(?:nr|nummer|nommer|kode|code)|zip)\w*" + _WINDOW, re.I)
_WHERE = re.compile(
    r"\b(?:i|til|te|tel|på|bor|bur|near|nær|nærare|nærmere|in|around|rundt)\s+$", re.I
)
_PLACE_AFTER = re.compile(
    r"\s+(?!(?:kr|kroner|dag|dager|time|minutt|år|stk|takk|og|i|er|på)\b)[^\W\d_]{2,}", re.I
)
_CLOCK = re.compile(r"\b(?:kl|klok\w*)\.?(?:\s+e)?\s*$", re.I)
_UNIT_AFTER = re.compile(r"\s*(?:km|kvm|m2|kr|kroner|%|prosent|stk)\b", re.I)


def s10_check_digit_fits(number: str) -> bool:
    """Whether the ninth digit of a number like ``HB123456785NO`` fits (UPU standard S10)."""
    digits = [int(character) for character in number if character.isdigit()]
    total = sum(d * w for d, w in zip(digits[:8], (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
    check = 11 - total % 11
    return digits[8] == {10: 0, 11: 5}.get(check, check)


def find_numbers(text: str) -> list[Span]:
    """Tracking, policy, claim, subscription and invoice numbers, postcodes, amounts, bare numbers.

    Overlaps are left in, most exact reading first: settle them with ``without_overlaps``.
    """
    spans: list[Span] = []
    for pattern, read in _RULES:
        for match in pattern.finditer(text):
            found = read(match)
            if found is not None:
                entity, value, extra = found
                spans.append(Span(entity, match.start(), match.end(), value, extra))
    return spans


Reading = tuple[str, Any, dict[str, Any]]


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _read_tracking(match: Match[str]) -> Reading | None:
    return "tracking_number", "HB" + _digits(match.group()), {"format": "hb"}


def _read_s10(match: Match[str]) -> Reading | None:
    number = re.sub(r"[\s\-]", "", match.group()).upper()
    return "tracking_number", number, {"format": "s10", "check": s10_check_digit_fits(number)}


def _read_sscc(match: Match[str]) -> Reading | None:
    return "tracking_number", _digits(match.group()), {"format": "sscc"}


def _read_v_number(match: Match[str]) -> Reading | None:
    digits = _digits(match.group())
    if len(digits) == 7:
        return "policy_number", f"V-{digits}", {}
    return ("claim_number", f"V-{digits}", {}) if len(digits) == 5 else None


def _read_year_claim(match: Match[str]) -> Reading | None:
    return "claim_number", f"{match['year']}-{match['serial']}", {}


def _read_amount(match: Match[str]) -> Reading | None:
    written = re.sub(r"[\s\u00a0\u202f]", "", match["amount"])
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", written):  # a thousands mark, not a decimal one
        written = re.sub(r"[.,]", "", written)
    return "amount", float(written.replace(",", ".")), {"currency": "NOK"}


def _read_bare(match: Match[str]) -> Reading | None:
    digits = _digits(match.group())
    before, after = match.string[: match.start()], match.string[match.end() :]
    if len(digits) == 4 and _is_postcode(digits, before, after):
        return "postcode", digits, {}
    nearest = [
        (found.start(), entity)
        for entity, context, lengths in _CONTEXTS
        if len(digits) in lengths
        for found in [_last(context, before)]
        if found is not None
    ]
    if nearest:
        entity = max(nearest)[1]
        return entity, f"V-{digits}" if entity == "policy_number" else digits, {}
    return "number", digits, {}


def _last(context: Pattern[str], before: str) -> Match[str] | None:
    found = None
    for start in range(max(0, len(before) - 70), len(before)):
        found = context.match(before, start) or found
    return found


def _is_postcode(digits: str, before: str, after: str) -> bool:
    if _POSTCODE_WORD.search(before):
        return True
    if _CLOCK.search(before) or _UNIT_AFTER.match(after):
        return False
    if not before.strip() and _PLACE_AFTER.match(after) and len(after.split()) <= 2:
        return True
    if digits.startswith("0"):
        return True
    return bool(_WHERE.search(before)) and not 1900 <= int(digits) <= 2035


_AMOUNT = r"(?P<amount>\d{1,3}(?:[ \u00a0\u202f.,]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?)"
_CURRENCY = r"(?:kr\b\.?|kron\w*|spenn|nok\b|,-|-,)"

_RULES: list[tuple[Pattern[str], Callable[[Match[str]], Reading | None]]] = [
    (re.compile(_B + r"HB[ \-]?\d(?:[ \-]?\d){8}[ \-]?NO" + _E, re.I), _read_s10),
    (re.compile(_B + r"[A-Z]{2}\d{9}[A-Z]{2}" + _E), _read_s10),
    (re.compile(_B + r"HB[ \-:]{0,2}\d(?:[ .]?\d){7}" + _E + r"(?! ?\d)", re.I), _read_tracking),
    (re.compile(_B + r"37(?: ?\d){16}" + _E + r"(?! ?\d)"), _read_sscc),
    (re.compile(_B + r"V[ \-–]{0,3}\d(?: ?\d){4,6}" + _E, re.I), _read_v_number),
    (re.compile(_B + r"(?P<year>\d\d)\s?[\-–]\s?(?P<serial>\d{6})" + _E), _read_year_claim),
    (re.compile(rf"(?<![\w.,])(?:kr\.?|nok)\s*{_AMOUNT}(?![\w])(?:,-)?", re.I), _read_amount),
    (re.compile(rf"(?<![\w.,]){_AMOUNT}\s*{_CURRENCY}(?!\w)", re.I), _read_amount),
    (re.compile(r"(?<![\w.,+/\-])\d{4,8}(?![\w/\-]|[.,]\d)"), _read_bare),
    (re.compile(r"(?<![\w.,+/\-])\d{3} \d{3,4}(?! ?\d)(?![\w/\-]|[.,]\d)"), _read_bare),
]
