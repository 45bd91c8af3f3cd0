"""What has been tried, for the agent's card: one line for each look-up in the conversation."""

from __future__ import annotations

from typing import Any

_DONE: dict[str, tuple[str, str]] = {
    "track_parcel": ("Sporet pakke {tracking_number}", "Tracked parcel {tracking_number}"),
    "change_delivery": (
        "Endret levering av pakke {tracking_number}",
        "Changed delivery of parcel {tracking_number}",
    ),
    "report_parcel_missing": (
        "Meldte pakke {tracking_number} savnet",
        "Reported parcel {tracking_number} missing",
    ),
    "report_parcel_damaged": (
        "Meldte skade på pakke {tracking_number}",
        "Reported damage to parcel {tracking_number}",
    ),
    "return_parcel": ("Laget retur for {tracking_number}", "Made a return for {tracking_number}"),
    "find_pickup_point": ("Lette etter hentested", "Looked for a pickup point"),
    "get_subscription": (
        "Slo opp abonnement {subscription_number}",
        "Looked up subscription {subscription_number}",
    ),
    "report_newspaper_missing": (
        "Meldte savnet avis {date} på abonnement {subscription_number}",
        "Reported newspaper missing {date} on subscription {subscription_number}",
    ),
    "pause_subscription": (
        "Stanset abonnement {subscription_number} fra {from} til {to}",
        "Paused subscription {subscription_number} from {from} to {to}",
    ),
    "change_address": (
        "Endret adresse på abonnement {subscription_number}",
        "Changed address of subscription {subscription_number}",
    ),
    "newspaper_delivery_time": (
        "Slo opp leveringstid i {postcode}",
        "Looked up delivery time in {postcode}",
    ),
    "get_invoice": ("Slo opp faktura", "Looked up an invoice"),
    "change_payment": (
        "Endret betaling av faktura {invoice_number}",
        "Changed payment of invoice {invoice_number}",
    ),
    "refund": (
        "Sjekket tilbakebetaling for faktura {invoice_number}",
        "Checked refund of invoice {invoice_number}",
    ),
    "report_claim": (
        "Meldte skade på avtale {policy_number}",
        "Reported a claim on policy {policy_number}",
    ),
    "claim_status": ("Slo opp skadesak {claim_number}", "Looked up claim {claim_number}"),
    "send_document": (
        "Sendte dokument for avtale {policy_number}",
        "Sent a document for policy {policy_number}",
    ),
}
_FAULTS: dict[str, tuple[str, str]] = {
    "unknown_number": ("fant ikke nummeret", "number not found"),
    "not_allowed": ("ikke tillatt", "not allowed"),
    "unavailable": ("systemet svarte ikke", "the system did not answer"),
    "invalid": ("systemet godtok ikke opplysningene", "the system refused the details"),
}


def tried(events: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Each look-up once, oldest first, in Bokmål and English; the newest twelve."""
    lines: list[dict[str, str]] = []
    for event in events:
        if event.get("event") != "slot" or event.get("name") != "lookups":
            continue
        for entry in event.get("value") or []:
            line = _line(entry)
            if line not in lines:
                lines.append(line)
    return lines[-12:]


def _line(entry: dict[str, Any]) -> dict[str, str]:
    operation = str(entry.get("operation"))
    arguments = {key: str(value) for key, value in (entry.get("arguments") or {}).items()}
    nb, en = (t.format_map(_Kept(arguments)) for t in _DONE.get(operation, (operation,) * 2))
    if not entry.get("ok"):
        fault = _FAULTS.get(str(entry.get("error")), _FAULTS["unavailable"])
        nb, en = f"{nb}: {fault[0]}", f"{en}: {fault[1]}"
    return {"nb": nb, "en": en}


class _Kept(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"
