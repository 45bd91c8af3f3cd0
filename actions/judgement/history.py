"""A conversation's turns, read from the tracker's raw events.

Raw events are the only truth here: ``action_default_fallback`` reverts the customer's message, so
the tracker's own view forgets exactly the turns that matter. Turns before a handback (``resume``),
a restart, a new session or an earlier handover are over: they cannot fire anything again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

FALLBACK_INTENT = "nlu_fallback"
ASSESSMENT_SLOT = "assessment"
LOOKUPS_SLOT = "lookups"

_BOOKKEEPING = frozenset(
    {
        ASSESSMENT_SLOT,
        LOOKUPS_SLOT,
        "attempts",
        "change_what",
        "client",
        "done",
        "errand",
        "human_or_retry",
        "language",
        "outcome",
        "prompt",
        "record",
        "refused",
        "requested_slot",
        "session_started_metadata",
        "switch_to",
        "system_failures",
        "verified",
        "waiting_errand",
    }
)
"""Slots that are no facts: filling one is no progress."""

_FALLBACK_ACTION = re.compile(r"fallback|rephrase")
_ANSWERS = frozenset({"unknown_number", "invalid", "not_allowed"})
"""Errors of a look-up that are an answer all the same: the system did not fail."""
_BOUNDARIES = frozenset({"restart", "session_started", "resume"})
_OFFER = re.compile(
    r"\b(et menneske|eit menneske|en person|ein person|kundebehandl\w+|kollega|en av oss|"
    r"a human|a person|a colleague|someone)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Reply:
    """One bot message: its text, its name in the domain and its buttons' payloads."""

    text: str
    name: str = ""
    payloads: tuple[str, ...] = ()

    @cached_property
    def offers_person(self) -> bool:
        """The reply asks whether the customer wants a person."""
        if any(payload.startswith("/ask_human") for payload in self.payloads):
            return True
        return "?" in self.text and _OFFER.search(self.text) is not None


@dataclass(frozen=True)
class Turn:
    """One customer message, what was understood, and what the bot did before the next one."""

    text: str
    intent: str | None = None
    confidence: float | None = None
    runner_up: float | None = None
    choices: int = 1
    misunderstood: bool = False
    payload: bool = False
    entities: tuple[tuple[str, str], ...] = ()
    at: float | None = None
    asked_for: str | None = None
    replies: tuple[Reply, ...] = ()
    actions: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    lookups: tuple[tuple[str, bool, str], ...] = ()
    decision: str | None = None
    settled: str = ""  # by which rule the bot took the intent (bot/clarified.py, bot/context.py)
    vector: str = ""  # of the sentence, as bot/packing.py writes it

    @property
    def said(self) -> str:
        """The customer's own words; empty for a pressed button."""
        return "" if self.payload else self.text

    @cached_property  # asked for hundreds of times in a long talk; a turn does not change
    def fell_back(self) -> bool:
        """The bot did not understand: its intent says so, or it answered with a fallback.

        A line that filled a slot was understood by the form, whatever the classifier thought.
        """
        if self.filled:
            return False
        return self.misunderstood or any(_FALLBACK_ACTION.search(name) for name in self.actions)

    @property
    def failed_lookups(self) -> tuple[str, ...]:
        """Operations the system failed at; a number it does not know is no failure of its."""
        return tuple(
            operation for operation, ok, error in self.lookups if not ok and error not in _ANSWERS
        )

    @cached_property
    def answer(self) -> str:
        return " ".join(reply.text for reply in self.replies)

    @cached_property
    def answer_name(self) -> str:
        """Name in the domain of what the bot said first; empty when it is not known."""
        return next((reply.name for reply in self.replies if not reply.offers_person), "")


@dataclass(frozen=True)
class History:
    """The turns since the last boundary, oldest first; ``before`` counts those left behind."""

    turns: tuple[Turn, ...]
    before: int = 0
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def current(self) -> Turn:
        return self.turns[-1]

    @property
    def number(self) -> int:
        """The current turn's number in the whole conversation, from 1."""
        return self.before + len(self.turns)

    @classmethod
    def from_events(cls, events: Sequence[Mapping[str, Any]]) -> History:
        """Read raw tracker events. Raises ValueError when no customer message is among them."""
        reader = _Reader()
        for event in events:
            reader.read(event)
        turns = reader.finished()
        if not turns:
            raise ValueError("the tracker has no customer message since its last boundary")
        return cls(turns, reader.before, reader.metadata)

    @classmethod
    def whole(cls, events: Sequence[Mapping[str, Any]]) -> History:
        """Every turn there was, across handovers and other boundaries. For training only."""
        reader = _Reader(keeps=True)
        for event in events:
            reader.read(event)
        return cls(reader.finished(), 0, reader.metadata)


