"""From scores over turns to one decision: continue, clarify, offer a person, hand over.

Hysteresis: frustration is averaged over turns (alpha one half), and one bad line is not enough
unless it is nearly certain or an act that is seldom said twice. The band below hands nothing over
but offers. Costs move all thresholds alike: p * late > (1 - p) * needless.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .hiccups import lacks_answer
from .history import Turn
from .leaving import asks_for_time, quietly
from .rules import HANDOFF, OFFER, Trigger
from .scores import Thresholds, logistic
from .style import loud_signs
from .words import words

CONTINUE, CLARIFY = "continue", "clarify"

ALPHA = 0.5
REPLAYED = 8
"""Turns whose scores are recomputed; an older one weighs less than half a per cent."""
IGNORED_COOL_DOWN = 2
"""Turns without an offer after one that was left unanswered."""
DECLINED_COOL_DOWN = 4
"""Turns without an offer after a *no thanks*."""

CLEAR_ANSWER = 0.8
SHORT_ANSWER = 4
"""Confidence and words of a yes or no that answers the bot's question and nothing else."""

NEARLY_CERTAIN = 0.85
"""Frustration that hands over although it is the first sign, and put mildly."""
FEW_WORDS = 4
CLEAR_ERRAND = 0.85
NO_ERRAND = frozenset({"complain", "out_of_scope", "deny", "bot_challenge", "ask_human"})
"""Intents under which a question is no errand, however clearly it is read."""

SHORT_REMARK = 6
"""Words up to which "noe annet" and a signature are just that."""

ASKED_FOR = frozenset({"asked_human", "policy"})
"""Reasons that hold even when the customer lets the matter go in the same line."""

SETTLED_QUIETLY = frozenset({"other", "signed"})
"""How an intent was taken when the line says that and no more: "noe annet", "mvh Turid"."""

STRONG_ACTS = ("giving_up", "time_lost", "threat_to_leave")


@dataclass(frozen=True)
class Costs:
    """What a late and a needless handover cost the client, in any one unit."""

    late: float = 1.0
    needless: float = 1.0

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Costs:
        """``cost_late`` and ``cost_needless`` of the client; 1 where missing or not above 0."""
        values = [settings.get("cost_late"), settings.get("cost_needless")]
        numbers = [
            float(value) if isinstance(value, (int, float)) and value > 0 else 1.0
            for value in values
        ]
        return cls(*numbers)

    def move(self, threshold: float) -> float:
        """The threshold at these costs, kept between 0.2 and 0.95."""
        odds = math.log(threshold / (1 - threshold)) + math.log(self.needless / self.late)
        return min(0.95, max(0.20, logistic(odds)))


@dataclass(frozen=True)
class Level:
    """Frustration over turns: the newest probability, the average, and how many of three."""

    now: float
    average: float
    high: int

    @classmethod
    def over(cls, probabilities: Sequence[float], enter: float) -> Level:
        average = 0.0
        for probability in probabilities:
            average = ALPHA * probability + (1 - ALPHA) * average
        high = sum(probability >= enter for probability in probabilities[-3:])
        return cls(probabilities[-1], average, high)


@dataclass(frozen=True)
class Decision:
    """``reason`` is one of the contract's; ``by`` is the rule that decided, if one did."""

    name: str
    reason: str | None = None
    by: Trigger | None = None


def frustrated(
    level: Level, acts: Mapping[str, float], thresholds: Thresholds, costs: Costs
) -> bool:
    """Frustration alone hands over: twice in three turns, nearly certain, or a strong act."""
    enter = costs.move(thresholds.enter)
    if level.now >= costs.move(thresholds.at_once):
        return True
    strong = max(acts[name] for name in STRONG_ACTS)
    if level.now >= enter and strong >= thresholds.strong_act:
        return True
    return level.high >= 2 and level.now >= enter and level.average >= costs.move(thresholds.leave)


def plain_answer(turn: Turn, before: Turn | None = None) -> bool:
    """A short, clear yes or no to what the bot asked: no sign of anything, whatever its words.

    ``before`` is the turn before it, whose last reply may have asked outside a form.
    """
    asked = before is not None and bool(before.replies) and "?" in before.replies[-1].text
    return (
        (turn.asked_for is not None or asked)
        and turn.intent in ("affirm", "deny")
        and (turn.confidence or 0.0) >= CLEAR_ANSWER
        and len(words(turn.said)) <= SHORT_ANSWER
    )


