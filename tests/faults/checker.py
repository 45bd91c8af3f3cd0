"""Judges a history: what was lost, doubled or out of order, each with its evidence.

The rules: an acknowledged line is on every screen of its conversation exactly once, and there is
such a screen; an unknown one is there at most once, a refused one nowhere. The numbers of a screen
have no gap. Two screens of one stream show the same, in the same order, and a sender's lines come
as they were written. An agent's line comes from whoever had the conversation then, a customer's is
never refused, and nobody is left with an agent who went. What the bot owes: `answers`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from itertools import pairwise

from tests.faults.answers import answers
from tests.faults.history import History, Outcome, Screen, Send, Shown
from tests.faults.verdict import Fault, Verdict

CHANGED_HANDS = ("stale_control", "not_owner")
"""Why an agent's line may be refused: the chat was somebody else's by then."""
ACKNOWLEDGED = (("customer", "customer"), ("agent", "staff"))
"""Whose acknowledgements name a line by its number in which stream."""


def judge(history: History) -> Verdict:
    """Look at a history whose screens were all brought up to date."""
    faults: list[Fault] = []
    by_place: dict[str, list[Send]] = defaultdict(list)
    for send in history.sends.values():
        by_place[send.conversation].append(send)
    streams: dict[tuple[str, str, str], list[Screen]] = defaultdict(list)
    seen: set[str] = set()
    for screen in history.screens:
        faults += _numbers(screen) if screen.numbered else ()
        faults += _sends(screen, by_place[screen.conversation])
        if screen.audience == "staff" and not screen.worded:
            faults += _owners(screen, history.gone)
            faults += answers(screen)
            seen |= set() if screen.left else {screen.conversation}
        streams[screen.conversation, screen.audience, screen.epoch].append(screen)
    for alike in streams.values():
        faults += _alike([screen for screen in alike if not screen.worded])
    for place, sends in by_place.items():
        faults += _outcomes(sends)
        if place not in seen:
            faults += (Fault("lost", "no screen", s.cmid) for s in sends if _promised(s))
    for (place, audience, epoch), screens in streams.items():
        if audience == "staff":
            faults += _both_sides(screens, streams.get((place, "customer", epoch), []))
    faults += _never_sent(history)
    return Verdict(
        acknowledged=history.count(Outcome.ACKED),
        unknown=history.count(Outcome.UNKNOWN) + history.count(Outcome.INVOKED),
        failed=history.count(Outcome.FAILED),
        screens=len(history.screens),
        faults=faults,
    )


def _promised(send: Send) -> bool:
    return send.outcome is Outcome.ACKED


def _outcomes(sends: Iterable[Send]) -> Iterator[Fault]:
    for send in sends:
        if len(send.numbers) > 1 or {Outcome.ACKED, Outcome.FAILED} <= send.answers:
            yield Fault("contradicted", send.sender, send.cmid)
        if send.outcome is Outcome.FAILED and send.code not in CHANGED_HANDS:
            yield Fault("turned_away", send.sender, f"{send.cmid} ({send.code})")


def _never_sent(history: History) -> Iterator[Fault]:
    """What a browser's page took from its field, and never put on the wire."""
    sent = {send.text for send in history.sends.values()}
    for text, sender in history.typed.items():
        if text not in sent:
            yield Fault("lost", sender, text)


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
    for number in screen.holes:
        yield Fault("gap", screen.name, f"{screen.conversation}#{number}")


def _sends(screen: Screen, sends: Iterable[Send]) -> Iterator[Fault]:
    places: dict[str, list[int]] = defaultdict(list)
    for at, line in enumerate(screen.shown):
        if line.author in ("customer", "agent"):
            places[line.text].append(at)
    newest: dict[tuple[str, int], int] = {}
    missing: dict[tuple[str, int], str] = {}
    for send in sends:
        found = places.get(send.text, [])
        if _promised(send) and not found and not screen.left:
            yield Fault("lost", screen.name, send.cmid)
        if send.outcome is Outcome.FAILED and found:
            yield Fault("refused", screen.name, send.cmid)
        if len(found) > 1:
            yield Fault("doubled", screen.name, send.cmid)
        if found:
            page = (send.sender, send.tab)
            if found[0] < newest.get(page, -1):
                yield Fault("reordered", screen.name, send.cmid)
            newest[page] = max(found[0], newest.get(page, -1))
            line = screen.shown[found[0]]
            told = (line.author, screen.audience) in ACKNOWLEDGED
            named = told and screen.numbered and screen.restored >= send.restored
            if named and send.numbers - {line.seq}:
                yield Fault("contradicted", screen.name, send.cmid)
        if send.forgotten and not screen.left:
            # A backup holds what came before some moment, so what it lacks is a tail.
            tail = (send.sender, send.forgotten)
            if not found:
                missing.setdefault(tail, send.cmid)
            elif tail in missing:
                yield Fault("lost", screen.name, missing[tail])


def _owners(screen: Screen, gone: Set[str]) -> Iterator[Fault]:
    owner: str | None = None
    for line in screen.shown:
        if line.owner is not None:
            owner = line.owner
        elif line.author == "agent" and line.customer_seq is not None and line.author_id != owner:
            yield Fault("foreign", screen.name, line.cmid or line.text)
    if owner in gone and not screen.left:
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


def _both_sides(staff: Iterable[Screen], customers: Iterable[Screen]) -> Iterator[Fault]:
    """What customer and staff both see is the same, in one order."""
    for screen in staff:
        if screen.worded:
            continue
        both = [line for line in screen.shown if line.customer_seq is not None]
        for before, after in pairwise(both):
            if (before.customer_seq or 0) >= (after.customer_seq or 0):
                yield Fault("reordered", screen.name, f"{screen.conversation}#{after.seq}")
        for customer in customers:
            if not customer.worded:
                yield from _same_words(screen, both, customer)


def _same_words(staff: Screen, both: list[Shown], customer: Screen) -> Iterator[Fault]:
    theirs = {line.customer_seq: line for line in both}
    furthest = max((line.customer_seq or 0 for line in both), default=0)
    for line in customer.shown:
        if line.seq > furthest:
            continue
        other = theirs.get(line.seq)
        if other is None or _words(line) != _words(other):
            yield Fault("differs", staff.name, f"{customer.conversation}#{line.seq}")
            return


def _words(line: Shown) -> tuple[str, str | None, str]:
    """A notice's code stands for it; the bot's words and people's count letter for letter."""
    return line.author, line.cmid, line.text
