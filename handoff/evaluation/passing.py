"""How well the baton was passed in played conversations: shares with 95 % intervals, and by what.

A conversation *needed a person* when its customer asked for one, was frustrated or had a matter for
people. One marked as uncertainty is told apart: a bot that understands it needs no person.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from handoff.evaluation.baselines import BASELINES
from handoff.evaluation.conversations import Played, Said
from handoff.evaluation.curve import curve

UNSURE = "uncertainty"
_Z = 1.96
HARD = ("blunt", "loud", "capital", "profan", "angry", "sarcas", "urgent", "dramatic")
"""What the styles of customers who are well and sound otherwise hold."""


def interval(part: int, whole: int) -> tuple[float, float] | None:
    """Wilson's 95 % interval of a share; None of nothing."""
    if not whole:
        return None
    share, square = part / whole, _Z * _Z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    spread = share * (1 - share) / whole + square / (4 * whole * whole)
    half = _Z * math.sqrt(spread) / (1 + square / whole)
    return round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4)


def report(results: Sequence[Played]) -> dict[str, Any]:
    """The figures, as documented for `--json`.

    `in_window`, `missed`, `late` and `early` are shares of those that needed a person,
    `needless` of those that needed none; precision and recall count a handover at any turn.
    """
    needed = [each for each in results if _expects(each) and each.script.handoff.reason != UNSURE]
    unsure = [each for each in results if each.script.handoff.reason == UNSURE]
    calm = [each for each in results if not _expects(each)]
    hard = [each for each in calm if any(word in each.script.style.lower() for word in HARD)]
    return {
        **_figures(results),
        "needed": _shares(needed, ("in_window", "missed", "late", "early")),
        "calm": _shares(calm, ("needless",)),
        "hard": _shares(hard, ("needless",)),
        "unsure": _shares(unsure, ("in_window", "missed", "late", "early")),
        "pairs": _pairs(results),
        "frustration": _frustration(results),
        "baselines": {"ours": _figures(results)} | {
            name: _figures([replace(each, handed_over_at=rule(each.turns)) for each in results])
            for name, rule in BASELINES.items()
        },
        "by_reason": _by(results, lambda played: played.script.handoff.reason or ""),
        "by_variety": _by(results, lambda played: played.script.variety),
        "needless_by_variety": {
            name: _shares(group, ("needless",))
            for name, group in _groups(calm, lambda played: played.script.variety).items()
        },
        "by_style": _by(results, lambda played: played.script.style),
        "n": len(results),
        "curve": [asdict(point) for point in curve(results, UNSURE)],
        "rows": [_row(each) for each in results],
    }  # fmt: skip


def _expects(played: Played) -> bool:
    return played.script.handoff.expected


def _shares(results: Sequence[Played], verdicts: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {"n": len(results)}
    for verdict in verdicts:
        count = sum(played.verdict == verdict for played in results)
        found[verdict] = _share(count, len(results))
        found[f"{verdict}_interval"] = interval(count, len(results))
    return found


def _pairs(results: Sequence[Played]) -> dict[str, Any]:
    """Conversations that begin alike: the calm kept and the other handed over in time, both."""
    groups = _groups([each for each in results if each.script.pair], lambda p: str(p.script.pair))
    both = [group for group in groups.values() if len({_expects(each) for each in group}) == 2]
    right = sum(all(each.verdict in ("kept", "in_window") for each in group) for group in both)
    return {"n": len(both), "right": _share(right, len(both)),
            "right_interval": interval(right, len(both))}  # fmt: skip


def _frustration(results: Sequence[Played]) -> dict[str, float | None]:
    """F1 of calling a conversation frustrated, and the mean with that of all others.

    Neither says anything where none is marked so, and both are None.
    """
    truth = [each.script.handoff.reason == "frustration" for each in results]
    if not any(truth):
        return {"n": 0, "f1": None, "macro": None}
    found = [each.reason == "frustration" for each in results]
    f1s = []
    for side in (True, False):
        right = sum(t is side and f is side for t, f in zip(truth, found, strict=True))
        f1s.append(_share(2 * right, sum(t is side for t in truth) + sum(f is side for f in found)))
    whole = [value for value in f1s if value is not None]
    macro = round(sum(whole) / 2, 4) if len(whole) == 2 else None
    return {"n": sum(truth), "f1": f1s[0], "macro": macro}


def _row(played: Played) -> dict[str, Any]:
    return {
        "id": played.script.id,
        "expected": played.script.handoff.expected,
        "handed_over_at": played.handed_over_at,
        "reason": played.reason,
        "verdict": played.verdict,
        "turns": [_turn(said) for said in played.turns],
    }


def _turn(said: Said) -> dict[str, Any]:
    """What is kept of a turn, to see why; the customer's words are in the file itself."""
    reasons: Any = said.assessment.get("reasons") or []
    return {
        "intent": said.intent,
        "confidence": round(said.confidence, 3),
        "answer": said.answer,
        "decision": said.assessment.get("decision"),
        "reason": said.assessment.get("reason"),
        "because": [row["code"] for row in reasons],
        "features": said.assessment.get("features") or {},
    }


def _figures(results: Sequence[Played]) -> dict[str, float | None]:
    needed = [played for played in results if played.script.handoff.expected]
    others = [played for played in results if not played.script.handoff.expected]
    handed = [played for played in results if played.handed_over_at is not None]
    right = [played for played in handed if played.script.handoff.expected]

    def share(verdict: str, among: Sequence[Played]) -> float | None:
        return _share(sum(played.verdict == verdict for played in among), len(among))

    return {
        "handoff_precision": _share(len(right), len(handed)),
        "handoff_recall": _share(len(right), len(needed)),
        "in_window": share("in_window", needed),
        "needless": share("needless", others),
        "missed": share("missed", needed),
        "late": share("late", needed),
        "early": share("early", needed),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _groups(results: Sequence[Played], key: Callable[[Played], str]) -> Mapping[str, list[Played]]:
    groups: dict[str, list[Played]] = defaultdict(list)
    for played in results:
        groups[key(played)].append(played)
    return groups


def _by(
    results: Sequence[Played], key: Callable[[Played], str]
) -> Mapping[str, Mapping[str, float | int | None]]:
    groups = _groups(results, key)
    return {name: {**_figures(group), "n": len(group)} for name, group in groups.items()}
