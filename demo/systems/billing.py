"""Invoices: the part of the API that both companies have."""

from __future__ import annotations

import re
from datetime import date, timedelta

from demo.systems import derived
from demo.systems.resource import Ask, Resource, bad, refuse, unknown
from demo.systems.world import Record

_CHANGES = ("postpone", "instalments", "efaktura", "avtalegiro", "card")
_ORDER = ("overdue", "open", "paid", "credited")
_PUBLIC = ("invoice_number", "amount_kr", "due", "status", "kid", "lines")
INVOICE = {
    "invoice_number": "string",
    "amount_kr": "number",
    "due": "date",
    "status": "string",
    "kid": "string",
    "lines": [{"text": "string", "amount_kr": "number"}],
}


def find_invoice(ask: Ask, number: str) -> Record:
    found = ask.company.invoices.get(number)
    if found is not None:
        return found
    if ask.world.deterministic and re.fullmatch(r"\d{7}", number):
        return derived.bill(ask.world.today, number, "", "Avtale, 3 måneder")
    raise unknown("invoice")


def _invoice(ask: Ask) -> Record:
    return _public(find_invoice(ask, ask.path["number"]))


def _invoice_of(ask: Ask) -> Record:
    """The one that matters most: overdue before open before the newest settled."""
    owner = ask.query.get("subscription_number") or ask.query.get("policy_number")
    if not owner:
        bad("subscription_number or policy_number must be given")
    owned = [i for i in ask.company.invoices.values() if i["owner"] == owner]
    if owned:
        newest_first = sorted(owned, key=lambda i: str(i["due"]), reverse=True)
        return _public(min(newest_first, key=lambda i: _ORDER.index(i["status"])))
    if ask.world.deterministic and re.fullmatch(r"\d{6,7}|V-\d{7}", owner):
        text = "Forsikring, kvartal" if owner.startswith("V") else "Morgenavis, 3 måneder"
        return _public(derived.bill(ask.world.today, derived.bill_number(owner), owner, text))
    raise unknown("invoice")


def _public(invoice: Record) -> Record:
    return {key: invoice[key] for key in _PUBLIC}


def _change_payment(ask: Ask) -> Record:
    invoice = find_invoice(ask, ask.path["number"])
    change, wanted = ask.text("change", 20), ask.maybe_day("date")
    if change not in _CHANGES:
        bad(f"change must be one of {', '.join(_CHANGES)}")
    due = date.fromisoformat(invoice["due"])
    if invoice["status"] not in ("open", "overdue"):
        refuse("settled", "The invoice is settled.")
    if change == "postpone":
        latest = max(due, ask.world.today) + timedelta(days=30)
        wanted = wanted or max(due, ask.world.today) + timedelta(days=14)
        if not ask.world.today < wanted <= latest:
            refuse("date_not_allowed", f"The new date must be at the latest {latest}.")
        due = wanted
        invoice["due"], invoice["status"] = due.isoformat(), "open"
    else:
        invoice["payment"] = change
    return {
        "invoice_number": invoice["invoice_number"],
        "change": change,
        "due": due.isoformat(),
    }


def _refund(ask: Ask) -> Record:
    invoice = find_invoice(ask, ask.path["number"])
    refund = invoice["refund"]
    return {
        "invoice_number": invoice["invoice_number"],
        "amount_kr": refund["amount_kr"],
        "status": refund["status"],
        "paid_at": refund["paid_at"],
    }


RESOURCES = (
    Resource("GET", "/invoices/{number}", "An invoice by its number", _invoice, INVOICE),
    Resource(
        "GET",
        "/invoices",
        "The invoice that matters most of a subscription or policy",
        _invoice_of,
        INVOICE,
        query=("subscription_number?", "policy_number?"),
    ),
    Resource(
        "POST",
        "/invoices/{number}/payment-changes",
        "Postpone an invoice, or pay it in another way",
        _change_payment,
        {"invoice_number": "string", "change": "string", "due": "date"},
        asks={"change": "string", "date?": "date"},
    ),
    Resource(
        "GET",
        "/invoices/{number}/refund",
        "What is on its way back to the customer",
        _refund,
        {
            "invoice_number": "string",
            "amount_kr": "number",
            "status": "string",
            "paid_at?": "date-time",
        },
    ),
)
