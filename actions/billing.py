"""Bills: what an invoice is for, paying it another way, money back."""

from __future__ import annotations

import re
from typing import Any

from actions.errand import Errand, Field, Run, Summary, unknown
from actions.facts import INVOICE, POLICY, SUBSCRIPTION, Day, YesNo, options
from actions.wording import amount, day, invoice_line, plain_day

STATUSES = ("open", "paid", "overdue", "credited")


async def look_up(run: Run) -> dict[str, Any] | None:
    """The invoice, by its own number or by that of the agreement it belongs to.

    Looked up once a turn; None when it was said why there is none.
    """
    slot = _reference(run)
    if slot is None:
        return None
    number = run.get(slot)
    kept = run.get("record") or {}
    if kept.get("turn_id") == run.turn.turn_id and kept.get("reference") == number:
        return dict(kept)
    answer = await run.ask_system("get_invoice", **{slot: number})
    as_invoice = slot == "invoice_number" and "newspaper" in run.turn.skills
    if answer.error == "unknown_number" and as_invoice:
        # Some subscription numbers are as long as an invoice number.
        answer = await run.ask_system("get_invoice", subscription_number=number)
    if answer.error == "unknown_number":
        unknown(run, slot, f"utter_no_invoice_for_{slot}")
        return None
    if not answer.ok:
        run.refuse(answer, run.get("errand") or "invoice_question")
        return None
    invoice = str(answer.data.get("invoice_number") or "")
    record = {**answer.data, "reference": number, "turn_id": run.turn.turn_id}
    run.set("record", record)
    if invoice and invoice != number:
        run.set("invoice_number", invoice)
        run.verify("invoice_number")
        run.set("record", {**record, "reference": invoice})
    return record


def _reference(run: Run) -> str | None:
    if run.get("invoice_number"):
        return "invoice_number"
    for slot in ("subscription_number", "policy_number"):
        if run.get(slot):
            return slot
    return None


async def _explain(run: Run) -> None:
    record = await look_up(run)
    if record is None:
        return
    language, today = run.turn.language, run.turn.today
    said = {
        "invoice_number": record.get("invoice_number"),
        "amount": amount(record.get("amount_kr"), language),
        "due": day(record.get("due"), language, today),
        "kid": record.get("kid") or "",
    }
    status = record.get("status") if record.get("status") in STATUSES else "open"
    if run.turn.about == "paid" and status in ("open", "overdue"):
        run.say("utter_invoice_payment_not_seen", **said)
        return
    run.say(f"utter_invoice_{status}", **said)
    if run.turn.about:
        return  # the rest was told before
    lines = [
        f"• {invoice_line(line.get('text'), language)}: {amount(line.get('amount_kr'), language)}"
        for line in record.get("lines") or []
        if isinstance(line, dict)
    ]
    if lines:
        run.say("utter_invoice_lines", lines="\n".join(lines))
    if status in ("open", "overdue") and said["kid"]:
        run.say("utter_invoice_kid", **said)


async def _check_payment(run: Run) -> None:
    if _reference(run) is None:
        return
    kept = run.get("record") or {}
    if kept.get("invoice_number") and kept["invoice_number"] == run.get("invoice_number"):
        return
    record = await look_up(run)
    if record and record.get("status") in ("paid", "credited"):
        said = {
            "invoice_number": record.get("invoice_number"),
            "amount": amount(record.get("amount_kr"), run.turn.language),
            "due": day(record.get("due"), run.turn.language, run.turn.today),
        }
        run.say(f"utter_invoice_{record['status']}", **said)
        run.end("told")


def _sum_up_payment(run: Run) -> Summary:
    change, until = run.get("payment_change"), _until(run)
    said = plain_day(until, run.turn.language, run.turn.today)
    response = f"utter_confirm_{change}_to" if until else f"utter_confirm_{change}"
    return Summary(response, {"invoice_number": run.get("invoice_number"), "day": said})


def _until(run: Run) -> str | None:
    """The day that payment is to be put off to, if one was told."""
    until = run.get("payment_date")
    return str(until) if until and run.get("payment_change") == "postpone" else None


