"""`stafett evaluate`: what an edit of the training data did."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from handoff.evaluation.rig import Rig

    Measure = Callable[[Rig, Callable[[], None]], Coroutine[Any, Any, dict[str, Any]]]

evaluate = typer.Typer(
    help="Run the real bot over a file of lines or conversations.", no_args_is_help=True
)

File = Annotated[Path, typer.Argument(help="The labelled file.")]
Json = Annotated[bool, typer.Option("--json", help="For machines.")]
Against = Annotated[
    str | None,
    typer.Option(help="List what changed since an earlier run: LAST, or its JSON file."),
]


def register(app: typer.Typer) -> None:
    app.add_typer(evaluate, name="evaluate")


@evaluate.command()
def utterances(file: File, json: Json = False, against: Against = None) -> None:
    """Single lines: id, client, intent, variety, text, with tabs between and a header."""
    from handoff.clients import load_clients
    from handoff.evaluation.utterances import evaluate_utterances, read_utterances, report
    from handoff.settings import ROOT, read_settings

    clients = load_clients(ROOT / "clients", read_settings().variables)
    lines = read_utterances(file, clients)

    async def measure(rig: Rig, tick: Callable[[], None]) -> dict[str, Any]:
        return report(await evaluate_utterances(rig, lines, tick))

    _measured("utterances", len(lines), measure, json=json, against=against)


@evaluate.command()
def conversations(
    file: File,
    json: Json = False,
    against: Against = None,
    picture: Annotated[
        Path | None, typer.Option(help="Draw what other thresholds would cost, as SVG.")
    ] = None,
) -> None:
    """Whole conversations, one JSON object a line, with the turn when a person should come."""
    from handoff.clients import load_clients
    from handoff.evaluation.conversations import evaluate_conversations, read_conversations
    from handoff.evaluation.passing import report
    from handoff.settings import ROOT, read_settings

    clients = load_clients(ROOT / "clients", read_settings().variables)
    scripts = read_conversations(file, clients)

    async def measure(rig: Rig, tick: Callable[[], None]) -> dict[str, Any]:
        return report(await evaluate_conversations(rig, scripts, tick))

    found = _measured("conversations", len(scripts), measure, json=json, against=against)
    if picture is not None:
        _draw(picture, found)


@evaluate.command()
def requests(file: File, json: Json = False, against: Against = None) -> None:
    """Whether the bot hears who asks for a person: id, variety, asks (1 or 0), text, with tabs."""
    from handoff.evaluation.requests import evaluate_requests, read_requests, report

    lines = read_requests(file)

    async def measure(rig: Rig, tick: Callable[[], None]) -> dict[str, Any]:
        return report(await evaluate_requests(rig, lines, tick), rig.first)

    _measured("requests", len(lines), measure, json=json, against=against)


@evaluate.command()
def lines(
    file: File,
    third: Annotated[
        bool, typer.Option("--third", help="Each after two calm lines instead of first.")
    ] = False,
    json: Json = False,
    against: Against = None,
) -> None:
    """What single lines bring about: id, variety, label, text, with tabs; or a .conll of NorSID."""
    from handoff.evaluation.lines import evaluate_lines, read_lines, report

    read = read_lines(file)

    async def measure(rig: Rig, tick: Callable[[], None]) -> dict[str, Any]:
        return report(await evaluate_lines(rig, read, third, tick), rig.first, third)

    _measured("lines", len(read), measure, json=json, against=against)


@evaluate.command()
def entities(
    file: File,
    json: Json = False,
    errors: Annotated[bool, typer.Option("--errors", help="List what is not right.")] = False,
    against: Against = None,
) -> None:
    """Marked lines: id, client, variety, text with marks like [i dag](date), tabs between."""
    from rich.console import Console

    from handoff.evaluation import tables
    from handoff.evaluation.entities import evaluate_entities
    from handoff.settings import read_settings

    def measured() -> dict[str, Any]:
        with Console(stderr=True).status("Reading every line with the trained model."):
            return evaluate_entities(file, read_settings())

    found = _told("entities", measured, json=json, against=against)
    if errors and not json:
        tables.entity_errors(found, Console())


def _draw(path: Path, found: dict[str, Any]) -> None:
    from handoff.errors import InputError
    from handoff.evaluation.curve import Point, drawn

    needed, calm = found["needed"], found["calm"]
    if not found["curve"]:
        raise InputError(
            "There is no curve to draw.",
            cure="Give conversations that needed a person and such that did not.",
        )
    now = (100 * (needed["missed"] + needed["late"]), 100 * calm["needless"])
    path.write_text(drawn([Point(**each) for each in found["curve"]], now), "utf-8")


def _measured(
    kind: str, count: int, measure: Measure, *, json: bool, against: str | None
) -> dict[str, Any]:
    """Start the bot, measure with it, and tell."""
    import asyncio

    from rich.console import Console
    from rich.progress import Progress

    from handoff.evaluation.rig import rig
    from handoff.logs import set_up_logs
    from handoff.settings import read_settings

    set_up_logs("warning")
    told = Console(stderr=True)

    async def run() -> dict[str, Any]:
        async with rig(read_settings(), told) as bot:
            with Progress(console=told, transient=True) as bar:
                task = bar.add_task(kind, total=count)
                return await measure(bot, lambda: bar.advance(task))

    return _told(kind, lambda: asyncio.run(run()), json=json, against=against)


def _told(
    kind: str, measured: Callable[[], dict[str, Any]], *, json: bool, against: str | None
) -> dict[str, Any]:
    """Run, show, keep the run for a later `--against LAST`.

    The earlier run is read first: where there is none, nobody waits for what cannot be shown.
    """
    import sys
    from json import dumps

    from rich.console import Console

    from handoff.evaluation import changes, runs, tables
    from handoff.settings import ROOT

    folder = ROOT / "reports" / "evaluations"
    before = runs.earlier(folder, kind, against) if against else None
    found = measured()
    runs.keep(folder, kind, found)
    if json:
        sys.stdout.write(dumps(found, ensure_ascii=False) + "\n")
    else:
        tables.show(kind, found, Console())
    if before is not None:
        changes.show(kind, before, found, Console(stderr=json))
    return found
