"""Words for days, months and numbers in Bokmål, Nynorsk, dialects and English."""

from __future__ import annotations

WEEKDAYS: list[str] = [
    r"m[aå]nd[ae]g?n?|månnda|mandg|måndg|monday",
    r"tirsd[ae]g?n?|tis+d[ae]g?n?|tysd[ae]g?n?|tirsdg|tirsd|tuesday",
    r"[ou]nsd[ae]g?n?|onsdg|wednesday",
    r"to[rs]+d[ae]g?n?|torsdg|torsd|thursday",
    r"fre+d[ae]g?n?|fredg|friday",
    r"l[øo]rd[ae]g?n?|lørd|laurd[ae]g?n?|løddan?|løyrda|lørdg|saturday",
    r"sønd[ae]g?n?|sundag?n?|søndg|sunday",
]
"""One pattern for each weekday, Monday first."""

SHORT_WEEKDAYS: dict[int, str] = {
    1: r"tirs|tues?",
    2: r"ons|weds",
    # Who is called Tor has things too, and a "søn" may be a son.
    3: r"(?:tors|thurs?)(?!\s+(?!(?:kl|kveld|morgen|form|etterm|natt|og|el|e|er|i|på|fra|til|te"
    r"|den)\b)[^\W\d])",
    4: r"fre",
    5: r"lør|laur",
    6: r"søn(?!\s+(?:min|mi|din|hans|hennes|vår|til|som|deres|sin)\b)",
}
"""Weekdays cut short, as far as they are no other word: "man", "tor", "fri" and "sat" are."""

LONE_WEEKDAYS: list[str] = [
    r"mand?|månd?|mon",
    r"tirs?|tys|tues?",
    r"ons|wedn?s?",
    r"tors?|thu(?:rs?)?",
    r"fred?|fri",
    r"lør|laur|sat",
    r"søn|sund?",
]
"""The same where nothing else is said, so that they are no other word. Monday first."""

MONTHS: list[str] = [
    r"januar|january|jan",
    r"februar|february|feb",
    r"mars|march|mar",
    r"april|apr",
    r"mai|may",
    r"juni|june|jun",
    r"juli|july|jul",
    r"august|aug",
    r"september|sept|sep",
    r"oktober|october|okt|oct",
    r"november|nov",
    r"desember|december|des|dec",
]
"""One pattern for each month, January first."""

COUNTS: dict[str, int] = {
    "en": 1, "ein": 1, "ei": 1, "et": 1, "eit": 1, "én": 1, "éi": 1, "a": 1, "one": 1, "an": 1,
    "to": 2, "tå": 2, "two": 2, "et par": 2, "eit par": 2, "par": 2, "a couple of": 2,
    "tre": 3, "three": 3, "fire": 4, "four": 4, "fem": 5, "five": 5, "seks": 6, "six": 6,
    "sju": 7, "syv": 7, "seven": 7, "åtte": 8, "eight": 8, "ni": 9, "nine": 9, "ti": 10, "ten": 10,
    "elleve": 11, "tolv": 12, "twelve": 12, "fjorten": 14, "tjue": 20, "tretti": 30,
}  # fmt: skip

AMOUNT_WORDS: dict[str, int] = {
    **{word: n for word, n in COUNTS.items() if word not in ("a", "par") and " " not in word},
    "tretten": 13, "femten": 15, "seksten": 16, "sytten": 17, "atten": 18, "nitten": 19, "tyve": 20,
    "tredve": 30, "førti": 40, "femti": 50, "seksti": 60, "sytti": 70, "åtti": 80, "nitti": 90,
    "hundre": 100, "tusen": 1000, "million": 1_000_000, "millioner": 1_000_000,
    "millionar": 1_000_000, "twenty": 20, "thirty": 30, "fifty": 50, "hundred": 100,
    "thousand": 1000,
}  # fmt: skip
"""Words of sums of money: those from a hundred on multiply what stands before them."""

