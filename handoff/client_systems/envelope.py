"""What a call comes to: data, or one of four errors with a word for the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Failure = Literal["unknown_number", "not_allowed", "unavailable", "invalid"]


@dataclass(frozen=True, slots=True)
class Envelope:
    """`error` is None when it went well. `detail` is English for the log, without values."""

    data: Mapping[str, object] = field(default_factory=dict)
    error: Failure | None = None
    detail: str = ""

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Envelope:
        """What `as_json` made."""
        return cls(kept.get("data", {}), kept.get("error"), kept.get("detail", ""))

    def as_json(self) -> dict[str, object]:
        if self.error is None:
            return {"ok": True, "data": dict(self.data)}
        return {"ok": False, "error": self.error, "detail": self.detail}


def failed(error: Failure, detail: str) -> Envelope:
    return Envelope(error=error, detail=detail)
