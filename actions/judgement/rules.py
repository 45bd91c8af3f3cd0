"""Hard rules: what hands over, or offers a person, without any score.

Each rule looks at the whole history and answers with a trigger or nothing. The bot is about to
answer the newest turn; rules about repeated answers therefore foresee the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .features import (
    REPHRASED,
    SOCIAL,
    STALLED,
    Acts,
    acts_in,
    answers,
    fallback_run,
    is_value,
    same_answer_run,
    turns_since_progress,
    unhappy,
)
from .hearing import ASKS_NOT, ASKS_SURELY, asks_for_person, vulnerable_topic
from .hiccups import NUMBERS, hiccup, hiccups_in_a_row, lacks_answer
from .history import History, Turn
from .roadside import is_only_a_crash
from .similarity import similarity
from .topics import DANGER
from .words import words

ASK_CONFIDENCE = 0.50
"""Confidence from which the intent ``ask_human`` is believed."""
POLICY_CONFIDENCE = 0.50
"""Confidence from which the first mention of a policy intent hands over."""
POLICY_LATER = 0.70
"""The same after the first line, which mostly goes on about what was said before."""

NEAR_ASKING = frozenset({"bot_challenge", "contact_info", "opening_hours", "greet"})
NEAR_CONFIDENCE = 0.85
"""Intents that use the same words (*is anyone there?*), and when they are believed instead."""

_NAMES_A_NUMBER = frozenset(
    "abonnement abonnementet abonnementsnummer abonnementsnummeret abonnementsnr abo avtale "
    "avtalen avtalenummer avtalenummeret avtalenr polise polisen polisenummer polisenummeret "
    "kundenummer kundenummeret nummer nummeret nr sak saken saksnummer forsikring er mitt min "
    "det jeg har og subscription policy number no is my the its it hei ja".split()
)

HANDOFF, OFFER = "handoff", "offer"
SHORT_YES = 7
"""Words of the longest yes to an offer; who tells more has something else to tell."""
OFFER_BUTTONS = 3
"""Buttons of the longest offer of a person: yes, try again, never mind."""


@dataclass(frozen=True)
class Trigger:
    """One rule that fired. ``code`` names its sentence; ``quotes`` are the customer's lines."""

    code: str
    decision: str
    reason: str
    quotes: tuple[str, ...] = ()
    topic: str | None = None
    front: bool = False


def danger_or_vulnerable(history: History, acts_of: Acts = acts_in) -> Trigger | None:
    """Bereavement, injury, threats of law or press, danger: a person, at once."""
    said = history.current.said
    topic = vulnerable_topic(said, acts_of(history.current))
    if topic is None:
        return None
    return Trigger(topic, HANDOFF, "policy", (said,), topic, front=topic == DANGER)


def asked(history: History, acts_of: Acts = acts_in) -> Trigger | None:
    """The customer asks for a person, or says yes to the offer of one."""
    turn = history.current
    if turn.payload and turn.text.startswith("/ask_human"):
        return Trigger("chose_person", HANDOFF, "asked_human")
    if _accepts(history):
        return Trigger("accepted_offer", HANDOFF, "asked_human", _quoted(turn))
    acts = acts_of(turn)
    believed = (
        turn.intent == "ask_human"
        and not turn.misunderstood
        and (turn.confidence or 0.0) >= ASK_CONFIDENCE
        and acts["asks_person"] >= ASKS_NOT
    )
    other = (
        turn.intent in NEAR_ASKING
        and (turn.confidence or 0.0) >= NEAR_CONFIDENCE
        and acts["asks_person"] < ASKS_SURELY
    )
    if believed or (not other and asks_for_person(acts)):
        return Trigger("asked_human", HANDOFF, "asked_human", _quoted(turn))
    return None


def policy(history: History, acts_of: Acts = acts_in) -> Trigger | None:
    """The topic belongs to people by the client's settings, or an andon is pulled on it."""
    turn = history.current
    settings: Mapping[str, Any] = history.metadata.get("handoff") or {}
    if turn.misunderstood or turn.intent is None:
        return None
    enough = POLICY_LATER if len(history.turns) > 1 else POLICY_CONFIDENCE
    if not turn.payload and (turn.confidence or 0.0) < enough:
        return None
    if turn.intent == "roadside_assistance" and is_only_a_crash(turn.said):
        return None
    if only_a_number(turn.said):
        return None
    andon = turn.intent in (settings.get("andon") or [])
    if not andon and turn.intent not in (settings.get("intents") or []):
        return None
    front = turn.intent in (settings.get("front") or [])
    code = "andon" if andon else "policy"
    return Trigger(code, HANDOFF, "policy", _quoted(turn), turn.intent, front)


def only_a_number(text: str) -> bool:
    """ "Abonnement 482913" names no topic, whatever intent is nearest: it answers a question."""
    tokens = words(text)
    numbers = [token for token in tokens if token[0] == "#"]
    return bool(numbers) and all(token in _NAMES_A_NUMBER for token in tokens if token[0] != "#")


def two_failures(history: History, acts_of: Acts = acts_in) -> Trigger | None:
    """Not understood twice in a row, the newest line included: an offer; once more, a person.

    To a form's question any words may be the answer, so there the newest line does not count.
    """
    turn = history.current
    if not turn.misunderstood or answers(turn):
        return None
    before = history.turns[:-1]
    run = fallback_run(before)
    if not run:
        run = _asked_what_was_meant(before)
    newest = not turn.asked_for
    if run + newest < 2:
        return None
    quotes = tuple(each.said for each in history.turns[-1 - run :] if each.said)
    persists = run + newest > 2 or _offered(before) or unhappy(turn, acts_of)
    decision = HANDOFF if persists else OFFER
    return Trigger("two_failures", decision, "repeated_failure", quotes[-2:])


