"""Look-ups of the sites in their company's systems, shown as Norwegian HTML."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from html import escape
from typing import Any

import httpx

from demo.sites.site import LookUp

Connect = Callable[[], httpx.AsyncClient]  # to the company's system, with its token

_MONTHS = (
    "jan.",
    "feb.",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "aug.",
    "sep.",
    "okt.",
    "nov.",
    "des.",
)
_DAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
_PARCEL = {
    "registered": ("Registrert", "Avsenderen har meldt pakken, men vi har ikke fått den ennå."),
    "in_transit": ("Underveis", "Pakken er på vei til deg."),
    "customs": ("I tollen", "Pakken er til fortolling."),
    "out_for_delivery": ("I budbilen", "Pakken leveres i dag."),
    "at_pickup_point": ("Klar til henting", "Ta med legitimasjon når du henter pakken."),
    "delivered": ("Levert", "Pakken er levert."),
    "returned": ("Sendt i retur", "Pakken ble ikke hentet og er sendt tilbake til avsenderen."),
    "delayed": ("Forsinket", "Vi beklager: pakken er forsinket."),
}
_CLAIM = {
    "received": "Mottatt",
    "assessing": "Til vurdering",
    "waiting_documents": "Venter på dokumentasjon",
    "decided": "Avgjort",
    "paid": "Utbetalt",
}


def _day(text: str) -> str:
    day = date.fromisoformat(text[:10])
    return f"{_DAYS[day.weekday()]} {day.day}. {_MONTHS[day.month - 1]}"


def _moment(text: str) -> str:
    at = datetime.fromisoformat(text)
    return f"{_day(text)} kl. {at:%H.%M}"


def _note(title: str, text: str) -> str:
    return f'<div class="result" role="status"><h2>{escape(title)}</h2><p>{escape(text)}</p></div>'


def parcel_look_up(connect: Connect) -> LookUp:
    async def look_up(typed: str) -> str:
        number = re.sub(r"\s", "", typed).upper()
        if not re.fullmatch(r"HB[0-9]{8}|[A-Z]{2}[0-9]{9}[A-Z]{2}|37[0-9]{16}", number):
            return _note(
                "Det ligner ikke et sporingsnummer",
                "Et sporingsnummer er HB og åtte siffer, for eksempel HB12345678.",
            )
        found = await _get(connect, f"/heimbud/v1/parcels/{number}")
        return found if isinstance(found, str) else _parcel(found)

    return look_up


def claim_look_up(connect: Connect) -> LookUp:
    async def look_up(typed: str) -> str:
        number = re.sub(r"^V-?", "V-", re.sub(r"\s", "", typed).upper())
        if not re.fullmatch(r"V-[0-9]{5}|[0-9]{2}-[0-9]{6}|[0-9]{6}", number):
            return _note(
                "Det ligner ikke et skadenummer",
                "Et skadenummer er V- og fem siffer, for eksempel V-48213.",
            )
        found = await _get(connect, f"/varde/v1/claims/{number}")
        return found if isinstance(found, str) else _claim(found)

    return look_up


async def _get(connect: Connect, path: str) -> dict[str, Any] | str:
    """The record, or the HTML that says why there is none."""
    try:
        async with connect() as http:
            answer = await http.get(path)
        if answer.status_code == 200:
            record: dict[str, Any] = answer.json()
            return record
        if answer.status_code == 404:
            return _note("Vi fant ikke nummeret", "Se over sifrene, eller spør oss i chatten.")
    except (httpx.HTTPError, ValueError):
        pass
    return _note(
        "Vi får ikke slått opp akkurat nå", "Prøv igjen om litt, eller spør oss i chatten."
    )


def _parcel(parcel: dict[str, Any]) -> str:
    label, text = _PARCEL[parcel["status"]]
    facts = [("Avsender", parcel["sender"]), ("Sted", parcel["place"])]
    if parcel["expected"]:
        facts.append(("Ventes", _day(parcel["expected"])))
    if pickup := parcel["pickup"]:
        facts.append(("Hentes hos", f"{pickup['name']}, {pickup['address']}"))
        facts.append(("Åpent", pickup["hours"]))
        facts.append(("Hentefrist", _day(pickup["deadline"])))
    steps = "".join(
        f"<li><b>{_PARCEL[event['status']][0]}</b> {escape(event['place'])}"
        f'<time datetime="{escape(event["at"])}">{_moment(event["at"])}</time></li>'
        for event in reversed(parcel["events"])
    )
    return (
        f'<div class="result" role="status"><p class="tag">{escape(parcel["tracking_number"])}</p>'
        f'<h2>{label}</h2><p>{text}</p>{_facts(facts)}<ol class="steps">{steps}</ol></div>'
    )


def _claim(claim: dict[str, Any]) -> str:
    facts = [("Saksbehandler", claim["handler"]), ("Sist endret", _day(claim["updated"]))]
    if claim["amount_kr"] is not None:
        amount = f"{claim['amount_kr']:,.0f}".replace(",", "\u00a0")
        facts.append(("Erstatning", f"{amount} kr"))
    return (
        f'<div class="result" role="status"><p class="tag">{escape(claim["claim_number"])}</p>'
        f"<h2>{_CLAIM[claim['status']]}</h2><p>{escape(claim['next_step']['nb'])}</p>"
        f"{_facts(facts)}</div>"
    )


def _facts(facts: list[tuple[str, str]]) -> str:
    rows = "".join(f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in facts)
    return f'<dl class="facts">{rows}</dl>'
