"""Does the customer ask for a person? Directly or indirectly, in every variety, minding negation.

Phrases over standard spellings, clause by clause: evidence for the classifier of acts, which
decides (`hearing`). They also know what is *no* request: turning a person down, being a person, meeting one
elsewhere, a call when the parcel comes.
"""

# ruff: noqa: E501 -- a pattern is read as one line

from __future__ import annotations

import re

from .words import words

_STAFF = (
    r"(?:kundebehandl\w*|saksbehandl\w*|sakshandsam\w*|skadebehandl\w*|rådgiv\w*|rådgjev\w*|"
    r"medarbeid\w*|kundeservice|kundesenter\w*|kundestøtte|operatør\w*|ansatt\w*|sjef\w*|"
    r"leder\w*|leiar\w*|overordnet|kolleg\w*|agent|representative|advisor|adviser|colleague|"
    r"manager|supervisor|operator|customer service|handler|konsulent\w*)"
)
_HUMAN = (
    r"(?:menneske\w*|person|personer|folk|fagfolk|human|humans|real people|actual people|"
    r"ekte person|ordentlig person|levende \w+|ekte folk|"
    r"kjøtt og blod|puls|hjerne|øyne i hodet)"
)
_ANYONE = r"(?:noen|en av dere|one of you|en|ei|ein|nokon|vedkommende|someone|somebody|anyone|anybody|dere|hjelpende)"
_ANY = rf"(?:{_STAFF}|{_HUMAN}|{_ANYONE}|frøken|dame|damer|mann|kar|fyr)"
_SPEAK = (
    r"(?:snakke|prate|chatte|skrive|samtale|diskutere|drøfte|speak|talk|chat|kommunisere|"
    r"forklare dette|slå av en prat)"
)
_WANT = (
    r"(?:vil|ville|ønsker|ønske|kan|kunne|får|få|fått|må|lov|skulle|heller|trenger|mulig|mogleg|"
    r"råd|går det|la|hvor|hvordan|foretrekker|føretrekker|like|want|need|can|could|may|let|prefer|"
    r"rather|wish|please|nødt|nesten|bare)"
)
_BOT = r"(?:robot\w*|bot|boten|chatbot\w*|maskin\w*|datamaskin\w*|machine|automat\w*|program\w*)"
_NO = r"(?:ikke|aldri|nekter|uten|lei av|slippe|slutt|don t|not|no more|tired of|sick of)"
_GAP = r"(?: \w+){0,4}?"
_SHORT = r"(?: \w+){0,2}?"

