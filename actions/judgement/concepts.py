"""What words are about: some thirty concepts, so that unseen wordings meet known ones.

A concept never decides anything; the classifier of acts learns which of them mean what together
(negativity *with a target*, saying *again*, time *spent*). Strong words are no concept.
"""

from __future__ import annotations

from functools import lru_cache

# One concept a row, long rows go on indented; a final * matches any ending.
# Spellings are those that words.py makes standard.
_STEMS = """
me: jeg meg min mitt mine i me my mine i've i'm
you: du deg ditt dine you your u
they: dere deres firma* selskap* bedrift* service* kundeservice* kundesenter* opplegg* system*
  nettsid* app appen people teneste* tjeneste* company posten
bot: bot boten botten robot* chat chatbot* chatten maskin* automat* program* pratebot* praterobot*
  machine automated dings
person: menneske* person persone* folk kundebehandl* saksbehandl* rådgiv* rådgjev* medarbeid*
  kolleg* sjef* operatør* ansatt* tilsett* human* agent* representative* advisor* colleague*
  manager people someone somebody anyone anybody noen vedkommende levende ekte puls
voice: ringe ringer ringt snakke snakker snakket snakka prate prater prata muntlig munnleg*
  telefon* tlf call talk speak phone chatte
transfer: sette over overfør* koble kople kobl* kopl* hente transfer connect through videre
not: ikke ingen ingenting intet aldri uten not don't dont doesn't isn't can't cannot won't didn't
  never nobody nothing no neither nor verken knapt
bad: dårlig* elendig* håpløs* ubrukelig* tull* tøys* latterlig* tungvint* teit* idioti* dum dumt
  dumme pinlig* katastrof* useriøs* skandal* sirkus* rot rotet kaos* vits surr* tulleri* møkk*
  suger useless hopeless ridiculous joke pathetic terrible awful poor worst nonsense crap stupid
  pointless farce mess rubbish unacceptable uakseptab* horribel* begredelig* slett svak* verst*
  vås patetisk* rævva
upset: lei oppgitt* oppgjeven* frustrert* irritert* irriter* skuffa* skuffet* sur sint* forbanna*
  forbannet provosert* fortvil* utålmodig* tålmod* tolmod* drittlei dritlei fed sick tired annoyed
  annoying frustrat* disappoint* angry patience patient upset møkklei* lut
good: bra fin fine fint flott* supert* super topp perfekt* herlig* herleg* strålende strålande
  fantastisk* imponer* nydelig* kjempe* knall* nyttig* hjelpsom* great lovely brilliant perfect
  fantastic awesome excellent wonderful helpful useful good nice digg rått konge deilig* suveren*
  genial* glimrende
thanks: takk takker takknemlig* thanks thank cheers gratulerer congratulations
intense: så veldig kjempe* helt dødsens utrolig skikkelig svært really very so ganske temmelig
  jævla jævlig fordømt rett slett virkelig jammen ass altså overhodet ever
again: igjen nytt gang ganger samme gjenta* gjentar allerede nettopp stad again same already
  repeat* twice thrice enda atter stadig fortsatt fremdeles framleis hver tredje fjerde femte
  tiende third fourth fifth once times keep keeps sist forrige rundt ring sirkel circles round
say: sagt sa sier skrev skrevet skrive forklart forklare fortalt svart svarte oppgitt gitt sendt
  står told tell said say wrote written explained explain answered gave given sent skreiv skrivd
  skreve melding mld meldingen message fortel fortell*
tried: prøvd prøvde forsøkt* tried testet testa fulgt
time: time timen timer minutt* kveld* ettermiddag* formiddag* kvarter* halvtime* tid tida uke uker
  måned* månad* dag dager døgn evighet* evigheter* hour hours minute minutes evening afternoon day
  days week weeks month* ever forever tidssløs* sløs* klokka lunsj* natt*
spent: ventet venta vente sittet brukt kast* bort holdt purret purra waited waiting spent wast*
  sitting chasing sto stått henger hengt kø* queue hold somlet somla ringte
try_to: kommer kommet vei veg videre skritt løst løse løser ordna ordnet ordner resultat framover
quit: glem forget orker gidder nytter opp ferdig slutt nok give done enough bother never-mind
  nevermind mind gått gir dropp* stopp* holder får droppe likevel selv lar
leave: bytter bytte konkurrent* flytter kunde mista avslutt* sier opp annet andre switch*
  elsewhere competitor* customer cancel leave leaving anmeld* review omtale frarå* tipse advare
  advar*
understand: skjønner forstår forstå misforst* fatter begriper understand understood get oppfatter
  skjønte
answer: svar svarer svare svart spørsmål* spørsmålet spør spurte spurt answer* question* asked
  asking reply replies lytt* hører leser lese read reading listen* hør
help: hjelp hjelper hjelpe hjalp hjulpet help* bistand
problem: problem* feil virker fungerer wrong broken mangler
thing: pakke* pakken pakka esken eske avis* avisa bil bilen brev* faktura* regning* regninga
  polise* forsikring* skade* parcel paper package invoice bill policy car box sending* budet bud
  postkasse* levering* adresse* nummer* nummeret number address date dato*
future: skal kommer blir imorgen lørdag mandag torsdag tomorrow saturday monday thursday helga
ask: kan kunne vil ønsker can could would want går mulig mulighet få får trenger need heller
  foretrekker prefer rather må la
order: gi sett send endre flytt stopp hent koble put give move change get
unsure: usikker* usikre vet aner kanskje lurer hvilken hvilket unsure sure maybe which confus*
  forvirr* mener betyr mean means finner where
where: hvor hvordan hva hvilke what where how when når
contrast: men ikke mente mener mente meant mean heller istedenfor instead rettelse altså sorry
  beklager unnskyld orsak
why: hvorfor why vits point poeng
promise: love lovet lova lover lovte promis* ordne skulle should ansvar* responsib*
"""


def _table() -> tuple[dict[str, frozenset[str]], list[tuple[str, str]]]:
    exact: dict[str, frozenset[str]] = {}
    stems: list[tuple[str, str]] = []
    for row in _STEMS.replace("\n  ", " ").strip().splitlines():
        concept, forms = row.split(":", 1)
        for form in forms.split():
            if form.endswith("*"):
                stems.append((form[:-1], concept))
            else:
                exact[form] = exact.get(form, frozenset()) | {concept}
    return exact, stems


_EXACT, _PREFIXES = _table()


@lru_cache(maxsize=8192)
def concepts(word: str) -> frozenset[str]:
    """The concepts of one word in standard spelling; often none, sometimes several."""
    found = set(_EXACT.get(word, ()))
    found.update(concept for stem, concept in _PREFIXES if word.startswith(stem))
    return frozenset(found)
