"""The system's own lines to a customer, in Bokmål, Nynorsk and English."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

from babel.dates import format_date

from handoff.facts import is_day

Words = Mapping[str, str]

_LINES: Mapping[str, Words] = {
    "queued": {
        "nb": "Du står i kø for å snakke med et menneske, som ser hele samtalen. {place} {wait}",
        "nn": "Du står i kø for å snakke med eit menneske, som ser heile samtalen. {place} {wait}",
        "en": "You are in the queue for a person, who sees the whole conversation. {place} {wait}",
    },
    "staying": {
        "nb": "Fint. Du beholder plassen din, og jeg er stille til et menneske er her.",
        "nn": "Fint. Du held på plassen din, og eg er still til eit menneske er her.",
        "en": "Good. You keep your place, and I stay quiet until a person is here.",
    },
    "bot_meanwhile": {
        "nb": "Du beholder plassen i køen. Spør meg gjerne om noe annet så lenge.",
        "nn": "Du held på plassen i køen. Spør meg gjerne om noko anna så lenge.",
        "en": "You keep your place in the queue. Feel free to ask me something meanwhile.",
    },
    "left_queue": {
        "nb": "Du står ikke lenger i kø. Det er chatboten som svarer: Hva kan jeg hjelpe deg med?",
        "nn": "Du står ikkje lenger i kø. Det er chatboten som svarer: Kva kan eg hjelpe deg med?",
        "en": "You are no longer in the queue. The chatbot answers: What can I help you with?",
    },
    "contact_form": {
        "nb": "Legg igjen navn og hvordan vi når deg, så tar et menneske kontakt. "
        "Du står i køen til du har sendt skjemaet.",
        "nn": "Legg att namn og korleis vi når deg, så tek eit menneske kontakt. "
        "Du står i køen til du har sendt skjemaet.",
        "en": "Leave your name and how to reach you, and a person will get in touch. "
        "You stay in the queue until you have sent the form.",
    },
    "contact_kept": {
        "nb": "Takk. Beskjeden ligger hos oss, og et menneske tar kontakt med deg.",
        "nn": "Takk. Meldinga ligg hos oss, og eit menneske tek kontakt med deg.",
        "en": "Thank you. We have your message, and a person will get in touch with you.",
    },
    "desk_closed": {
        "nb": "Det er ingen mennesker på jobb her nå. Legg igjen hvordan vi når deg, så tar noen "
        "kontakt når vi åpner.",
        "nn": "Det er ingen menneske på jobb her no. Legg att korleis vi når deg, så tek nokon "
        "kontakt når vi opnar.",
        "en": "Nobody is at work here right now. Leave how to reach you, and somebody will get "
        "in touch when we open.",
    },
    "agent_joined": {
        "nb": "{name} er her nå og har lest samtalen.",
        "nn": "{name} er her no og har lese samtalen.",
        "en": "{name} is here now and has read the conversation.",
    },
    "agent_lost": {
        "nb": "Den du snakket med, falt av nettet. Du har beholdt plassen din, og vi er "
        "tilbake hos deg så fort vi kan.",
        "nn": "Den du snakka med, fall av nettet. Du har halde på plassen din, og vi er "
        "attende hos deg så fort vi kan.",
        "en": "The person you were talking to lost the connection. You have kept your place, and "
        "we will be back with you as soon as we can.",
    },
    "transferred": {
        "nb": "Du blir satt over til en kollega som kan hjelpe deg videre. Samtalen følger med.",
        "nn": "Du blir sett over til ein kollega som kan hjelpe deg vidare. Samtalen følgjer med.",
        "en": "You are being passed on to a colleague who can help. The conversation goes along.",
    },
    "handed_back": {
        "nb": "Nå er det chatboten som svarer igjen. {facts}",
        "nn": "No er det chatboten som svarer att. {facts}",
        "en": "The chatbot answers again from here. {facts}",
    },
    "closed": {
        "nb": "Samtalen er avsluttet. Skriv gjerne igjen her om det er noe mer.",
        "nn": "Samtalen er avslutta. Skriv gjerne att her om det er noko meir.",
        "en": "The conversation has ended. Just write here again if there is anything more.",
    },
    "bot_failed": {
        "nb": "Beklager, noe gikk galt hos meg, så jeg fikk ikke svart deg.",
        "nn": "Orsak, noko gjekk gale hos meg, så eg fekk ikkje svart deg.",
        "en": "Sorry, something went wrong on my side, so I could not answer you.",
    },
    "masked": {
        "nb": "Jeg skjulte {kinds} du skrev, og har ikke lagret det. Slikt trenger vi ikke her.",
        "nn": "Eg skjulte {kinds} du skreiv, og har ikkje lagra det. Slikt treng vi ikkje her.",
        "en": "I hid {kinds} you wrote and did not store it. We do not need that here.",
    },
}

_PLACE: Words = {
    "nb": "Du er nummer {place} i køen.",
    "nn": "Du er nummer {place} i køen.",
    "en": "You are number {place} in the queue.",
}
_WAIT_MINUTES: Words = {
    "nb": "Det tar omtrent {minutes} minutter.",
    "nn": "Det tek omtrent {minutes} minutt.",
    "en": "It takes about {minutes} minutes.",
}
_WAIT_SHORT: Words = {
    "nb": "Det tar omtrent et minutt.",
    "nn": "Det tek omtrent eitt minutt.",
    "en": "It takes about a minute.",
}
_WAIT_UNKNOWN: Words = {
    "nb": "Jeg vet ikke hvor lenge det tar.",
    "nn": "Eg veit ikkje kor lenge det tek.",
    "en": "I do not know how long it takes.",
}
_NOBODY_ON: Words = {
    "nb": "Akkurat nå er ingen ved pulten, så jeg kan ikke love når. Du kan vente, eller legge "
    "igjen hvordan vi når deg.",
    "nn": "Akkurat no er ingen ved pulten, så eg kan ikkje love når. Du kan vente, eller leggje "
    "att korleis vi når deg.",
    "en": "Nobody is at the desk right now, so I cannot promise when. You can wait, or leave how "
    "to reach you.",
}
_KEPT_FACTS: Words = {
    "nb": "Jeg har med meg det du har fortalt: {facts}.",
    "nn": "Eg har med meg det du har fortalt: {facts}.",
    "en": "I still have what you told us: {facts}.",
}
_CHOSEN: Mapping[str, Mapping[str, Words]] = {
    "delivery_change": {
        "date": {"nb": "ny leveringsdag", "nn": "ny leveringsdag", "en": "another delivery day"},
        "address": {"nb": "ny adresse", "nn": "ny adresse", "en": "another address"},
        "note": {
            "nb": "beskjed til budet",
            "nn": "beskjed til bodet",
            "en": "a note to the courier",
        },
    },
    "payment_change": {
        "postpone": {"nb": "utsatt betaling", "nn": "utsett betaling", "en": "paying later"},
        "instalments": {"nb": "avdrag", "nn": "avdrag", "en": "instalments"},
        "efaktura": {"nb": "eFaktura", "nn": "eFaktura", "en": "eFaktura"},
        "avtalegiro": {"nb": "AvtaleGiro", "nn": "AvtaleGiro", "en": "AvtaleGiro"},
        "card": {"nb": "betaling med kort", "nn": "betaling med kort", "en": "paying by card"},
    },
    "document": {
        "certificate": {
            "nb": "forsikringsbevis",
            "nn": "forsikringsbevis",
            "en": "insurance certificate",
        },
        "green_card": {"nb": "grønt kort", "nn": "grønt kort", "en": "green card"},
        "terms": {"nb": "vilkår", "nn": "vilkår", "en": "terms"},
    },
}
_DAY: Words = {"nb": "d. MMMM y", "nn": "d. MMMM y", "en": "d MMMM y"}
_MASKED: Mapping[str, Words] = {
    "identity_number": {
        "nb": "fødselsnummeret",
        "nn": "fødselsnummeret",
        "en": "the national identity number",
    },
    "account_number": {"nb": "kontonummeret", "nn": "kontonummeret", "en": "the account number"},
    "card_number": {"nb": "kortnummeret", "nn": "kortnummeret", "en": "the card number"},
}
_AND: Words = {"nb": " og ", "nn": " og ", "en": " and "}


def word(code: str, params: Mapping[str, object], language: str) -> str:
    """The text of a notice. `language` is nb, nn or en; an unknown code is a KeyError."""
    fill = {key: str(value) for key, value in params.items() if isinstance(value, str | int)}
    if code == "queued":
        fill |= _queue_words(params, language)
    elif code == "handed_back":
        fill["facts"] = _facts(params.get("facts"), language)
    elif code == "masked":
        kinds = params.get("kinds")
        names = [_MASKED[kind][language] for kind in kinds] if isinstance(kinds, list) else []
        fill["kinds"] = _AND[language].join(names)
    return " ".join(_LINES[code][language].format(**fill).split())


def _queue_words(params: Mapping[str, object], language: str) -> dict[str, str]:
    place = _PLACE[language].format(place=params["place"])
    if not params.get("staffed"):
        return {"place": place, "wait": _NOBODY_ON[language]}
    wait = params.get("wait")
    if not isinstance(wait, int | float):
        return {"place": place, "wait": _WAIT_UNKNOWN[language]}
    minutes = math.ceil(wait / 60)
    words = _WAIT_SHORT if minutes <= 1 else _WAIT_MINUTES
    return {"place": place, "wait": words[language].format(minutes=minutes)}


def _facts(facts: object, language: str) -> str:
    if not isinstance(facts, Mapping) or not facts:
        return ""
    told = (_fact(name, str(value), language) for name, value in facts.items())
    return _KEPT_FACTS[language].format(facts=", ".join(told))


def _fact(name: str, value: str, language: str) -> str:
    """A choice by its words, a date as people write it, all else as it is."""
    if chosen := _CHOSEN.get(name, {}).get(value):
        return chosen[language]
    if is_day(name):
        return str(format_date(date.fromisoformat(value), _DAY[language], locale=language))
    return value
