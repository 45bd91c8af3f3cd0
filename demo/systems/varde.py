"""Varde Forsikring's API: policies, claims and documents."""

from __future__ import annotations

import re

from demo.systems import billing, derived
from demo.systems.resource import Ask, Resource, bad, refuse, unknown
from demo.systems.varde_seed import claim
from demo.systems.world import Record, case_number

_CLAIM_NUMBER = re.compile(r"V-\d{5}|\d{2}-\d{6}|\d{6}")
_DOCUMENTS = ("certificate", "green_card", "terms")


def _find_policy(ask: Ask) -> Record:
    number = ask.path["number"]
    found = ask.company.policies.get(number)
    if found is not None:
        return found
    if ask.world.deterministic and re.fullmatch(r"V-\d{7}", number):
        return derived.policy(number)
    raise unknown("policy")


def _policy(ask: Ask) -> Record:
    return _find_policy(ask)


def _report_claim(ask: Ask) -> Record:
    policy, day = _find_policy(ask), ask.day("date")
    text = ask.text("description")
    if day > ask.world.today:
        refuse("date_not_allowed", "The damage cannot lie in the future.")
    digits = case_number("V", policy["policy_number"], day, text)[-5:]
    number = f"V-{digits}"
    ask.company.claims[number] = claim(
        ask.world.today, number, policy["policy_number"], "received", "Nina Fjeldstad", 0, None
    )
    return {"claim_number": number, "answer_by": ask.world.workday(2)}


def _claim(ask: Ask) -> Record:
    number = ask.path["number"]
    found = ask.company.claims.get(number)
    if found is not None:
        return found
    if ask.world.deterministic and _CLAIM_NUMBER.fullmatch(number):
        return derived.claim(ask.world.today, number)
    raise unknown("claim")


def _send_document(ask: Ask) -> Record:
    policy, document = _find_policy(ask), ask.text("document", 20)
    if document not in _DOCUMENTS:
        bad(f"document must be one of {', '.join(_DOCUMENTS)}")
    seeded = policy["policy_number"] in ask.company.policies
    if seeded and document == "green_card" and not str(policy["product"]).startswith("Bil"):
        refuse("not_for_product", "A green card is for cars.")
    name, host = str(policy["email"]).split("@")
    return {
        "document": document,
        "sent_to": f"{name[0]}•••{name[-1]}@{host}",
        "sent_at": ask.world.now(),
    }


RESOURCES = (
    Resource(
        "GET",
        "/policies/{number}",
        "A policy",
        _policy,
        {
            "policy_number": "string",
            "holder": "string",
            "product": "string",
            "insured": "string",
            "email": "string",
            "premium_kr": "number",
            "status": "string",
        },
    ),
    Resource(
        "POST",
        "/policies/{number}/claims",
        "Report damage",
        _report_claim,
        {"claim_number": "string", "answer_by": "date"},
        asks={"date": "date", "description": "string"},
    ),
    Resource(
        "POST",
        "/policies/{number}/documents",
        "Send a document to the e-mail of the policy's holder",
        _send_document,
        {"document": "string", "sent_to": "string", "sent_at": "date-time"},
        asks={"document": "string"},
    ),
    Resource(
        "GET",
        "/claims/{number}",
        "How far a claim has come",
        _claim,
        {
            "claim_number": "string",
            "policy_number": "string",
            "status": "string",
            "handler": "string",
            "updated": "date-time",
            "next_step": {"nb": "string", "nn": "string", "en": "string"},
            "amount_kr?": "number",
        },
    ),
    *billing.RESOURCES,
)
