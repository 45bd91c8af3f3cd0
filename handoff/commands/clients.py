"""`stafett clients`: the client companies, and whether their files are right."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    app.command()(clients)


def clients() -> None:
    """List the client companies, after checking every file."""
    from rich.console import Console
    from rich.table import Table

    from handoff.clients import load_clients
    from handoff.settings import ROOT, read_settings

    table = Table("client", "name", "skills", "languages", "to a person at once", box=None)
    for client in load_clients(ROOT / "clients", read_settings().variables).values():
        table.add_row(
            client.id,
            client.name,
            ", ".join(client.skills),
            ", ".join(client.languages),
            ", ".join(client.handoff.intents),
        )
    Console().print(table)
