"""What an agent may tell the bot when a chat is handed back: slots, and what form they have."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from handoff.client_systems.arguments import (
    BadArgument,
    Canonical,
    claim_number,
    invoice_number,
    iso_date,
    one_of,
    policy_number,
    postcode,
    subscription_number,
    tracking_number,
    words,
)
from handoff.errors import InputError

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Form:
    """`canonical` brings a value to the one form the bot knows.

    `pattern` is a regular expression of JavaScript for the whole value in capitals and without
    blanks; it may let through what `canonical` refuses. None where any words will do. `options`
    are the only values, where the bot asks its customers to choose.
    """

    canonical: Canonical
    example: str
    pattern: str | None = None
    options: tuple[str, ...] = ()


def _choice(*options: str) -> Form:
    return Form(one_of(*options), "", None, options)


_TRACKING = Form(tracking_number, "HB12345678", r"HB\d{8}|[A-Z]{2}\d{9}[A-Z]{2}|37\d{16}")
_SUBSCRIPTION = Form(subscription_number, "481516", r"\d{6,7}")
_INVOICE = Form(invoice_number, "7001234", r"\d{7}")
_POLICY = Form(policy_number, "V-1234567", r"V-?\d{7}")
_CLAIM = Form(claim_number, "V-12345", r"V-?\d{5}|\d{2}-?\d{6}|\d{6}")
_POSTCODE = Form(postcode, "5003", r"\d{4}")
_DATE = Form(iso_date, "2026-05-17", r"\d{4}-\d{2}-\d{2}")
_WORDS = Form(words(LONGEST), "")

# Skill -> slot of domain.yml -> form. Every fact of the bot is here but `neighbours_checked`, the
# answer to a question that only the customer can be asked.
_BY_SKILL: Mapping[str, Mapping[str, Form]] = {
    "billing": {
        "invoice_number": _INVOICE,
        "payment_change": _choice("postpone", "instalments", "efaktura", "avtalegiro", "card"),
        "payment_date": _DATE,
    },
    "parcel": {
        "tracking_number": _TRACKING,
        "delivery_change": _choice("date", "address", "note"),
        "delivery_date": _DATE,
        "delivery_address": _WORDS,
        "delivery_note": _WORDS,
        "damage": _WORDS,
    },
    "newspaper": {
        "subscription_number": _SUBSCRIPTION,
        "missing_date": _DATE,
        "pause_from": _DATE,
        "pause_to": _DATE,
        "new_address": _WORDS,
        "new_postcode": _POSTCODE,
        "move_date": _DATE,
        "postcode": _POSTCODE,
    },
    "insurance": {
        "policy_number": _POLICY,
        "claim_number": _CLAIM,
        "claim_date": _DATE,
        "claim_description": _WORDS,
        "document": _choice("green_card", "terms", "certificate"),
    },
}
_FORMS = {slot: form for forms in _BY_SKILL.values() for slot, form in forms.items()}


def facts_for(skills: Collection[str]) -> Mapping[str, Form]:
    """The slots that an agent of a client company with these skills may fill, and their forms."""
    return {
        slot: form
        for skill, forms in _BY_SKILL.items()
        if skill in skills
        for slot, form in forms.items()
    }


def is_fact(slot: str) -> bool:
    """Whether an agent may fill or empty this slot. The bot's own bookkeeping is none of theirs."""
    return slot in _FORMS


def is_day(slot: str) -> bool:
    """Whether the slot holds a date as 2026-05-17."""
    return _FORMS.get(slot) is _DATE


def canonical(slot: str, value: str) -> str:
    """The value as the bot knows it. Raises InputError naming the slot, never the value."""
    try:
        return _FORMS[slot].canonical(value)
    except BadArgument as error:
        raise InputError(f"`{slot}` {error}.", cure="Correct it, or leave it out.") from None