async def _change_payment(run: Run) -> None:
    change, number = run.get("payment_change"), run.get("invoice_number")
    answer = await run.ask_system(
        "change_payment", invoice_number=number, change=change, date=_until(run)
    )
    if answer.error == "unknown_number":
        unknown(run, "invoice_number", "utter_no_invoice_for_invoice_number")
    elif not answer.ok:
        run.refuse(answer, "change_payment")
    else:
        due = plain_day(answer.data.get("due"), run.turn.language, run.turn.today)
        response = f"utter_payment_{change}"
        if change in ("postpone", "instalments") and not due:
            response += "_plain"
        run.say(response, invoice_number=number, due=due)


def _begin_refund(run: Run) -> None:
    """After a claim or a parcel the money asked about is that one's, unless a bill is named."""
    turn = run.turn
    named = _BILL.search(turn.text) or any(turn.entity_values(slot) for slot in _REFERENCES)
    if turn.is_payload or named:
        return
    done = run.get("done") or {}
    case: dict[str, Any] = next((values for _, values in done.get("next") or []), {})
    errand = turn.last_errand()
    if done.get("errand") == "report_claim":
        run.say("utter_next_claim", **case)
        run.end("told")
    elif errand in CLAIMS and run.get("claim_number"):
        run.divert("claim_status")
    elif done.get("errand") in ("parcel_damaged", "parcel_not_received"):
        run.say("utter_refund_in_case", **case)
        run.end("told")
    elif errand in PARCELS:
        run.say("utter_refund_parcel")
        run.end("told")


async def _refund(run: Run) -> None:
    number = run.get("invoice_number")
    if number is None:
        record = await look_up(run)
        if record is None:
            return
        number = run.get("invoice_number")
    answer = await run.ask_system("refund", invoice_number=number)
    if answer.error == "unknown_number":
        unknown(run, "invoice_number", "utter_no_invoice_for_invoice_number")
    elif not answer.ok:
        run.refuse(answer, "refund")
    else:
        status = answer.data.get("status")
        status = status if status in ("none", "pending", "paid") else "pending"
        paid_at = day(answer.data.get("paid_at"), run.turn.language, run.turn.today)
        response = f"utter_refund_{status}"
        if status == "paid" and not paid_at:
            response += "_plain"
        run.say(
            response,
            invoice_number=number,
            amount=amount(answer.data.get("amount_kr"), run.turn.language),
            paid_at=paid_at,
        )


CLAIMS = frozenset({"report_claim", "claim_status"})
PARCELS = frozenset(
    "track_parcel parcel_damaged parcel_not_received return_parcel change_delivery".split()
)
_REFERENCES = ("invoice_number", "subscription_number", "policy_number")
_BILL = re.compile(
    r"(?<!\w)(?:faktura|rekning|regning|invoice|bill|premie|premium|abonnement|subscription"
    r"|avis|newspaper|betalt (?:to|2|dobbelt)|paid twice)",
    re.IGNORECASE,
)
_NUMBER = Field(
    "invoice_number",
    INVOICE,
    instead=(("subscription_number", SUBSCRIPTION), ("policy_number", POLICY)),
)
_CHANGES = options(
    postpone=r"utset|utsett|utsatt|forfall|senere|seinere|seinare|postpone|later|delay|extend"
    r"|mer tid|meir tid|more time",
    instalments=r"avdrag|del(?:e|e opp|betal)|rate|instal",
    efaktura=r"e-?faktura|e-?invoice",
    avtalegiro=r"avtale ?giro|automatisk|direct debit|automatic",
    card=r"kort|card|vipps",
)

ERRANDS = (
    Errand("invoice_question", (_NUMBER,), finish=_explain),
    Errand(
        "change_payment",
        (
            _NUMBER,
            Field("payment_change", _CHANGES),
            Field("payment_date", Day(own="payment_date"), wanted=lambda _: False),
            Field("confirm", YesNo()),
        ),
        check=_check_payment,
        finish=_change_payment,
        summary=_sum_up_payment,
    ),
    Errand("refund", (_NUMBER,), begin=_begin_refund, finish=_refund),
)
