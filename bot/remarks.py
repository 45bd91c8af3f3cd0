"""What a line means after the errand before it, and lines that want nothing done at all.

"Jeg betalte den for to uker siden!" after an invoice is about that invoice, and no refund; "ka tid
e fristen" then asks when it is due. "Mvh Turid" ends what was said, and asks for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.clauses import Clauses

BILLS = frozenset({"invoice_question", "change_payment", "refund"})
PARCELS = frozenset(
    "track_parcel parcel_not_received change_delivery pickup_point return_parcel".split()
)
PAPERS = frozenset({"newspaper_missing"})
SKILL_OF: Mapping[str, str] = {
    "parcel": "parcel",
    "newspaper": "newspaper",
    "policy": "insurance",
    "car": "insurance",
}
"""The skill that a matter of `bot.clauses` belongs to; other matters belong to several."""
_MATTERS = (
    (BILLS, frozenset({"invoice", "refund"})),
    (PARCELS, frozenset({"parcel"})),
    (PAPERS, frozenset({"newspaper"})),
)
SMALL_TALK = frozenset("greet goodbye thank praise affirm deny help contact_info".split())
UNSURE = 0.5
LONGEST = 12

_SIGNED = re.compile(
    r"\W*(?:(?:med )?(?:vennlig|venleg|vennleg|beste|bestå|hjertelig|kjærlig|kjærleg)"
    r" (?:hilsen|helsing|helsning)|m\.?v\.?h|v\.?h|hilsen|helsing|hels|klem|(?:best|kind|warm)"
    r" regards|regards|sincerely|yours(?: sincerely| truly)?|cheers)(?!\w)[\s,.!:–-]*"
    r"(?:(?:fra|frå|from) )?(?!(?:en|ei|ein|et|eit|a|an|sur|sint|lei|oppgitt|kunde\w*|misfornøy\w*"
    r"|angry|customer)\b)[^\W\d_]*(?:[ .-]+(?!(?:kunde\w*|customer)\b)[^\W\d_]+){0,2}\W*",
    re.IGNORECASE,
)
_PAID = re.compile(
    r"(?<!\w)(?:bet[aæe]lt[ei]?|betalet|paid)(?!\w)",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"(?<!\w)(?:tilbake|tebake|igjen|attende|refun\w*|(?:to|2|tre|3) (?:ganger|gonger|gång\w*)"
    r"|dobbelt|dobbel|for (?:mye|mykje|my|møkje)|back|twice|double|too much)(?!\w)",
    re.IGNORECASE,
)
_DUE = re.compile(
    r"(?<!\w)(?:(?:betalings)?frist\w*|forfall\w*|forfell|due|deadline"
    r"|(?:når|ka ?tid|kva ?tid|koti|åti|when)\b.{0,20}\b(?:betal[ae]?|betales|betalast|pay"
    r"|hent[ae]?|hentes|pick))(?!\w)",
    re.IGNORECASE,
)
_MOVE = re.compile(
    r"(?<!\w)(?:utse\w+|utsa\w+|flytt\w*|forleng\w*|lengre|lenger|lengst|senere|seinere|seinare"
    r"|postpone|extend|later|delay)",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"(?<!\w)(?:hvorfor|hvofor|kvifor|koffor|kofor|koffer|åffer|håffer|why|how come)(?!\w)",
    re.IGNORECASE,
)
_LATE = re.compile(
    r"(?<!\w)(?:forsink\w*|forseink\w*|sein\w*|sen|sent|treg\w*|tar (?:det )?så lang|late|delay\w*"
    r"|taking so long|stå(?:r|tt)? (?:\w+ )?(?:still\w*|fast)|ikke kommet|ikkje kome)(?!\w)",
    re.IGNORECASE,
)
_COMES = re.compile(
    r"(?<!\w)(?:når|ka ?tid|kva ?tid|koti|when)\b.{0,12}\b(?:kommer|kjem|kjæm|komme|får|fær|will"
    r"|is)(?!\w)",
    re.IGNORECASE,
)
_OTHER_INVOICE = re.compile(
    r"\W*(?:(?:og|å|men|så|enn|hva med|ka med|kva med|what about|and|how about|eller|den andre"
    r"|faktura|nummer|nr|er|e|the other)\W+)*(\d(?: ?\d){6})(?:\W+(?:da|då|then))?\W*",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"\W*(?:(?:ok|okei|okey|okay|oki|greit|greitt|jaja|ja|jo|tusen takk|takk skal du ha|takk|fint"
    r"|flott|supert|super|bra|perfekt|den er grei|skjønner|thanks|thank you|thx|great|fine|alright"
    r"|all right|cool)(?!\w)[\s,.!–-]*)+(?:(?:men|og|å|but|and|så)(?!\w)\W*)?",
    re.IGNORECASE,
)
_WRONG_ADDRESS = re.compile(
    r"\W*(?:(?:hei|det|dette|d|her|dere|de|dokker|dåkker|you|har|have|er|e|står|på|the|it's|oppgitt"
    r"|skrev|skrevet|jeg|eg|æ|i)\W+)*(?:feil adress\w*|wrong address|adressen (?:min )?er feil"
    r"|adressa (?:mi )?(?:er|e) feil)(?: (?:på meg|på mæ|for me|da|her))?\W*",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"(?:når|ka|kva|hva|hvor|kor|kvar|korleis|hvordan|åssen|kossen|hvem|kem|kven|kan|får|kommer|er|e"
    r"|har|hvorfor|kvifor|koffor|when|what|where|how|why|who|can|is|will|do|does)(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Remark:
    """What a line is taken for: an intent, by which rule, and an invoice number that it names.

    ``about`` is what is asked or told of the errand: ``paid``, ``due``, ``late`` or ``next``.
    """

    intent: str
    settled: str = "follow_up"
    about: str | None = None
    invoice_number: str | None = None


class Remarks:
    """Reads lines against the last errand; the words of matters are read once."""

    def __init__(self) -> None:
        self._clauses = Clauses()

    def find(
        self, parsed: Mapping[str, Any], last: str, skills: Collection[str], done: bool = False
    ) -> Remark | None:
        """What the line is taken for outside a form. ``last`` is the last errand, or empty.

        ``done``: it has been done, so that what happens next can be told. A request for a person
        stays one, and so does another errand that is clearly read.
        """
        text = str(parsed.get("text") or "").strip()
        intent, confidence = _reading(parsed)
        if signed(text):
            return Remark("thank", "signed")
        if intent == "ask_human":
            return None
        if (intent in SMALL_TALK or confidence < UNSURE) and self._foreign(text, skills):
            return Remark("out_of_scope", "foreign")
        if len(text.split()) > LONGEST or self._elsewhere(text, last):
            return None
        return _after_bill(text) if last in BILLS else _after(text, last, done)

    def _elsewhere(self, text: str, last: str) -> bool:
        """The line names a matter, and not the last errand's."""
        named = self._clauses.matters(text)
        own = next((matters for errands, matters in _MATTERS if last in errands), named)
        return bool(named) and not named & own

    def _foreign(self, text: str, skills: Collection[str]) -> bool:
        """Every matter the line names belongs to another company."""
        named = {SKILL_OF.get(matter, "") for matter in self._clauses.matters(text)}
        return bool(skills and named) and not named & {"", *skills}


