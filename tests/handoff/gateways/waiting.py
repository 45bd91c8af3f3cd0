"""A customer who waits for a person."""

from __future__ import annotations

from tests.service.pages import Customer
from tests.service.running import Running


async def waiting(house: Running, client: str = "heimbud") -> tuple[Customer, str]:
    page = await house.customer(client)
    await page.says("jeg vil snakke med noen")
    await page.asks("ask_person")
    await page.notice("queued")
    return page, str((await page.got("welcome"))["conversation"])
