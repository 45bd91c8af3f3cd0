"""The benchmark of growth, over databases of a few conversations."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from benchmarks import growth
from benchmarks.figures import Figure
from handoff.core.roster import Agent, Role
from handoff.storage import migrate, open_store


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


async def test_what_is_claimed_is_chosen_before_the_caches_are_emptied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []

    async def choose(place: growth.Place) -> growth.Act:
        happened.append("chosen")

        async def run() -> None:
            happened.append("run")

        return growth.Act("act", run)

    monkeypatch.setattr(growth, "ACTS", (choose,))
    monkeypatch.setattr(growth, "COLD_ROUNDS", 1)
    monkeypatch.setattr(growth, "_forget", lambda url: happened.append("forgotten"))
    url = f"sqlite:///{tmp_path / 'cold.db'}"
    await asyncio.to_thread(migrate, url)
    agent = Agent("a", "a@example.no", "A", Role.AGENT, frozenset(), frozenset(), 1)
    place = growth.Place(0, 0, url, agent, (), await open_store(url))
    await growth._cold([place])
    await place.store.close()
    assert happened == ["chosen", "forgotten", "run"]
    assert len(place.spent["act"]) == 1
