"""Norwegian postcodes by their first two digits: town, newspaper and delivery times."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Town by the first two digits. Coarse, but every real postcode finds its part of the country.
_TOWNS = {
    "00 01 02 03 04 05 06 07 08 09 10 11 12": "Oslo",
    "13": "Sandvika", "14": "Ski", "15": "Moss", "16": "Fredrikstad", "17": "Sarpsborg",
    "18": "Askim", "19": "Lillestrøm", "20": "Jessheim", "21": "Årnes", "22": "Kongsvinger",
    "23": "Hamar", "24": "Elverum", "25": "Tynset", "26": "Lillehammer", "27": "Gran",
    "28": "Gjøvik", "29": "Fagernes", "30": "Drammen", "31": "Tønsberg", "32": "Larvik",
    "33": "Hokksund", "34": "Lier", "35": "Hønefoss", "36": "Kongsberg", "37": "Skien",
    "38": "Bø i Telemark", "39": "Porsgrunn", "40": "Stavanger", "41": "Jørpeland",
    "42": "Kopervik", "43": "Sandnes", "44": "Flekkefjord", "45": "Mandal",
    "46": "Kristiansand", "47": "Vennesla", "48": "Arendal", "49": "Risør", "50 51 58": "Bergen",
    "52": "Osøyro", "53": "Straume", "54": "Leirvik", "55": "Haugesund", "56": "Norheimsund",
    "57": "Voss", "59": "Knarvik", "60": "Ålesund", "61": "Volda", "62": "Stranda",
    "63": "Åndalsnes", "64": "Molde", "65": "Kristiansund", "66": "Sunndalsøra", "67": "Måløy",
    "68": "Førde", "69": "Florø", "70": "Trondheim", "71": "Rissa", "72": "Melhus",
    "73": "Orkanger", "74": "Røros", "75": "Stjørdal", "76": "Levanger", "77": "Steinkjer",
    "78": "Namsos", "79": "Rørvik", "80": "Bodø", "81": "Inndyr", "82": "Fauske",
    "83": "Svolvær", "84": "Sortland", "85": "Narvik", "86": "Mo i Rana", "87": "Mosjøen",
    "88": "Sandnessjøen", "89": "Brønnøysund", "90 91": "Tromsø", "92 93": "Finnsnes",
    "94": "Harstad", "95": "Alta", "96": "Hammerfest", "97": "Lakselv", "98": "Vadsø",
    "99": "Kirkenes",
}  # fmt: skip
_BY_PREFIX = {prefix: town for prefixes, town in _TOWNS.items() for prefix in prefixes.split()}
_CITIES = {"Oslo", "Bergen", "Trondheim", "Stavanger", "Drammen", "Fredrikstad", "Kristiansand"}
_PAPERS = (
    (19, "Hovedstadsposten"), (29, "Innlandstidende"), (39, "Grenlandsposten"),
    (44, "Ryfylkeposten"), (49, "Sørlandstidende"), (59, "Fjordtidende"),
    (69, "Kystbladet"), (79, "Midtnorsk Morgenblad"), (99, "Polarposten"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A postcode's town, its morning paper, and when the carrier has been there."""

    postcode: str
    city: str
    paper: str
    weekdays_by: str
    saturday_by: str
    sunday: bool


def place_of(postcode: str) -> Place | None:
    """The place of a postcode of four digits, None when there is none of that number."""
    if not re.fullmatch(r"[0-9]{4}", postcode) or not 1 <= int(postcode) <= 9991:
        return None
    prefix = postcode[:2]
    city = _BY_PREFIX[prefix]
    paper = next(paper for last, paper in _PAPERS if int(prefix) <= last)
    in_city = city in _CITIES
    return Place(
        postcode=postcode,
        city=city,
        paper=paper,
        weekdays_by="06:00" if in_city else "06:30",
        saturday_by="07:30" if in_city else "08:30",
        sunday=city == "Oslo",
    )
