"""Words of a line, written one way whatever variety the customer writes in."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TOKEN = re.compile(r"[^\W\d_]+|\d+|[!?]+|\.{2,}|[\U0001F300-\U0001FAFF☀-➿]|<3", re.UNICODE)
_STRETCHED = re.compile(r"(.)\1{2,}")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

# Spelling only, so that every variety is judged by the same evidence. No word is scored here.
_SPELLINGS = """
jeg: eg æ je jg jei
meg: mæ mei
deg: dæ dei
seg: sæ sei
ikke: ikkje itj itte ikk ittj ittje ikje
hva: ka kva ke hå hvafor
hvor: kor kvar hår
hvorfor: koffor koffer kvifor åffer hvrfr kofor
hvordan: korleis kordan korsn korsen åssen kossen
hvem: kven kem
dere: dokker dokkar dokke dykk dåkker dykkar
dette: detta ditta dettan
det: d
er: e
var: va
noe: noke nokka nokke någe noko
noen: nån nokon noken någen nokken
være: vera vårrå ver vara vere
bare: berre bærre
til: te tel tell t
med: m
for: førr fer
også: au òg
ganger: gonger gånger ganga
gang: gong gång
alt: ælt
hele: heile heila hæle
helt: heilt hælt
samme: same samma
vil: vill
vet: veit vett
skal: ska
skulle: skull sku
kommer: kjem kjæm
kommet: kommen komme kome
sier: seie seier sir
si: sei seia
skrev: skreiv
skriver: skriv skrive
svarer: svare svarar
spør: spørr spørre spørja spørra
spurte: spurt spurde
skjønner: skjønne skjønar skjøna
hjelper: hjelpe hjælpe
hjelp: hjælp hjelpa hjelpå hjælpa hjelpen
snakke: snakk snakka
prate: prat prata
ringe: ring ringa ringja
sette: sett setta setja
over: øve
tar: tek
gir: gjev
gi: gje
opp: op
orker: orke orkar
nytter: nytte nyttar nøtte
glem: gløym gløm glæm
brukt: brugt bruka
bruker: bruke bruge brukar
kaster: kaste kastar
tida: tiden tiå
sittet: sott sotte sitti sete
uker: uka uger veker
venta: ventet vænta
vente: vent vænte vænt
bytter: bytte byter
flytter: flytte flyttar
mista: mistet mist
mer: meir
siste: sista
tre: tri
nytt: nøtt
likevel: læll likavel
menneske: mennesker
levende: levandes levande
trenger: treng trengs
nødvendig: naudsynt nødvendigt
slipper: slepp sleppe
uten: utan uden
takk: thx
her: hær
der: dær
pakken: pakka
avisa: avisen aviså
adressen: adressa adresså
regninga: regningen rekninga rekningå
pengene: pengane
mente: meinte
mener: meiner meine
misforstått: mistydd
prøvd: prøvde
prøver: prøve
ordentlig: skikkelig skikkeleg ordentleg
vanskelig: vanskeleg vanskeli
tydelig: tydeleg tydeligt
håpløst: håplaust
ubrukelig: ubrugelige ubrukeleg
fornøyd: nøgd nøgde fornøgd fornøyde
dårlig: dårleg
selv: sjøl sjølv
kunne: kunn
eller: elle
veldig: særs svært
rett: rætt
finne: finn finna
gjøre: gjør gjørr gjera
hente: hent henta
henter: hentar
imorgen: imrg mårrå mårra morra morgå morgon morgen
heller: hellere
velge: vælg vælge velja vella velgje
"""


def _table() -> dict[str, str]:
    table: dict[str, str] = {}
    for row in _SPELLINGS.strip().splitlines():
        standard, forms = row.split(":")
        for form in forms.split():
            table.setdefault(form, standard.strip())
    return table


_STANDARD = _table()


def plain(text: str) -> str:
    """The text as it is seen: one Unicode form, nothing invisible, one kind of blank."""
    shown = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return " ".join(shown.split())


@lru_cache(maxsize=4096)
def spelled(text: str) -> tuple[str, ...]:
    """Standard spellings in order, small letters, numbers as they are; a run of signs is a word."""
    found = []
    for word in _TOKEN.findall(plain(text).lower()):
        if word[0] in "!?.":
            found.append(word[:2])
        elif word.isdigit():
            found.append(word)
        else:
            short = _STRETCHED.sub(r"\1", word)
            found.append(_STANDARD.get(short, short))
    return tuple(found)


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """As ``spelled``, but numbers are ``#`` (1 to 3 digits) or ``##``: which one says nothing."""
    return tuple(
        token if not token.isdigit() else "#" if len(token) <= 3 else "##"
        for token in spelled(text)
    )
