"""The request of the Bot contract, checked strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.language import LANGUAGES

MAX_TEXT = 8000
_ID = re.compile(r"[0-9a-f]{32}\Z")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_FIELDS = {"v", "turn_id", "conversation", "text", "metadata", "input"}


class BadRequest(ValueError):
    """Says which field is wrong and what it should be; never repeats the customer's text."""


@dataclass(frozen=True)
class TurnRequest:
    """A customer's message; ``metadata`` is what the pipeline and the actions get to see."""

    turn_id: str
    conversation: str
    text: str
    input: str
    metadata: dict[str, Any]

    @property
    def trace(self) -> str:
        """What names the customer's line in every part's log."""
        return str(self.metadata.get("trace") or self.turn_id)


def is_id(value: object) -> bool:
    """Whether a value is an id of 32 lower-case hex digits."""
    return isinstance(value, str) and _ID.match(value) is not None


def read_request(body: object) -> TurnRequest:
    """A checked request. Raises BadRequest."""
    if not isinstance(body, dict):
        raise BadRequest("the body must be a JSON object")
    unknown = sorted(str(name) for name in set(body) - _FIELDS)
    if unknown:
        raise BadRequest(f"unknown field '{unknown[0][:40]}'")
    if body.get("v") != 1 or isinstance(body.get("v"), bool):
        raise BadRequest("v must be 1")
    for name in ("turn_id", "conversation"):
        if not is_id(body.get(name)):
            raise BadRequest(f"{name} must be 32 lower-case hex digits")
    text = body.get("text")
    if not isinstance(text, str) or not text.strip():
        raise BadRequest("text must be a string that is not blank")
    if len(text) > MAX_TEXT:
        raise BadRequest(f"text must be at most {MAX_TEXT} characters")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise BadRequest("text must be valid Unicode")
    if _CONTROL.search(text):
        raise BadRequest("text must hold no control characters but line breaks and tabs")
    kind = body.get("input", "text")
    if kind not in ("text", "payload"):
        raise BadRequest("input must be text or payload")
    metadata = _metadata(body.get("metadata"))
    metadata.update(turn_id=body["turn_id"], input=kind)
    return TurnRequest(body["turn_id"], body["conversation"], text, kind, metadata)


def _metadata(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadRequest("metadata must be an object")
    if not isinstance(value.get("client"), str) or not value["client"]:
        raise BadRequest("metadata.client must be the id of a client")
    skills = value.get("skills")
    if skills is not None and not (
        isinstance(skills, list) and skills and all(isinstance(name, str) for name in skills)
    ):
        raise BadRequest("metadata.skills must be a list of skills, or absent")
    if value.get("language") not in (None, *LANGUAGES):
        raise BadRequest("metadata.language must be null, nb, nn or en")
    if value.get("desk") not in (None, "open", "closed"):
        raise BadRequest("metadata.desk must be open or closed")
    if value.get("trace") is not None and not is_id(value["trace"]):
        raise BadRequest("metadata.trace must be 32 lower-case hex digits, or absent")
    for name in ("handoff", "contact", "hours"):
        if value.get(name) is not None and not isinstance(value[name], dict):
            raise BadRequest(f"metadata.{name} must be an object")
    _check_time(value.get("now"))
    return dict(value)


def _check_time(now: object | None) -> None:
    if now is None:
        return
    try:
        parsed = datetime.fromisoformat(now) if isinstance(now, str) else None
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is None:
        raise BadRequest("metadata.now must be an ISO time with its offset")
