"""Which customers have a page open, at whichever process: asked and answered over the fan-out."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from handoff.bridge.unit_of_work import channel_of
from handoff.ports import Clock, Fanout

MOST_REMEMBERED = 10_000
ASK_SECONDS = 10.0
SILENT_SECONDS = 35.0
HERE, GONE, ASKED = "customer_here", "customer_gone", "customer_asked"


@dataclass(frozen=True, slots=True)
class Attended:
    """Whether a page is open. `since` is when the last one went, None when nobody saw it go."""

    present: bool
    since: float | None = None


Tell = Callable[[Attended], None]


@dataclass(slots=True)
class _Watch:
    stop: Callable[[], None]
    told: Attended
    tells: dict[object, Tell] = field(default_factory=dict)


class Attendance:
    """The customers' connections of this process, and what other processes say of theirs.

    Nothing is stored: a restart forgets. Who has a page open says so when asked, and when another
    process says that the last one went. A process that answers no more is believed for
    `SILENT_SECONDS`.
    """

    def __init__(self, fanout: Fanout, clock: Clock) -> None:
        self._fanout = fanout
        self._clock = clock
        self._open: Counter[str] = Counter()
        self._answering: dict[str, Callable[[], None]] = {}
        self._elsewhere: dict[str, float] = {}
        self._gone: dict[str, float] = {}
        self._watches: dict[str, _Watch] = {}

    def came(self, conversation: str) -> None:
        """One more connection; only the first is told."""
        self._open[conversation] += 1
        if self._open[conversation] == 1:
            self._answering[conversation] = self._fanout.subscribe(
                channel_of(conversation), partial(self._answer, conversation)
            )
            self._fanout.publish(channel_of(conversation), HERE)

    def went(self, conversation: str) -> None:
        """One connection less; only the last is told."""
        self._open[conversation] -= 1
        if self._open[conversation] > 0:
            return
        del self._open[conversation]
        self._answering.pop(conversation)()
        at = self._clock()
        self._remember(conversation, at)
        self._fanout.publish(channel_of(conversation), f"{GONE}:{at}")

    def of(self, conversation: str) -> Attended:
        if self._open[conversation] > 0 or conversation in self._elsewhere:
            return Attended(present=True)
        return Attended(present=False, since=self._gone.get(conversation))

    def watch(self, conversation: str, tell: Tell) -> Callable[[], None]:
        """Tell what is known now, and every change until the returned function is called."""
        watch = self._watches.get(conversation)
        if watch is None:
            listening = self._fanout.subscribe(
                channel_of(conversation), partial(self._hear, conversation)
            )
            watch = _Watch(listening, self.of(conversation))
            self._watches[conversation] = watch
        key = object()
        watch.tells[key] = tell
        tell(watch.told)
        self._ask(conversation)

        def leave() -> None:
            watch.tells.pop(key, None)
            if not watch.tells and self._watches.get(conversation) is watch:
                watch.stop()
                del self._watches[conversation]
                self._elsewhere.pop(conversation, None)

        return leave

    async def run(self) -> None:
        """Ask again and again: a process may have been killed, or an answer lost."""
        while True:
            await asyncio.sleep(ASK_SECONDS)
            self.ask_again()

    def ask_again(self) -> None:
        """One round over what is watched here."""
        for conversation in list(self._watches):
            heard = self._elsewhere.get(conversation)
            if heard is not None and self._clock() - heard > SILENT_SECONDS:
                self._fanout.publish(channel_of(conversation), f"{GONE}:{heard}")
            self._ask(conversation)

    def _ask(self, conversation: str) -> None:
        if not self._open[conversation]:
            self._fanout.publish(channel_of(conversation), ASKED)

    def _answer(self, conversation: str, note: str) -> None:
        if note.partition(":")[0] in (ASKED, GONE):
            # Not before everybody has heard what is answered.
            asyncio.get_running_loop().call_soon(self._say_here, conversation)

    def _say_here(self, conversation: str) -> None:
        if self._open[conversation]:
            self._fanout.publish(channel_of(conversation), HERE)

    def _hear(self, conversation: str, note: str) -> None:
        kind, _, value = note.partition(":")
        if kind == HERE:
            if not self._open[conversation]:
                self._elsewhere[conversation] = self._clock()
            self._gone.pop(conversation, None)
        elif kind == GONE:
            self._elsewhere.pop(conversation, None)
            self._remember(conversation, float(value))
        watch, now = self._watches[conversation], self.of(conversation)
        if now != watch.told:
            watch.told = now
            for tell in list(watch.tells.values()):
                tell(now)

    def _remember(self, conversation: str, at: float) -> None:
        self._gone[conversation] = at
        if len(self._gone) > MOST_REMEMBERED:
            del self._gone[next(iter(self._gone))]
