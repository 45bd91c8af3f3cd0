"""Everything the two companies know today, in memory. At midnight it begins anew."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
Record = dict[str, Any]  # one resource, in the JSON that the API answers


@dataclass(slots=True)
class Company:
    """One company's records by canonical number. Only the kinds it has are filled."""

    parcels: dict[str, Record] = field(default_factory=dict)
    pickup_points: list[Record] = field(default_factory=list)
    subscriptions: dict[str, Record] = field(default_factory=dict)
    invoices: dict[str, Record] = field(default_factory=dict)
    policies: dict[str, Record] = field(default_factory=dict)
    claims: dict[str, Record] = field(default_factory=dict)
    remembered: dict[str, tuple[int, Record]] = field(default_factory=dict)


@dataclass(slots=True)
class World:
    """Both companies on one day. `deterministic` answers every well-formed number.

    `clock` is what nothing told here may lie after; None takes the whole day for gone.
    """

    today: date
    deterministic: bool
    heimbud: Company
    varde: Company
    clock: Callable[[], datetime] | None = None

    def day(self, offset: int) -> str:
        """The ISO date `offset` days from today."""
        return (self.today + timedelta(days=offset)).isoformat()

    def workday(self, ahead: int) -> str:
        """The ISO date `ahead` working days from today; Saturday and Sunday are none."""
        day = self.today
        while ahead > 0:
            day += timedelta(days=1)
            ahead -= day.weekday() < 5
        return day.isoformat()

    def now(self) -> str:
        """When something is done on request: now, or noon where the day has no clock."""
        if self.clock is None:
            return moment(self.today, 0, "12:00")
        return self.clock().replace(microsecond=0).isoformat()

    def has_been(self, at: str) -> bool:
        """Whether the ISO time `at` has come."""
        if self.clock is None:
            return datetime.fromisoformat(at).date() <= self.today
        return datetime.fromisoformat(at) <= self.clock()


def moment(today: date, offset: int, clock: str) -> str:
    """The ISO time with offset, `offset` days from today at `clock` in Oslo."""
    day = today + timedelta(days=offset)
    return datetime.combine(day, time.fromisoformat(clock), OSLO).isoformat()


def delivery_day(today: date, offset: int) -> date:
    """`offset` days of delivery from today, Sundays not counted; a Sunday begins on Monday."""
    day, step = today, 1 if offset >= 0 else -1
    if offset >= 0 and day.weekday() == 6:
        day += timedelta(days=1)
    for _ in range(abs(offset)):
        day += timedelta(days=step)
        if day.weekday() == 6:
            day += timedelta(days=step)
    return day


def case_number(letter: str, *parts: object) -> str:
    """A case's number, the same for the same facts."""
    facts = "|".join(map(str, parts)).encode()
    return f"{letter}-{100_000 + zlib.crc32(facts) % 900_000}"


def kid(invoice_number: str) -> str:
    """The payment reference of an invoice: its number, padded, with a mod 10 check digit."""
    digits = invoice_number.zfill(10)
    doubled = (int(d) * (2 if at % 2 == 0 else 1) for at, d in enumerate(reversed(digits)))
    total = sum(d // 10 + d % 10 for d in doubled)
    return f"{digits}{-total % 10}"


def invoice(
    number: str,
    owner: str,
    lines: list[tuple[str, float]],
    due: str,
    status: str,
    refund: tuple[str, float, str | None] = ("none", 0, None),
) -> Record:
    """An invoice of `owner` (subscription or policy number). Amounts in kroner."""
    return {
        "invoice_number": number,
        "owner": owner,
        "amount_kr": round(sum(amount for _, amount in lines), 2),
        "due": due,
        "status": status,
        "kid": kid(number),
        "lines": [{"text": text, "amount_kr": amount} for text, amount in lines],
        "payment": "invoice",
        "refund": {"status": refund[0], "amount_kr": refund[1], "paid_at": refund[2]},
    }
