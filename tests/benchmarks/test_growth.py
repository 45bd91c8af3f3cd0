"""The benchmark of growth, over databases of a few conversations."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import growth
from benchmarks.figures import Figure


def test_every_act_is_timed_on_both_engines_warm_and_cold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growth, "WARM_ROUNDS", 3)
    monkeypatch.setattr(growth, "WARM_UP", 1)
    monkeypatch.setattr(growth, "COLD_ROUNDS", 1)
    figures: list[Figure] = []
    growth.measure_growth(tmp_path, figures, ((12, 3), (24, 9)))
    names = [figure.name for figure in figures]
    for engine in ("SQLite", "PostgreSQL"):
        for how in ("warm", "cold"):
            for act in ("claim", "next chat", "open conversation", "history page", "queue view"):
                assert f"{engine} {how}, {act}, worst p99 to smallest" in names
                assert f"{engine} {how}, {act}, 24 stored, 9 waiting, p99" in names
    assert all(figure.value > 0 for figure in figures)
