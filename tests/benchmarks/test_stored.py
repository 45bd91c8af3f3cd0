"""What the benchmark of growth fills a database with is what the service itself writes."""

from __future__ import annotations

import asyncio
from pathlib import Path

from benchmarks.figures import p99
from benchmarks.stored import LINES, bridge_over, copies, fill, hire, live, rows_of, templates
from handoff.core.message import Audience
from handoff.core.roster import Agent
from handoff.ports import Store
from handoff.storage import migrate, open_store


async def _filled(folder: Path) -> tuple[str, Store, Agent, list[str]]:
    """Twelve conversations, of which three wait; the ids of the ten that are copies."""
    url = f"sqlite:///{folder / 'filled.db'}"
    await asyncio.to_thread(migrate, url)
    store = await open_store(url)
    agent = await hire(store)
    found = await templates(bridge_over(store), store, url, agent)
    made = list(copies(found, 11, 2, 1))
    await fill(url, made)
    return url, store, agent, [str(rows["conversation"][0]["id"]) for rows in made]


def _shape(rows: dict[str, list[dict[str, object]]]) -> dict[str, list[dict[str, str]]]:
    """Of each table the rows' columns and the kinds of values in them."""
    return {
        table: [{name: type(value).__name__ for name, value in row.items()} for row in found]
        for table, found in rows.items()
    }


async def test_a_copy_has_the_shape_of_what_the_service_wrote(tmp_path: Path) -> None:
    url, store, agent, ids = await _filled(tmp_path)
    ended = await live(bridge_over(store), store, agent, waits=False)
    copied = await rows_of(url, ids[1])
    assert _shape(copied) == _shape(await rows_of(url, ended))
    assert len(copied["message"]) == LINES
    await store.close()


async def test_the_copies_wait_and_can_be_claimed_and_read(tmp_path: Path) -> None:
    _, store, agent, _ = await _filled(tmp_path)
    waiting = await store.read(lambda unit: unit.queue.waiting(agent.clients, 100))
    assert len(waiting) == 3
    state = await bridge_over(store).claim_next(agent, "11111111-1111-4111-8111-111111111111")
    lines = await store.read(
        lambda unit: unit.conversations.messages(state.id, Audience.STAFF, 0, 100)
    )
    assert [line.staff_seq for line in lines] == list(range(1, len(lines) + 1))
    await store.close()


def test_p99_is_what_ninety_nine_of_a_hundred_stay_within() -> None:
    assert p99([float(one) for one in range(1, 101)]) == 99.0
    assert p99([3.0]) == 3.0
