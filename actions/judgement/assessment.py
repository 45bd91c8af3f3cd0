"""One turn judged: a history in, the ``assessment`` JSON of the bot contract out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .acts import act_probabilities
from .decision import CONTINUE, REPLAYED, Costs, Decision, Level, decide, leaves_quietly
from .exploring import explored
from .features import Acts, acts_in, features
from .hiccups import hiccup
from .history import History, Turn
from .reasons import MOST, Reason, of_contributions, of_trigger
from .rules import Trigger, triggers
from .scores import ScoreModel, scores_in_use


def warm_up() -> None:
    """Load the models, so that the first customer does not wait for them (0.1 s)."""
    scores_in_use()
    act_probabilities("")


def judge(
    history: History,
    model: ScoreModel | None = None,
    acts_of: Acts = acts_in,
) -> dict[str, Any]:
    """The assessment of the newest turn of ``history``.

    Keys as in the bot contract, and two more: ``topic`` (an intent or a vulnerable topic, or
    null) and ``priority`` (``normal`` or ``front``), for the handoff signal.
    """
    model = model or scores_in_use()
    turns = history.turns
    costs = Costs.from_settings(history.metadata.get("handoff") or {})
    measured = [
        features(turns[: at + 1], acts_of)
        for at in range(max(0, len(turns) - REPLAYED), len(turns))
    ]
    found = measured[-1]
    probabilities = [
        0.0 if leaves_quietly(turn) or hiccup(turn) else model.frustration.probability(each)
        for turn, each in zip(turns[-len(measured) :], measured, strict=True)
    ]
    level = Level.over(probabilities, costs.move(model.thresholds.enter))
    uncertainty = model.uncertainty.probability(found)
    bot_uncertainty = model.bot_uncertainty.probability(found)
    fired = triggers(history, acts_of)
    decision = decide(
        turns, fired, level, found, bot_uncertainty, uncertainty, model.thresholds, costs
    )
    decision, propensity = explored(decision, history.metadata)
    reasons = _reasons(decision, fired, turns, found, model, probabilities[-1])
    by = decision.by
    return {
        "v": 1,
        "turn": history.number,
        "frustration": round(level.average, 3),
        "uncertainty": round(uncertainty, 3),
        "bot_uncertainty": round(bot_uncertainty, 3),
        "decision": decision.name,
        "reason": decision.reason,
        "reasons": [reason.as_json() for reason in reasons],
        "features": {
            **{name: round(value, 3) for name, value in found.items() if value >= 0.0005},
            "frustration_now": round(level.now, 3),
        },
        "threshold_version": model.thresholds.version,
        "propensity": propensity,
        "topic": by.topic if by else None,
        "priority": "front" if by and by.front else "normal",
    }


def _reasons(
    decision: Decision,
    fired: Sequence[Trigger],
    turns: Sequence[Turn],
    found: Mapping[str, float],
    model: ScoreModel,
    frustration: float,
) -> list[Reason]:
    if decision.name == CONTINUE:
        return []
    reasons = [of_trigger(trigger) for trigger in fired]
    if decision.reason == "uncertainty":
        score = max(
            (model.bot_uncertainty, model.uncertainty), key=lambda each: each.probability(found)
        )
        reasons += of_contributions(score.contributions(found), turns, found)
    if decision.reason == "frustration" or frustration >= model.thresholds.leave:
        reasons += of_contributions(model.frustration.contributions(found), turns, found)
    unique = {reason.nb: reason for reason in reversed(reasons)}
    return [reason for reason in reasons if unique.pop(reason.nb, None) is reason][:MOST]
