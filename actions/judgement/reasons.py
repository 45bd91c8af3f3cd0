"""Why, in plain sentences: what was observed, with the customer's own lines. Never a diagnosis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .acts import DISSATISFIED
from .features import acts_in, same_answer_run
from .history import Turn
from .rules import Trigger

MOST = 3
LONGEST_QUOTE = 140
LEAST_SHARE = 0.25
"""Log-odds that a feature must add before it is given as a reason."""
LIKELY = 0.5
"""Value from which a feature whose sentence claims that something is so may be given."""

# code: (Bokmål, English); {0} is the first quote, {1} the second.
_SENTENCES: dict[str, tuple[str, str]] = {
    "asked_human": (
        "Kunden ba om et menneske: «{0}»",
        "The customer asked for a person: “{0}”",
    ),
    "chose_person": (
        "Kunden trykket på knappen for å snakke med et menneske.",
        "The customer pressed the button to talk to a person.",
    ),
    "accepted_offer": (
        "Kunden sa ja til å snakke med et menneske: «{0}»",
        "The customer said yes to talking to a person: “{0}”",
    ),
    "policy": (
        "Dette temaet skal alltid til et menneske ({topic}): «{0}»",
        "This topic always goes to a person ({topic}): “{0}”",
    ),
    "andon": (
        "Temaet er stoppet for boten akkurat nå ({topic}): «{0}»",
        "The topic is stopped for the bot right now ({topic}): “{0}”",
    ),
    "bereavement": (
        "Kunden forteller om et dødsfall: «{0}»",
        "The customer tells of a death: “{0}”",
    ),
    "injury": (
        "Kunden forteller at noen er skadet: «{0}»",
        "The customer tells that someone is injured: “{0}”",
    ),
    "legal_threat": (
        "Kunden nevner advokat, klageorgan eller rettssak: «{0}»",
        "The customer mentions a lawyer, a complaints body or court: “{0}”",
    ),
    "press_threat": (
        "Kunden sier at saken går til pressen: «{0}»",
        "The customer says the case goes to the press: “{0}”",
    ),
    "danger": (
        "Det kan stå om liv eller helse nå: «{0}»",
        "Life or health may be in danger now: “{0}”",
    ),
    "two_failures": (
        "Boten forstod ikke to ganger på rad: «{0}», «{1}»",
        "The bot did not understand twice in a row: “{0}”, “{1}”",
    ),
    "stuck": (
        "Kunden har ikke det boten spør om, eller skjønner ikke spørsmålet: «{0}»",
        "The customer lacks what the bot asks for, or does not follow the question: “{0}”",
    ),
    "same_answer": (
        "Boten ville gitt samme svar igjen («{0}») da kunden skrev: «{1}»",
        "The bot would have given the same answer again (“{0}”) when the customer wrote: “{1}”",
    ),
    "client_system": (
        "Oppslag i kundens systemer har feilet minst to ganger.",
        "Look-ups in the client's systems have failed at least twice.",
    ),
    "no_progress": (
        "Saken har ikke kommet videre på flere meldinger, sist: «{0}»",
        "The case has not moved for several messages, last: “{0}”",
    ),
    "dissatisfied": (
        "Kunden skriver at hjelpen ikke er god nok: «{0}»",
        "The customer writes that the help is not good enough: “{0}”",
    ),
    "process_complaint": (
        "Kunden klager på samtalen eller behandlingen: «{0}»",
        "The customer complains about the conversation or the treatment: “{0}”",
    ),
    "said_before": (
        "Kunden skriver at hen har sagt det samme før: «{0}»",
        "The customer writes that they have said this before: “{0}”",
    ),
    "time_lost": (
        "Kunden skriver at dette har tatt for lang tid: «{0}»",
        "The customer writes that this has taken too long: “{0}”",
    ),
    "giving_up": (
        "Kunden er i ferd med å gi opp: «{0}»",
        "The customer is about to give up: “{0}”",
    ),
    "threat_to_leave": (
        "Kunden sier at hen vil bort fra selskapet: «{0}»",
        "The customer says they will leave the company: “{0}”",
    ),
    "sarcastic_thanks": (
        "Kunden takker på en måte som neppe er ment som takk: «{0}»",
        "The customer gives thanks that are hardly meant as thanks: “{0}”",
    ),
    "dissatisfied_before": (
        "Kunden var misfornøyd også like før: «{0}»",
        "The customer was dissatisfied just before too: “{0}”",
    ),
    "correction": (
        "Kunden retter boten: «{0}»",
        "The customer corrects the bot: “{0}”",
    ),
    "corrections_before": (
        "Kunden har alt rettet boten i denne samtalen.",
        "The customer has already corrected the bot in this conversation.",
    ),
    "rephrase": (
        "Kunden sier det samme på nytt: «{0}»",
        "The customer says the same again: “{0}”",
    ),
    "user_user_average": (
        "Kundens siste meldinger ligner på hverandre.",
        "The customer's last messages are alike.",
    ),
    "bot_repeat": (
        "Boten ga samme svar {times} ganger: «{0}»",
        "The bot gave the same answer {times} times: “{0}”",
    ),
    "bot_bot_average": (
        "Botens siste svar ligner på hverandre: «{0}»",
        "The bot's last answers are alike: “{0}”",
    ),
    "fallbacks_before": (
        "Boten forstod ikke den forrige meldingen: «{0}»",
        "The bot did not understand the message before: “{0}”",
    ),
    "fallback_share": (
        "Boten har forstått lite i denne samtalen.",
        "The bot has understood little in this conversation.",
    ),
    "failed_actions": (
        "Et oppslag i systemene feilet.",
        "A look-up in the systems failed.",
    ),
    "stalled": (
        "De siste meldingene har ikke brakt saken videre.",
        "The last messages have not moved the case on.",
    ),
    "caps_shift": (
        "Kunden gikk over til store bokstaver: «{0}»",
        "The customer switched to capitals: “{0}”",
    ),
    "signs_shift": (
        "Kunden bruker flere utropstegn enn før: «{0}»",
        "The customer uses more exclamation marks than before: “{0}”",
    ),
    "asking_runs": (
        "Kunden setter flere spørsmålstegn på rad: «{0}»",
        "The customer puts several question marks in a row: “{0}”",
    ),
    "length_drop": (
        "Kunden svarer mye kortere enn før: «{0}»",
        "The customer answers much more briefly than before: “{0}”",
    ),
    "thanks_after_failure": (
        "Takk rett etter at boten ikke hjalp: «{0}»",
        "Thanks right after the bot did not help: “{0}”",
    ),
    "turn_count": (
        "Samtalen har vart noen meldinger.",
        "The conversation has lasted some messages.",
    ),
    "misunderstood": (
        "Boten forstod ikke meldingen: «{0}»",
        "The bot did not understand the message: “{0}”",
    ),
    "doubt": (
        "Boten er usikker på hva kunden mener: «{0}»",
        "The bot is unsure what the customer means: “{0}”",
    ),
    "doubt_rise": (
        "Boten er mer usikker enn på de forrige meldingene: «{0}»",
        "The bot is less sure than of the messages before: “{0}”",
    ),
    "narrow_margin": (
        "To tolkninger er nesten like sannsynlige: «{0}»",
        "Two readings are almost equally likely: “{0}”",
    ),
    "choices": (
        "Meldingen kan bety flere ting: «{0}»",
        "The message may mean several things: “{0}”",
    ),
    "unsure": (
        "Kunden skriver at hen er usikker: «{0}»",
        "The customer writes that they are unsure: “{0}”",
    ),
    "asking": (
        "Kunden spør tilbake: «{0}»",
        "The customer asks back: “{0}”",
    ),
    "hesitation": (
        "Kunden nøler: «{0}»",
        "The customer hesitates: “{0}”",
    ),
}

CODES = frozenset(_SENTENCES)

_ABOUT_ANSWER = frozenset({"bot_repeat", "bot_bot_average"})
_BACKGROUND = frozenset({"turn_count"})
_LIKENESS = frozenset({"rephrase", "user_user_average", "bot_repeat", "bot_bot_average"})
_CLAIMS = DISSATISFIED | _LIKENESS | {"dissatisfied", "dissatisfied_before", "correction", "unsure"}


@dataclass(frozen=True)
class Reason:
    code: str
    nb: str
    en: str
    quotes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "nb": self.nb, "en": self.en, "quotes": list(self.quotes)}


def sentence(code: str, quotes: Sequence[str] = (), **values: Any) -> Reason:
    """The reason ``code`` with its quotes put in, each shortened to 140 characters."""
    quoted = _SENTENCES[code][0].count("«")
    shown = [_short(quote) for quote in quotes[:quoted]]
    padded = shown + ["…"] * 2
    nb, en = (text.format(*padded, **values) for text in _SENTENCES[code])
    return Reason(code, nb, en, tuple(shown))


def of_trigger(trigger: Trigger) -> Reason:
    return sentence(trigger.code, trigger.quotes, topic=trigger.topic or "")


def of_contributions(
    shares: Sequence[tuple[str, float]], turns: Sequence[Turn], found: Mapping[str, float]
) -> list[Reason]:
    """Sentences for the strongest shares. What one line does is one reason, the clearest act."""
    reasons: list[Reason] = []
    spoken = False
    for code, share in shares:
        if share < LEAST_SHARE or code in _BACKGROUND:
            continue
        if code in _CLAIMS and found[code] < LIKELY:
            continue
        if code in DISSATISFIED or code == "dissatisfied":
            if spoken:
                continue
            spoken = True
            code = _clearest(found)
        reasons.append(_of_feature(code, turns))
    return reasons


def _clearest(found: Mapping[str, float]) -> str:
    best = max(sorted(DISSATISFIED), key=lambda act: found[act])
    return best if found[best] >= LIKELY else "dissatisfied"


def _of_feature(code: str, turns: Sequence[Turn]) -> Reason:
    past = turns[:-1]
    if code in _ABOUT_ANSWER:
        answer = next((turn.answer for turn in reversed(past) if turn.answer), "")
        times = same_answer_run(past)
        # Alike is not the same: only a count of the very answer may be told as one.
        said = code if times >= 2 else "bot_bot_average"
        return sentence(said, (answer,), times=times)
    if code == "fallbacks_before":
        return sentence(code, tuple(turn.said for turn in reversed(past) if turn.said)[:1])
    if code == "dissatisfied_before":
        clearest = max(past[-2:], key=lambda turn: acts_in(turn)["dissatisfied"])
        return sentence(code, (clearest.said,))
    return sentence(code, (turns[-1].said,))


def _short(quote: str) -> str:
    quote = " ".join(quote.split())
    return quote if len(quote) <= LONGEST_QUOTE else quote[: LONGEST_QUOTE - 1] + "…"
