"""Which of many lines are nearly the same, without holding each against each.

Likeness is the share of three-letter pieces that two lines have in common (Jaccard). The search
is the prefix filter of Bayardo, Ma and Srikant, "Scaling up all pairs similarity search" (WWW
2007): lines that are alike share one of their rarest pieces, so only those are held together.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

_LETTERS = 3


def pairs_alike(lines: Sequence[str], least: float) -> Iterator[tuple[int, int, float]]:
    """Each pair of `lines`, by number, whose likeness is `least` (above 0, up to 1) or more.

    The smaller number stands first; pairs come in no order. Empty lines are like no other.
    """
    pieces = [_pieces(line) for line in lines]
    common = Counter(piece for of_line in pieces for piece in of_line)
    having: dict[str, list[int]] = defaultdict(list)
    # Shorter lines first: what a line meets in the index is never longer than itself.
    for number in sorted(range(len(lines)), key=lambda n: (len(pieces[n]), n)):
        own = pieces[number]
        if not own:
            continue
        rarest = sorted(own, key=lambda piece: (common[piece], piece))
        rarest = rarest[: len(own) - math.ceil(least * len(own)) + 1]
        for other in {met for piece in rarest for met in having[piece]}:
            if len(pieces[other]) < least * len(own):
                continue
            shared = len(own & pieces[other])
            likeness = shared / (len(own) + len(pieces[other]) - shared)
            if likeness >= least:
                yield min(number, other), max(number, other), likeness
        for piece in rarest:
            having[piece].append(number)


def groups_alike(count: int, pairs: Sequence[tuple[int, int]]) -> list[list[int]]:
    """The numbers below `count` in groups that `pairs` hold together, one of its own included."""
    leader = list(range(count))

    def led_by(number: int) -> int:
        while leader[number] != number:
            leader[number] = leader[leader[number]]
            number = leader[number]
        return number

    for one, other in pairs:
        first, last = sorted((led_by(one), led_by(other)))
        leader[last] = first
    found: dict[int, list[int]] = defaultdict(list)
    for number in range(count):
        found[led_by(number)].append(number)
    return list(found.values())


def _pieces(line: str) -> frozenset[str]:
    framed = f" {line} " if line else ""
    return frozenset(framed[at : at + _LETTERS] for at in range(len(framed) - _LETTERS + 1))
