"""`stafett backup` and `stafett restore`: a copy of the database, and back to it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command("backup")(back_up)
    app.command("restore")(restore)


def back_up(path: Annotated[Path, typer.Argument(help="A file that is not there yet.")]) -> None:
    """Write a copy of the database to PATH, also while the service runs."""
    from handoff.settings import read_settings
    from handoff.storage import backup

    size = backup.back_up(read_settings().database_url, path)
    typer.echo(f"{path} holds the database ({size / 1e6:.1f} MB), readable by you alone.")


def restore(
    path: Annotated[
        Path | None, typer.Argument(help="What `stafett backup` wrote; the service is stopped.")
    ] = None,
    renew: Annotated[
        bool, typer.Option("--renew", help="The database was put back by other means.")
    ] = False,
) -> None:
    """Go back to a backup. The database of before is kept beside it under another name."""
    from handoff import restoring
    from handoff.amounts import amount
    from handoff.errors import InputError
    from handoff.settings import read_settings

    if (path is None) == (not renew):
        raise InputError(
            "Which backup is not told.",
            cure="Give its file, or --renew after restoring with other tools, not both.",
        )
    settings = read_settings()
    done = restoring.renew(settings) if path is None else restoring.restore(settings, path)
    typer.echo(
        f"{amount(done.renewed.conversations, 'conversation')} renewed: pages that are open "
        f"reload them, and the bot forgets {done.renewed.forgotten} that are open."
    )
    if done.erased:
        typer.echo(f"{amount(done.erased, 'conversation')} erased since the backup, erased again.")
    if done.kept is not None:
        typer.echo(f"What was there before is in {done.kept}.")
    typer.echo("Everybody at the desk logs in again. Passwords and logins are those of the backup.")
