"""A bot behind the port: it pauses when it hands over, dies, forgets to answer, and is slow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handoff.core.message import Reply, Stored
from handoff.errors import BotError, BotUnknown
from handoff.ports import Clock
from handoff.rasa_client import TURN_SECONDS
from handoff.records import Answer, Turn
from tests.simulation.tasks import OthersGoOn

FATES = (
    *("answers",) * 6,
    *("signals",) * 4,
    "front",
    "two lines",
    "refuses",
    "lost before",
    "lost after",
    "empty",
)
_NLU: Mapping[str, object] = {"intent": "track_parcel", "language": "nb"}
_BUTTONS = ({"title": "Ja", "payload": "/affirm"}, {"title": "Nei", "payload": "/deny"})


class SimulatedBot:
    """`fates` says, by conversation, how the next turn or wake-up goes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.fates: dict[str, str] = {}
        self.paused: set[str] = set()
        self.unwoken: set[str] = set()
        self.asked_asleep: set[str] = set()
        self._ran: dict[str, Answer] = {}
        self._begun: dict[str, list[tuple[Turn, str, float]]] = {}

    async def answer(self, turn: Turn) -> Answer:
        fate, asked = self.fates.get(turn.conversation, "answers"), self._clock()
        if fate not in ("refuses", "lost before"):
            self._begun.setdefault(turn.conversation, []).append((turn, fate, asked))
        await OthersGoOn()
        if fate == "refuses":
            raise BotError("The bot's server cannot be reached.")
        if fate == "lost before" or self._clock() - asked > TURN_SECONDS:
            raise BotUnknown("The bot's server did not finish its answer.")
        self._run_begun(turn.conversation)
        answer = self._ran[turn.turn_id]
        await OthersGoOn()
        if fate == "lost after" or self._clock() - asked > TURN_SECONDS:
            raise BotUnknown("The bot's server did not finish its answer.")
        return answer

    def _run_begun(self, conversation: str) -> None:
        """As the real one: a lock for each conversation, first come first served, a turn once."""
        for turn, fate, asked in self._begun.pop(conversation, []):
            if turn.turn_id not in self._ran and self._clock() - asked <= TURN_SECONDS:
                self._ran[turn.turn_id] = self._run(turn, fate)

    def _run(self, turn: Turn, fate: str) -> Answer:
        paused = turn.conversation in self.paused
        if paused and turn.conversation not in self.unwoken:
            self.asked_asleep.add(turn.conversation)
        silent = paused or fate == "empty"
        replies = () if silent else (Reply(f"Svar: {turn.text}", _BUTTONS),)
        if fate == "two lines" and not silent:
            replies = (*replies, Reply("Noe mer?"))
        signal: dict[str, object] | None = None
        if fate in ("signals", "front") and not silent:
            self.paused.add(turn.conversation)
            priority = "front" if fate == "front" else "normal"
            signal = {"type": "handoff", "reason": "asked_human", "priority": priority}
        return Answer(turn.turn_id, replies, _NLU, {}, None, signal, (), paused)

    async def recall(self, conversation: str, turn_id: str) -> Answer | None:
        await OthersGoOn()
        return self._ran.get(turn_id)

    async def wake(
        self, conversation: str, lines: Sequence[Stored], slots: Mapping[str, object]
    ) -> None:
        fate = self.fates.get(conversation, "answers")
        await OthersGoOn()
        if fate in ("refuses", "lost before"):
            self.unwoken.add(conversation)
            raise BotError("The bot's server cannot be reached.")
        self._run_begun(conversation)
        self.paused.discard(conversation)
        self.unwoken.discard(conversation)
        await OthersGoOn()

    async def memory(self, conversation: str) -> Sequence[Mapping[str, object]]:
        return ()

    async def forget(self, conversation: str) -> int:
        return 0

    async def ready(self) -> None:
        return
