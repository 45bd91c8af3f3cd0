"""Insurance: reporting damage, asking how a claim is going, having documents sent."""

from __future__ import annotations

import re
from typing import Any

from actions.errand import Errand, Field, Run, Summary, unknown
from actions.facts import CLAIM, POLICY, Day, Words, YesNo, options
from actions.judgement.roadside import tells_of_accident
from actions.wording import amount, day, plain_day

ALL_WELL = "utter_all_well"
STATUSES = ("received", "assessing", "waiting_documents", "decided", "paid")


def _begin_claim(run: Run) -> None:
    if not run.turn.is_payload and tells_of_accident(run.turn.text):
        run.say(ALL_WELL)


def _sum_up_claim(run: Run) -> Summary:
    return Summary("utter_confirm_claim", _claim_values(run))


def _claim_values(run: Run) -> dict[str, Any]:
    return {
        "policy_number": run.get("policy_number"),
        "day": plain_day(run.get("claim_date"), run.turn.language, run.turn.today),
        "description": run.get("claim_description"),
    }


async def _report(run: Run) -> None:
    answer = await run.ask_system(
        "report_claim",
        policy_number=run.get("policy_number"),
        date=run.get("claim_date"),
        description=run.get("claim_description"),
    )
    if answer.error == "unknown_number":
        unknown(run, "policy_number", "utter_unknown_policy_number")
    elif answer.error == "invalid":
        run.say("utter_claim_refused")
        for slot in ("claim_date", "confirm"):
            run.set(slot, None)
    elif not answer.ok:
        run.refuse(answer, "report_claim")
    else:
        number = answer.data.get("claim_number")
        run.set("claim_number", number)
        run.verify("claim_number")
        answer_by = plain_day(answer.data.get("answer_by"), run.turn.language, run.turn.today)
        told = {"claim_number": number, "answer_by": answer_by}
        run.say("utter_claim_reported", **told)
        run.conclude(("utter_next_claim", told))
        email = run.turn.contact.get("email")
        if email:
            run.say("utter_send_claim_picture", email=email, claim_number=number)


async def _status(run: Run) -> None:
    number, language = run.get("claim_number"), run.turn.language
    answer = await run.ask_system("claim_status", claim_number=number)
    if answer.error == "unknown_number":
        unknown(run, "claim_number", "utter_unknown_claim_number")
        return
    if not answer.ok:
        run.refuse(answer, "claim_status")
        return
    data = answer.data
    status = data.get("status") if data.get("status") in STATUSES else "assessing"
    sum_paid = amount(data["amount_kr"], language) if data.get("amount_kr") else ""
    response = f"utter_claim_{status}"
    if status in ("decided", "paid") and not sum_paid:
        response += "_plain"
    run.say(
        response,
        claim_number=number,
        amount=sum_paid,
        updated=day(data.get("updated"), language, run.turn.today),
    )
    steps = data.get("next_step")
    step = (steps.get(language) or steps.get("nb")) if isinstance(steps, dict) else None
    if step:
        run.say("utter_claim_next_step", next_step=step)
    if data.get("handler"):
        run.say("utter_claim_handler", handler=data["handler"])


async def _send_document(run: Run) -> None:
    document = run.get("document")
    number = run.get("policy_number")
    answer = await run.ask_system("send_document", policy_number=number, document=document)
    if answer.error == "unknown_number":
        unknown(run, "policy_number", "utter_unknown_policy_number")
    elif not answer.ok:
        run.refuse(answer, "insurance_documents")
    else:
        run.say(
            f"utter_document_sent_{document}",
            policy_number=number,
            sent_to=answer.data.get("sent_to") or "",
        )


_MONEY = (
    (
        re.compile(
            r"(?<!\w)(?:penga|penge|utbetal|erstatning|money|get paid|payout|compensat)",
            re.IGNORECASE,
        ),
        "utter_money_in_claim",
    ),
)
_NUMBER = Field("policy_number", POLICY)
_DOCUMENTS = options(
    green_card=r"grønt? ?kort|grønt|grøne? kort|green ?card|green",
    terms=r"vilkår|terms|conditions",
    certificate=r"bevis|forsikringsbevis|polise|certificate|proof|sertifikat|attest",
)

ERRANDS = (
    Errand(
        "report_claim",
        (
            Field("claim_description", Words(fewest=3, opening=8), lenient=True),
            Field("claim_date", Day(past=True)),
            _NUMBER,
            Field("confirm", YesNo()),
        ),
        begin=_begin_claim,
        remarks=_MONEY,
        finish=_report,
        summary=_sum_up_claim,
    ),
    Errand("claim_status", (Field("claim_number", CLAIM),), finish=_status),
    Errand(
        "insurance_documents",
        (Field("document", _DOCUMENTS), _NUMBER),
        finish=_send_document,
    ),
)
