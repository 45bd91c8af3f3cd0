"""The operations on clients' systems: their arguments, the REST call of each, its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec import Struct

from handoff.client_systems import answers
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


@dataclass(frozen=True, slots=True)
class Operation:
    """One row of the contract.

    `{name}` in `path` is filled from the arguments; the others go to the query of a read and
    to the body of a write. Of `any_of` the first given one is used, with the path it names.
    `echoes` are the answer's keys that must be what was asked for.
    """

    name: str
    method: str
    path: str
    answer: type[Struct]
    required: Mapping[str, Canonical]
    optional: Mapping[str, Canonical] = field(default_factory=dict)
    any_of: Mapping[str, str] = field(default_factory=dict)
    echoes: tuple[str, ...] = ()

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    def canonical(self, arguments: Mapping[str, object]) -> dict[str, str]:
        """The arguments in their one form; null counts as not given. Raises BadArgument."""
        given = {key: value for key, value in arguments.items() if value is not None}
        kinds = {**self.required, **self.optional}
        checked: dict[str, str] = {}
        for key, value in given.items():
            if key not in kinds:
                raise BadArgument(f"an argument is not known; use {', '.join(kinds)}")
            try:
                checked[key] = kinds[key](value)
            except BadArgument as error:
                raise BadArgument(f"{key} {error}") from None
        for key in self.required:
            if key not in checked:
                raise BadArgument(f"{key} is missing")
        if self.any_of and not checked.keys() & self.any_of.keys():
            raise BadArgument(f"one of {', '.join(self.any_of)} is missing")
        if {"from", "to"} <= checked.keys() and checked["from"] > checked["to"]:
            raise BadArgument("from is after to")
        for key in self.any_of:
            if key in checked:  # the first given names the thing, the rest would only confuse
                return {k: v for k, v in checked.items() if k == key or k not in self.any_of}
        return checked

    def call(self, checked: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        """The path of the call and what goes beside it, from canonical arguments."""
        path = next((path for key, path in self.any_of.items() if key in checked), self.path)
        rest = {key: value for key, value in checked.items() if f"{{{key}}}" not in path}
        return path.format_map(checked), rest


_TRACKING = {"tracking_number": tracking_number}
_SUBSCRIPTION = {"subscription_number": subscription_number}
_INVOICE = {"invoice_number": invoice_number}
_POLICY = {"policy_number": policy_number}
_ADDRESS = words(200)

_ALL = (
    Operation(
        "track_parcel",
        "GET",
        "/parcels/{tracking_number}",
        answers.Parcel,
        _TRACKING,
        echoes=("tracking_number",),
    ),
    Operation(
        "change_delivery",
        "POST",
        "/parcels/{tracking_number}/delivery-changes",
        answers.DeliveryChange,
        _TRACKING,
        {"date": iso_date, "address": _ADDRESS, "note": words(500)},
        echoes=("tracking_number",),
    ),
    Operation(
        "report_parcel_missing",
        "POST",
        "/parcels/{tracking_number}/missing-reports",
        answers.Case,
        _TRACKING,
    ),
    Operation(
        "report_parcel_damaged",
        "POST",
        "/parcels/{tracking_number}/damage-reports",
        answers.Case,
        {**_TRACKING, "description": words(2000)},
    ),
    Operation(
        "return_parcel",
        "POST",
        "/parcels/{tracking_number}/returns",
        answers.ReturnCode,
        _TRACKING,
    ),
    Operation(
        "find_pickup_point",
        "GET",
        "/pickup-points",
        answers.PickupPoints,
        {},
        {**_TRACKING, "postcode": postcode},
        any_of={"tracking_number": "/pickup-points", "postcode": "/pickup-points"},
    ),
    Operation(
        "get_subscription",
        "GET",
        "/subscriptions/{subscription_number}",
        answers.Subscription,
        _SUBSCRIPTION,
        echoes=("subscription_number",),
    ),
    Operation(
        "report_newspaper_missing",
        "POST",
        "/subscriptions/{subscription_number}/missing-reports",
        answers.MissingNewspaper,
        {**_SUBSCRIPTION, "date": iso_date},
    ),
    Operation(
        "pause_subscription",
        "POST",
        "/subscriptions/{subscription_number}/pauses",
        answers.Pause,
        {**_SUBSCRIPTION, "from": iso_date, "to": iso_date},
        echoes=("from", "to"),
    ),
    Operation(
        "change_address",
        "PUT",
        "/subscriptions/{subscription_number}/address",
        answers.Address,
        {**_SUBSCRIPTION, "address": _ADDRESS, "postcode": postcode, "from": iso_date},
        echoes=("postcode",),
    ),
    Operation(
        "newspaper_delivery_time",
        "GET",
        "/delivery-times/{postcode}",
        answers.DeliveryTime,
        {"postcode": postcode},
        echoes=("postcode",),
    ),
    Operation(
        "get_invoice",
        "GET",
        "/invoices",
        answers.Invoice,
        {},
        {**_INVOICE, **_SUBSCRIPTION, **_POLICY},
        any_of={
            "invoice_number": "/invoices/{invoice_number}",
            "subscription_number": "/invoices",
            "policy_number": "/invoices",
        },
        echoes=("invoice_number",),
    ),
    Operation(
        "change_payment",
        "POST",
        "/invoices/{invoice_number}/payment-changes",
        answers.PaymentChange,
        {
            **_INVOICE,
            "change": one_of("postpone", "instalments", "efaktura", "avtalegiro", "card"),
        },
        {"date": iso_date},
        echoes=("invoice_number", "change"),
    ),
    Operation(
        "refund",
        "GET",
        "/invoices/{invoice_number}/refund",
        answers.Refund,
        _INVOICE,
        echoes=("invoice_number",),
    ),
    Operation(
        "report_claim",
        "POST",
        "/policies/{policy_number}/claims",
        answers.NewClaim,
        {**_POLICY, "date": iso_date, "description": words(2000)},
    ),
    Operation(
        "claim_status",
        "GET",
        "/claims/{claim_number}",
        answers.Claim,
        {"claim_number": claim_number},
        echoes=("claim_number",),
    ),
    Operation(
        "send_document",
        "POST",
        "/policies/{policy_number}/documents",
        answers.SentDocument,
        {**_POLICY, "document": one_of("certificate", "green_card", "terms")},
        echoes=("document",),
    ),
)
OPERATIONS: Mapping[str, Operation] = {operation.name: operation for operation in _ALL}