def stuck(history: History, acts_of: Acts = acts_in) -> Trigger | None:
    """No answer to give, or the question not followed: other words, an offer, then a person.

    To the question for a number the offer comes at once: there may be no other way.
    """
    turn = history.current
    run = hiccups_in_a_row(history.turns)
    at_once = turn.asked_for in NUMBERS and lacks_answer(turn.said)
    if run < 2 and not (run and at_once):
        return None
    return Trigger("stuck", HANDOFF if run > 2 else OFFER, "repeated_failure", _quoted(turn))


def same_answer_again(history: History, acts_of: Acts = acts_in) -> Trigger | None:
    """The bot would say the same again: the second time with an offer, the third time a person."""
    before, turn = history.turns[:-1], history.current
    run = same_answer_run(before)
    if run == 0 or turn.intent in SOCIAL or is_value(turn) or hiccup(turn):
        return None
    given = [each for each in before if each.answer][-1].answer
    quotes = _quoted(turn)
    rephrased = _says_again(before, turn, acts_of)
    same_errand = _same_errand(before, turn)
    if (run >= 3 and same_errand) or (run >= 2 and (rephrased or unhappy(turn, acts_of))):
        return Trigger("same_answer", HANDOFF, "repeated_failure", (given, *quotes))
    if rephrased or (run == 2 and same_errand):
        return Trigger("same_answer", OFFER, "repeated_failure", (given, *quotes))
    return None


def failed_systems(history: History, acts_of: Acts = acts_in) -> Trigger | None:
    """The client's system failed twice since it last worked: an offer, then a person."""
    failures = 0
    for turn in reversed(history.turns[:-1]):
        if any(ok for _, ok, _ in turn.lookups):
            break
        failures += bool(turn.failed_lookups)
    if failures < 2:
        return None
    persists = failures >= 3 or _offered(history.turns[:-1])
    return Trigger("client_system", HANDOFF if persists else OFFER, "client_system")


def no_progress(history: History, acts_of: Acts = acts_in) -> Trigger | None:
    """Three turns have not moved the errand."""
    turn = history.current
    if turn.intent in SOCIAL or answers(turn):
        return None
    stalled = turns_since_progress(history.turns, acts_of)
    quotes = tuple(each.said for each in history.turns[-3:] if each.said)
    if stalled == STALLED:
        person = turn.misunderstood or unhappy(turn, acts_of) or _offered(history.turns[:-1])
        return Trigger("no_progress", HANDOFF if person else OFFER, "no_progress", quotes)
    if stalled == 2 and turn.misunderstood:
        return Trigger("no_progress", OFFER, "no_progress", quotes)
    return None


RULES: tuple[Callable[[History, Acts], Trigger | None], ...] = (
    danger_or_vulnerable,
    asked,
    policy,
    two_failures,
    stuck,
    same_answer_again,
    failed_systems,
    no_progress,
)
"""In order of precedence."""


def triggers(history: History, acts_of: Acts = acts_in) -> list[Trigger]:
    """Every rule that fires on the newest turn, handovers first, each kind in precedence."""
    fired = [found for found in (rule(history, acts_of) for rule in RULES) if found]
    return sorted(fired, key=lambda trigger: trigger.decision != HANDOFF)


def _quoted(turn: Turn) -> tuple[str, ...]:
    return (turn.said,) if turn.said else ()


def _accepts(history: History) -> bool:
    if len(history.turns) < 2 or not history.turns[-2].replies:
        return False
    turn = history.current
    if turn.asked_for and not turn.payload:
        return False  # the yes answers the form's question
    if len(words(turn.said)) > SHORT_YES:
        return False
    if turn.entities or (not turn.payload and (turn.confidence or 0.0) < ASK_CONFIDENCE):
        return False  # "i mrg" is hardly a yes
    asked = history.turns[-2].replies[-1]
    # A menu with a person among its choices asks for a choice, and a yes makes none.
    return turn.intent == "affirm" and asked.offers_person and len(asked.payloads) <= OFFER_BUTTONS


def _asked_what_was_meant(before: Sequence[Turn]) -> int:
    """Turns at the end, past an offer, in which the bot asked what was meant."""
    run = 0
    for turn in reversed(before):
        if turn.decision not in ("clarify", OFFER):
            break
        run += turn.decision == "clarify"
    return run


def _offered(before: Sequence[Turn]) -> bool:
    return any(turn.decision == OFFER for turn in before[-3:])


def _same_errand(before: Sequence[Turn], turn: Turn) -> bool:
    """No other errand was named since the last one, as far as is known."""
    last = [each for each in before if each.said and not is_value(each)]
    if not last or turn.entities:
        return False
    return turn.intent is None or last[-1].intent in (None, turn.intent)


def _says_again(before: Sequence[Turn], turn: Turn, acts_of: Acts) -> bool:
    """The newest line repeats the last errand: in like words, or the same intent and unhappy."""
    last = [each for each in before if each.said and not is_value(each)]
    if not last or turn.entities:
        return False
    if similarity(last[-1].said, turn.said) >= REPHRASED:
        return True
    return turn.intent is not None and turn.intent == last[-1].intent and unhappy(turn, acts_of)
