"""How a customer's socket is opened, fed, resumed and closed."""

from __future__ import annotations

import asyncio
import json
import socket as sockets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from handoff.tokens import new_id
from tests.service.pages import Customer, cmid
from tests.service.running import Running, running


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as started:
        yield started


async def test_a_line_is_acked_shown_and_answered(house: Running) -> None:
    page = await house.customer()
    seq = await page.says("hvor er pakken")
    mine = await page.line(lambda line: line["author"] == "customer")
    answer = await page.line(lambda line: line["author"] == "bot" and line["seq"] > seq)
    assert (mine["seq"], mine["text"]) == (seq, "hvor er pakken")
    assert answer["text"] == "Svar: hvor er pakken"
