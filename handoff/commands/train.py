"""`stafett train`: trains the model if none fits the present data."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command()(train)


def train(
    force: Annotated[bool, typer.Option(help="Train even if a model fits.")] = False,
) -> None:
    """Train the model, unless one fits the present data and configuration."""
    import asyncio

    from rich.console import Console

    from handoff.launcher.data_folder import is_in_use
    from handoff.launcher.plan import BOT_PYTHON, training
    from handoff.launcher.progress import Board
    from handoff.launcher.run import run
    from handoff.launcher.supervisor import Supervisor
    from handoff.settings import ROOT, read_settings
    from handoff.validation import check_before_training

    settings = read_settings()
    check_before_training(ROOT, settings.variables, settings.data_dir / "checked", BOT_PYTHON)
    part = training(settings, *(("--force",) if force else ()))
    supervisor = Supervisor([part], settings.data_dir / "logs", Board(Console()))
    if not asyncio.run(run(supervisor, None)):
        raise typer.Exit(130)
    if is_in_use(settings.data_dir):
        typer.echo("The copy that is running keeps the model it began with: restart it.")
