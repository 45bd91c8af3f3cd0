"""`stafett clients`: the client companies, and whether their files are right."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    app.command()(clients)


def clients() -> None:
    """List the client companies, after checking every file."""
    from handoff.clients import load_clients
    from handoff.settings import ROOT, read_settings

    for client in load_clients(ROOT / "clients", read_settings().variables).values():
        typer.echo(f"{client.id}: {client.name}")
        for what, words in (
            ("skills", client.skills),
            ("languages", client.languages),
            ("sites", client.origins),
            ("to a person at once", client.handoff.intents),
        ):
            typer.echo(f"    {what:<19}  {', '.join(words) or '-'}")
