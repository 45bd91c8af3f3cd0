"""Topics that belong to people: bereavement, injury, law, press, danger.

Phrases, not moods: each asks for the thing *and* the person it happened to or the step that is
threatened, so that a dead battery, a parcel for the hospital or legal-aid cover are no topic. What
is said in a roundabout way the classifier of acts hears (`hearing`).
"""

from __future__ import annotations

import re

from .words import plain, words

BEREAVEMENT = "bereavement"
INJURY = "injury"
LEGAL = "legal_threat"
PRESS = "press_threat"
DANGER = "danger"

VULNERABLE = (DANGER, BEREAVEMENT, INJURY, LEGAL, PRESS)

_KIN = (
    r"(?:mann(?:en)?|kon[ae]|kjerring\w*|mor|moren|mora|far|faren|pappa\w*|mamma\w*|foreldre\w*|"
    r"besta?|bestemor|bestefar|mormor|farmor|morfar|farfar|bror\w*|søster\w*|syster\w*|sønn\w*|"
    r"son|sonen|datter\w*|dotter\w*|dattera|barn(?:et|a|ebarn\w*)?|ungen?|samboer\w*|sambuar\w*|"
    r"ektefelle\w*|kjæreste\w*|tante\w*|onkel\w*|svigermor|svigerfar|"
    r"venn(?:en|er|ene|a|inne\w*)?|nabo(?:en|er|ane)?|"
    r"husband|wife|mother|father|mum|mom|dad|son|daughter|brother|sister|partner|"
    r"grandmother|grandfather|grandma|grandpa|gran|aunt|uncle|friend)"
)
_SOMEBODY = rf"(?:{_KIN}|han|hun|ho|hu|hainn|he|she)"
_BODY = (
    r"(?:arm(?:en|ene|a)?|fot|foten|føttene|bein(?:et|a)?|ben|benet|nakken?|hodet?|hovud(?:et)?|hue|"
    r"rygg(?:en)?|hånd(?:a|en|leddet)?|hand(?:a|en)?|hender|finger(?:en)?|fingre(?:ne)?|tommelen?|"
    r"ankel(?:en)?|hofte[na]?|hofta|ribbein(?:et|a)?|skulder(?:en)?|skuldra|kneet?|"
    r"neck|leg|arm|head|back|hand|hip|rib|skull)"
)
_MEDIA = (
    r"(?:tv ?#|tv\w*|vg|nrk|dagbladet|aftenposten|aftenbladet|nordlys|bt|pressa|pressen|"
    r"media|mediene|avisene|journalist\w*|redaksjon\w*|the press|the papers|bbc)"
)

