"""Raw tracker events as Rasa writes them, and turns without Rasa."""

from __future__ import annotations

from typing import Any

from actions.judgement.history import History, Reply, Turn

HEIMBUD: dict[str, Any] = {"client": "heimbud", "handoff": {"intents": ["cancel_subscription"]}}
VARDE: dict[str, Any] = {
    "client": "varde",
    "handoff": {
        "intents": ["coverage_question", "roadside_assistance"],
        "front": ["roadside_assistance"],
    },
}
LOST = "nlu_fallback"


class Talk:
    """Builds the events of one conversation, in the order Rasa stores them."""

    def __init__(self, metadata: dict[str, Any] | None = None) -> None:
        self.events: list[dict[str, Any]] = []
        self._metadata = HEIMBUD if metadata is None else metadata

    def user(
        self,
        text: str,
        intent: str = "inform",
        confidence: float = 0.9,
        entities: dict[str, str] | None = None,
        at: float = 0.0,
    ) -> Talk:
        ranking = [{"name": intent, "confidence": confidence}]
        if intent == LOST:
            ranking.append({"name": "track_parcel", "confidence": 0.2})
        found = [{"entity": name, "value": value} for name, value in (entities or {}).items()]
        parsed = {"intent": ranking[0], "intent_ranking": ranking, "entities": found}
        self.events += [
            {"event": "action", "name": "action_listen"},
            {
                "event": "user",
                "text": text,
                "parse_data": parsed,
                "metadata": self._metadata,
                "timestamp": at,
            },
        ]
        return self

    def bot(self, *texts: str, action: str = "utter_answer", buttons: Any = ()) -> Talk:
        self.events.append({"event": "action", "name": action})
        for text in texts:
            data = {"buttons": [{"title": title, "payload": load} for title, load in buttons]}
            self.events.append({"event": "bot", "text": text, "data": data, "metadata": {}})
        return self

    def slot(self, name: str, value: Any) -> Talk:
        self.events.append({"event": "slot", "name": name, "value": value})
        return self

    def decided(self, decision: str) -> Talk:
        return self.slot("assessment", {"decision": decision})

    def event(self, kind: str) -> Talk:
        self.events.append({"event": kind})
        return self

    @property
    def history(self) -> History:
        return History.from_events(self.events)


def turn(text: str, answer: str = "", **values: Any) -> Turn:
    replies = (Reply(answer),) if answer else ()
    return Turn(text=text, replies=replies, **values)


def history(*turns: Turn, **metadata: Any) -> History:
    return History(turns, metadata=metadata)
