"""Now and then another decision, so that it can be learnt what it would have done.

Without it only what the thresholds chose is ever seen, and no other threshold can be judged on what
happened. Only in the grey band, where the right decision is open anyway, and only for a client
company that allows it. The die is the turn's own id: the same turn, answered again, decides alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .decision import CONTINUE, Decision
from .rules import HANDOFF, OFFER

SHARE = 0.05
"""Of the grey band's turns, half of them each way: nothing is offered, or a person comes."""


def explored(decision: Decision, metadata: Mapping[str, Any]) -> tuple[Decision, float]:
    """The decision to act on, and with which probability it was to be chosen.

    ``metadata`` is the turn's. Only an offer that the score made alone is ever changed: rules, a
    customer's wish, and what is plainly well or plainly wrong stay.
    """
    settings = metadata.get("handoff") or {}
    turn = str(metadata.get("turn_id") or "")
    by_score = (decision.name, decision.reason) == (OFFER, "frustration") and decision.by is None
    if not settings.get("explore") or not turn or not by_score:
        return decision, 1.0
    die = int.from_bytes(hashlib.sha256(turn.encode()).digest()[:8], "big") / 2**64
    if die < SHARE / 2:
        return Decision(CONTINUE), SHARE / 2
    if die < SHARE:
        return replace(decision, name=HANDOFF), SHARE / 2
    return decision, 1 - SHARE
