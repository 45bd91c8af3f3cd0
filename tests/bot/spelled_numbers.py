"""Numbers, contacts and money in every spelling, with what they mean."""

from __future__ import annotations

import csv
import random
from pathlib import Path

from tests.bot.spelled import Said, cased, grouped, some_digits

REGISTER = Path(__file__).parents[2] / "bot" / "data" / "postcodes.tsv"


def own_tracking(dice: random.Random) -> Said:
    digits = some_digits(dice, 8)
    body = dice.choice(
        (
            digits,
            grouped(digits, 4, 4),
            grouped(digits, 2, 2, 2, 2),
            grouped(digits, 3, 2, 3),
            grouped(digits, 4, 4).replace(" ", "-"),
        )
    )
    letters = cased(dice, "HB")
    words = letters + dice.choice(("", " ", "-")) + body
    lead = dice.choice(("", "", "sporingsnummer ", "pakke ", "sendingsnr.: ", "tracking number "))
    return Said("tracking_number", f"HB{digits}", words, lead)


def international_tracking(dice: random.Random) -> Said:
    """Universal Postal Union S10: eight digits and one that checks them."""
    digits = some_digits(dice, 8)
    total = sum(int(d) * w for d, w in zip(digits, (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
    rest = 11 - total % 11
    digits += str({10: 0, 11: 5}.get(rest, rest))
    if dice.random() < 0.6:
        number = f"HB{digits}NO"
        words = dice.choice((number, f"HB {digits} NO", f"HB {grouped(digits, 3, 3, 3)} NO"))
        words = dice.choice((words, words.lower()))
    else:
        number = dice.choice(("RR", "CP", "LX")) + digits + dice.choice(("GB", "SE", "CN", "NO"))
        spaced = f"{number[:2]} {grouped(digits, 3, 3, 3)} {number[-2:]}"
        words = dice.choice((number, number.lower(), spaced))
    return Said("tracking_number", number, words)


def long_tracking(dice: random.Random) -> Said:
    digits = "37" + some_digits(dice, 16)
    spaced = dice.choice(((18,), (2, 4, 4, 4, 4), (3, 3, 3, 3, 3, 3), (6, 6, 6), (9, 9)))
    return Said("tracking_number", digits, grouped(digits, *spaced))


def policy(dice: random.Random) -> Said:
    digits = some_digits(dice, 7)
    if dice.random() < 0.6:
        words = cased(dice, "V") + dice.choice(("-", "", " ", " - ", "–")) + digits
        return Said("policy_number", f"V-{digits}", words, dice.choice(("", "polise ", "avtale ")))
    lead = dice.choice(
        (
            "polise ",
            "polisenummer: ",
            "polisen min er ",
            "Police nr ",
            "policy number ",
            "policy no. ",
        )
    )
    return Said("policy_number", f"V-{digits}", digits, lead)


def claim(dice: random.Random) -> Said:
    shape = dice.randrange(3)
    if shape == 0:
        digits = some_digits(dice, 5)
        return Said("claim_number", f"V-{digits}", cased(dice, "V") + dice.choice("- ") + digits)
    digits = some_digits(dice, 6)
    if shape == 1:
        year = f"{dice.randrange(19, 27)}"
        return Said(
            "claim_number", f"{year}-{digits}", year + dice.choice(("-", " - ", "–")) + digits
        )
    lead = dice.choice(
        ("sak ", "saksnummer ", "Saksnr ", "skade ", "skadenummer: ", "skadesaken min, ", "claim ",
         "claim number ", "case no ", "my case number is ")
    )  # fmt: skip
    return Said("claim_number", digits, digits, lead)


def _spaced(dice: random.Random, digits: str) -> str:
    """Mostly as it is, else in groups."""
    if dice.random() < 0.6:
        return digits
    sizes = (
        ((3, 3), (2, 2, 2), (4, 2)) if len(digits) == 6 else ((3, 4), (4, 3), (2, 2, 3), (1, 3, 3))
    )
    return grouped(digits, *dice.choice(sizes))


def subscription(dice: random.Random) -> Said:
    digits = some_digits(dice, dice.choice((6, 7)))
    lead = dice.choice(
        ("abonnement ", "abonnementsnummer: ", "abonnementsnr ", "Abonnementet mitt er ", "abo ",
         "kundenummer ", "kundenr: ", "subscription ", "subscription number ", "abb ", "abnr ",
         "abo nr e ", "kunde nr ")
    )  # fmt: skip
    return Said("subscription_number", digits, _spaced(dice, digits), lead)


def invoice(dice: random.Random) -> Said:
    digits = some_digits(dice, 7)
    lead = dice.choice(
        ("faktura ", "Fakturanummer ", "fakturaen min, ", "faktura nr. ", "regning ", "rekning ",
         "rekninga har nummer ", "invoice ", "invoice number ", "Invoice no: ", "fakt. nr ")
    )  # fmt: skip
    return Said("invoice_number", digits, _spaced(dice, digits), lead)


with REGISTER.open(encoding="utf-8", newline="") as _file:
    _PLACES = [(row["code"], row["place"]) for row in csv.DictReader(_file, delimiter="\t")]


def postcode(dice: random.Random) -> Said:
    code, place = dice.choice(_PLACES)
    year = 1900 <= int(code) <= 2035
    shape = dice.randrange(3) if not year else dice.randrange(2)
    if shape == 0:
        lead = dice.choice(
            ("postnummer ", "Postnummeret mitt er ", "postnr. ", "postnr: ", "post nr ",
             "postkode ", "postcode ", "my postcode is ", "zip code ")
        )  # fmt: skip
        return Said("postcode", code, code, lead)
    if shape == 1:
        lead = dice.choice(("", "i ", "til ", "bor i ", "på ", "frå ", "I live in "))
        tail = dice.choice((" ", ", ")) + cased(dice, place)
        return Said("postcode", code, code, lead, tail)
    lead = dice.choice(("bor i ", "bor på ", "leverer dere til ", "te ", "i ", "near ", "bur i "))
    return Said("postcode", code, code, lead)


def bare_number(dice: random.Random) -> Said:
    digits = some_digits(dice, dice.choice((5, 6, 7)))
    return Said("number", digits, digits, dice.choice(("", "nummeret ", "det er ", "nr ")))


def phone(dice: random.Random) -> Said:
    digits = dice.choice("49") + some_digits(dice, 7)
    parts = dice.choice((grouped(digits, 2, 2, 2, 2), grouped(digits, 3, 2, 3)))
    shape = dice.randrange(3)
    if shape == 0:
        words, lead = (
            dice.choice(("+47", "+47 ", "0047", "0047 ")) + dice.choice((digits, parts)),
            "",
        )
    elif shape == 1:
        words, lead = parts, dice.choice(("", "tlf ", "mobil: "))
    else:
        words = digits
        lead = dice.choice(
            ("tlf ", "Tlf.: ", "telefon ", "ring meg på ", "mobilen min er ", "call ")
        )
    return Said("phone", f"+47{digits}", words, lead)


def email(dice: random.Random) -> Said:
    name = dice.choice(("ola", "kari.nordmann", "k_hansen", "bjorn+avis", "per-arne", "x1", "å.li"))
    host = dice.choice(("epost.no", "firma.example", "mail.uib.no", "blåbær.no", "a-b.com"))
    words = dice.choice((f"{name}@{host}", f"{name}@{host}".title(), f"{name}@{host}".upper()))
    return Said("email", words.lower(), words, dice.choice(("", "e-post ", "mail: ")))


def amount(dice: random.Random) -> Said:
    kroner = dice.choice((dice.randrange(1, 1000), dice.randrange(1000, 250_000)))
    ore = dice.choice((0, 0, dice.randrange(1, 100)))
    digits = str(kroner)
    if kroner >= 1000:
        mark = dice.choice(("", " ", "\u00a0", ".", ","))
        digits = f"{kroner:,}".replace(",", mark)
    else:
        mark = ""
    point = dice.choice(",.") if mark not in ",." else {",": ".", ".": ","}.get(mark, ",")
    written = digits + (f"{point}{ore:02}" if ore else "")
    words = dice.choice(
        ("{} kr", "{}kr", "kr {}", "kr. {}", "Kr {}", "{} kroner", "{} KR", "{} krone", "NOK {}",
         "{} nok", "{} spenn", "{} kronå", "kr{}", *(() if ore else ("{},-", "kr {},-")))
    ).format(written)  # fmt: skip
    return Said("amount", kroner + ore / 100, words, dice.choice(("", "på ", "betalte ")))


_SUMS = (
    (100, "hundre kroner"), (1000, "tusen kroner"), (500, "fem hundre kroner"), (50, "femti spenn"),
    (2000, "to tusen kroner"), (3500, "tre tusen fem hundre kr"), (1200, "tusen to hundre kroner"),
    (2_500_000, "2,5 millioner kroner"), (150, "hundre og femti kroner"), (10, "ti kroner"),
    (500, "five hundred kroner"), (2000, "2 tusen kroner"), (50, "50 euro"), (100, "100 dollar"),
)  # fmt: skip


def worded_amount(dice: random.Random) -> Said:
    value, words = dice.choice(_SUMS)
    return Said("amount", value, cased(dice, words), dice.choice(("", "betalte ", "på ")))
