"""How customers of six varieties say the same story."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Voice:
    """One customer's words; ``{day}`` is a day that has a newspaper."""

    variety: str
    parcel: str
    newspaper: str
    nonsense: str
    cross: str
    crosser: str
    thanks: str
    again: str
    person: str


VOICES = (
    Voice(
        "bergen",
        parcel="hei du, ka tid e pakken min her?",
        newspaper="og så kom ikkje avisen {day} heller",
        nonsense="snipp snapp snute blåbær 17 på taket",
        cross="nei det va ikkje det eg spurte om. du skjønner jo ingenting",
        crosser="no gir eg opp, dette e bare tull. eg har sagt det tre ganger!!",
        thanks="Så bra, takk!",
        again="kor e pakken min no?",
        person="kan eg få snakke med et menneske",
    ),
    Voice(
        "stavanger",
        parcel="heisann, kor e pakkjen min henne? eg har ikkje sett någe te an",
        newspaper="å så fekk eg ikkje aviså {day}",
        nonsense="brusboks i hånnå løve 44 jaså",
        cross="nei, detta va ikkje det eg spurde om, du forstår jo ingenting",
        crosser="nå gidde eg ikkje meir, eg har sagt det tri gonger!! komplett ubrugelig",
        thanks="Takk ska du ha!",
        again="kor e pakkjen nå då?",
        person="kan eg få snakka med et menneske",
    ),
    Voice(
        "troendersk",
        parcel="hei, korsn går det me pakka mi? kor e a henn?",
        newspaper="å så kom itj avisa {day} hell",
        nonsense="hæsjgaffel månestein 12 oppi lia",
        cross="nei, det va itj det æ spurt om. du skjønne jo ingenting",
        crosser="no gir æ opp, æ ha sagt det tre gang!! hælvetes ubrukelig",
        thanks="Så bra, takk ska du ha!",
        again="kor e pakka mi no?",
        person="kan æ få snakk me et menneske",
    ),
    Voice(
        "nordnorsk",
        parcel="hei, kor hen e pakken min? æ har venta lenge no",
        newspaper="og så har æ ikkje fått avisa {day}",
        nonsense="torskhau på månen 83 kaffelars",
        cross="nei det va ikkje det æ spurte om, du skjønne jo ingenting",
        crosser="no gir æ faen, æ har sagt det tre gang!! heilt ubrukelig",
        thanks="Takk, det va fint!",
        again="kor e pakken min no?",
        person="kan æ få snakke med et menneske",
    ),
    Voice(
        "innlandet",
        parcel="hei, hen er pakka mi blitt ta? je har itte sett no tel a",
        newspaper="og så har je itte fått avisa {day} heller",
        nonsense="tyttebærgraut på låvan 29 fjøs",
        cross="nei, det var itte det je spurte om. du skjønner jo ingenting",
        crosser="nå gir je opp, je har sagt det tre ganger!! hælt ubrukelig",
        thanks="Så bra, takk ska døkk ha!",
        again="hen er pakka mi nå?",
        person="kan je få snakke med et menneske",
    ),
    Voice(
        "nynorsk",
        parcel="Hei! Kvar er pakken min? Eg har ikkje høyrt noko på ei veke.",
        newspaper="Og så har eg ikkje fått avisa {day} heller",
        nonsense="gulrotkrus bak regnbogen 61 hurra",
        cross="Nei, det var ikkje det eg spurde om. Du skjønar jo ingenting",
        crosser="No gjev eg opp, eg har sagt det tre gonger!! Heilt ubrukeleg",
        thanks="Så fint, takk skal de ha!",
        again="Kvar er pakken min no?",
        person="Kan eg få snakke med eit menneske",
    ),
)
