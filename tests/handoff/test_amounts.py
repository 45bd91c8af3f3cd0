"""Amounts in the words of a sentence."""

from __future__ import annotations

import pytest

from handoff.amounts import amount


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 lines"), (1, "1 line"), (2, "2 lines"), (1_000, "1000 lines")]
)
def test_one_is_singular_and_none_is_plural(number: int, said: str) -> None:
    assert amount(number, "line") == said
