from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.service.bridge import Workshop, workshop


@pytest.fixture
async def shop() -> AsyncIterator[Workshop]:
    async with workshop() as opened:
        yield opened
