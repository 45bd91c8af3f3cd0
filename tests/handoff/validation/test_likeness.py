"""Lines that are nearly the same are found, all of them and quickly."""

from __future__ import annotations

import random
import time
from itertools import combinations

from handoff.validation.likeness import groups_alike, pairs_alike


def pieces(line: str) -> set[str]:
    framed = f" {line} "
    return {framed[at : at + 3] for at in range(len(framed) - 2)}


def some_lines(count: int, words: int) -> list[str]:
    dice = random.Random(4)
    known = ["".join(dice.choices("aeiklnorst", k=dice.randint(2, 8))) for _ in range(words)]
    return [" ".join(dice.choices(known, k=dice.randint(1, 14))) for _ in range(count)]


def test_the_same_pairs_are_found_as_by_holding_each_line_against_each() -> None:
    lines = [*some_lines(300, 12), "", "", "a"]
    for least in (0.5, 0.75, 1.0):
        slow = {
            (one, other)
            for one, other in combinations(range(len(lines)), 2)
            if lines[one]
            and lines[other]
            and len(pieces(lines[one]) & pieces(lines[other]))
            >= least * len(pieces(lines[one]) | pieces(lines[other]))
        }
        assert slow
        assert {pair[:2] for pair in pairs_alike(lines, least)} == slow


def test_3500_lines_take_less_than_three_seconds() -> None:
    lines = some_lines(3500, 2000)
    began = time.process_time()
    list(pairs_alike(lines, 0.75))
    assert time.process_time() - began < 3


def test_pairs_that_meet_are_one_group() -> None:
    assert groups_alike(6, [(4, 1), (1, 5), (2, 3)]) == [[0], [1, 4, 5], [2, 3]]
