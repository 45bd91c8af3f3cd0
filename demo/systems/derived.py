"""Records made from their own number, for evaluations: every well-formed number is known."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TypeVar

from demo.systems import heimbud_seed, varde_seed
from demo.systems.world import Record, invoice

T = TypeVar("T")
_POSTCODES = ("0470", "1607", "2609", "4006", "4611", "5052", "6100", "7014", "8006", "9008")
_SENDERS = ("Bokkroken", "Sportsboden", "Elektrohjørnet", "Skobua", "Frukt fra Lofthus")
_STREETS = ("Storgata 14", "Kirkegata 8", "Strandgaten 31", "Bakkegata 5", "Skolevegen 22")
_HOLDERS = ("Ola Moen", "Kari Berge", "Liv Hansen", "Nils Eira", "Amina Ali")
_HANDLERS = ("Silje Myklebust", "Erik Johan Sara", "Nina Fjeldstad")


def _pick(choices: Sequence[T], number: str, what: str) -> T:
    digest = hashlib.sha256(f"{what}:{number}".encode()).digest()
    return choices[int.from_bytes(digest[:4], "big") % len(choices)]


def parcel(today: date, number: str) -> Record:
    statuses = ("in_transit", "out_for_delivery", "at_pickup_point", "delivered", "delayed")
    return heimbud_seed.parcel(
        today,
        number,
        _pick(statuses, number, "status"),
        "Oslo",
        _pick(_POSTCODES, number, "postcode"),
        _pick(_SENDERS, number, "sender"),
    )


def subscription(today: date, number: str) -> Record:
    return heimbud_seed.subscription(
        today,
        number,
        "active",
        _pick(_HOLDERS, number, "holder"),
        _pick(_STREETS, number, "street"),
        _pick(_POSTCODES, number, "postcode"),
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday"),
    )


def policy(number: str) -> Record:
    return varde_seed.policy(
        number,
        _pick(_HOLDERS, number, "holder"),
        _pick(("Bil kasko", "Innbo pluss", "Reise verden"), number, "product"),
        _pick(_STREETS, number, "street"),
        "kunde",
        float(_pick((2388, 5280, 8940), number, "premium")),
    )


def claim(today: date, number: str) -> Record:
    status = _pick(("received", "assessing", "waiting_documents", "decided"), number, "status")
    amount = float(_pick((3200, 8450, 19900), number, "amount")) if status == "decided" else None
    handler = _pick(_HANDLERS, number, "handler")
    return varde_seed.claim(today, number, "V-1002003", status, handler, -2, amount)


def bill(today: date, number: str, owner: str, text: str) -> Record:
    """An invoice, open or overdue."""
    status = _pick(("open", "open", "overdue"), number, "status")
    due = (today + timedelta(days=11 if status == "open" else -9)).isoformat()
    amount = float(_pick((459, 597, 987, 2235), number, "amount"))
    return invoice(number, owner, [(text, amount)], due, status)


def bill_number(owner: str) -> str:
    """The invoice number of whoever asks by subscription or policy: seven digits."""
    digest = hashlib.sha256(f"bill:{owner}".encode()).digest()
    return str(4_000_000 + int.from_bytes(digest[:4], "big") % 1_000_000)
