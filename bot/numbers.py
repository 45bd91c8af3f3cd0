"""The numbers that customers read off letters, screens and labels, each with its exact format.

Bare runs of 4 to 8 digits are ``number``: which number it is, only the question that was asked
can tell. Spaces inside a number are allowed, letters may be of either case. Four digits
carry the ``place`` whose postcode they are, or ``known`` is false.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from re import Match, Pattern
from typing import Any

from bot.calendar_words import AMOUNT_WORDS
from bot.postcodes import common_words, place_names, place_of, town_of
from bot.spans import Span

_B, _E = r"(?<![\w\-])", r"(?![\w])"
_FURTHEST = 120
# Up to 45 characters of the same sentence; "nr." and "no." do not end one.
_WINDOW = r"(?:[^.!?]|(?<=nr)\.|(?<=no)\.){0,45}$"
_CONTEXTS: list[tuple[str, Pattern[str], tuple[int, ...]]] = [
    (
        "subscription_number",
        re.compile(
            r"\b(?:abb?on\w*|abb?\b|abb?o(?!ut|ve)\w*|abb?\.? ?n(?:r|ummer|o)\b"
            r"|subscri(?:ption|ber)|kunde?\.? ?(?:nr|nummer|no)\w*|customer (?:nr|number|no|id)\b)"
            + _WINDOW,
            re.I,
        ),
        (6, 7),
    ),
    (
        "invoice_number",
        re.compile(
            r"(?:faktura\w*|regning\w*|rekning\w*|invoice\w*|\bbill\b|\b(?:fakt|regn|rekn|inv)\b\.?)"
            + _WINDOW,
            re.I,
        ),
        (7,),
    ),
    (
        "policy_number",
        re.compile(r"(?:polise|police|policy|\bpol\.? ?nr)\w*" + _WINDOW, re.I),
        (7,),
    ),
    (
        "claim_number",
        re.compile(r"\b(?:skade|sak|claim|case)(?:en|a|nr|nummer|no|number)?\w*" + _WINDOW, re.I),
        (6,),
    ),
]
"""What a bare run of digits is when such a word stands just before it, by its length."""

_POSTCODE_WORD = re.compile(
    r"(?:post\s?(?:nr|nummer|nommer|kode|code)|zip|poststed)\w*" + _WINDOW, re.I
)
_WHERE = re.compile(
    r"(?:\b(?:i|til|te|tel|t|på|fra|frå|from|to|bor|bur|by|near|nær|nærare|nærmere|in|at|around"
    r"|rundt|ved)|\badr(?:ess\w*)?\b[^.!?\d]{0,25}|\baddress\b[^.!?\d]{0,25})[:\s]+$",
    re.I,
)
_LIVES = re.compile(r"\b(?:bor|bur|bodd\w*|live|living|flytt\w*|moved?)\b[^.!?\d]{0,25}$", re.I)
_MONEY = re.compile(
    r"(?:kost|pris|betal|beløp|sum\b|regning|rekning|faktura|gebyr|trekk|trukk|erstatning|egenandel"
    r"|amount|price|cost|paid|charge|\bøk|hev|sett|satt|auk|bill|invoice|premi)\w*" + _WINDOW,
    re.I,
)
_RANGE = re.compile(r"(?<!\d)(?P<other>\d{1,4})\s*(?:-|–|til|te|to)\s*$", re.I)
_CLOCK = re.compile(r"\b(?:kl|klok\w*)\.?(?:\s+e)?\s*$", re.I)
_UNIT_AFTER = re.compile(
    r"\s*(?:km|kvm|m2|meter|kg|gram|kr|kroner|kronå|nok|spenn|%|prosent|stk|"
    r"(?:dag|tim|uk|vek|mån|year|hour|person|poeng|kalori)\w*)(?!\w)",
    re.I,
)
# A chain of shops, a number plate, a postal order of thanks.
_OTHER_NUMBER = re.compile(r"(?:(?i:\b(?:rema|rv|fv|riksvei|fylkesvei))|\b[A-Z]{2}) ?$")
# Between "abonnement" and digits with blanks: these are its day, its price or another number.
_NOT_THE_NUMBER = re.compile(
    r"\b(?:fra|frå|til|te|siden|sidan|på|den|innen|kr|tlf|telefon\w*|mobil\w*|ring|from|since|until|on"
    r"|for)\b\W{0,3}$",
    re.I,
)
_NAMES_AFTER = re.compile(r"[,\s]\s*(?P<names>[^\W\d_][\w.\-]*(?: [^\W\d_][\w.\-]*){0,3})")
_NAME_BEFORE = re.compile(r"(?P<names>[^\W\d_][\w.\-]*(?: [^\W\d_][\w.\-]*){0,3}),? ?$")


def s10_check_digit_fits(number: str) -> bool:
    """Whether the ninth digit of a number like ``HB123456785NO`` fits (UPU standard S10)."""
    digits = [int(character) for character in number if character.isdigit()]
    total = sum(d * w for d, w in zip(digits[:8], (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
    check = 11 - total % 11
    return digits[8] == {10: 0, 11: 5}.get(check, check)


def sscc_check_digit_fits(number: str) -> bool:
    """Whether the last of 18 digits fits the others (GS1, modulo 10)."""
    weighted = (int(d) * (3 if at % 2 == 0 else 1) for at, d in enumerate(number[:17]))
    return (10 - sum(weighted) % 10) % 10 == int(number[17])


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
    number = _digits(match.group())
    extra = {"format": "sscc", "check": sscc_check_digit_fits(number)}
    return "tracking_number", number, extra


def _read_country_postcode(match: Match[str]) -> Reading | None:
    return "postcode", match["code"], place_told(match["code"])


def _read_v_number(match: Match[str]) -> Reading | None:
    digits = _digits(match.group())
    if len(digits) == 7:
        return "policy_number", f"V-{digits}", {}
    return ("claim_number", f"V-{digits}", {}) if len(digits) == 5 else None


def _read_year_claim(match: Match[str]) -> Reading | None:
    return "claim_number", f"{match['year']}-{match['serial']}", {}


def _read_amount(match: Match[str]) -> Reading | None:
    written = re.sub(r"[\s\u00a0\u202f]", "", match["amount"])
    decimals = re.search(r"[.,](\d{1,2})$", written)  # "8,400" has a thousands mark instead
    whole = written[: decimals.start()] if decimals else written
    value = float(_digits(whole) + "." + (decimals[1] if decimals else "0"))
    return "amount", value, {"currency": _currency(match.group())}


def _read_worded_amount(match: Match[str]) -> Reading | None:
    """ "Tre tusen fem hundre kroner": what stands before hundred and thousand multiplies it."""
    total = part = 0.0
    for word in re.findall(r"[\d.,]+|[^\W\d_]+", match["words"].lower()):
        count = AMOUNT_WORDS.get(word, 0)
        if word[0].isdigit():
            part += float(word.replace(",", "."))
        elif count < 100:
            part += count
        elif count == 100:
            part = max(part, 1) * 100
        else:
            total, part = total + max(part, 1) * count, 0
    value = total + part
    if value < 2:
        return None  # "ikke en krone"
    return "amount", value, {"currency": _currency(match["currency"])}


def _currency(written: str) -> str:
    known = re.search(r"€|eur|dollar|usd|\$|pund|gbp|£|sek|dkk", written, re.I)
    found = known.group().lower() if known else ""
    return {"€": "EUR", "eur": "EUR", "$": "USD", "usd": "USD", "dollar": "USD", "£": "GBP",
            "gbp": "GBP", "pund": "GBP", "sek": "SEK", "dkk": "DKK"}.get(found, "NOK")  # fmt: skip


def _read_bare(match: Match[str]) -> Reading | None:
    digits = _digits(match.group())
    # No rule looks further, and a long text stays quick.
    before = match.string[max(0, match.start() - _FURTHEST) : match.start()]
    after = match.string[match.end() : match.end() + _FURTHEST]
    extra = place_told(digits) if len(digits) == 4 else {}
    if len(digits) == 4 and _is_postcode(digits, before, after):
        return "postcode", digits, extra
    told = _told_by_word(digits, before)
    if told:
        return told
    if _UNIT_AFTER.match(after) or _OTHER_NUMBER.search(before) or _CLOCK.search(before):
        return None
    if len(digits) == 4 and 1900 <= int(digits) <= 2035 and re.search(r"[^\W\d_]", before + after):
        return None  # a year
    return "number", digits, extra


def _told_by_word(digits: str, before: str) -> Reading | None:
    """What the nearest word before that says so makes of digits of that length."""
    nearest = [
        (found.start(), entity)
        for entity, context, lengths in _CONTEXTS
        if len(digits) in lengths
        for found in [_last(context, before)]
        if found is not None
    ]
    if not nearest:
        return None
    entity = max(nearest)[1]
    return entity, f"V-{digits}" if entity == "policy_number" else digits, {}


def _read_grouped(match: Match[str]) -> Reading | None:
    """ "29 40 17", with blanks as nobody else writes them: only where a word before says what."""
    before = match.string[max(0, match.start() - _FURTHEST) : match.start()]
    if len(digits := _digits(match.group())) == 4:  # "50 52"
        alone = re.fullmatch(r"\W*", before + match.string[match.end() :])
        told = _POSTCODE_WORD.search(before)
        return (
            ("postcode" if told else "number", digits, place_told(digits))
            if alone or told
            else None
        )
    if not 6 <= len(_digits(match.group())) <= 7 or _NOT_THE_NUMBER.search(before):
        return None
    if _UNIT_AFTER.match(match.string, match.end()):
        return None
    return _told_by_word(_digits(match.group()), before)


def place_told(postcode: str) -> dict[str, Any]:
    """What four digits carry besides their value: their ``place``, or that none is ``known``."""
    place = place_of(postcode)
    return {"known": False} if place is None else {"place": place}


def _last(context: Pattern[str], before: str) -> Match[str] | None:
    found = None
    for start in range(max(0, len(before) - 70), len(before)):
        found = context.match(before, start) or found
    return found


def _is_postcode(digits: str, before: str, after: str) -> bool:
    """Whether four digits are a postcode: by the word for it, or by register and surroundings."""
    if _POSTCODE_WORD.search(before):
        return True
    place = place_of(digits)
    if place is None or _CLOCK.search(before) or _UNIT_AFTER.match(after):
        return False
    own = {place.lower(), town_of(digits)}
    beside = {*_names(_NAMES_AFTER.match(after)), *_names(_NAME_BEFORE.search(before), last=True)}
    if own & beside:
        return True
    other = _RANGE.search(before)
    if other and place_of(other["other"]) is None:
        return False
    if digits.startswith("0"):
        return True
    if 1900 <= int(digits) <= 2035:
        return bool(_LIVES.search(before)) and not re.search(
            r"\b(?:fra|frå|siden|sidan)\s+$", before
        )
    if beside & place_names() - common_words():
        return True
    if not before.strip() and re.match(r"\s+[^\W\d_]{2,}\W*$", after):
        return True
    return bool(_WHERE.search(before)) and not _MONEY.search(before)


def _names(match: Match[str] | None, last: bool = False) -> set[str]:
    """The first (or last) one to four words, in lower case, that may be one name."""
    if match is None:
        return set()
    words = match["names"].lower().strip(".").split()
    spans = range(1, len(words) + 1)
    return {" ".join(words[-count:] if last else words[:count]).strip(".") for count in spans}


_AMOUNT = r"(?P<amount>\d{1,3}(?:[ \u00a0\u202f.,]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?)"
_CURRENCY = (
    r"(?:kr\b|kron\w*|spenn|nok\b|,-|-,|euro?\b|€|dollars?\b|usd\b|pund\b|gbp\b|sek\b|dkk\b|£)"
)
_NUMBER_WORD = "|".join(sorted(AMOUNT_WORDS, key=len, reverse=True))
_WORDED = (
    rf"(?:(?:\d{{1,3}}(?:[.,]\d+)?|{_NUMBER_WORD})\s+(?:og\s+|and\s+)?){{0,6}}(?:{_NUMBER_WORD})"
)

_RULES: list[tuple[Pattern[str], Callable[[Match[str]], Reading | None]]] = [
    (re.compile(_B + r"HB[ \-]?\d(?:[ \-]?\d){8}[ \-]?NO" + _E, re.I), _read_s10),
    (re.compile(_B + r"[A-Z]{2}\d{9}[A-Z]{2}" + _E, re.I), _read_s10),
    (re.compile(_B + r"[A-Z]{2}[ \-]?\d(?:[ \-]?\d){8}[ \-]?[A-Z]{2}" + _E), _read_s10),
    (
        re.compile(_B + r"HB[ \-:]{0,2}\d(?:[ .\-]?\d){7}" + _E + r"(?![ \-]?\d)", re.I),
        _read_tracking,
    ),
    (re.compile(_B + r"37(?: ?\d){16}" + _E + r"(?! ?\d)"), _read_sscc),
    (
        re.compile(_B + r"(?:(?i:NO?)-[ ]?|N )(?P<code>\d{4})" + _E + r"(?![-/.,]?\d)"),
        _read_country_postcode,
    ),
    (re.compile(_B + r"V[ \-–]{0,3}\d(?: ?\d){4,6}" + _E, re.I), _read_v_number),
    (re.compile(_B + r"(?P<year>\d\d)\s?[\-–]\s?(?P<serial>\d{6})" + _E), _read_year_claim),
    (
        re.compile(rf"(?<![\w.,])(?:kr\.?|nok|eur|usd|€|\$|£)\s*{_AMOUNT}(?![\w])(?:,-)?", re.I),
        _read_amount,
    ),
    (re.compile(rf"(?<![\w.,]){_AMOUNT}\s*{_CURRENCY}(?!\w)", re.I), _read_amount),
    (
        re.compile(rf"(?<![\w.,])(?P<words>{_WORDED})\s+(?P<currency>{_CURRENCY})(?!\w)", re.I),
        _read_worded_amount,
    ),
    (re.compile(r"(?<![\w.,+/\-])\d{4,8}(?![\w/\-]|[.,]\d)"), _read_bare),
    (
        re.compile(
            r"(?<![\w.,+/\-])(?<!\d )(?:\d{3} \d{3,4}|\d{4} \d{3})(?! ?\d)(?![\w/\-]|[.,]\d)"
        ),
        _read_bare,
    ),
    (
        re.compile(r"(?<![\w.,+/\-])(?<!\d )\d{1,4}(?: \d{2,4}){1,3}(?! ?\d)(?![\w/\-]|[.,]\d)"),
        _read_grouped,
    ),
]
