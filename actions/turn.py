"""One customer message, read once from the tracker: words, understanding, client, day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from actions.waiting import NEXT, part, taken_up, waiting

if TYPE_CHECKING:
    from rasa_sdk import Tracker

LANGUAGES = ("nb", "nn", "en")
_SAYS_SOMETHING = re.compile(r"[^\W_]|[👍👎👌✅❌🙏🙂😊😀😄❤👋💯🆗]")


class Turn:
    """What the newest user message says, and the settings of the client it was sent to.

    The tracker is the only source; nothing is read from a clock when the metadata has ``now``.
    ``text`` and ``entities`` are those of the errand in hand: of a message with two errands the
    first one's, until the second is taken up; of "nei, jeg mente avisen" the message it puts right.
    ``said`` is the message as it was written, ``about`` what it asks of the last errand (paid, due,
    late, next), ``in_known_words`` whether its language could be told.
    """

    def __init__(self, tracker: Tracker) -> None:
        self.tracker = tracker
        message: dict[str, Any] = tracker.latest_message or {}
        self.said: str = (message.get("text") or "").strip()
        self.text = self.said
        self.entities: list[dict[str, Any]] = message.get("entities") or []
        self._last_user = max(
            (i for i, e in enumerate(tracker.events) if e.get("event") == "user"), default=-1
        )
        spoken = tracker.events[self._last_user] if self._last_user >= 0 else {}
        self.metadata: dict[str, Any] = spoken.get("metadata") or {}
        self._message = {**message, "metadata": self.metadata}
        self.taken = taken_up(tracker.events, self._last_user)
        self.corrects: dict[str, Any] | None = message.get("corrects")
        self.lets_go_of: str | None = message.get("lets_go_of")
        ranking = message.get("intent_ranking") or [message.get("intent") or {}]
        self.ranking: list[dict[str, Any]] = [
            row for row in ranking if row.get("name") and row["name"] != "nlu_fallback"
        ]
        in_hand = self.taken or part(self._message, 0)
        if in_hand:
            self.text, self.entities = in_hand["text"], in_hand["entities"]
        elif self.corrects:
            self.text = self.corrects["text"]
            self.entities = [*self.corrects["entities"], *self.entities]
        if self.taken:
            self.ranking = [{"name": self.taken["intent"], "confidence": self.taken["confidence"]}]
        elif self.wordless:
            self.ranking = []  # whatever was guessed, it was guessed from nothing
        self.about: str | None = message.get("about")
        language = message.get("language") or {}
        self.in_known_words: bool = bool(language.get("confident", True))
        self.plausible: list[str] = message.get("plausible") or []
        top = self.ranking[0] if self.ranking else {}
        self.intent: str = top.get("name") or ""
        self.confidence: float = float(top.get("confidence") or 0.0)

    @property
    def second(self) -> dict[str, Any] | None:
        """The second errand of this very message, as it is kept while it waits."""
        return None if self.taken else part(self._message, 1)

    @property
    def waiting(self) -> dict[str, Any] | None:
        """The errand that waits since an earlier step."""
        return waiting(self.tracker.slots, self.tracker.events)

    @property
    def language(self) -> str:
        """nb, nn or en; Bokmål when none is known."""
        slot = self.tracker.slots.get("language")
        return slot if slot in LANGUAGES else "nb"

    @property
    def today(self) -> date:
        """The client's day, from the metadata's ``now``."""
        try:
            return datetime.fromisoformat(self.metadata["now"]).date()
        except (KeyError, TypeError, ValueError):
            return datetime.now().astimezone().date()

    @property
    def turn_id(self) -> str | None:
        return self.metadata.get("turn_id")

    @property
    def trace(self) -> str | None:
        """What names the customer's line in every part's log."""
        return self.metadata.get("trace")

    @property
    def client(self) -> str:
        return self.metadata.get("client") or ""

    @property
    def skills(self) -> list[str]:
        return list(self.metadata.get("skills") or [])

    @property
    def contact(self) -> dict[str, str]:
        return self.metadata.get("contact") or {}

    @property
    def hours(self) -> str:
        """Opening hours in the customer's language; empty when the client gave none."""
        hours = self.metadata.get("hours") or {}
        return hours.get(self.language) or hours.get("nb") or ""

    @property
    def desk_closed(self) -> bool:
        return self.metadata.get("desk") == "closed"

    @property
    def handoff(self) -> dict[str, Any]:
        """The client's handoff settings: intents, front, andon."""
        return self.metadata.get("handoff") or {}

    @property
    def is_payload(self) -> bool:
        """A button was pressed: the text is a payload, not the customer's words."""
        return self.text.startswith("/") and self.metadata.get("input", "payload") == "payload"

    @property
    def wordless(self) -> bool:
        """No letter, no digit, no sign that stands for a word ("🍌🍌🍌", "?!")."""
        return not self.is_payload and not _SAYS_SOMETHING.search(self.text)

    def entity_values(self, name: str) -> list[Any]:
        return [e.get("value") for e in self.entities if e.get("entity") == name]

    def choice(self) -> str | None:
        """The value a pressed button carries besides its intent."""
        values = self.entity_values("choice")
        return str(values[-1]) if values else None

    def events_before(self) -> list[dict[str, Any]]:
        """Events before the newest user message."""
        return self.tracker.events[: max(self._last_user, 0)]

    def events_since(self) -> list[dict[str, Any]]:
        """Events after the newest user message."""
        return self.tracker.events[self._last_user + 1 :]

    def replaced(self, slots: Iterable[str]) -> dict[str, Any]:
        """Slots set since the newest user message, each with the value it had before."""
        wanted = set(slots)
        now = {e["name"] for e in self.events_since() if e.get("event") == "slot"}
        before = {
            e["name"]: e.get("value")
            for e in self.events_before()
            if e.get("event") == "slot" and e.get("name") in wanted
        }
        return {slot: before.get(slot) for slot in now & wanted}

    def last_said(self) -> list[str]:
        """Names of the responses the bot gave in its previous turn, in order."""
        names: list[str] = []
        for event in reversed(self.events_before()):
            if event.get("event") == "user":
                break
            if event.get("event") == "bot":
                names.insert(0, (event.get("metadata") or {}).get("utter_action") or "")
        return names

    def was_asked(self) -> bool:
        """Whether the bot asked something in its previous turn."""
        for event in reversed(self.events_before()):
            if event.get("event") == "user":
                return False
            if event.get("event") == "bot" and "?" in str(event.get("text")):
                return True
        return False

    def last_payloads(self) -> list[str]:
        """Payloads of the buttons of the bot's newest message."""
        for event in reversed(self.events_before()):
            if event.get("event") == "bot":
                return [b["payload"] for b in (event.get("data") or {}).get("buttons") or []]
        return []

    def last_errand(self) -> str:
        """The errand in hand before the newest message, or else the last one; empty before any.

        For an errand taken up after another in the same turn it is that other one.
        """
        if self.taken:
            steps = [e.get("name") for e in self.tracker.events]
            return newest_errand(self.tracker.events[: len(steps) - steps[::-1].index(NEXT)])
        return newest_errand(self.events_before())

    def intents_before(self) -> list[str]:
        """Intents of the customer's messages before the newest one, the latest first."""
        events = [e for e in self.events_before() if e.get("event") == "user"]
        read = [(e.get("parse_data") or {}).get("intent") or {} for e in reversed(events)]
        return [str(intent.get("name") or "") for intent in read]


def newest_errand(events: Sequence[Mapping[str, Any]]) -> str:
    """The errand that was begun last among tracker events; empty without one."""
    for event in reversed(events):
        named = event.get("event") == "slot" and event.get("name") == "errand"
        if named and event.get("value"):
            return str(event["value"])
    return ""
