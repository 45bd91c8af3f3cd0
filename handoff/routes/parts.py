"""The parts the service stands on, each asked whether it works."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from handoff.errors import StafettError, StoreError
from handoff.ports import Asked, Bot, ClientSystems, Fanout, Store
from handoff.records import Turn
from handoff.tokens import new_id

ANSWER_GOOD_SECONDS = 10.0
GOOD_SECONDS = 1.0
READ_SECONDS = 5.0
OTHERS_SECONDS = 1.0
"""How long a part that is not needed may take: whoever asks must not give us up over it."""


class State(StrEnum):
    OK = "ok"
    DOWN = "down"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Part:
    """How a part was found. `detail` is for those who run the service, never for the public."""

    state: State
    detail: str = ""


OK = Part(State.OK)


class Parts:
    """Looks at the parts, all at once. What was just seen is told again: anybody may ask.

    Only the database is needed. Without the others customers are still heard and queued: the bot
    and its actions are then a person's work, a lost fan-out costs seconds.
    """

    needed = frozenset({"database"})

    def __init__(
        self,
        store: Store,
        fanout: Fanout,
        bot: Bot,
        actions: Asked,
        systems: ClientSystems,
        brief: Mapping[str, object],
    ) -> None:
        self._store = store
        self._bot = bot
        self._systems = systems
        self._brief = brief
        self._looks: dict[str, Callable[[], Awaitable[Part]]] = {
            "database": self._database,
            "fanout": lambda: _asked(fanout.ready),
            "bot": lambda: _asked(bot.ready, OTHERS_SECONDS),
            "actions": lambda: _asked(actions.ready, OTHERS_SECONDS),
            "client_systems": self._client_systems,
        }
        self._seen: dict[str, tuple[float, Part]] = {}
        self._asking = {part: asyncio.Lock() for part in (*self._looks, "answer")}
        self._conversation = new_id()

    async def look(self) -> dict[str, Part]:
        """Every part by name."""
        found = await asyncio.gather(
            *(self._look(part, look, GOOD_SECONDS) for part, look in self._looks.items())
        )
        return dict(zip(self._looks, found, strict=True))

    async def answer(self) -> Part:
        """Whether the bot answers a turn through its own channel, actions included."""
        return await self._look("answer", lambda: _asked(self._turn), ANSWER_GOOD_SECONDS)

    async def _look(
        self, part: str, look: Callable[[], Awaitable[Part]], good_seconds: float
    ) -> Part:
        async with self._asking[part]:
            at, seen = self._seen.get(part, (0.0, None))
            lasts = good_seconds if seen == OK else GOOD_SECONDS
            if seen is None or time.monotonic() - at >= lasts:
                seen = await look()
                self._seen[part] = (time.monotonic(), seen)
            return seen

    async def _database(self) -> Part:
        """A line of it is written, durably, and another read."""

        async def both() -> None:
            await self._store.ready()
            try:
                async with asyncio.timeout(READ_SECONDS):
                    await self._store.read(lambda unit: unit.queue.position())
            except TimeoutError:
                raise StoreError(f"Nothing was read for {READ_SECONDS:.0f} seconds.") from None

        return await _asked(both)

    async def _client_systems(self) -> Part:
        """As they were when last called: nobody looks a customer's matter up to be sure."""
        working = self._systems.working()
        silent = sorted(client for client, works in working.items() if works is False)
        if silent:
            return Part(State.DOWN, f"No sensible answer from: {', '.join(silent)}.")
        if any(working.values()):
            return OK
        return Part(State.UNKNOWN, "None was called since the start.")

    async def _turn(self) -> None:
        turn = Turn(new_id(), self._conversation, "hei", is_payload=False, metadata=self._brief)
        answer = await self._bot.answer(turn)
        if not answer.replies:
            raise StafettError("The bot answered nothing.")


async def _asked(ask: Callable[[], Awaitable[object]], seconds: float | None = None) -> Part:
    try:
        async with asyncio.timeout(seconds):
            await ask()
    except StafettError as error:
        return Part(State.DOWN, str(error))
    except TimeoutError:
        return Part(State.DOWN, f"No answer within {seconds:g} s.")
    return OK
