"""Conversations as they come to a service centre: each ends in the queue."""

from __future__ import annotations

from tests.browser.desk.stage import Case, Said

PARCEL = {
    "operation": "track_parcel",
    "arguments": {"tracking_number": "HB40718263"},
    "ok": True,
    "data": {
        "tracking_number": "HB40718263",
        "status": "delayed",
        "expected": "2026-11-24",
        "place": "Bergen terminal",
        "sender": "Nordlys Sport",
        "delivered_at": None,
        "pickup": None,
        "events": [
            {"at": "2026-11-18T08:12:00+01:00", "place": "Oslo", "status": "registered"},
            {"at": "2026-11-19T21:40:00+01:00", "place": "Oslo terminal", "status": "in_transit"},
            {"at": "2026-11-20T06:05:00+01:00", "place": "Bergen terminal", "status": "delayed"},
        ],
    },
}
SUBSCRIPTION = {
    "operation": "get_subscription",
    "arguments": {"subscription_number": "4471902"},
    "ok": True,
    "data": {
        "subscription_number": "4471902",
        "paper": "Vestlandsposten",
        "days": ["monday", "wednesday", "saturday"],
        "address": "Sandviksveien 40",
        "postcode": "5035",
        "city": "Bergen",
        "status": "active",
        "paused": None,
    },
}

LATE_PARCEL = Case(
    client="heimbud",
    ago=171,
    topic="parcel_not_received",
    reason="frustration",
    page="https://www.heimbud.example/spor?nr=HB40718263",
    turns=(
        Said(
            "Hei, kor e pakken min? Den sku ha kommet i går 😕",
            "track_parcel",
            0.94,
            "Det skal jeg finne ut av. Hva er sporingsnummeret?",
            others={"parcel_not_received": 0.04, "change_delivery": 0.01},
        ),
        Said(
            "hb 4071 8263",
            "track_parcel",
            0.97,
            "Pakken HB40718263 fra Nordlys Sport er forsinket. Den ligger på terminalen i Bergen "
            "og er ventet tirsdag 24. november. Vil du endre leveringen?",
            ("Ja", "Nei"),
            entities={"tracking_number": "HB40718263"},
            slots={"tracking_number": "HB40718263"},
            lookups=(PARCEL,),
        ),
        Said(
            "Nei eg vil ha han i dag! Det e bursdagsgaven te sønnen min, de fyller år i morra",
            "change_delivery",
            0.41,
            "Jeg kan flytte leveringen til en annen dag. Hvilken dag passer?",
            slots={"tracking_number": "HB40718263", "delivery_date": "2026-11-22"},
            others={"parcel_not_received": 0.33, "complain": 0.14, "deny": 0.06},
        ),
        Said(
            "Du forstår jo ingenting. Tredje gang eg seie det. Dette e heilt håplaust!!",
            "complain",
            0.88,
            "Jeg skjønner at dette er frustrerende. Jeg setter deg over til et menneske.",
            others={"ask_human": 0.08},
            slots={"tracking_number": "HB40718263", "delivery_date": "2026-11-22"},
        ),
    ),
    reasons=(
        {
            "code": "process_complaint",
            "nb": "Kunden klager på samtalen eller behandlingen: "
            "«Du forstår jo ingenting. Tredje gang eg seie det.»",
            "en": "The customer complains about the conversation or the treatment: "
            "“Du forstår jo ingenting. Tredje gang eg seie det.”",
            "quotes": ["Du forstår jo ingenting. Tredje gang eg seie det."],
        },
        {
            "code": "same_answer",
            "nb": "Boten ville gitt samme svar igjen («Pakken er forsinket.») da kunden skrev: "
            "«Nei eg vil ha han i dag!»",
            "en": "The bot would have given the same answer again (“Pakken er forsinket.”) when "
            "the customer wrote: “Nei eg vil ha han i dag!”",
            "quotes": ["Pakken er forsinket.", "Nei eg vil ha han i dag!"],
        },
    ),
    tried=(
        {
            "nb": "Sporet pakke HB40718263: forsinket, ventet tirsdag 24. november",
            "en": "Tracked parcel HB40718263: delayed, expected Tuesday 24 November",
        },
        {"nb": "Tilbød å endre leveringen", "en": "Offered to change the delivery"},
    ),
    confirmed={"tracking_number": "HB40718263"},
    guessed={"delivery_date": "2026-11-22"},
)

ROADSIDE = Case(
    client="varde",
    ago=38,
    topic="roadside_assistance",
    reason="policy",
    front=True,
    page="https://www.varde.example/bil/veihjelp",
    turns=(
        Said(
            "Bilen har stoppet i Lærdalstunnelen, trenger berging nå",
            "roadside_assistance",
            0.98,
            "Veihjelp går rett til et menneske. Er noen skadet, ring 113.",
            slots={"policy_number": "V-3310245"},
        ),
    ),
    reasons=(
        {
            "code": "policy",
            "nb": "Veihjelp går alltid til et menneske: «trenger berging nå»",
            "en": "Roadside assistance always goes to a person: «trenger berging nå»",
            "quotes": ["trenger berging nå"],
        },
    ),
    confirmed={},
    guessed={"policy_number": "V-3310245"},
)

