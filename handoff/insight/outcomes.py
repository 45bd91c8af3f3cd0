"""How contacts went, turn by turn, and whether each needed a person: what judgement learns from.

A word on need comes from whoever was there, the surest first: the agent's verdict, the customer's
rating, the customer who left the bot in the middle or came back within seven days, and at last the
one who stayed away. What none of them tells is not guessed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from handoff.core.message import Kind, Stored
from handoff.records import ContactRow

Source = Literal["verdict", "rating", "left", "again", "stayed_away"]
SETTLED_SECONDS = 7 * 86_400.0
"""A customer who has not come back for so long stayed away."""
_CONTENT, _DISCONTENT = 4, 2  # of five, both included
_UNSETTLED = frozenset({"offer", "clarify"})


@dataclass(frozen=True, slots=True)
class Label:
    """Whether a person was needed, and who says so. `late`: what was done came too late."""

    needed: bool
    source: Source
    late: bool = False


@dataclass(slots=True)
class Went:
    """One ended contact: its turns' assessments, and what was said of it.

    `handed` counts the turns until a person was asked for, None when none was.
    """

    contact: ContactRow
    turns: list[Mapping[str, Any]] = field(default_factory=list)
    handed: int | None = None
    verdict: str | None = None
    rating: int | None = None

    @classmethod
    def read(cls, contact: ContactRow, lines: Iterable[Stored], until: float = math.inf) -> Went:
        """From the conversation's staff stream, in its order.

        `until` is when the conversation's next contact began: an agent judges, and a customer
        rates, when this one is over.
        """
        went = cls(contact)
        for line in lines:
            if not contact.started <= line.at < until:
                continue
            kind, body = line.message.kind, line.message.body
            if kind is Kind.VERDICT:
                went.verdict = str(body.get("verdict"))
            elif kind is Kind.RATING:
                went.rating = _whole(body.get("stars"))
            elif kind is Kind.UNDERSTANDING and went.handed is None:
                assessment = body.get("assessment")
                if isinstance(assessment, Mapping):
                    went.turns.append(assessment)
            elif kind is Kind.CARD and went.handed is None:
                went.handed = len(went.turns)
        return went

    def label(self, now: float) -> Label | None:
        """What is known at `now` (epoch seconds), or None."""
        if self.verdict is not None:
            return Label(self.verdict != "needless", "verdict", self.verdict == "too_late")
        if self.handed is not None or self.contact.outcome != "bot" or not self.turns:
            return None  # only the agent who took it can tell
        if self.rating is not None and self.rating <= _DISCONTENT:
            return Label(True, "rating", late=True)
        if self.rating is not None and self.rating >= _CONTENT:
            return Label(False, "rating")
        if self.turns[-1].get("decision") in _UNSETTLED:
            return Label(True, "left", late=True)
        if self.contact.again:
            return Label(True, "again", late=True)
        if now - self.contact.ended >= SETTLED_SECONDS:
            return Label(False, "stayed_away")
        return None


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None
