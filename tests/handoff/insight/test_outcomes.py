"""Which contacts are known to have needed a person, and who says so."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from handoff.insight.labelled import Labelled
from handoff.insight.outcomes import SETTLED_SECONDS
from handoff.tokens import new_id
from tests.service.bridge import Workshop, workshop

COSTS = {"late": 2.0, "needless": 1.0}
CALM: dict[str, Any] = {
    "features": {"turn_count": 0.5},
    "decision": "continue",
    "reason": None,
    "propensity": 1.0,
}
OFFERED = {**CALM, "decision": "offer", "reason": "frustration", "propensity": 0.95}


def without_chance(assessment: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in assessment.items() if name != "propensity"}


@pytest.fixture
async def shop() -> AsyncIterator[Workshop]:
    async with workshop() as opened:
        yield opened


async def told(shop: Workshop, later: float = 0.0) -> list[dict[str, Any]]:
    now = shop.clock.now + 1 + later
    found = Labelled()
    await found.gather(shop.store, "heimbud", COSTS, now - 90 * 86_400, now)
    assert found.sources.total() == len(found.rows)
    return found.rows


async def talked(shop: Workshop, *assessments: Any, visitor: str | None = None) -> Any:
    one = await shop.arrive(visitor=visitor)
    for number, assessment in enumerate(assessments):
        shop.bot.orders.append({"assessment": assessment})
        await shop.bridge.customer_says("heimbud", one.id, new_id(), f"linje {number}")
        await shop.quiet()
    return one


@pytest.mark.parametrize(
    ("verdict", "needed", "late"),
    [("needed", True, False), ("needless", False, False), ("too_late", True, True)],
)
async def test_the_agents_verdict_labels_a_handover(
    shop: Workshop, verdict: str, needed: bool, late: bool
) -> None:
    agent = await shop.hire("Kari")
    one = await talked(shop, CALM, OFFERED)
    await shop.bridge.ask_person("heimbud", one.id, new_id())
    taken = await shop.claim(agent, one)
    await shop.bridge.verdict(agent, "heimbud", one.id, verdict, new_id())
    await shop.bridge.finish(agent, "heimbud", one.id, taken.control, "other", True, new_id())
    [row] = await told(shop)
    assert row == {
        "id": one.id,
        "client": "heimbud",
        "turns": [without_chance(CALM), without_chance(OFFERED)],
        "handed": 2,
        "needed": needed,
        "late": late,
        "source": "verdict",
        "costs": COSTS,
    }


async def test_without_a_verdict_a_handover_is_not_judged(shop: Workshop) -> None:
    agent = await shop.hire("Kari")
    one = await talked(shop, CALM)
    await shop.bridge.ask_person("heimbud", one.id, new_id())
    taken = await shop.claim(agent, one)
    await shop.bridge.finish(agent, "heimbud", one.id, taken.control, "other", True, new_id())
    await shop.bridge.rate("heimbud", one.id, new_id(), 1)
    assert await told(shop, SETTLED_SECONDS) == []


@pytest.mark.parametrize(("stars", "needed"), [(1, True), (2, True), (4, False), (5, False)])
async def test_a_rating_labels_what_the_bot_did_alone(
    shop: Workshop, stars: int, needed: bool
) -> None:
    one = await talked(shop, CALM)
    await shop.bridge.end("heimbud", one.id, new_id())
    await shop.bridge.rate("heimbud", one.id, new_id(), stars)
    [row] = await told(shop)
    assert (row["needed"], row["source"], row["handed"]) == (needed, "rating", None)


async def test_who_leaves_an_offer_unanswered_was_failed(shop: Workshop) -> None:
    one = await talked(shop, CALM, OFFERED)
    await shop.bridge.end("heimbud", one.id, new_id())
    [row] = await told(shop)
    assert (row["needed"], row["late"], row["source"]) == (True, True, "left")


async def test_who_comes_back_within_a_week_was_failed_and_who_stays_away_was_not(
    shop: Workshop,
) -> None:
    visitor = new_id()
    one = await talked(shop, CALM, visitor=visitor)
    await shop.bridge.end("heimbud", one.id, new_id())
    assert await told(shop) == []  # nobody knows yet
    [row] = await told(shop, SETTLED_SECONDS)
    assert (row["needed"], row["source"]) == (False, "stayed_away")
    shop.clock.pass_by(3 * 86_400)
    await talked(shop, CALM, visitor=visitor)
    [row] = await told(shop)
    assert (row["needed"], row["source"]) == (True, "again")


async def test_each_contact_of_a_conversation_has_its_own_turns_and_words(shop: Workshop) -> None:
    visitor = new_id()
    for stars, assessments in ((5, (CALM,)), (1, (CALM, OFFERED))):
        one = await talked(shop, *assessments, visitor=visitor)
        await shop.bridge.end("heimbud", one.id, new_id())
        await shop.bridge.rate("heimbud", one.id, new_id(), stars)
        shop.clock.pass_by(60)
    rows = await told(shop)
    assert [(len(row["turns"]), row["needed"]) for row in rows] == [(1, False), (2, True)]


async def test_reading_many_contacts_is_quick(shop: Workshop) -> None:
    for _ in range(60):
        one = await talked(shop, CALM)
        await shop.bridge.end("heimbud", one.id, new_id())
        await shop.bridge.rate("heimbud", one.id, new_id(), 5)
    started = time.process_time()
    assert len(await told(shop)) == 60
    assert time.process_time() - started < 1.0