ORDINALS: dict[str, int] = {
    word: day
    for day, words in {
        1: "første fyrste fyste fysste førrste førsta first", 2: "andre annen anden second",
        3: "tredje third",
        4: "fjerde fourth", 5: "femte fifth", 6: "sjette sixth", 7: "sjuende syvende sjuande",
        8: "åttende åttande", 9: "niende niande", 10: "tiende tiande", 11: "ellevte",
        12: "tolvte", 13: "trettende trettande", 14: "fjortende fjortande",
        15: "femtende femtande", 16: "sekstende sekstande", 17: "syttende syttande",
        18: "attende attande", 19: "nittende nittande", 20: "tjuende tjuande tyvende",
        21: "tjueførste tjuefyrste enogtyvende", 22: "tjueandre toogtyvende",
        23: "tjuetredje treogtyvende", 24: "tjuefjerde fireogtyvende",
        25: "tjuefemte femogtyvende", 26: "tjuesjette seksogtyvende",
        27: "tjuesjuende tjuesyvende", 28: "tjueåttende", 29: "tjueniende",
        30: "trettiende trettiande", 31: "trettiførste trettifyrste",
    }.items()
    for word in words.split()
}  # fmt: skip

SEASONS: list[tuple[str, tuple[tuple[int, int], tuple[int, int]]]] = [
    (r"somm?ar(?:en|n)?|somm?er(?:en|n)?|somm?ærn?|summer", ((6, 1), (8, 31))),
    (r"høst(?:en|n)?|haust(?:en|n)?|autumn|fall", ((9, 1), (11, 30))),
    (r"vinter(?:en|n)?|vintern|vintær(?:n)?|winter", ((12, 1), (2, 28))),
    # "I vår postkasse" is no spring.
    (r"vår(?!\s+(?!og|eller|men|så|e|er|va|var|ble|skal|kom|fikk|har|da|takk)\w)|våren|spring",
     ((3, 1), (5, 31))),
]  # fmt: skip
"""Patterns for seasons, with their first and last (month, day)."""

_BREAK = r"\s+(?:break|holidays?|vacation)"
SCHOOL_HOLIDAYS: list[tuple[str, tuple[tuple[int, int], tuple[int, int]]]] = [
    (rf"somm?[ae]rferi(?:en|a|o|å)|summer{_BREAK}", ((6, 1), (8, 31))),
    (rf"(?:høst|haust)feri(?:en|a|o|å)|(?:autumn|fall){_BREAK}", ((10, 1), (10, 14))),
    (rf"vinterferi(?:en|a|o|å)|winter{_BREAK}", ((2, 15), (3, 1))),
    (rf"j[uo]l[ea]feri(?:en|a|o|å)|j[uo]lehelg[aeå]n?|christmas{_BREAK}", ((12, 24), (12, 31))),
]
"""Patterns for holidays that need no other word, with their first and last (month, day)."""

RELATIVE_DAYS: list[tuple[str, int]] = [
    (
        r"(?:i ?)?(?:[oø]v[ei]r|ovr)\s?i?\s?m[oå]r+(?:g[aeoå]n?|n|a|å|o|j?a)|over ?imrgn|ovrmrgn"
        r"|(?P<skip>the )?day after tomorrow",
        2,
    ),
    (r"(?:i ?)?(?:forfor|f[oø]r+f[oø]r|f[oø]r+[fv]år)+r?[ei]?g[åa]rs?t?", -3),
    (
        r"(?:i ?)?f[oø]r+[ei]?g[åa]rst?|i ?f[oø]r+[ei]?g[åa]r|(?P<skip>the )?day before yesterday",
        -2,
    ),
    (
        r"i ?m[oå]r+(?:g[aeoåæ]n?|gj?[åa]|n|a|å|o|æ)|i ?mor+g|i ?mrg(?:n|en)?|tomorrow|tmrw|tmr"
        r"|tomorow|2moro|2mrw",
        1,
    ),
    (r"i ?går|i ?gåar|i ?gor|yesterday|ystdy|last night", -1),
    (
        r"i ?dag|i ?dæg|i ?da|idg|i ?kveld|i ?kvell|i ?ettermiddag|i morges|i morgest|i morres|"
        r"today|tonight|this (?:morning|afternoon|evening)",
        0,
    ),
]
"""Patterns for days told from today, with their distance in days."""
