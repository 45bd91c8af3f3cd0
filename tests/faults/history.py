"""What was sent and what each screen showed: the one thing the checker looks at."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, TextIO


class Outcome(StrEnum):
    """What its sender knows of a line. INVOKED becomes UNKNOWN where no answer ever came."""

    INVOKED = "invoked"
    ACKED = "acked"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(slots=True)
class Send:
    """One line somebody wrote. `text` is its own: no other line has it."""

    cmid: str
    conversation: str
    sender: str
    text: str
    outcome: Outcome = Outcome.INVOKED


@dataclass(frozen=True, slots=True)
class Shown:
    """A line on a screen. `text` is that of words, or a notice's code.

    `owner` and `control` are those of a line that tells of a new state.
    """

    seq: int
    author: str
    text: str
    cmid: str | None = None
    author_id: str = ""
    customer_seq: int | None = None
    owner: str | None = None
    control: int = 0


@dataclass(slots=True)
class Screen:
    """What one page showed of one stream, in the order it did. A browser's has no numbers."""

    name: str
    conversation: str
    audience: str
    shown: list[Shown] = field(default_factory=list)
    numbered: bool = True


class History:
    """Kept in memory, and each word of it in a file before anything else happens."""

    def __init__(self, path: Path | None = None) -> None:
        self.sends: dict[str, Send] = {}
        self.screens: list[Screen] = []
        self._acked: list[str] = []
        self.gone: set[str] = set()
        """Ids of agents who left for good, longer ago than a lease lasts."""
        self._file: TextIO | None = path.open("a", encoding="utf-8", buffering=1) if path else None

    def invoked(self, cmid: str, conversation: str, sender: str, text: str) -> None:
        self.sends[cmid] = Send(cmid, conversation, sender, text)
        self._note(what="invoked", **asdict(self.sends[cmid]))

    def ended(self, cmid: str, outcome: Outcome) -> None:
        """An acknowledgement stands: what comes after it is a repetition."""
        send = self.sends.get(cmid)
        if send is None or send.outcome in (outcome, Outcome.ACKED):
            return
        send.outcome = outcome
        if outcome is Outcome.ACKED:
            self._acked.append(cmid)
        self._note(what=outcome, cmid=cmid)

    def mark(self) -> int:
        """This moment, for `went_back`."""
        return len(self._acked)

    def went_back(self, mark: int) -> None:
        """A backup was restored: of what was acknowledged since `mark`, nothing is promised.

        It is shown at most once.
        """
        since = self._acked[mark:]
        del self._acked[mark:]
        for cmid in since:
            self.sends[cmid].outcome = Outcome.UNKNOWN
            self._note(what="forgotten", cmid=cmid)

    def screen(
        self, name: str, conversation: str, audience: str, *, numbered: bool = True
    ) -> Screen:
        """A new, empty screen: also when a page was told to throw away what it had."""
        screen = Screen(name, conversation, audience, numbered=numbered)
        self.screens.append(screen)
        return screen

    def shows(self, screen: Screen, line: Shown) -> None:
        screen.shown.append(line)
        self._note(what="shown", screen=screen.name, seq=line.seq, cmid=line.cmid, text=line.text)

    def drop(self, screen: Screen) -> None:
        """A page was loaded anew, and this screen is no more."""
        self.screens.remove(screen)
        self._note(what="dropped", screen=screen.name)

    def close(self) -> None:
        """From now on, what had no answer is unknown."""
        for cmid, send in self.sends.items():
            if send.outcome is Outcome.INVOKED:
                self.ended(cmid, Outcome.UNKNOWN)
        if self._file is not None:
            self._file.close()
            self._file = None

    def count(self, outcome: Outcome) -> int:
        return sum(send.outcome is outcome for send in self.sends.values())

    def _note(self, **word: Any) -> None:
        if self._file is not None:
            self._file.write(json.dumps(word, ensure_ascii=False) + "\n")
