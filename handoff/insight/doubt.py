"""Which of a conversation's lines a designer should see: unsure, or just before a person came."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from handoff.core.message import Author, Kind, Stored
from handoff.disguise import Found

UNSURE = 0.5
"""Below this confidence the bot's guess was as likely wrong as right."""

BEFORE = 2
"""How many of the customer's lines just before a handover are worth reading."""

# How far back the words that a reason quotes are looked for.
_REMEMBERED = 40
_FALLBACK = "nlu_fallback"
# Turned away surely or not, it is what the bot does not know.
_OUTSIDE = "out_of_scope"


@dataclass(slots=True)
class Heard:
    """A line that a customer typed and what the bot made of it, so far as it did.

    `unsure` says how the bot did not know (`low confidence`, `fallback`, `clarified`, `out of
    scope`), `handed` for which reasons the conversation went to a person thereafter.
    """

    text: str
    intent: str | None = None
    confidence: float | None = None
    found: tuple[Found, ...] = ()
    unsure: list[str] = field(default_factory=list)
    handed: list[str] = field(default_factory=list)


def doubtful(lines: Iterable[Stored], *, uncertain: bool, handed_over: bool) -> Iterator[Heard]:
    """The lines wanted of one conversation, whose staff stream `lines` is, in its order.

    Holds a bounded part of the conversation at a time.
    """
    recent: OrderedDict[int, Heard] = OrderedDict()
    by_turn: dict[str | None, int] = {}

    def wanted(one: Heard) -> bool:
        return bool((uncertain and one.unsure) or (handed_over and one.handed))

    for line in lines:
        message = line.message
        if message.author is Author.CUSTOMER and message.kind is Kind.TEXT:
            if "payload" not in message.body:  # a pressed button's words are our own
                recent[line.staff_seq] = Heard(str(message.body.get("text", "")))
                by_turn[message.turn_id] = line.staff_seq
            if len(recent) > _REMEMBERED:
                seq, oldest = recent.popitem(last=False)
                by_turn = {turn: at for turn, at in by_turn.items() if at != seq}
                if wanted(oldest):
                    yield oldest
        elif message.kind is Kind.UNDERSTANDING:
            heard = recent.get(by_turn.get(message.turn_id, 0))
            if heard is not None:
                _understood(heard, message.body)
        elif message.kind is Kind.CARD:
            _handed(list(recent.values()), message.body)
    yield from filter(wanted, recent.values())


def _understood(heard: Heard, body: Mapping[str, object]) -> None:
    nlu = _mapping(body.get("nlu"))
    intent, confidence = nlu.get("intent"), nlu.get("confidence")
    ranking = nlu.get("ranking")
    best = _mapping(ranking[0]).get("name") if isinstance(ranking, list) and ranking else None
    guess = best if intent in (None, _FALLBACK) else intent
    heard.intent = guess if isinstance(guess, str) else None
    heard.confidence = float(confidence) if isinstance(confidence, (int, float)) else None
    heard.found = tuple(_entities(nlu.get("entities")))
    asked = _mapping(body.get("assessment")).get("decision") == "clarify"
    heard.unsure = [
        how
        for how, so in (
            ("fallback", intent in (None, _FALLBACK)),
            ("low confidence", heard.confidence is not None and heard.confidence < UNSURE),
            ("clarified", asked or len(_list(nlu.get("plausible"))) > 1),
            ("out of scope", intent == _OUTSIDE),
        )
        if so
    ]


def _handed(recent: list[Heard], card: Mapping[str, object]) -> None:
    reason = str(card.get("reason") or "unknown")
    quotes = tuple(
        quote
        for one in _list(card.get("reasons"))
        for said in _list(_mapping(one).get("quotes"))
        if isinstance(said, str) and (quote := _alike(said.rstrip("….")))
    )
    for number, heard in enumerate(recent):
        near = number >= len(recent) - BEFORE
        quoted = bool(quotes) and _alike(heard.text).startswith(quotes)
        if (near or quoted) and reason not in heard.handed:
            heard.handed.append(reason)


def _entities(told: object) -> Iterator[Found]:
    for one in map(_mapping, _list(told)):
        entity, start, end = one.get("entity"), one.get("start"), one.get("end")
        if isinstance(entity, str) and isinstance(start, int) and isinstance(end, int):
            yield Found(entity, start, end)


def _alike(text: str) -> str:
    return " ".join(text.casefold().split())


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, (list, tuple)) else []
