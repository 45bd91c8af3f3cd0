"""`stafett contacts`: why customers made contact, for the client company to mend the cause."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command()(contacts)


def contacts(
    client: Annotated[str, typer.Option(help="The client company.")],
    days: Annotated[int, typer.Option(min=1, max=3_650, help="How far back.")] = 30,
    csv: Annotated[bool, typer.Option("--csv", help="One row each, for a spreadsheet.")] = False,
) -> None:
    """Every ended contact: reason, outcome, seconds with bot and person, again within 7 days."""
    import asyncio
    import sys
    import time

    from handoff.clients import chosen, load_clients
    from handoff.insight.contacts import summary, write_csv
    from handoff.records import ContactRow
    from handoff.settings import ROOT, read_settings
    from handoff.storage import open_store

    settings = read_settings()
    known = load_clients(ROOT / "clients", settings.variables)
    chosen(known, client)

    async def rows() -> list[ContactRow]:
        store = await open_store(settings.database_url)
        now = time.time()
        try:
            return await store.read(
                lambda unit: list(unit.ledger.contacts(client, now - days * 86_400, now))
            )
        finally:
            await store.close()

    found = asyncio.run(rows())
    if csv:
        write_csv(found, known[client], sys.stdout)
    else:
        summary(found, known[client])
