"""What was sent and what each screen showed: the one thing the checker looks at."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from itertools import pairwise
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
    """One line somebody wrote. `text` is its own: no other line has it.

    `numbers` are those its acknowledgements named, `code` that of its refusal. `forgotten`, if
    not 0, tells which restored backup, counted from 1, may lack it though it was acknowledged.
    `tab` is the sender's page that wrote it: what a closed one still had on its way may come
    after the first lines of the next. `restored` counts the backups that were back when it was
    acknowledged: what one lacked, and was sent again, may have another number since.
    """

    cmid: str
    conversation: str
    sender: str
    text: str
    outcome: Outcome = Outcome.INVOKED
    answers: set[Outcome] = field(default_factory=set)
    numbers: set[int] = field(default_factory=set)
    code: str = ""
    forgotten: int = 0
    tab: int = 0
    restored: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """A line on a screen. `text` is that of words, a notice's code, or else the kind.

    `owner` (an agent's id, `bot`, `nobody`) and `control` are those of a line that tells of a new
    state; `turn` is the bot's turn that a line began or belongs to.
    """

    seq: int
    author: str
    text: str
    cmid: str | None = None
    author_id: str = ""
    customer_seq: int | None = None
    owner: str | None = None
    control: int = 0
    kind: str = "text"
    turn: str | None = None


@dataclass(slots=True)
class Screen:
    """What one page showed of one stream, in the order it did.

    One that is `worded` is a browser's: there is but what can be read, on a desk without numbers.

    One that was `left`, for a page loaded anew or shut, need not show what came after. `epoch` is
    that of the history it showed, `restored` counts the backups that were back when it was opened.
    `holes` are numbers that a batch of the service passed over.
    """

    name: str
    conversation: str
    audience: str
    shown: list[Shown] = field(default_factory=list)
    numbered: bool = True
    left: bool = False
    epoch: str = ""
    worded: bool = False
    holes: list[int] = field(default_factory=list)
    restored: int = 0


class History:
    """Kept in memory, and each word of it in a file before anything else happens."""

    def __init__(self, path: Path | None = None) -> None:
        self.sends: dict[str, Send] = {}
        self.screens: list[Screen] = []
        self.typed: dict[str, str] = {}
        """Who typed each text that a page took from its field."""
        self._acked: list[str] = []
        self._restored = 0
        self.gone: set[str] = set()
        """Ids of agents who left for good, longer ago than a lease lasts."""
        self._file: TextIO | None = path.open("a", encoding="utf-8", buffering=1) if path else None

    def invoked(self, cmid: str, conversation: str, sender: str, text: str, tab: int = 0) -> None:
        self.sends[cmid] = Send(cmid, conversation, sender, text, tab=tab)
        self._note(
            what="invoked", cmid=cmid, conversation=conversation, sender=sender, text=text, tab=tab
        )

    def moved(self, cmid: str, conversation: str) -> None:
        """It had no answer yet, and is sent again in another conversation."""
        if send := self.sends.get(cmid):
            send.conversation = conversation
            self._note(what="moved", cmid=cmid, conversation=conversation)

    def types(self, text: str, sender: str) -> None:
        """A browser's page took that text from its field: from here on it must not be lost."""
        self.typed[text] = sender
        self._note(what="typed", sender=sender, text=text)

    def ended(self, cmid: str, outcome: Outcome, *, number: int = 0, code: str = "") -> None:
        """An acknowledgement stands: what comes after it is a repetition, or contradicts it."""
        send = self.sends.get(cmid)
        if send is None:
            return
        send.answers.add(outcome)
        send.numbers |= {number} - {0}
        if send.outcome in (outcome, Outcome.ACKED):
            return
        send.outcome, send.code = outcome, code
        if outcome is Outcome.ACKED:
            self._acked.append(cmid)
            send.restored = self._restored
        self._note(what=outcome, cmid=cmid, number=number, code=code)

    def mark(self) -> int:
        """This moment, for `went_back`."""
        return len(self._acked)

    def went_back(self, mark: int) -> None:
        """A backup begun at `mark` is back: of what was acknowledged since, a tail may lack.

        Call it before anybody can write to what was restored.
        """
        since = self._acked[mark:]
        del self._acked[mark:]
        self._restored += 1
        for cmid in since:
            send = self.sends[cmid]
            send.outcome, send.forgotten = Outcome.UNKNOWN, self._restored
            send.numbers.clear()
            self._note(what="forgotten", cmid=cmid)

    def screen(
        self, name: str, conversation: str, audience: str, epoch: str = "", **more: bool
    ) -> Screen:
        """A new, empty screen: also when a page was told to throw away what it had.

        `more` is `numbered` and `worded`.
        """
        screen = Screen(name, conversation, audience, epoch=epoch, **more)
        screen.restored = self._restored
        self.screens.append(screen)
        return screen

    def shows(self, screen: Screen, line: Shown) -> None:
        screen.shown.append(line)
        self._note(what="shown", screen=screen.name, **asdict(line))

    def fetched(self, screen: Screen, numbers: list[int]) -> None:
        """A batch of the service came, with those numbers in that order."""
        screen.holes += [after for before, after in pairwise(numbers) if after != before + 1]

    def leave(self, screen: Screen) -> None:
        """Its page was loaded anew or shut: what was shown stays shown, and no more comes."""
        screen.left = True
        self._note(what="left", screen=screen.name)

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