def first_sign(turns: Sequence[Turn], level: Level) -> bool:
    """The first line that may be unhappy, put without emphasis: no reason yet to hand over."""
    now = turns[-1]
    if level.high > 1 or level.now >= NEARLY_CERTAIN or not turns[:-1]:
        return False
    if turns[-2].fell_back or any(turn.decision in (OFFER, CLARIFY) for turn in turns[-3:-1]):
        return False
    return loud_signs(now.said) == 0 and not now.said.isupper() and "??" not in now.said


def asks_clearly(turn: Turn) -> bool:
    """ "Ka e det eg betaler for?": a question that is well understood, whatever its words."""
    sure = (turn.confidence or 0.0) >= CLEAR_ERRAND and turn.intent not in NO_ERRAND
    return sure and turn.said.endswith("?")


def leaves_quietly(turn: Turn) -> bool:
    """The customer lets the matter go, by word or by button, or rest a little, without anger."""
    if asks_for_time(turn.said):
        return True
    if turn.settled in SETTLED_QUIETLY and len(words(turn.said)) <= SHORT_REMARK:
        return True
    if turn.payload:
        return turn.text.startswith("/deny") and '"leave"' in turn.text
    return quietly(turn.said)


def answered_well(turn: Turn) -> bool:
    """A form's question got its answer: to offer a person on top would only be in the way."""
    if turn.asked_for is None or lacks_answer(turn.said):
        return False
    said_yes_or_no = turn.intent in ("affirm", "deny") and (turn.confidence or 0.0) >= CLEAR_ANSWER
    return bool(turn.entities) or (said_yes_or_no and len(words(turn.said)) <= SHORT_ANSWER)


def cooling_down(turns: Sequence[Turn]) -> bool:
    """An offer was made and left, or turned down, so lately that another would pester."""
    past = turns[:-1]
    for back, turn in enumerate(reversed(past), 1):
        if back > DECLINED_COOL_DOWN:
            return False
        if turn.decision != OFFER:
            continue
        answer = turns[len(past) - back + 1]
        if answer.intent == "deny":
            return True
        return back <= IGNORED_COOL_DOWN
    return False


def decide(
    turns: Sequence[Turn],
    fired: list[Trigger],
    level: Level,
    found: Mapping[str, float],
    bot_uncertainty: float,
    uncertainty: float,
    thresholds: Thresholds,
    costs: Costs,
) -> Decision:
    """The decision on the newest turn. ``fired`` comes sorted from ``rules.triggers``."""
    now = turns[-1]
    if (
        fired
        and fired[0].decision == HANDOFF
        and (fired[0].reason in ASKED_FOR or not leaves_quietly(now))
    ):
        return Decision(HANDOFF, fired[0].reason, fired[0])
    if leaves_quietly(now):
        return Decision(CONTINUE)
    plain = plain_answer(now, turns[-2] if len(turns) > 1 else None)
    strong = max(found[name] for name in STRONG_ACTS) >= thresholds.strong_act
    first = first_sign(turns, level) and not strong
    asks = first and asks_clearly(now)
    mild = asks or (first and len(words(now.said)) <= FEW_WORDS)
    if not plain and not mild and frustrated(level, found, thresholds, costs):
        return Decision(HANDOFF, "frustration")
    # To a form's question any words may be the answer: the form itself asks again.
    in_form = now.asked_for is not None
    lost = bot_uncertainty >= thresholds.clarify and not in_form
    lost_before = len(turns) > 1 and turns[-2].decision in (CLARIFY, OFFER)
    if lost and lost_before and len(turns) > 2 and turns[-3].decision == CLARIFY:
        return Decision(HANDOFF, "uncertainty")
    if not cooling_down(turns) and not answered_well(now):
        if fired:
            return Decision(OFFER, fired[0].reason, fired[0])
        if lost and lost_before:
            return Decision(OFFER, "uncertainty")
        enough = thresholds.at_once if asks else thresholds.enter if mild else thresholds.leave
        # Later the score knows; in a first line it knows only that nothing has gone wrong yet.
        gives_up = len(turns) == 1 and found["giving_up"] >= thresholds.strong_act
        if not plain and (gives_up or max(level.now, level.average) >= costs.move(enough)):
            return Decision(OFFER, "frustration")
    unclear = uncertainty >= thresholds.clarify and found["doubt"] >= 0.5 and not in_form
    if lost or unclear:
        return Decision(CLARIFY, "uncertainty")
    return Decision(CONTINUE)
