"""All of it, as `make fleet` starts it: three handoff processes, two Rasas, nginx before them."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.whole import Whole, customer, whole


@pytest.fixture(scope="module")
def running() -> Iterator[Whole]:
    # Not below pytest's folder: as root, PostgreSQL runs as somebody whom that keeps out.
    with (
        tempfile.TemporaryDirectory(prefix="stafett-fleet-", dir="/tmp") as folder,
        whole(Path(folder), fleet=True) as started,
    ):
        yield started


async def test_customers_talk_to_the_bot_through_the_one_public_port(running: Whole) -> None:
    async def one() -> None:
        async with customer(running, "heimbud") as page:
            await page.says("hei")
            answers = await page.says("hvor er pakken min?")
            assert any("sporingsnummer" in line["text"].lower() for line in answers), answers

    await asyncio.gather(*(one() for _ in range(6)))


def test_metrics_are_told_by_no_public_port(running: Whole) -> None:
    assert httpx.get(f"{running.web}/metrics").status_code == 404
