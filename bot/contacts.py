"""E-mail addresses, telephone numbers and street addresses."""

from __future__ import annotations

import re

from bot.spans import Span

_EMAIL = re.compile(
    r"(?<![\w.+\-])[\w.+\-]{1,64}@(?:[\w\-]{1,63}\.){1,5}[a-zæøå]{2,24}(?!\w)", re.I
)
_PHONE = re.compile(
    r"(?<![\w+\-/.,])(?P<prefix>(?:\+|00)\s?47\s?)?"
    r"(?P<number>[2-9]\d{7}|[2-9]\d(?: \d\d){3}|[489]\d\d \d\d \d{3})(?![\w/\-]|[.,]?\d| \d)"
)
_PHONE_CONTEXT = re.compile(
    r"(?:tlf|tel|telefon\w*|mobil\w*|phone|ring\w*|nummer\w*|nr|call|sms)\.?[^\d]{0,20}$", re.I
)
_STREET_ENDING = (
    r"(?:gate|gata|gatå|gaten|gt|vei|veg|veien|vegen|vn|plass|plassen|all[eé]|all[eé]en|bakke|bakken|svingen|"
    r"stien|sti|lia|lien|haug|haugen|tunet|tun|torg|torget|torv|ås|åsen|kroken|ringen|løkka|brygge|brygga|kai|"
    r"kaia|kaien|smau|smauet|hage|hagen|terrasse|feltet|jordet|skogen|dal|dalen|moen|mo|neset|vika|viken|"
    r"bukta|bukten|sletta|sletten|toppen|kollen|marka|myra|grenda|holtet|lunden|lund|berget|berg|odden|"
    r"stranda|stranden|sanden|elva|haven|rud|stad|neds|granlia|street|road|strete|stredet|veita)"
)
_LEADING = (
    r"(?:[Kk]ong|[Dd]ronning|[Nn]edre|[Øø]vre|[Ss]tore|[Ll]ille|[Vv]esle|[Gg]amle|[Nn]ye|[Ss]øndre|"
    r"[Nn]ordre|[Vv]estre|[Øø]stre|[Ss]t\.?|[Ss]ankt|[Pp]rofessor|[Dd]r\.?|[Bb]iskop|[A-ZÆØÅ][\wæøåé.]+)"
)
_ADDRESS = re.compile(
    r"(?<![\w\-])(?P<street>"
    rf"(?:{_LEADING}\s+){{0,3}}?(?![Ss]teng)[^\W\d_]{{2}}[^\W\d_]*(?i:{_STREET_ENDING})"
    rf"|(?:{_LEADING}\s+)(?:[^\W\d_]+\s+)?(?i:gate|gata|gaten|vei|veg|veien|vegen|plass|all[eé]|torg|terrasse|brygge)"
    r")\s+(?P<number>\d{1,4}\s?[A-Za-z]?)(?!\w|[.,/]\d|\.\s*(?:jan|feb|mar|apr|mai|jun|jul|aug|sep|okt|nov|des))"
    r"(?:\s*,?\s*(?P<postcode>\d{4})(?:\s+(?P<city>[^\W\d_][\wæøåÆØÅ\-]+))?)?",
)
_UNITS = re.compile(
    r"\s*(?:kr|kroner|dager|dagar|daga|uker|veker|timer|min|km|stk|m2|kvm|år)\b", re.I
)


def find_contacts(text: str) -> list[Span]:
    """E-mail, phone and address spans; a bare 8-digit run is a phone only beside other readings."""
    spans = [
        Span("email", match.start(), match.end(), match.group().lower())
        for match in _EMAIL.finditer(text)
    ]
    for match in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", match["number"])
        grouped = " " in match["number"]
        certain = bool(match["prefix"] or grouped or _PHONE_CONTEXT.search(text[: match.start()]))
        spans.append(
            Span("phone", match.start(), match.end(), f"+47{digits}", {"certain": certain})
        )
    spans.extend(find_addresses(text))
    return spans


def find_addresses(text: str) -> list[Span]:
    """Street and number, with postcode and city when they follow; ``value`` is the tidy line."""
    spans = []
    for match in _ADDRESS.finditer(text):
        if _UNITS.match(text[match.end("number") :]):
            continue
        street = " ".join(match["street"].split())
        number = match["number"].replace(" ", "").upper()
        line = f"{street[:1].upper()}{street[1:]} {number}"
        extra = {"street": line}
        if match["postcode"]:
            extra["postcode"] = match["postcode"]
            line += f", {match['postcode']}"
            if match["city"]:
                extra["city"] = match["city"][:1].upper() + match["city"][1:]
                line += f" {extra['city']}"
        spans.append(Span("address", match.start(), match.end(), line, extra))
    return spans
