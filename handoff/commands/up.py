"""`stafett up`: starts everything, watches it, stops it."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command()(up)


def up(
    fleet: Annotated[
        bool,
        typer.Option(
            "--fleet", help="Three handoff processes and two Rasas on PostgreSQL, behind nginx."
        ),
    ] = False,
    with_parent: Annotated[
        bool, typer.Option(help="Stop when the program that started this ends.", hidden=True)
    ] = False,
) -> None:
    """Start every part, wait until all are healthy, and keep them running until Ctrl-C."""
    import asyncio
    import time

    from rich.console import Console

    from handoff.launcher.data_folder import check_space, sole_use
    from handoff.launcher.fleet import (
        fleet_listeners,
        fleet_plan,
        fleet_settings,
        fleet_variables,
    )
    from handoff.launcher.parent import Parent
    from handoff.launcher.plan import BOT_PYTHON, listeners, plan
    from handoff.launcher.ports import check_ports
    from handoff.launcher.progress import Board
    from handoff.launcher.run import run
    from handoff.launcher.supervisor import Supervisor
    from handoff.launcher.welcome import welcome
    from handoff.private_file import write_private
    from handoff.settings import ROOT, read_settings
    from handoff.validation import check_before_training

    began = time.monotonic()
    parent = Parent() if with_parent else None
    settings = read_settings()
    console = Console()
    with sole_use(settings.data_dir) as lock:
        check_space(settings.data_dir)
        check_ports(fleet_listeners(settings) if fleet else listeners(settings))
        check_before_training(ROOT, settings.variables, settings.data_dir / "checked", BOT_PYTHON)
        if fleet:
            told = fleet_variables(fleet_settings(settings))
            write_private(settings.data_dir / "fleet.env", told)
        supervisor = Supervisor(
            fleet_plan(settings) if fleet else plan(settings),
            settings.data_dir / "logs",
            Board(console),
            keep_open=(lock,),
        )
        asyncio.run(
            run(
                supervisor,
                lambda: welcome(console, settings, time.monotonic() - began),
                parent=parent,
            )
        )
    console.print("Stopped; no process is left.")
