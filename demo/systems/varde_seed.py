"""What Varde Forsikring knows at the start of the day: policies, claims and invoices."""

from __future__ import annotations

from datetime import date, timedelta

from demo.systems.world import Company, Record, invoice, moment

# number, holder, product, object, e-mail, yearly premium in kr
_POLICIES = (
    ("V-1002003", "Marit Kvamme", "Bil kasko", "Volvo V60, EK 48213", "marit.kvamme", 8940.0),
    ("V-1002417", "Jonas Lie Aasen", "Innbo pluss", "Parkveien 7, Bergen", "jonas.aasen", 2388.0),
    ("V-1003158", "Aino Balto", "Hus og hytte", "Kautokeinoveien 12, Alta", "aino.balto", 6720.0),
    ("V-1003390", "Per Inge Ness", "Reise verden", "Familien", "per.ness", 1596.0),
    ("V-1004021", "Hanne Brekke", "Bil delkasko", "Toyota Yaris, SV 90127", "hanne.b", 5280.0),
    ("V-1004776", "Yusuf Demir", "Barneforsikring", "To barn", "yusuf.demir", 4104.0),
)

_NEXT = {
    "received": {
        "nb": "En saksbehandler tar kontakt innen to virkedager.",
        "nn": "Ein saksbehandlar tek kontakt innan to vyrkedagar.",
        "en": "A case handler will be in touch within two working days.",
    },
    "assessing": {
        "nb": "Takstmannen vurderer skaden. Du trenger ikke gjøre noe nå.",
        "nn": "Takstmannen vurderer skaden. Du treng ikkje gjere noko no.",
        "en": "The assessor is looking at the damage. You need not do anything now.",
    },
    "waiting_documents": {
        "nb": "Vi venter på kvittering og bilder fra deg. Send dem til kunde@varde.example.",
        "nn": "Vi ventar på kvittering og bilete frå deg. Send dei til kunde@varde.example.",
        "en": "We are waiting for receipt and pictures from you. Send them to kunde@varde.example.",
    },
    "decided": {
        "nb": "Saken er avgjort. Pengene kommer på konto innen fem virkedager.",
        "nn": "Saka er avgjord. Pengane kjem på konto innan fem vyrkedagar.",
        "en": "The claim is decided. The money will be in your account within five working days.",
    },
    "paid": {
        "nb": "Erstatningen er utbetalt, og saken er avsluttet.",
        "nn": "Erstatninga er utbetalt, og saka er avslutta.",
        "en": "The compensation is paid, and the claim is closed.",
    },
}

# number, policy, status, handler, updated (days from today), amount in kr
_CLAIMS = (
    ("V-48213", "V-1002003", "assessing", "Silje Myklebust", -2, None),
    ("V-48377", "V-1002417", "waiting_documents", "Erik Johan Sara", -4, None),
    ("24-105533", "V-1003158", "decided", "Silje Myklebust", -1, 41250.0),
    ("24-104870", "V-1003390", "paid", "Nina Fjeldstad", -12, 7840.0),
    ("482190", "V-1004021", "received", "Nina Fjeldstad", 0, None),
)


def claim(
    today: date,
    number: str,
    policy: str,
    status: str,
    handler: str,
    updated: int,
    amount: float | None,
) -> Record:
    """A claim; `updated` in days from today, `amount` in kroner once it is decided."""
    return {
        "claim_number": number,
        "policy_number": policy,
        "status": status,
        "handler": handler,
        "updated": moment(today, updated, "00:00" if updated == 0 else "13:45"),
        "next_step": next_step(status),
        "amount_kr": amount,
    }


def next_step(status: str) -> dict[str, str]:
    return dict(_NEXT[status])


def policy(
    number: str, holder: str, product: str, insured: str, mail: str, premium: float
) -> Record:
    """A policy; `premium` is kroner a year."""
    return {
        "policy_number": number,
        "holder": holder,
        "product": product,
        "insured": insured,
        "email": f"{mail}@epost.example",
        "premium_kr": premium,
        "status": "active",
    }


def invoices(today: date) -> list[Record]:
    """One invoice in every state, all of them of the policies above."""

    def day(offset: int) -> str:
        return (today + timedelta(days=offset)).isoformat()

    return [
        invoice("7200115", "V-1002003", [("Bil kasko, kvartal", 2235.0)], day(12), "open"),
        invoice("7200088", "V-1002003", [("Bil kasko, kvartal", 2235.0)], day(-79), "paid"),
        invoice(
            "7200101",
            "V-1002417",
            [("Innbo pluss, kvartal", 597.0), ("Purregebyr", 35.0)],
            day(-11),
            "overdue",
        ),
        invoice(
            "7200093",
            "V-1003158",
            [("Hus og hytte, kvartal", 1680.0)],
            day(-30),
            "credited",
            ("paid", 1680.0, moment(today, -9, "08:50")),
        ),
        invoice(  # paid twice: the second payment is on its way back
            "7200120",
            "V-1003390",
            [("Reise verden, ett år", 1596.0)],
            day(-4),
            "paid",
            ("pending", 1596.0, None),
        ),
        invoice("7200133", "V-1004021", [("Bil delkasko, kvartal", 1320.0)], day(20), "open"),
        invoice("7200139", "V-1004776", [("Barneforsikring, kvartal", 1026.0)], day(25), "open"),
    ]


def seed(today: date) -> Company:
    return Company(
        policies={row[0]: policy(*row) for row in _POLICIES},
        claims={row[0]: claim(today, *row) for row in _CLAIMS},
        invoices={record["invoice_number"]: record for record in invoices(today)},
    )