COVERAGE = Case(
    client="varde",
    ago=83,
    topic="coverage_question",
    reason="policy",
    language="nn",
    page="https://www.varde.example/hus/dekning",
    turns=(
        Said(
            "Dekkjer forsikringa vassskade etter at røyret fraus på hytta?",
            "coverage_question",
            0.91,
            "Spørsmål om dekning svarar eit menneske på. Eg set deg over.",
            slots={"policy_number": "V-7702318"},
        ),
    ),
    reasons=(
        {
            "code": "policy",
            "nb": "Spørsmål om dekning går alltid til et menneske.",
            "en": "Coverage questions always go to a person.",
            "quotes": ["Dekkjer forsikringa vassskade etter at røyret fraus på hytta?"],
        },
    ),
    confirmed={"policy_number": "V-7702318"},
)

NEWSPAPER = Case(
    client="heimbud",
    ago=46,
    topic="newspaper_missing",
    reason="asked_human",
    page="https://www.heimbud.example/avis",
    turns=(
        Said(
            "Avisen kom ikke i dag heller",
            "newspaper_missing",
            0.96,
            "Det var leit å høre. Hva er abonnementsnummeret ditt?",
        ),
        Said(
            "4471902",
            "newspaper_missing",
            0.92,
            "Takk. Jeg har meldt fra om at Vestlandsposten manglet i dag.",
            entities={"subscription_number": "4471902"},
            slots={"subscription_number": "4471902", "missing_date": "2026-11-21"},
            lookups=(SUBSCRIPTION,),
        ),
        Said(
            "Det er fjerde gang denne måneden. Kan jeg få snakke med et menneske?",
            "ask_human",
            0.97,
            "Selvsagt. Jeg setter deg over.",
            slots={"subscription_number": "4471902", "missing_date": "2026-11-21"},
        ),
    ),
    reasons=(
        {
            "code": "asked_human",
            "nb": "Kunden ba om et menneske: «Kan jeg få snakke med et menneske?»",
            "en": "The customer asked for a person: «Kan jeg få snakke med et menneske?»",
            "quotes": ["Kan jeg få snakke med et menneske?"],
        },
    ),
    tried=(
        {"nb": "Meldte fra om manglende avis 21. november", "en": "Reported the missing paper"},
    ),
    confirmed={"subscription_number": "4471902", "missing_date": "2026-11-21"},
)

ENGLISH = Case(
    client="heimbud",
    ago=12,
    topic="invoice_question",
    reason="uncertainty",
    language="en",
    page="https://www.heimbud.example/en/invoice",
    turns=(
        Said(
            "I was charged twice for November, invoice 2218840",
            "invoice_question",
            0.72,
            "Let me look that up.",
            entities={"invoice_number": "2218840"},
            slots={"invoice_number": "2218840"},
            lookups=(
                {
                    "operation": "get_invoice",
                    "arguments": {"invoice_number": "2218840"},
                    "ok": False,
                    "error": "unavailable",
                },
            ),
        ),
        Said(
            "hello??", "greet", 0.44, "I am not certain. I will pass you on.", others={"help": 0.3}
        ),
    ),
    reasons=(
        {
            "code": "uncertainty",
            "nb": "Boten er usikker på hva kunden vil.",
            "en": "The bot is unsure what the customer wants.",
            "quotes": ["I was charged twice for November"],
        },
    ),
    tried=({"nb": "Slo opp faktura 2218840: systemet svarte ikke", "en": "Looked up invoice"},),
    confirmed={"invoice_number": "2218840"},
)

CLAIM = Case(
    client="varde",
    ago=64,
    topic="claim_status",
    reason="client_system",
    page="https://www.varde.example/skade",
    turns=(
        Said(
            "Hva skjer med skadesaken min? 24-118203",
            "claim_status",
            0.95,
            "Jeg får ikke svar fra skadesystemet akkurat nå. Jeg setter deg over til en kollega.",
            entities={"claim_number": "24-118203"},
            slots={"claim_number": "24-118203"},
            lookups=(
                {
                    "operation": "claim_status",
                    "arguments": {"claim_number": "24-118203"},
                    "ok": True,
                    "data": {
                        "claim_number": "24-118203",
                        "status": "waiting_documents",
                        "handler": "Ida Brekke",
                        "updated": "2026-11-17",
                        "next_step": {
                            "nb": "Send kvittering for verkstedet",
                            "nn": "Send kvittering for verkstaden",
                            "en": "Send the garage's receipt",
                        },
                        "amount_kr": 14250,
                    },
                },
            ),
        ),
    ),
    reasons=(
        {
            "code": "client_system",
            "nb": "Skadesystemet svarte ikke to ganger.",
            "en": "The claims system did not answer twice.",
            "quotes": [],
        },
    ),
    confirmed={"claim_number": "24-118203"},
)

ALL = (LATE_PARCEL, COVERAGE, CLAIM, NEWSPAPER, ROADSIDE, ENGLISH)
