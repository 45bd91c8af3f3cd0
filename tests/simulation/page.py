"""A customer's page as docs/protocol.md wants it: what it holds, sends again, and shows.

Numbered lines: below the next one drop, equal show, above hold and fetch. What a page sent and
heard no answer to, it sends again on every new connection.
"""

from __future__ import annotations

from collections.abc import Iterable

from handoff.protocol import messages as m
from tests.simulation.invariants import must

HOLD = 256
PASSING = ("overloaded", "store_failed")
# What a notice says about who has the conversation.
TURNS = {
    "queued": ("waiting", "nobody"),
    "bot_meanwhile": ("waiting", "bot"),
    "left_queue": ("bot", "bot"),
    "agent_lost": ("waiting", "nobody"),
    "transferred": ("waiting", "nobody"),
    "agent_joined": ("agent", "agent"),
    "handed_back": ("bot", "bot"),
    "desk_closed": ("bot", "bot"),
    "contact_kept": ("bot", "bot"),
    "closed": ("closed", "nobody"),
}


class Receiver:
    """Lines that may come twice, too early or with holes between, shown once and in order."""

    def __init__(self) -> None:
        self.next = 1
        self.known = 0
        self._held: dict[int, m.Line] = {}
        self._asked = False

    def begin(self, last: int) -> None:
        """A connection stands, and `last` is the newest number."""
        self.known = last
        self._asked = False

    def take(self, lines: Iterable[m.Line]) -> list[m.Line]:
        """What may be shown now, in order."""
        for line in lines:
            self.known = max(self.known, line.seq)
            if line.seq >= self.next and (line.seq == self.next or len(self._held) < HOLD):
                self._held[line.seq] = line
        ready = []
        while (line_ := self._held.pop(self.next, None)) is not None:
            ready.append(line_)
            self.next += 1
        return ready

    def answered(self) -> None:
        """The last batch of a fetch has come."""
        self._asked = False

    def heard(self, last: int) -> None:
        """A heartbeat: what was asked for and has not come may be asked for again."""
        self.known = max(self.known, last)
        self._asked = False

    def ask(self) -> int:
        self._asked = self.known >= self.next
        return self.next - 1

    def lacks(self) -> int | None:
        """The number to resume after, None when nothing lacks or it is on its way."""
        return None if self._asked or self.known < self.next else self.ask()


class Page:
    """The machine of a widget: frames in, frames out, and what its screen shows."""

    def __init__(self, client: str, conversation: str, epoch: str) -> None:
        self.client = client
        self.conversation = conversation
        self.receiver = Receiver()
        self.screen: list[m.Line] = []
        self.outbox: dict[str, m.CustomerFrame] = {}
        self.sent: list[tuple[str, m.CustomerFrame]] = []
        self.acked: dict[str, int] = {}
        self.refused: dict[str, str] = {}
        self.mode, self.owner = "bot", "bot"
        self.place: int | None = None
        self.staffed: bool | None = None
        self.leaves = False
        self.live = False
        self._placed = False
        self._epoch = epoch
        self._as_of = 0

    def put(self, cmid: str, frame: m.CustomerFrame) -> None:
        """A frame to be sent until it is answered; before a welcome it is kept for it."""
        self.outbox[cmid] = frame
        self.sent.append((cmid, frame))

    def take(self, frame: m.Frame) -> list[m.CustomerFrame]:
        """One frame of the service. Returns what the page sends then."""
        out: list[m.CustomerFrame] = []
        match frame:
            case m.Welcome(last_seq=last, mode=mode, owner=owner):
                self.live = True
                self.receiver.begin(last)
                self._as_of = last
                self._turn(mode, owner)
                out.append(m.Resume(self._epoch, self.receiver.ask()))
                out += self.outbox.values()
            case m.Batch(lines=lines, more=more):
                self._show(self.receiver.take(lines))
                if not more:
                    self.receiver.answered()
            case m.Event(line=line):
                self._show(self.receiver.take([line]))
            case m.Ack(cmid=cmid, seq=seq):
                first = self.acked.setdefault(cmid, seq)
                must(first in (0, seq), "cmid", f"another number: {first}, then {seq}")
                self.outbox.pop(cmid, None)
            case m.Heartbeat(last_seq=last):
                self.receiver.heard(last)
                out.append(m.Beat())
            case m.Ephemeral():
                self._learn(frame)
            case m.Problem(code=code) if code in PASSING:
                self.leaves = True  # to come back later with the whole outbox, in its order
            case m.Problem(code=code, cmid=str(cmid)):
                self.refused[cmid] = code
                self.outbox.pop(cmid, None)
            case _:
                pass
        lacks = self.receiver.lacks()
        if lacks is not None:
            out.append(m.Resume(self._epoch, lacks))
        return out

    def _show(self, lines: Iterable[m.Line]) -> None:
        for line in lines:
            must(line.seq == len(self.screen) + 1, "screen", f"{line.seq} below {self.screen[-1:]}")
            self.screen.append(line)
            if line.cmid is not None:
                self.outbox.pop(line.cmid, None)
            if line.code == "queued" and line.params is not None and not self._placed:
                self.place, self.staffed = line.params["place"], line.params["staffed"]
            if line.seq <= self._as_of:
                continue
            if line.author == "customer" and self.mode == "closed":
                self._turn("bot", "bot")
            ends_wait = line.code == "contact_kept"
            if line.code in TURNS and (self.mode == "waiting" or not ends_wait):
                self._turn(*TURNS[line.code])

    def _learn(self, frame: m.Ephemeral) -> None:
        if frame.place is not None:
            self.place, self._placed = frame.place, True
        if frame.staffed is not None:
            self.staffed = frame.staffed
        if frame.mode is not None:
            self._turn(frame.mode, frame.owner or self.owner)

    def _turn(self, mode: str, owner: str) -> None:
        self.mode, self.owner = mode, owner
        # What was told of the place in this wait is newer than the line that began it.
        self._placed = self._placed and mode == "waiting"
