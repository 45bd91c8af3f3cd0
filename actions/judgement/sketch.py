"""Turns of a written conversation, with a bare sketch of the bot where its side is not written.

Only for training and offline evaluation of text: the sketch understands ordinary lines, falls
back on complaints and says the same again to a line said again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .features import REPHRASED, Acts, acts_in, is_value
from .history import Reply, Turn
from .similarity import similarity

_SURE, _LOST = 0.9, 0.2
_ANSWERS = (
    "Det ordner jeg.",
    "Her er svaret: torsdag før klokka ti.",
    "Takk, det er notert hos oss nå.",
    "Beskjeden ligger på e-posten din.",
    "Vi åpner igjen i morgen tidlig.",
    "Saken er lagt inn i systemet vårt.",
)
_PARDON = "Det forstod jeg ikke helt. Kan du si det på en annen måte?"


def written_turns(row: Mapping[str, Any], vectors: Mapping[str, str]) -> list[Turn]:
    """The turns of a conversation of ``data/judgement/conversations.jsonl``.

    ``vectors`` holds the lines' sentence vectors, as far as they are known.
    """
    turns: list[Turn] = []
    asked = None
    for text, reply, intent in zip(row["turns"], row["replies"], row["intents"], strict=False):
        did = reply["did"] if reply else None
        turns.append(
            Turn(
                text=text,
                intent=intent,
                confidence=_LOST if did == "fallback" else _SURE if did or intent else None,
                misunderstood=did == "fallback",
                asked_for=asked,
                vector=vectors.get(text, ""),
                replies=(Reply(reply["said"]),) if reply else (),
                lookups=(("errand", False, "unavailable"),) if did == "failed" else (),
            )
        )
        asked = "detail" if did == "ask" else None
    return turns


def sketched_turns(texts: Sequence[str], acts_of: Acts = acts_in) -> list[Turn]:
    """Turns for bare texts. The newest line of every prefix is judged before any reply."""
    turns: list[Turn] = []
    for number, text in enumerate(texts, 1):
        bare = Turn(text=text)
        lost = acts_of(bare)["dissatisfied"] >= 0.5
        alike = [
            turn
            for turn in turns
            if not is_value(bare) and similarity(turn.text, text) >= REPHRASED
        ]
        said = _PARDON if lost else alike[-1].answer if alike else _ANSWERS[number % 6]
        known: dict[str, Any] = {"misunderstood": lost, "confidence": _LOST if lost else _SURE}
        turns.append(Turn(text=text, replies=(Reply(said),), **known))
    return turns
