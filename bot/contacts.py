"""E-mail addresses, telephone numbers and street addresses."""

from __future__ import annotations

import re

from bot.gazetteer import is_own
from bot.postcodes import place_names, place_of
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
    r"(?:allmenning|allmenningen|gate|gata|gatå|gaten|gt|vei|veg|veien|vegen|vn|plass|plassen|all[eé]|all[eé]en|bakke|bakken|svingen|"
    r"stien|sti|lia|lien|haug|haugen|tunet|tun|torg|torget|torv|ås|åsen|kroken|ringen|løkka|brygge|brygga|kai|"
    r"kaia|kaien|smau|smauet|hage|hagen|terrasse|feltet|jordet|skogen|dal|dalen|moen|mo|neset|vika|viken|"
    r"bukta|bukten|sletta|sletten|toppen|kollen|marka|myra|grenda|holtet|lunden|lund|berget|berg|odden|"
    r"stranda|stranden|sanden|elva|haven|rud|stad|neds|granlia|street|road|strete|stredet|veita)"
)
_LEADING = (
    r"(?:[Kk]ong|[Dd]ronning|[Nn]edre|[Øø]vre|[Ss]tore|[Ll]ille|[Vv]esle|[Gg]amle|[Nn]ye|[Ss]øndre|"
    r"[Nn]ordre|[Vv]estre|[Øø]stre|[Ss]t\.?|[Ss]ankt|[Pp]rofessor|[Dd]r\.?|[Bb]iskop"
    r"|(?!Hei?le\b)[A-ZÆØÅ][\wæøåé.]+)"
)
# Streets whose whole name is such an ending.
_WHOLE_NAMES = (
    r"(?:Torvet|Torget|Bryggen|Brygga|Bakken|Haugen|Åsen|Lia|Skogen|Moen|Neset|Tunet|Stien|Svingen"
    r"|Kaia|Kroken|Strandkaien|Myra|Sletta|Jordet|Marka|Marken|Engen|Kalfaret|Nøstet|Klosteret|Vågen"
    r"|Fjæra|Vika|Øra|Allmenningen|Bakklandet|Ila|Lunden|Grenda|Bøen|Viken)"
)
_SURNAMED = r"(?:[A-ZÆØÅ][\wæøåé.]+\s+){0,2}[A-ZÆØÅ][\wæøåé.]+s"
_WHICH_PART = (
    r"[Nn]edre|[Øø]vre|[Ss]tore|[Ll]ille|[Vv]esle|[Gg]amle|[Nn]ye|[Ss]øndre|[Nn]ordre|[Vv]estre"
    r"|[Øø]stre|[Kk]ong|[Dd]ronning|[Pp]rofessor|[Bb]iskop"
)
_ADDRESS = re.compile(
    r"(?<![\w\-])(?P<street>"
    rf"(?:{_LEADING}\s+){{0,3}}?(?![Ss]teng)[^\W\d_]{{2}}[^\W\d_]*(?i:{_STREET_ENDING}|(?:gt|vn)\.)"
    rf"|{_WHOLE_NAMES}|(?:{_LEADING}\s+){{1,4}}(?:[^\W\d_]+\s+)?(?i:gate|gata|gaten|vei|veg|veien|vegen|plass|all[eé]|torg|terrasse|brygge)"
    r")\s+(?P<number>\d{1,4}(?:[A-Za-z]|\s[A-DF-HJ-NP-TV-Za-df-hj-np-tv-z])?)(?!\w|[.,/]\d|\.\s*(?:jan|feb|mar|apr|mai|jun|jul|aug|sep|okt|nov|des))",
)
_POSTCODE = re.compile(
    r"\s*,?\s*(?:NO?-\s?)?(?P<postcode>\d{4})(?!\w|[.,]\d)(?P<names>(?: [^\W\d_][\w.\-]*){1,4})?"
)
# A street without a house number: unmistakable endings alone, of a name or after a preposition.
_ROAD = r"(?:gata|gaten|gatå|gate|veien|vegen|veg|vei|all[eé]en|allé|smauet)"
_BARE_STREET = re.compile(
    rf"(?<![\w\-])(?P<street>(?:(?:{_SURNAMED})\s+(?i:gate|vei|veg|plass|allé|torg|terrasse|brygge)"
    rf"|(?:{_WHICH_PART})\s+[^\W\d_]{{2,}}(?i:{_ROAD})|[A-ZÆØÅ][^\W\d_]{{2,}}{_ROAD}"
    rf"|(?<=\bi )[^\W\d_]{{3,}}{_ROAD}|(?<=\bte )[^\W\d_]{{3,}}{_ROAD}"
    rf"|(?<=\btil )[^\W\d_]{{3,}}{_ROAD}))(?!\w)"
)
_NO_STREET = re.compile(
    r"(?:motor|hoved|hovud|fylkes|riks|europa|gang|sykkel|sykkl|grus|skogs?|bil|om|heim|hjem|side|bak|blind|"
    r"gammel|gamle|gå|innkjørsels?|privat|nabo|villa|bomme?|ring|traktor|sand|jord|lande?|kyst|fjell|gårds?|"
    r"tilkomst|adkomst|kjøre|jernbane|skole|snar|mellom|ut|inn|halv|over|hytte|sjø|buss|lufte|lys|under)"
    rf"{_ROAD}",
    re.I,
)
# "Riksvei 9" has a number and no houses.
_MAIN_ROAD = re.compile(r"(?:\w+ )*(?:riks|fylkes|europa|kommunal)(?:vei|veg)\w*", re.I)
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
    """Street and number, with postcode and city when they follow; ``value`` is the tidy line.

    A street that is named without a house number counts if its name is plainly one.
    """
    spans = []
    for match in _ADDRESS.finditer(text):
        if _UNITS.match(text[match.end("number") :]):
            continue
        street = " ".join(match["street"].split())
        if _MAIN_ROAD.fullmatch(street):
            continue
        number = match["number"].replace(" ", "").upper()
        spans.append(_with_postcode(text, match, f"{_capital(street)} {number}"))
    for match in _BARE_STREET.finditer(text):
        street = " ".join(match["street"].split())
        if not _NO_STREET.fullmatch(street):
            spans.append(_with_postcode(text, match, _capital(street)))
    return spans


def _with_postcode(text: str, match: re.Match[str], street: str) -> Span:
    """The span of a street with the postcode that follows it, if one does."""
    extra, end = {"street": street}, match.end()
    found = _POSTCODE.match(text, match.end())
    if found is not None:
        city = _city(found["postcode"], found["names"] or "")
        if city or place_of(found["postcode"]):
            extra["postcode"] = found["postcode"]
            end = found.end("postcode")
        if city:
            small = city[:1].islower() and city.lower() not in place_names()
            extra["city"] = _capital(str(place_of(found["postcode"])) if small else city)
            end = found.start("names") + 1 + len(city)
    line = " ".join(part for part in (extra.get("postcode"), extra.get("city")) if part)
    return Span("address", match.start(), end, f"{street}, {line}" if line else street, extra)


def _city(postcode: str, names: str) -> str:
    """The words after a postcode that name its place: the longest known name, or a capital."""
    words = names.split()
    for count in range(len(words), 0, -1):
        name = " ".join(words[:count]).rstrip(".")
        if name.lower() in place_names() or name.lower() == (place_of(postcode) or "").lower():
            return name
    if words and words[0][:1].isupper():
        return words[0].rstrip(".")
    # "5052 bergn": misspelt and written small.
    return words[0] if words and is_own(postcode, words[0].rstrip(".")) else ""


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
