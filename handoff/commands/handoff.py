"""`stafett handoff`: how well the baton was passed to real customers, and learning from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from handoff.insight.labelled import Labelled
    from handoff.settings import Settings

handoff = typer.Typer(help="How well the baton was passed, and learning from it.",
                      no_args_is_help=True)  # fmt: skip

_Client = Annotated[
    str | None, typer.Option("--client", help="One client company; all if left out.")
]
_Days = Annotated[int, typer.Option("--days", min=1, max=3_650, help="How far back.")]


def register(app: typer.Typer) -> None:
    app.add_typer(handoff, name="handoff")


@handoff.command()
def replay(
    threshold: Annotated[
        float | None, typer.Option(min=0.01, max=0.99, help="Another threshold to try.")
    ] = None,
    client: _Client = None,
    days: _Days = 90,
    json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Show needless and late handovers in 100 contacts at other thresholds, and what changes."""
    import json as jsons

    from rich.console import Console

    from handoff.settings import read_settings

    settings = read_settings()
    found = _labelled(settings, client, days)
    tried = ["--threshold", str(threshold)] if threshold is not None else []
    report = _judgement(settings, "replay", found, *tried)
    report["contacts"], report["sources"] = found.contacts, dict(found.sources)
    if json:
        typer.echo(jsons.dumps(report))
    else:
        _show(report, threshold, Console())


@handoff.command()
def retrain(
    client: _Client = None,
    days: _Days = 365,
    out: Annotated[Path | None, typer.Option(help="Where the new scores are written.")] = None,
) -> None:
    """Learn frustration anew, from the written conversations and from what really happened."""
    import time

    from handoff.settings import read_settings

    settings = read_settings()
    found = _labelled(settings, client, days)
    path = out or settings.data_dir / "judgement" / time.strftime("scores-%Y-%m-%d-%H%M%S.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    version = time.strftime("field-%Y%m%d")
    report = _judgement(settings, "retrain", found, str(path.absolute()), "--version", version)
    for name, row in (("in use", report["old"]), ("new", report["new"])):
        typer.echo(f"{name:>6}: {_figures(row)}")
    typer.echo(
        f"{path} was learnt from {report['turns']} turns of {report['labelled']} contacts; its own "
        "figures are of contacts it had not seen. To use it, set SCORES_FILE to it and start anew."
    )


@handoff.command()
def play() -> None:
    """Let the real bot answer the written conversations, for the score to learn its ways."""
    import asyncio
    import json
    import subprocess
    import tempfile
    from dataclasses import replace

    from rich.console import Console
    from rich.progress import Progress

    from handoff.evaluation.playing import calm_scores, played, read_scripts
    from handoff.evaluation.rig import rig
    from handoff.launcher.plan import BOT_PYTHON
    from handoff.logs import set_up_logs
    from handoff.settings import ROOT, read_settings

    set_up_logs("warning")
    told, settings = Console(stderr=True), read_settings()
    scripts = read_scripts(ROOT / "data" / "judgement" / "conversations.jsonl")

    async def run(scores: Path) -> list[dict[str, Any]]:
        async with rig(replace(settings, scores_file=scores), told) as bot:
            with Progress(console=told, transient=True) as bar:
                task = bar.add_task("conversations", total=len(scripts))
                return await played(bot, scripts, lambda: bar.advance(task))

    with tempfile.TemporaryDirectory() as folder:
        calm = calm_scores(Path(folder) / "scores.json")
        rows = asyncio.run(run(calm))
    subprocess.run(
        [str(BOT_PYTHON), "-m", "actions.judgement.played"],
        cwd=ROOT,
        input="".join(f"{json.dumps(row)}\n" for row in rows),
        text=True,
        check=True,
        stdout=subprocess.PIPE,
    )
    typer.echo(
        f"data/judgement/played.jsonl holds {len(rows)} conversations. Now learn from them: "
        "bot/.venv/bin/python -m actions.judgement.train"
    )


def _labelled(settings: Settings, client: str | None, days: int) -> Labelled:
    import asyncio
    import time

    from handoff.clients import chosen, load_clients
    from handoff.insight.labelled import Labelled
    from handoff.settings import ROOT
    from handoff.storage import open_store

    known = load_clients(ROOT / "clients", settings.variables)
    clients = chosen(known, client)

    async def gathered() -> Labelled:
        found, now = Labelled(), time.time()
        store = await open_store(settings.database_url)
        try:
            for name in clients:
                policy = known[name].handoff
                costs = {"late": policy.cost_late, "needless": policy.cost_needless}
                await found.gather(store, name, costs, now - days * 86_400, now)
        finally:
            await store.close()
        return found

    return asyncio.run(gathered())


def _judgement(settings: Settings, module: str, found: Labelled, *arguments: str) -> dict[str, Any]:
    """The report of a module of `actions.judgement`, which runs in the bot's environment."""
    import json

    from handoff.launcher.bot_program import answer_of

    return answer_of(
        f"actions.judgement.{module}",
        *arguments,
        settings=settings,
        runtime="actions",
        given="".join(f"{json.dumps(row)}\n" for row in found.rows),
        cure="docs/howto/learn-from-contacts.md tells the way.",
    )


def _figures(row: dict[str, Any]) -> str:
    parts = []
    for name in ("needless", "late"):
        low, high = row[f"{name}_interval"]
        parts.append(f"{name} {row[name]:.1f} ({low:.1f} to {high:.1f})")
    return ", ".join(parts) + " in 100 contacts"


def _show(report: dict[str, Any], threshold: float | None, console: Console) -> None:
    from rich.table import Table

    sources = ", ".join(f"{name} {count}" for name, count in sorted(report["sources"].items()))
    console.print(
        f"{report['labelled']} of {report['contacts']} contacts are labelled"
        + (f": {sources}." if sources else ".")
    )
    few = report["labelled"] < report["fewest"]
    if few:
        console.print(
            f"Rates are shown from {report['fewest']} labelled contacts: of fewer they are chance."
        )
    else:
        table = Table("threshold", "needless in 100", "late in 100", "as cost_needless", box=None)
        for row in report["curve"]:
            of = row["threshold"]
            mark = " in use" if of == report["threshold"] else " tried" if of == threshold else ""
            table.add_row(
                f"{of:.2f}{mark}",
                *(f"{row[name]:.1f} ({row[f'{name}_interval'][0]:.1f} to "
                  f"{row[f'{name}_interval'][1]:.1f})" for name in ("needless", "late")),
                f"x {row['cost_needless']:.2f}",
            )  # fmt: skip
        console.print(table)
    if threshold is None or not report["labelled"]:
        return
    many = len(report["changed"]) or "none"
    console.print(
        f"At {threshold:.2f}, {many} of {report['labelled']} labelled contacts would go another way"
        + (", which of so few says nothing of the threshold." if few else ".")
    )
    if report["changed"]:
        table = Table("conversation", "a person was", "handed over at", "would be at", box=None)
        for row in report["changed"]:
            table.add_row(
                row["id"],
                "needed" if row["needed"] else "not needed",
                str(row["handed_at"] or "never"),
                str(row["would_be_at"] or "never"),
            )
        console.print(table)
