"""The whole relay with PostgreSQL under the service and under Rasa's tracker."""

from __future__ import annotations

import asyncio
import csv
import io
import os
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import httpx

from tests.canary import IDENTITY, ways_to_write
from tests.postgres import database
from tests.service.pages import Desk
from tests.whole import ROOT, Whole, customer, whole

PARCEL = "HB33019246"


async def desk(running: Whole) -> Desk:
    """The demo's first agent, logged in and online."""
    login = running.logins()[0]
    async with httpx.AsyncClient(base_url=running.web, headers={"Origin": running.web}) as http:
        asked = {"login": login["email"], "password": login["password"]}
        (await http.post("/api/login", json=asked)).raise_for_status()
        ticket = (await http.post("/api/desk/ticket")).raise_for_status().json()
    page = await Desk.open(ticket["socket"], running.web)
    await page.hello(ticket["ticket"])
    await page.send("status", status="online")
    return page


async def hits(url: str, numbers: list[str]) -> list[str]:
    """Tables with a row that holds one of the numbers."""
    server = await asyncpg.connect(url)
    try:
        tables = await server.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        assert tables, "an empty database proves nothing"
        found = []
        for (name,) in tables:
            rows = await server.fetch(f'SELECT CAST(row AS text) AS row FROM "{name}" AS row')
            found += [name for row in rows if any(number in row["row"] for number in numbers)]
        return found
    finally:
        await server.close()


def contacts(urls: dict[str, str], folder: Path) -> str:
    """What `stafett contacts` prints."""
    return subprocess.run(
        [sys.executable, "-m", "handoff.cli", "contacts", "--client", "heimbud", "--csv"],
        cwd=ROOT,
        env={**os.environ, **urls, "DATA_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


async def test_the_relay_runs_on_postgresql_and_a_restart_forgets_nothing(
    postgres_server: str, tmp_path: Path
) -> None:
    admin = await asyncpg.connect(postgres_server)
    for name in ("relay", "relay_tracker"):
        await admin.execute(f'CREATE DATABASE "{name}"')
    await admin.close()
    urls = {
        "DATABASE_URL": database(postgres_server, "relay"),
        "TRACKER_URL": database(postgres_server, "relay_tracker"),
    }
    visitor = uuid.uuid4().hex

    with whole(tmp_path, **urls) as running:
        async with customer(running, "heimbud", visitor=visitor) as one:
            assert "sporingsnummer" in await said(one, "hei du, ka tid e pakken min her?")
            assert "Hjørnebutikken Solsiden" in await said(one, PARCEL)
            await one.says(f"fødselsnummeret er {IDENTITY}")
            shown = one.texts()

    with whole(tmp_path, **urls) as running:
        async with customer(running, "heimbud", visitor=visitor) as one:
            assert one.texts() == shown, "a restart lost or doubled a line"
            # Rasa remembers the parcel: it is not asked for again.
            assert "Hjørnebutikken Solsiden" in await said(one, "kor e pakken min no?")
            page = await desk(running)
            await one.says("eg vil snakke med et menneske")
            control = await page.takes("heimbud", one.conversation)
            where: dict[str, Any] = {"client": "heimbud", "conversation": one.conversation}
            await page.opens(**where)
            assert (await page.says(**where, control=control, text="Eg hjelper deg."))[
                "t"
            ] == "agent_ack"
            result = await page.command("hand_back", **where, control=control)
            assert result["ok"], result
            assert "Hjørnebutikken Solsiden" in await said(one, "hvor er pakken min?")
            await one.says("la meg snakke med et menneske igjen")
            control = await page.takes("heimbud", one.conversation)
            result = await page.command(
                "finish", **where, control=control, reason="parcel-tracking", resolved=True
            )
            assert result["ok"], result
            await page.leave()
    (row,) = csv.DictReader(io.StringIO(await asyncio.to_thread(contacts, urls, tmp_path)))
    assert (row["client"], row["outcome"]) == ("heimbud", "person")
    for url in urls.values():
        assert await hits(url, ways_to_write(IDENTITY)) == []
        assert await hits(url, [PARCEL]), "the search must be able to find"


async def said(one: Any, text: str) -> str:
    return "\n".join(line["text"] for line in await one.says(text))
