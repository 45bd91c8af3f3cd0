"""Who else is there: the bot, other processes, the client companies' systems."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from handoff.core.message import Stored
from handoff.records import (
    Answer,
    Turn,
)


class Bot(Protocol):
    """The Rasa server. Raises BotUnknown when the outcome is not known, BotError when it is."""

    async def answer(self, turn: Turn) -> Answer: ...

    async def recall(self, conversation: str, turn_id: str) -> Answer | None:
        """The answer to a turn whose outcome was unknown, None if the bot never saw it."""
        ...

    async def wake(
        self,
        conversation: str,
        lines: Sequence[Stored],
        slots: Mapping[str, object],
    ) -> None:
        """Tell the tracker what people said, set slots, and let the bot listen again."""
        ...

    async def memory(self, conversation: str) -> Sequence[Mapping[str, object]]:
        """Every event the tracker holds of a conversation, oldest first."""
        ...

    async def forget(self, conversation: str) -> int:
        """Delete what the tracker holds; how many events. Nothing held is no error."""
        ...

    async def ready(self) -> None: ...


class Asked(Protocol):
    """A part that can be asked whether it works."""

    async def ready(self) -> None:
        """Raises StafettError, whose words say what is wrong, when it does not."""
        ...


class Fanout(Protocol):
    """Wake-ups between connections and processes: a channel's name, never truth.

    `note` carries what may be lost without harm, such as a typing sign.
    """

    def publish(self, channel: str, note: str = "") -> None: ...

    def subscribe(self, channel: str, wake: Callable[[str], None]) -> Callable[[], None]:
        """Call `wake` with the note at every publish until the returned function is called."""
        ...

    async def ready(self) -> None:
        """Raises StafettError when other processes are not woken now."""
        ...


class ClientSystems(Protocol):
    """The clients' own systems. Never raises for what they do wrong: the envelope says it."""

    async def call(
        self,
        client: str,
        operation: str,
        arguments: Mapping[str, object],
        turn_id: str | None,
    ) -> Mapping[str, object]:
        """{"ok": true, "data": {...}} or {"ok": false, "error": code, "detail": English}."""
        ...

    def working(self) -> Mapping[str, bool | None]:
        """Whether each client's system answered when it was last called, None before that."""
        ...
