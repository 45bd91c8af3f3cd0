"""What a customer may say in the middle of a form that is no answer to its question."""

from __future__ import annotations

import re
from collections.abc import Mapping

from actions.errand import Field, Run
from actions.facts import Number, YesNo
from actions.judgement.hiccups import lacks_answer, puzzled
from actions.judgement.leaving import lets_go
from actions.turn import Turn

# Said in the middle of a form these are answered by their own rule, and the form asks again.
ASIDES = frozenset(
    "greet thank bot_challenge ask_human complain praise help opening_hours contact_info".split()
)
SURE = 0.5  # an aside or another errand is believed from here
SURE_IN_PROSE = 0.8  # ... where the customer was asked to write freely


def says_yes(turn: Turn) -> bool:
    """A yes that was understood; what is nearest to nonsense is none."""
    return turn.intent == "affirm" and turn.confidence >= SURE


WHERE = re.compile(
    r"(?<!\w)(?:(?:hvor|kor|kvar|ka|hva|where|how)\b.{0,20}(?:finn|står|ser|get|find)"
    r"|(?:hvilke\w*|ka|kva|hva|what|which)(?: for)?(?: eit| et)? (?:\w+)?(?:nummer|nr|number))",
    re.IGNORECASE,
)
PRICE = re.compile(
    r"(?<!\w)(?:(?:hva|ka|kva|what|how much|hvor mye|kor my\w*|kor møkje)(?:'?s| is)?.{0,14}"
    r"(?<!\w)(?:koste\w*|kosta\w*|pris\w*|gebyr\w*|cost\w*|charge|fee|price)"
    r"|(?:er|e|is) (?:det|d|it|this) (?:gratis|free)"
    r"|(?:koster|kosta|kostar|koste) (?:det|d) (?:noe|noko|nokke|nåkka|någe|ekstra))",
    re.IGNORECASE,
)
_WELL = re.compile(
    r"(?<!\w)(?:bra|fint|greit|alle|ingen|uskadd\w*|uskadet|god behold|skad\w*|ok|okei|okay|fine"
    r"|well|good|everyone"
    r"|everybody|nobody|all right|alright|hurt|unhurt|heldigvis|luckily)(?!\w)",
    re.IGNORECASE,
)
PARTS: Mapping[str, str] = {
    "address": r"adress|street|gate|gata|veg|vei",
    "postcode": r"post(?:nummer|nr|code)",
    "date": r"dato|dag|date|day|når|when|tid",
    "pause": r"dato|dag|date|day|når|when|period|fra|frå|til",
    "number": r"nummer|number|\bnr\b",
    "description": r"beskriv|forklar|tekst|text|descri|hva som|kva som|what happen",
}


def wants_out(turn: Turn) -> bool:
    return not turn.is_payload and lets_go(turn.said)


_EVERYTHING = re.compile(
    r"(?<!\w)(?:alt|alt sammen|begge|begge deler|båe|både|all|both|everything)(?!\w)", re.IGNORECASE
)


def wants_all_out(turn: Turn) -> bool:
    """ "Glem alt sammen": the errand that waits is dropped as well."""
    return wants_out(turn) and bool(_EVERYTHING.search(turn.said))


def of_number(turn: Turn) -> bool:
    """A word about the number that is asked for, without the number."""
    mentions = re.search(r"nummer|number|(?<!\w)nr(?!\w)", turn.text, re.IGNORECASE)
    return bool(mentions) and not re.search(r"\d{3}", turn.text) and turn.intent != "ask_human"


def asks_where(turn: Turn) -> bool:
    """Asks which number is meant or where it stands, and gives none."""
    return bool(WHERE.search(turn.text)) and not re.search(r"\d{3}", turn.text)


_SEEN = re.compile(
    r"(?<!\w)(?:(?:nummer\w*|nr|number)\b.{0,20}(?<!\w)(?:her|på|i|here|on|in)"
    r"|står|stend|stod|fant|fann|found|says)(?!\w)",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"(?<!\w)(?:heller|i stedet|isteden\w*|i staden|istaden\w*|instead)(?!\w)", re.I
)


def tells_where_it_stands(turn: Turn) -> bool:
    """ "Nummeret her på fakturaen er 482913": the paper it was read from is no new errand."""
    return bool(_SEEN.search(turn.text)) and not _INSTEAD.search(turn.text)


def has_no_answer(turn: Turn, field: Field | None) -> bool:
    """The number that ``field`` asks for is not at hand, or the question was not followed."""
    if turn.is_payload or field is None or turn.entities:
        return False
    lacks = isinstance(field.kind, Number) and lacks_answer(turn.text)
    return lacks or (puzzled(turn.text) and not asks_where(turn))


def parts_named(turn: Turn, slots: list[str]) -> list[str]:
    """Those of ``slots`` whose part of the summary the message names ("adressen")."""
    text = "" if turn.is_payload else turn.text.lower()
    return [
        slot
        for slot in slots
        for part, words in PARTS.items()
        if part in slot and re.search(words, text)
    ]


NO_THANKS = re.compile(r"\W*(?:nei|næi|næ|neida|no|nope)[ ,]*(?:takk|thanks|thank you)\W*", re.I)


def asks_price(turn: Turn) -> bool:
    return not turn.is_payload and bool(PRICE.search(turn.text))


def after_accident(run: Run) -> bool:
    """The answer to "gikk det bra med alle?": acknowledged, or a person and 113 when it is no.

    Anything longer is the story itself, and left to the form.
    """
    turn = run.turn
    if "utter_all_well" not in turn.last_said() or turn.is_payload:
        return False
    story, long = run.get("claim_description"), len(re.findall(r"\w+", turn.text)) > 5
    if long and not story:
        return False
    fine = bool(_WELL.search(turn.text))
    no = YesNo().read(turn, True) is False
    if no and not re.search(r"(?<!\w)(?:ingen|nobody|no one|uskad)", turn.text, re.IGNORECASE):
        run.say("utter_call_113")
        run.end("human")
    elif fine or says_yes(turn):
        run.say("utter_good_to_hear")
        if long:
            run.set("claim_description", f"{str(story).rstrip('. ')}. {turn.text}"[:500])
    else:
        return False
    return True