_PATTERNS = {
    DANGER: [
        r"\b(?:orker|klarer|klare|vil|ønsker|gidder|greier|greie)(?: \w+){0,2} ikke(?: å| mer)?"
        r" leve\b(?! uten)",
        r"\b(?:ta|tar|tatt) livet\b|\bselvmord|\bsjølmord|\bsjølvmord|\bsuicid|\bkill myself\b",
        r"\bvil(?: bare)? dø\b|\bønsker å dø\b|\bwant to die\b|\bend my life\b|\bend it all\b",
        r"\b(?:drepe|skade) meg selv\b|\bhurt myself\b|\bikke (?:noe )?(?:vits|poeng) i å leve\b",
        r"\b(?:det|huset|leiligheta|leiligheten|hytta|låven|kjøkkenet|stua|garasjen) "
        r"(?:brenn|brenner)\b(?! ned| litt)|\bstår i brann\b|\bbegynt å brenne\b",
        r"\bon fire\b|\bsmell gas\b|\blukter gass\b|\bgasslekkasje\b",
        r"\bsitter fast i (?:bilen|vraket|heisen)\b|\btrapped in\b|\btruer meg\b",
    ],
    BEREAVEMENT: [
        rf"\b{_KIN}\b(?: \w+){{0,4}} (?:død|dau|avgått|dead)\b",
        rf"\b{_SOMEBODY}\b(?: \w+){{0,4}} (?:døde|døydde|dødde|daua|dauda|died)\b",
        rf"\b(?:døde|død|died|lost|mista)(?: \w+){{0,2}} {_KIN}\b(?! nummer)",
        r"\b(?:gikk|gått|gjekk|gjikk|gjækk|gådd|gar|gikk nå|er gått) bort\b"
        r"(?! (?:til|fra|med|dit|og|for)\b)",
        r"\bbortgang\w*|\bgravla\w*|\bbegrav(?:e|es|et|de|else\w*)\b|\bgravferd\w*|\bbisett\w*",
        r"\bdødsbo\w*|\bdødsfall\w*|\bavdød\w*|\bavlidne?\b|\bskifteattest\w*"
        r"|\b(?:er|blitt|ble|blei|vart) (?:\w+ )?(?:enke|enkemann)\b",
        r"\bpassed away\b|\bfuneral\b|\bdeceased\b|\bwidow\w*|\bbereave\w*|\bsovnet inn\b",
        rf"\b(?:my|our) late {_KIN}\b",
    ],
    INJURY: [
        r"\b(?:ligger|ligge|ligg|kjørt|innlagt|havna|havnet|endte|frakta|fraktet|sendt|taken|rushed)"
        r"(?: \w+){0,3} (?:sykehus\w*|sjukehus\w*|legevakt\w*|hospital)\b|\bin hospital\b",
        rf"\b(?:brukket|brakk|brekt|brekte|brøt|knakk|knekt|broke|broken)(?: \w+){{0,2}} {_BODY}\b",
        rf"\b(?:slo|slått|skada|skadet|hurt|injured)(?: \w+){{0,2}} {_BODY}\b",
        rf"\bhit (?:my|his|her|their) {_BODY}\b",
        r"\bhjernerystelse\w*|\bhjernerysting\w*|\bnakkesleng\w*|\bbevisstløs\w*|"
        r"\bmedvitslaus\w*|\bunconscious\b|\bconcussion\b|\bwhiplash\b|\bambulanse\w*|\bambulance\b",
        rf"\b(?:jeg|vi|{_SOMEBODY}) (?:er|ble|vart|blei|blir|was|is|were|got)(?: \w+){{0,2}} "
        r"(?:skadd|hardt skadet|alvorlig skad\w+|injured|hurt|påkjørt)\b",
        r"\b(?:bløder|blør|blødde|bleeding)\b",
    ],
    LEGAL: [
        r"\b(?:finansklagenemnd\w*|forliksråd\w*|forbrukerråd\w*|forbrukarråd\w*|forbrukertilsyn\w*|"
        r"forbrukarombod\w*|forbrukerombud\w*|forbrukerklageutvalg\w*|datatilsyn\w*|"
        r"ombudsman|financial ombudsman)\b(?!(?: \w+){0,3} (?:anbefal\w*|test\w*))",
        r"\b(?:min|mi|vår|my|our) (?:advokat|lawyer|solicitor|attorney)\b|"
        r"\badvokaten (?:min|vår|mi)\b",
        r"\b(?:kontakt\w*|kobler|koble|ringe|ringer|hører|hør|høre|fra|snakke med|skaffer|tar)"
        r"(?: \w+){0,3} (?:advokat|advokaten|lawyer|solicitor|attorney)\b",
        r"\b(?:saksøk\w*|søksmål\w*|stevner|stevning\w*|rettssak\w*|rettslige skritt|"
        r"politianmeld\w*|tingrett\w*|legal action|sue you|see you in court|take you to court)\b",
        r"\btar (?:dere|dette|saken|det) (?:til|for) retten\b|\bmøtes i retten\b|"
        r"\banmelder dere\b|\banmelde dere til politiet\b",
    ],
    PRESS: [
        rf"\b(?:tar|ta|sender|sende|gir|gi|går|gå|skriver|skrive|take|going|go|talk)"
        rf"(?: \w+){{0,3}} (?:til|med|to) {_MEDIA}\b",
        rf"\b(?:kontakt\w*|varsl\w*|ringer|tell|contact)(?: \w+)? {_MEDIA}\b",
        rf"\btips\w*(?: \w+)? {_MEDIA} om (?:dere|dette|det|saken|detta)\b",
        rf"\b{_MEDIA}\b(?: \w+){{0,5}} (?:få høre|få vite|høre|høra|vite|vita|hear|know)\b",
    ],
}
_COMPILED = {
    topic: [re.compile(pattern) for pattern in patterns] for topic, patterns in _PATTERNS.items()
}
_COVER = re.compile(
    r"\b(?:dekk\w*|dekning\w*|forsikr\w* advokat|rettshjelp\w*|legal aid|cover\w*)\b"
)
_SUBSCRIBED = re.compile(
    r"\b(?:avis|avisa|abonnement\w*|lever\w*|hytta|postkassa|pakke\w*|subscription|deliver\w*|"
    r"paper|parcel|package)\b"
)


def topic_by_phrase(text: str) -> str | None:
    """The gravest topic that a phrase of the line names, or None."""
    line = " ".join(word for word in words(plain(text)) if word[0] not in "!?.")
    for topic in VULNERABLE:
        if not any(pattern.search(line) for pattern in _COMPILED[topic]):
            continue
        if topic == LEGAL and _COVER.search(line):
            continue
        if topic in (PRESS, INJURY) and _SUBSCRIBED.search(line):
            continue
        return topic
    return None
