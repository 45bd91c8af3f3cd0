"""A piece of text that was understood, and how overlapping pieces are settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Span:
    """Characters ``start`` to ``end`` (exclusive) of a text, read as ``entity`` with ``value``.

    ``extra`` holds what a form may want besides the value, for example ``past``:
    the date that "torsdag" means for something that has already happened.
    """

    entity: str
    start: int
    end: int
    value: Any
    extra: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The span as a Rasa entity."""
        return {
            "entity": self.entity,
            "start": self.start,
            "end": self.end,
            "value": self.value,
            "extractor": "stafett",
            **self.extra,
        }


def without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """Keep the longest of overlapping spans (the earlier listed one on a tie), in text order."""
    ranked = sorted(enumerate(spans), key=lambda item: (item[1].start - item[1].end, item[0]))
    kept: list[Span] = []
    for _, span in ranked:
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda span: span.start)