def signed(text: str) -> bool:
    """The line is a signature and no more: "mvh Turid", "hilsen Per"."""
    return _SIGNED.fullmatch(text) is not None


def wrong_address(text: str, last: str, skills: Collection[str]) -> list[str]:
    """The errands by which "feil adresse" may be put right, the last one's matter alone if any."""
    if not _WRONG_ADDRESS.fullmatch(text.strip()):
        return []
    if last in PARCELS and "parcel" in skills:
        return ["change_delivery"]
    kinds = (("parcel", "change_delivery"), ("newspaper", "change_address"))
    return [intent for skill, intent in kinds if skill in skills]


def beyond_thanks(text: str) -> int:
    """Where the question begins in "ok takk. men når kommer den?"; 0 where there is none."""
    polite = _POLITE.match(text)
    rest = text[polite.end() :] if polite else ""
    asks = "?" in rest or _ASKING.match(rest) is not None
    return polite.end() if polite and asks and len(rest.split()) >= 2 else 0


def _reading(parsed: Mapping[str, Any]) -> tuple[str, float]:
    ranking: Sequence[Mapping[str, Any]] = parsed.get("intent_ranking") or []
    best = next((row for row in ranking if row.get("name") != "nlu_fallback"), {})
    return str(best.get("name") or ""), float(best.get("confidence") or 0.0)


def _after_bill(text: str) -> Remark | None:
    other = _OTHER_INVOICE.fullmatch(text)
    if other:
        return Remark("invoice_question", invoice_number=other.group(1).replace(" ", ""))
    if _PAID.search(text) and not _BACK.search(text):
        return Remark("invoice_question", about="paid")
    if _DUE.search(text) and not _MOVE.search(text):
        return Remark("invoice_question", about="due")
    return None


def _after(text: str, last: str, done: bool) -> Remark | None:
    if last in PARCELS and _WHY.search(text) and _LATE.search(text):
        return Remark("track_parcel", about="late")
    if last in PARCELS and _DUE.search(text) and not _MOVE.search(text):
        return Remark("track_parcel", about="due")
    if last in PAPERS and _COMES.search(text):
        return Remark("help", about="next") if done else Remark("newspaper_delivery_time")
    return None


__all__ = ["Remark", "Remarks", "beyond_thanks", "signed", "wrong_address"]
