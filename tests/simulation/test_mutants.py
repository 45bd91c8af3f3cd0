"""The simulation itself is proved: every rule broken on purpose is found."""

from __future__ import annotations

import pytest

from tests.simulation.mutants import MUTANTS, Mutant
from tests.simulation.play import play
from tests.simulation.schedule import make

MOST = 600


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.sentence)
def test_a_broken_rule_is_found(mutant: Mutant, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant.apply(monkeypatch)
    broken = next(
        (found for seed in range(MOST) if (found := play(make(seed)).broken) is not None), None
    )
    assert broken is not None, f"{MOST} schedules, and nothing was found"
    assert broken.name in mutant.breaks, str(broken)


def test_there_are_enough_of_them() -> None:
    sentences = {mutant.sentence for mutant in MUTANTS}
    assert len(sentences) == len(MUTANTS) >= 20