_REQUESTS = [
    rf"\b{_WANT}{_GAP} {_SPEAK}{_SHORT} (?:med|til|to|with|m) {_SHORT} ?{_ANY}\b",
    rf"\b{_WANT}{_GAP} {_SPEAK} (?:sammen )?(?:med|to|with){_SHORT} {_ANY}\b",
    r"\b(?:sette|set|setter) (?:meg|oss)(?: \w+)? over\b|\bbli satt over\b|\bsettes over\b",
    r"\boverfør\w* (?:meg|oss|samtalen|chatten)\b|\bsend(?:e)? meg videre\b|\btransfer me\b",
    rf"\b(?:koble|kople|kobla|kopla|kobl) (?:meg|oss)\b|\bput me (?:through|on|in touch)\b|"
    rf"\bconnect me\b|\bforward me to {_ANY}\b",
    rf"\b(?:gi|hent|hente|skaff|finn|finne|få|få meg|få inn|trenger|ønsker|vil ha|må ha|få tak i|"
    rf"get|get me|give me|need|want|find me|bring)(?: \w+){{0,4}}? (?:{_STAFF}|{_HUMAN})\b",
    rf"\bvil (?:bare |heller )?ha (?:en |et |ei )?(?:{_STAFF}|{_HUMAN})\b",
    rf"\b(?:hjelp|hjulpet|hjelper|help|helped|assistance|svar|bistand)(?: \w+){{0,3}}? "
    rf"(?:av|fra|from|by) (?:\w+ ){{0,2}}?(?:{_STAFF}|{_HUMAN}|noen andre|someone else)\b",
    rf"\b(?:kan|kunne|vil|får|gidder|could|can|would)(?: ikke| please| kanskje| bare)* "
    rf"(?:{_ANY}|du be noen|somebody|someone)(?: \w+){{0,4}}? "
    r"(?:ringe|kontakte|slå på tråden|ta kontakt med|call|ring|phone)(?: \w+)? "
    r"(?:meg|oss|me|us|tilbake|back|til meg)\b(?! når| hvis| da| før| idet| when| before)",
    r"^(?:\w+ ){0,2}(?:ringe|call) (?:meg|me)(?: \w+){0,2}$",
    rf"\b(?:kan|kunne|får|få|fått|vil|må|er det mulig å|går det an å|mulig å|råd å|lov å|can|could|may|like to|"
    rf"want to)(?: jeg| eg| vi| i| we)?(?: ikke)?(?: bare| få| heller| få lov å| just| please)* "
    rf"(?:ringe|call|phone)(?: \w+){{0,2}}? (?:{_ANY}|inn|you|til)\b(?! på døra)",
    r"\bringe (?:noen|inn til dere|til dere|dere)\b.*\?|\b(?:noen|nokon|someone|anyone|anybody) "
    r"(?:\w+ ){0,2}(?:kan|får|kunne|can|could) (?:få )?(?:ringe|call|snakke|prate|ta en telefon)\b",
    r"\b(?:ta|tar|take|discuss|løse|ordne|diskutere|gjøre)(?: \w+){0,4}? "
    r"(?:muntlig\w*|munnleg\w*|på telefon\w*|over telefon\w*|per telefon|på tlf|over the phone|"
    r"by phone|på tråden)\b",
    r"\b(?:heller|foretrekker|vil|rather|prefer)(?: \w+){0,5}? "
    r"(?:muntlig\w*|munnleg\w*|telefon\w*|tlf|on the phone|by phone|over the phone)\b",
    rf"\b(?:finnes|fins|finns|finst|er|har|is|are|do)(?: \w+){{0,3}}? "
    rf"(?:{_HUMAN}|{_STAFF}|noen|ekte \w+|anyone|someone|anybody|somebody|people)"
    rf"(?: \w+){{0,4}}? (?:jeg|eg|vi|i|som|så|to|we|who)(?: \w+){{0,3}}? "
    r"(?:snakke|prate|ringe|hjelpe|nå|chatte|talk|speak|help|reach|call|ta en telefon|kan)\b",
    rf"\b(?:finnes|fins|finns|finst|har|do you have|are there)(?: \w+){{0,3}}? (?:{_HUMAN}|{_STAFF})"
    r"(?: \w+){0,2}? (?:hos dere|her|der|hos|there|working|inn|bak)\b",
    r"\b(?:er|is) (?:det |there )?(?:noen|nokon|anyone|anybody|somebody) (?:andre )?"
    r"(?:her|der|hjemme i chatten|there|på jobb|tilgjengelig|available|som er ekte)\b",
    rf"\b(?:vil|gidder|orker|nekter|ønsker|kan|like|want|wish|dont|don t|do not|refuse|lei|slippe|"
    rf"slipper)(?: \w+){{0,3}}? (?:{_SPEAK}|talking|skrive|krangle|argue|deal)(?: \w+){{0,2}}? "
    rf"{_BOT}\b",
    rf"\b(?:ikke|istedenfor|i stedet for|enn|framfor|not|instead of|than)(?: \w+){{0,2}}? {_BOT}\b",
    rf"\b(?:hvor|hvordan|how|where)(?: \w+){{0,4}}? (?:tak i|kontakt med|nå|reach|contact)"
    rf"(?: \w+){{0,2}}? (?:{_STAFF}|{_HUMAN}|noen|dere direkte|someone)\b",
    rf"\b(?:få|får|fått|ha|ta|get)(?: \w+){{0,2}}? (?:tak i|kontakt med|hold of|in touch with)"
    rf"(?: \w+){{0,2}}? (?:{_STAFF}|{_HUMAN}|noen|someone)\b",
    rf"\bla (?:meg|oss)(?: \w+){{0,2}}? {_SPEAK}\b.*\b(?:{_STAFF}|{_HUMAN}|noen)\b",
    rf"\b(?:må|vil) jeg? ?(?:nesten )?(?:ta|få)(?: \w+){{0,2}}? med (?:et|en|noen|ei)(?: \w+)? "
    rf"?(?:{_STAFF}|{_HUMAN})\b",
    rf"^(?:please )?{_SPEAK} (?:med|to|with|til) (?:\w+ )?(?:{_STAFF}|{_HUMAN}|noen|someone)\b",
    r"\b(?:kan|kunne|can|could) (?:en av dere|one of you)(?: \w+){0,3}? "
    r"(?:titt|se|ser|hjelpe|ringe|ta|svare|look|help|call|take|answer)\b",
    r"^(?:kan du |vennligst |please )?(?:sette|set) over\b|\b(?:bli|blir|få) (?:ringt opp|oppringt)\b",
    r"\b(?:la|få|kan|kunne|let|could|can)(?: \w+){0,2}? (?:noen|en av dere|en annen|en kollega|someone)"
    r"(?: \w+){0,4}? (?:ta over|overta|take over)\b",
    r"\b(?:hjelp|svar) (?:av|fra) (?:en|noen) som (?:jobber|kan|vet|har)\b|\blive (?:support|chat|agent)\b",
    r"\bfinn\w* (?:en|noen) som (?:har greie|kan|vet|skjønner|forstår)\b",
    r"\b(?:er|finnes|fins|finst) (?:det )?(?:noen )?(?:levende|ekte)(?: \w+)? (?:hos|her|der|bak)\b",
    r"\bnoen andre (?:der|her|enn deg|som kan hjelpe|å snakke med)\b",
    rf"\b(?:snakket|prata|pratet) med (?:\w+ ){{0,2}}?(?:{_STAFF}|{_HUMAN})\b",
    r"\b(?:få|trenger|ha|ønsker|want|need) (?:noen|en|someone|somebody) på (?:tråden|telefon\w*|tlf)\b",
    rf"\b(?:could|can|would) (?:\w+ ){{0,3}}?(?:{_STAFF}|{_HUMAN}|someone|anyone)"
    r"(?: \w+){0,3}? (?:help|give me a|ringe me|call me|phone me|walk me|take over|look at)\b",
    rf"\b(?:is|are) there (?:\w+ ){{0,2}}?(?:{_STAFF}|{_HUMAN}|someone|anyone|somebody) "
    r"(?:who|that|there|i) \b",
    r"\bsnakke med (?:vedkommende|saksbehandl\w*|han som|hun som|den som)\b",
]
_ALONE = re.compile(
    rf"^(?:hei |hallo |takk |ja |please |en |et |ei |a |an |ekte |levende |noen med |real |live |"
    rf"human |nå |bare |til |snakke med |prate med )*(?:{_STAFF}|menneske\w*|human|person|"
    r"folk|noen med puls|noen)(?: takk| please| nå| her| inn her| now| da| være så snill)*$"
)
_DECLINES = [
    r"\b(?:trenger|behøver|må|skal|bør|vil|ønsker) (?:\w+ ){0,2}?ikke\b(?!.*\b(?:robot|bot|maskin))",
    r"\b(?:ikke|ingen) (?:nødvendig|noe behov|behov|grunn|vits|noe poeng|interessert)\b",
    r"\bikke (?:sette|sett|ringe|ring|overfør\w*|koble|hent|hente|noe telefon|noe kundebehandl\w*|"
    r"noen kundebehandl\w*|noe menneske|noen person|telefon)\b",
    r"\b(?:helst|heller) ikke\b|\bslipper?\b(?!.*\b(?:robot\w*|bot|boten|chatbot|maskin))|"
    r"\buten å (?:måtte )?(?:snakke|prate|ringe)\b|\bnei takk\b|\bfor all del\b",
    rf"\bingen (?:{_STAFF}|{_HUMAN}|telefon\w*)\b",
    r"\bno need\b|\bdont (?:need|want|have to|transfer|put|call)\b(?!.*\b(?:bot|robot|machine))|"
    r"\bdon t (?:need|want|have to|transfer|put|call)\b(?!.*\b(?:bot|robot|machine))|"
    r"\brather not\b|\bwithout (?:having to )?(?:talk|speak|call)\w*\b|\bno thanks\b|"
    r"\bnot necessary\b|\bno (?:agent|human|person|phone)\b",
]
_ELSEWHERE = [
    r"\b(?:er|are) (?:du|you|dette|det jeg snakker med|jeg)\b.*\b(?:menneske|person|human|robot|bot)\b"
    r"(?!.*\b(?:snakke|prate|hente|få)\b)",
    r"\b(?:snakket|snakka|snakke|snakker|prata|pratet|spoke|talked|ringte)\b.*\b(?:i går|igår|sist|forrige|"
    r"tidligere|yesterday|last week|earlier|i dag tidlig|på (?:mandag|tirsdag|onsdag|torsdag|fredag)|"
    r"han sa|hun sa|she said|he said|alt er i orden)\b",
    r"\b(?:hente|henter|pick up|collect|signere|motta|ta imot|take in)\b.*\b(?:pakke\w*|den|parcel|avisa|"
    r"brev\w*|it|package)\b|\b(?:naboen|nabo|neighbour)\b.*\b(?:hente|ta imot|collect)\b",
    r"\bdu (?:ikke )?er (?:ikke )?(?:en |ein )?(?:robot|bot|maskin)\b",
    r"\b(?:mail\w*|epost\w*|e post\w*|adresse\w*|nummer\w*|telefonnummer\w*|email)\b.* (?:til|for|of) ",
    r"\bring\w* (?:ikke )?på\b|\b(?:doorbell|bell)\b|\bringeklokk\w*\b",
    r"\bringer? (?:meg|dere meg)?\b.*\b(?:når|før|idet|hvis) (?:pakke\w*|budet|den|dere|sjåfør\w*|han|du)\b",
    r"\b(?:call|ring) me (?:when|before|if)\b",
]
_REQUEST = [re.compile(pattern) for pattern in _REQUESTS]
_DECLINE = [re.compile(pattern) for pattern in _DECLINES]
_OTHER = [re.compile(pattern) for pattern in _ELSEWHERE]
_ASKING = re.compile(
    r"^(?:hei |hallo |men |så |og |please )*(?:kan|kunne|får|går|er det|vil du|can|could|can t|cant|"
    r"couldn t)\b"
)
_BREAK = re.compile(r"[,.;:!?\n]+|\b(?:men|but|så lenge|bare svar|just answer)\b", re.IGNORECASE)


def _clauses(text: str) -> list[str]:
    clauses = []
    for part in _BREAK.split(text.replace("'", "").replace("’", "")):
        line = " ".join(word for word in words(part) if word[0] not in "!?.")
        if line:
            clauses.append(line)
    return clauses


def declines_person(text: str) -> bool:
    """The line turns a person down, or speaks of persons and calls that are no request."""
    return any(_declined(clause) or _elsewhere(clause) for clause in _clauses(text))


def _declined(clause: str) -> bool:
    polite = _ASKING.match(clause) is not None and " uten å " not in f" {clause} "
    return not polite and any(pattern.search(clause) for pattern in _DECLINE)


def _elsewhere(clause: str) -> bool:
    return any(pattern.search(clause) for pattern in _OTHER)


def phrased(text: str) -> bool:
    """A known phrase asks for a person, in a clause that does not turn one down."""
    clauses = _clauses(text)
    if len(clauses) == 1 and _ALONE.match(clauses[0]):
        return True
    return any(
        not _declined(clause)
        and not _elsewhere(clause)
        and (_ALONE.match(clause) or any(pattern.search(clause) for pattern in _REQUEST))
        for clause in clauses
    )
