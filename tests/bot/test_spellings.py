"""The exact parsers read every spelling there is, whatever stands around it."""

from __future__ import annotations

import pytest

from bot.entities import find_entities
from tests.bot.spellings import KINDS, TODAY, Case, cases

COUNT = 10_000


@pytest.fixture(scope="module")
def made() -> list[Case]:
    return cases(COUNT)


@pytest.mark.parametrize("kind", range(len(KINDS)), ids=[kind.__name__ for kind in KINDS])
def test_every_spelling_is_read_whole_with_its_value_and_nothing_else(
    kind: int, made: list[Case]
) -> None:
    wrong = []
    for case in made[kind :: len(KINDS)]:
        found = [(s.entity, s.start, s.end, s.value) for s in find_entities(case.text, TODAY)]
        if found != [(case.entity, case.start, case.end, case.value)]:
            wrong.append((case.text, case.text[case.start : case.end], case.value, found))
    assert not wrong, f"{len(wrong)} are read otherwise, such as {wrong[:5]}"


def test_the_cases_are_many_and_the_same_each_time(made: list[Case]) -> None:
    assert len({case.text for case in made}) > COUNT * 0.7
    assert cases(100) == made[:100]
