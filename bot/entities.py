"""Everything exact that a message contains: numbers, dates, periods, addresses, contacts."""

from __future__ import annotations

import re
from datetime import date

from bot.contacts import find_contacts
from bot.dates import find_dates
from bot.numbers import find_numbers, place_told
from bot.postcodes import codes_told, common_words
from bot.spans import Span, without_overlaps

ENTITY_NAMES = (
    "tracking_number",
    "subscription_number",
    "policy_number",
    "claim_number",
    "invoice_number",
    "number",
    "postcode",
    "address",
    "amount",
    "date",
    "period",
    "place",
    "email",
    "phone",
)


_LONE = re.compile(
    r"\W*(?:(?:nei|ja|det er|på|i|til|ved|nær|no|yes|it is|it's|in|at|near|to)\W+)*"
    r"(?P<name>[^\W\d_][\w.\- ]{1,30}?)(?:\W+(?:da|då|takk|please))?\W*",
    re.IGNORECASE,
)


def _lone_place(text: str) -> list[Span]:
    """A message that is nothing but a place's name, as after "hva er postnummeret?"."""
    found = _LONE.fullmatch(text)
    told = codes_told(found["name"]) if found else {}
    if found is None or not told or found["name"] in common_words():
        return []
    return [Span("place", found.start("name"), found.end("name"), found["name"], told)]


def find_entities(text: str, today: date) -> list[Span]:
    """The spans of ``text`` in order, free of overlaps.

    Two exceptions: a bare 8-digit run that may be a telephone number is given both as ``phone``
    and as ``number``, since only the question asked can tell; a postcode inside an address is
    given by itself too.
    """
    contacts = find_contacts(text)
    maybe_phones = [s for s in contacts if s.entity == "phone" and not s.extra["certain"]]
    numbers = find_numbers(text)
    certain = [s for s in contacts if s not in maybe_phones]
    exact = [s for s in numbers if s.entity != "number"]
    bare = [s for s in numbers if s.entity == "number"]
    read = [*certain, *exact, *find_dates(text, today), *bare]
    kept = without_overlaps(read or _lone_place(text))
    doubles = [
        phone
        for phone in maybe_phones
        if any((s.entity, s.start, s.end) == ("number", phone.start, phone.end) for s in kept)
    ]
    addresses = [span for span in kept if span.entity == "address" and "postcode" in span.extra]
    for address in addresses:
        code = address.extra["postcode"]
        start = text.index(code, address.start)
        doubles.append(Span("postcode", start, start + 4, code, place_told(code)))
    return sorted([*kept, *doubles], key=lambda span: (span.start, span.end, span.entity))
