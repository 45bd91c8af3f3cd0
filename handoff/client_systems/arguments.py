"""Arguments of an operation, checked and brought to one form before anything is asked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date

Canonical = Callable[[object], str]

_HEIMBUD = re.compile(r"HB[0-9]{8}")
_S10 = re.compile(r"[A-Z]{2}([0-9]{8})([0-9])[A-Z]{2}")
_LONG = re.compile(r"37[0-9]{16}")
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_POLICY = re.compile(r"V-?([0-9]{7})")
_CLAIM = re.compile(r"V-?([0-9]{5})")
_CLAIM_BY_YEAR = re.compile(r"([0-9]{2})-?([0-9]{6})")


class BadArgument(ValueError):
    """An argument that cannot be right. The text names no value: it goes to the log."""


def tracking_number(value: object) -> str:
    """`HB12345678`, S10 with a right check digit, or 18 digits that begin with 37."""
    text = _compact(value)
    if _HEIMBUD.fullmatch(text) or _LONG.fullmatch(text):
        return text
    if match := _S10.fullmatch(text):
        if _s10_check(match[1]) == int(match[2]):
            return text
        raise BadArgument("is an S10 number with a wrong check digit")
    raise BadArgument("must be HB and 8 digits, an S10 number, or 18 digits beginning with 37")


def subscription_number(value: object) -> str:
    return _digits(value, 6, 7)


def invoice_number(value: object) -> str:
    return _digits(value, 7, 7)


def policy_number(value: object) -> str:
    match = _POLICY.fullmatch(_compact(value))
    if match is None:
        raise BadArgument("must be V- and 7 digits")
    return f"V-{match[1]}"


def claim_number(value: object) -> str:
    text = _compact(value)
    if match := _CLAIM.fullmatch(text):
        return f"V-{match[1]}"
    if match := _CLAIM_BY_YEAR.fullmatch(text):
        return f"{match[1]}-{match[2]}"
    if re.fullmatch(r"[0-9]{6}", text):
        return text
    raise BadArgument("must be V- and 5 digits, 2 and 6 digits, or 6 digits")


def postcode(value: object) -> str:
    return _digits(value, 4, 4)


def iso_date(value: object) -> str:
    text = _compact(value)
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise BadArgument("must be a date as 2026-05-17")


def words(longest: int) -> Canonical:
    """Text of 1 to `longest` characters; control characters become spaces."""

    def canonical(value: object) -> str:
        if not isinstance(value, str):
            raise BadArgument("must be text")
        kept = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Cs") else c for c in value)
        text = " ".join(kept.split())
        if not 1 <= len(text) <= longest:
            raise BadArgument(f"must be text of 1 to {longest} characters")
        return text

    return canonical


def one_of(*choices: str) -> Canonical:
    def canonical(value: object) -> str:
        if value not in choices:
            raise BadArgument(f"must be one of {', '.join(choices)}")
        return str(value)

    return canonical


def _compact(value: object) -> str:
    """Capitals without spaces and dots; full-width forms and other dashes made plain."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise BadArgument("must be text")
    if len(text := str(value)) > 64:
        raise BadArgument("is too long")
    plain = unicodedata.normalize("NFKC", text).upper()
    plain = re.sub(r"[\u2010-\u2015\u2212]", "-", plain)
    return re.sub(r"[\s.\u200b]", "", plain)


def _digits(value: object, least: int, most: int) -> str:
    text = _compact(value)
    if not re.fullmatch(rf"[0-9]{{{least},{most}}}", text):
        raise BadArgument(f"must be {least}{f' or {most}' if most > least else ''} digits")
    return text


def _s10_check(serial: str) -> int:
    """Check digit of a UPU S10 serial number of eight digits."""
    rest = 11 - sum(int(d) * w for d, w in zip(serial, _S10_WEIGHTS, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)