class _Reader:
    """``keeps`` says that boundaries leave nothing behind."""

    def __init__(self, keeps: bool = False) -> None:
        self._keeps = keeps
        self._turns: list[Turn] = []
        self._now: dict[str, Any] = {}  # what the newest turn has got since its message
        self.before = 0
        self.metadata: Mapping[str, Any] = {}
        self._asked_for: str | None = None

    def finished(self) -> tuple[Turn, ...]:
        """The turns that were read."""
        self._settle()
        return tuple(self._turns)

    def read(self, event: Mapping[str, Any]) -> None:
        kind = event.get("event")
        if kind in _BOUNDARIES:
            self._leave()
        elif kind == "user":
            self._user(event)
        elif kind == "slot":
            self._slot(str(event.get("name")), event.get("value"))
        elif not self._turns:
            return
        elif kind == "bot" and (event.get("metadata") or {}).get("author") != "agent":
            self._bot(event)
        elif kind == "action":
            self._add("actions", str(event.get("name")))

    def _leave(self) -> None:
        if self._keeps:
            return
        self.before += len(self._turns)
        self._turns, self._now = [], {}

    def _add(self, name: str, value: Any) -> None:
        self._now[name] = (*self._now.get(name, ()), value)

    def _settle(self) -> None:
        if self._now:
            self._turns[-1] = replace(self._turns[-1], **self._now)
            self._now = {}

    def _user(self, event: Mapping[str, Any]) -> None:
        if self._now.get("decision") == "handoff":
            self._leave()
        self._settle()
        self.metadata = event.get("metadata") or {}
        self._turns.append(_turn(event, self.metadata, self._asked_for))

    def _slot(self, name: str, value: Any) -> None:
        if name == "requested_slot":
            self._asked_for = value
        if not self._turns:
            return
        if name == ASSESSMENT_SLOT and isinstance(value, dict):
            self._now["decision"] = value.get("decision")
        elif name == LOOKUPS_SLOT and isinstance(value, list):
            self._now["lookups"] = tuple(_lookup(row) for row in value if isinstance(row, dict))
        elif name not in _BOOKKEEPING and value not in (None, "", []):
            self._add("filled", name)

    def _bot(self, event: Mapping[str, Any]) -> None:
        text = event.get("text")
        if not text:
            return
        data = event.get("data") or {}
        payloads = tuple(str(row.get("payload", "")) for row in data.get("buttons") or [])
        name = str((event.get("metadata") or {}).get("utter_action") or "")
        self._add("replies", Reply(str(text), name, payloads))


def _lookup(row: Mapping[str, Any]) -> tuple[str, bool, str]:
    return str(row.get("operation", "")), bool(row.get("ok")), str(row.get("error") or "")


def _turn(event: Mapping[str, Any], metadata: Mapping[str, Any], asked_for: str | None) -> Turn:
    parsed: dict[str, Any] = event.get("parse_data") or {}
    text = str(event.get("text") or parsed.get("text") or "")
    top = parsed.get("intent") or {}
    ranking = parsed.get("intent_ranking") or [top]
    real = [row for row in ranking if row.get("name") and row["name"] != FALLBACK_INTENT]
    confidences = [float(row.get("confidence") or 0.0) for row in real]
    likely = parsed.get("plausible")
    return Turn(
        text=text,
        intent=real[0]["name"] if real else None,
        confidence=confidences[0] if confidences else None,
        runner_up=confidences[1] if len(confidences) > 1 else None,
        choices=len(likely) if likely else max(1, sum(value >= 0.15 for value in confidences)),
        misunderstood=top.get("name") == FALLBACK_INTENT,
        payload=text.startswith("/") and metadata.get("input", "payload") == "payload",
        entities=tuple(
            (str(row.get("entity")), str(row.get("value"))) for row in parsed.get("entities") or []
        ),
        at=event.get("timestamp"),
        asked_for=asked_for,
        settled=str(parsed.get("settled") or ""),
        vector=str(parsed.get("vector") or ""),
    )
