"""What a client's API must answer, strictly; anything else counts as no answer.

Keys that are not named here are dropped, so nothing more than an operation needs comes in.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

Line = Annotated[str, Meta(min_length=1, max_length=200)]
Number = Annotated[str, Meta(pattern=r"^[A-Z0-9-]{4,24}$")]
Code = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
Clock = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Postcode = Annotated[str, Meta(pattern=r"^[0-9]{4}$")]
Kroner = Annotated[int, Meta(ge=0, le=10_000_000)] | Annotated[float, Meta(ge=0, le=10_000_000)]
SignedKroner = (
    Annotated[int, Meta(ge=-10_000_000, le=10_000_000)]
    | Annotated[float, Meta(ge=-10_000_000, le=10_000_000)]
)
Day = datetime.date
Moment = Annotated[datetime.datetime, Meta(tz=True)]
ParcelStatus = Literal[
    "registered",
    "in_transit",
    "customs",
    "out_for_delivery",
    "at_pickup_point",
    "delivered",
    "returned",
    "delayed",
]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Drop(Struct, frozen=True):
    name: Line
    address: Line


class Place(Struct, frozen=True):
    name: Line
    address: Line
    hours: Line


class Pickup(Struct, frozen=True):
    name: Line
    address: Line
    hours: Line
    deadline: Day | None


class Event(Struct, frozen=True):
    at: Moment
    place: Line
    status: ParcelStatus


class Parcel(Struct, frozen=True):
    tracking_number: Number
    status: ParcelStatus
    expected: Day | None
    place: Line
    sender: Line
    delivered_at: Moment | None
    pickup: Pickup | None
    events: Annotated[list[Event], Meta(max_length=100)]


class DeliveryChange(Struct, frozen=True):
    tracking_number: Number
    date: Day
    place: Line


class Case(Struct, frozen=True):
    case: Code
    answer_by: Day


class ReturnCode(Struct, frozen=True):
    code: Code
    drop_off: Drop
    valid_until: Day


class PickupPoints(Struct, frozen=True):
    pickup: Pickup
    alternatives: Annotated[list[Place], Meta(max_length=20)]


class Period(Struct, frozen=True):
    from_: Day = field(name="from")
    to: Day


class Subscription(Struct, frozen=True):
    subscription_number: Number
    paper: Line
    days: Annotated[list[Weekday], Meta(max_length=7)]
    address: Line
    postcode: Postcode
    city: Line
    status: Literal["active", "paused", "starting", "stopped", "ended"]
    paused: Period | None


class MissingNewspaper(Struct, frozen=True):
    case: Code
    redelivery: Day | None
    credit_kr: Kroner


class Pause(Struct, frozen=True):
    from_: Day = field(name="from")
    to: Day
    credit_kr: Kroner


class Address(Struct, frozen=True):
    address: Line
    postcode: Postcode
    city: Line
    from_: Day = field(name="from")


class DeliveryTime(Struct, frozen=True):
    postcode: Postcode
    city: Line
    weekdays_by: Clock
    saturday_by: Clock
    sunday: bool
    paper: Line


class InvoiceLine(Struct, frozen=True):
    text: Line
    amount_kr: SignedKroner


class Invoice(Struct, frozen=True):
    invoice_number: Number
    amount_kr: SignedKroner
    due: Day
    status: Literal["open", "paid", "overdue", "credited"]
    kid: Annotated[str, Meta(pattern=r"^[0-9]{2,25}$")]
    lines: Annotated[list[InvoiceLine], Meta(max_length=50)]


class PaymentChange(Struct, frozen=True):
    invoice_number: Number
    change: Code
    due: Day


class Refund(Struct, frozen=True):
    invoice_number: Number
    amount_kr: Kroner
    status: Literal["none", "pending", "paid"]
    paid_at: Moment | None


class NewClaim(Struct, frozen=True):
    claim_number: Number
    answer_by: Day


class NextStep(Struct, frozen=True):
    nb: Annotated[str, Meta(min_length=1, max_length=500)]
    nn: Annotated[str, Meta(min_length=1, max_length=500)]
    en: Annotated[str, Meta(min_length=1, max_length=500)]


class Claim(Struct, frozen=True):
    claim_number: Number
    status: Literal["received", "assessing", "waiting_documents", "decided", "paid"]
    handler: Line
    updated: Moment
    next_step: NextStep
    amount_kr: Kroner | None


class SentDocument(Struct, frozen=True):
    document: Code
    sent_to: Line
    sent_at: Moment


class Refusal(Struct, frozen=True):
    """An error's body. `error` is a word for the log."""

    error: Annotated[str, Meta(pattern=r"^[a-z_]{1,40}$")]
