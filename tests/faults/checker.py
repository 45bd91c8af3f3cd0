"""Judges a history: what was lost, doubled or out of order, each with its evidence.

The rules: an acknowledged line is on every screen of its conversation exactly once, an unknown one
at most once, a refused one nowhere. The numbers of a screen have no gap. Two screens of one
stream show the same, in the same order, and a sender's lines come as they were written. An agent's
line comes from whoever had the conversation then, and nobody is left with an agent who went.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from itertools import pairwise

from tests.faults.history import History, Outcome, Screen, Send, Shown

RULES = ("lost", "doubled", "reordered", "gap", "refused", "differs", "foreign", "stranded")


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule: where it was seen, and which line shows it."""

    rule: str
    screen: str
    line: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.line} on {self.screen}"


@dataclass(slots=True)
class Verdict:
    acknowledged: int
    unknown: int
    failed: int
    screens: int
    faults: list[Fault] = field(default_factory=list)

    def count(self, rule: str) -> int:
        """Lines that broke `rule`, on however many screens."""
        return len({fault.line for fault in self.faults if fault.rule == rule})


def judge(history: History) -> Verdict:
    """Look at a history whose screens were all brought up to date."""
    faults: list[Fault] = []
    by_place: dict[str, list[Send]] = defaultdict(list)
    for send in history.sends.values():
        by_place[send.conversation].append(send)
    streams: dict[tuple[str, str], list[Screen]] = defaultdict(list)
    for screen in history.screens:
        faults += _numbers(screen) if screen.numbered else ()
        faults += _sends(screen, by_place[screen.conversation])
        if screen.audience == "staff" and screen.numbered:
            faults += _owners(screen, history.gone)
        streams[screen.conversation, screen.audience].append(screen)
    for alike in streams.values():
        faults += _alike([screen for screen in alike if screen.numbered])
    for place in by_place:
        faults += _both_sides(streams, place)
    return Verdict(
        acknowledged=history.count(Outcome.ACKED),
        unknown=history.count(Outcome.UNKNOWN) + history.count(Outcome.INVOKED),
        failed=history.count(Outcome.FAILED),
        screens=len(history.screens),
        faults=faults,
    )


def _numbers(screen: Screen) -> Iterator[Fault]:
    expected, seen = 1, set()
    for line in screen.shown:
        if line.seq in seen:
            yield Fault("doubled", screen.name, f"{screen.conversation}#{line.seq}")
        elif line.seq < expected:
            yield Fault("reordered", screen.name, f"{screen.conversation}#{line.seq}")
        elif line.seq > expected:
            yield Fault("gap", screen.name, f"{screen.conversation}#{expected}")
        seen.add(line.seq)
        expected = max(expected, line.seq + 1)


def _sends(screen: Screen, sends: Iterable[Send]) -> Iterator[Fault]:
    places: dict[str, list[int]] = defaultdict(list)
    for at, line in enumerate(screen.shown):
        if line.author in ("customer", "agent"):
            places[line.text].append(at)
    newest: dict[str, int] = {}
    for send in sends:
        found = places.get(send.text, [])
        if send.outcome is Outcome.ACKED and not found:
            yield Fault("lost", screen.name, send.cmid)
        if send.outcome is Outcome.FAILED and found:
            yield Fault("refused", screen.name, send.cmid)
        if len(found) > 1:
            yield Fault("doubled", screen.name, send.cmid)
        if found:
            if found[0] < newest.get(send.sender, -1):
                yield Fault("reordered", screen.name, send.cmid)
            newest[send.sender] = max(found[0], newest.get(send.sender, -1))


def _owners(screen: Screen, gone: Set[str]) -> Iterator[Fault]:
    owner: str | None = None
    for line in screen.shown:
        if line.author == "system" and line.owner is not None:
            owner = line.owner
        elif line.author == "agent" and line.customer_seq is not None and line.author_id != owner:
            yield Fault("foreign", screen.name, line.cmid or line.text)
    if owner in gone:
        yield Fault("stranded", screen.name, screen.conversation)


def _alike(screens: list[Screen]) -> Iterator[Fault]:
    """The longest stands for the stream; all others must be how it begins."""
    if not screens:
        return
    longest = max(screens, key=lambda screen: len(screen.shown))
    for screen in screens:
        for mine, theirs in zip(screen.shown, longest.shown, strict=False):
            if (mine.seq, mine.cmid, mine.text) != (theirs.seq, theirs.cmid, theirs.text):
                yield Fault("differs", screen.name, f"{screen.conversation}#{mine.seq}")
                break


def _both_sides(streams: Mapping[tuple[str, str], list[Screen]], place: str) -> Iterator[Fault]:
    """What customer and staff both see comes in one order."""
    for screen in streams.get((place, "staff"), []):
        both = [line for line in screen.shown if line.customer_seq is not None]
        for before, after in pairwise(both):
            if (before.customer_seq or 0) >= (after.customer_seq or 0):
                yield Fault("reordered", screen.name, f"{place}#{after.seq}")
        for customer in streams.get((place, "customer"), []):
            if customer.numbered:
                yield from _same_words(screen, both, customer)


def _same_words(staff: Screen, both: list[Shown], customer: Screen) -> Iterator[Fault]:
    shown = {line.seq: line for line in customer.shown}
    for line in both:
        other = shown.get(line.customer_seq or 0)
        if other is not None and (other.author, other.cmid) != (line.author, line.cmid):
            yield Fault("differs", staff.name, f"{staff.conversation}#{line.seq}")
            return
