"""A turn as the tracker's events tell it: the answer of the Bot contract.

The live answer and the answer that is reconstructed after a lost one come from this one function,
so they cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    Event,
    Restarted,
    SlotSet,
    UserUttered,
)

from bot.slots import is_fact

VERSION = 1
RANKING_LENGTH = 5
FALLBACK = "nlu_fallback"
TURN_ID = "turn_id"
JOINED = "utter_offer_human_too"
"""The response that is added to the message before it instead of coming after it."""


def turn_answer(
    events: Iterable[Event], turn_id: str, initial_slots: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The answer of the turn with that id, or None when the events do not hold it.

    ``events`` are the tracker's, oldest first; ``initial_slots`` are the domain's.
    """
    everything = list(events)
    found = _find(everything, turn_id)
    if found is None:
        return None
    start, end = found
    spoken = everything[start]
    turn = everything[start + 1 : end]
    messages, signal = _messages(turn)
    slots, paused = _replay(everything[:end], initial_slots)
    return {
        "v": VERSION,
        "turn_id": turn_id,
        "messages": messages,
        "nlu": _understanding(getattr(spoken, "parse_data", None) or {}),
        "slots": {name: value for name, value in sorted(slots.items()) if is_fact(name, value)},
        "assessment": _last_set(turn, "assessment"),
        "signal": signal,
        "lookups": _last_set(turn, "lookups") or [],
        "paused": paused,
    }


def _find(events: list[Event], turn_id: str) -> tuple[int, int] | None:
    """First and past-the-last index of the turn.

    It ends when the bot listens or falls silent, or at the next words of anybody but the bot;
    what is set between two turns belongs to the later one.
    """
    start: int | None = None
    for index, event in enumerate(events):
        if start is not None and _ends_turn(event):
            return start, index + (not isinstance(event, UserUttered))
        if isinstance(event, UserUttered) and (event.metadata or {}).get(TURN_ID) == turn_id:
            start = index
    return None if start is None else (start, len(events))


def _ends_turn(event: Event) -> bool:
    if isinstance(event, ActionExecuted):
        return event.action_name == ACTION_LISTEN_NAME
    return isinstance(event, (UserUttered, ConversationPaused))


def _messages(turn: list[Event]) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    messages: list[dict[str, Any]] = []
    signal: dict[str, Any] | None = None
    for event in turn:
        if not isinstance(event, BotUttered) or (event.metadata or {}).get("author") == "agent":
            continue
        data = event.data or {}
        message: dict[str, Any] = {}
        if event.text:
            message["text"] = event.text
        buttons = (data.get("buttons") or []) + (data.get("quick_replies") or [])
        if buttons:
            message["buttons"] = [
                {"title": button["title"], "payload": button["payload"]} for button in buttons
            ]
        custom = data.get("custom")
        if isinstance(custom, dict) and custom.get("type") == "handoff":
            signal = custom
        elif custom:
            message["custom"] = custom
        for kind in ("image", "attachment"):
            if data.get(kind):
                message[kind] = data[kind]
        name = (event.metadata or {}).get("utter_action")
        if name == JOINED and messages and message.get("text"):
            messages[-1] = _joined(messages[-1], message)
        elif message:
            messages.append(message)
    return messages, signal


def _joined(question: dict[str, Any], offer: dict[str, Any]) -> dict[str, Any]:
    """One message of two: only the newest one's buttons can be pressed, and both are wanted."""
    text = " ".join(part["text"] for part in (question, offer) if part.get("text"))
    buttons = [*question.get("buttons", []), *offer.get("buttons", [])]
    return {**question, "text": text, "buttons": buttons}


def _understanding(parse_data: Mapping[str, Any]) -> dict[str, Any]:
    ranking = [
        {"name": row.get("name"), "confidence": row.get("confidence")}
        for row in parse_data.get("intent_ranking") or []
        if row.get("name") != FALLBACK
    ]
    intent = parse_data.get("intent") or {}
    best = ranking[0] if ranking else {"name": intent.get("name"), "confidence": 0.0}
    language = parse_data.get("language") or {}
    return {
        "intent": intent.get("name"),
        # Of a fallback the confidence is the best real intent's, not the threshold.
        "confidence": best["confidence"],
        "ranking": ranking[:RANKING_LENGTH],
        "plausible": list(parse_data.get("plausible") or []),
        "entities": [
            {key: entity.get(key) for key in ("entity", "value", "start", "end")}
            for entity in parse_data.get("entities") or []
        ],
        "language": language.get("code"),
        "standard_nynorsk": bool(language.get("standard_nynorsk")),
    }


def _last_set(turn: list[Event], slot: str) -> Any:
    values = [event.value for event in turn if isinstance(event, SlotSet) and event.key == slot]
    return values[-1] if values else None


def _replay(events: list[Event], initial_slots: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    slots, paused = dict(initial_slots), False
    for event in events:
        if isinstance(event, SlotSet):
            slots[event.key] = event.value
        elif isinstance(event, (AllSlotsReset, Restarted)):
            slots = dict(initial_slots)
            paused = paused and not isinstance(event, Restarted)
        elif isinstance(event, ConversationPaused):
            paused = True
        elif isinstance(event, ConversationResumed):
            paused = False
    return slots, paused
