"""What a line and a visit leave behind is freed at once, and waits for no garbage collector."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.running import running

LINES, VISITS = 20, 5


@pytest.fixture
def garbage() -> Iterator[None]:
    """From here on nothing is collected; what could be is kept in `gc.garbage`."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


def ours() -> Counter[str]:
    """Our own objects, and connections, that only the collector would have freed."""
    gc.set_debug(gc.DEBUG_SAVEALL)
    gc.collect()
    kinds = (type(one) for one in gc.garbage)
    return Counter(
        f"{kind.__module__}.{kind.__qualname__}"
        for kind in kinds
        if kind.__module__.startswith(("handoff.", "websockets.asyncio.server"))
    )


async def test_lines_and_visits_leave_no_cycles(tmp_path: Path, garbage: None) -> None:
    async with running(tmp_path) as house:
        page = await house.customer()
        gc.collect()
        for _ in range(LINES):
            await page.says("hei")
        for _ in range(VISITS):
            visitor = await house.customer()
            await visitor.says("hei")
            await visitor.leave()
        await asyncio.sleep(0.5)
        left = ours()
    assert {kind: count for kind, count in left.items() if count >= VISITS} == {}
