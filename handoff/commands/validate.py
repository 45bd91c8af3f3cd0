"""`stafett validate`: mistakes in the bot's content, with the place and the cure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from handoff.amounts import amount

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from handoff.validation import Checked, Finding


def register(app: typer.Typer) -> None:
    app.command()(validate)


def validate(
    advice: Annotated[
        bool, typer.Option("--advice", help="What would make the examples better as well.")
    ] = False,
    deep: Annotated[
        bool, typer.Option("--deep", help="Rasa's own validation as well; about 20 seconds.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Check the bot's content and clients/: each mistake with file, line and cure."""
    from handoff.launcher.plan import BOT_PYTHON
    from handoff.settings import ROOT, read_settings
    from handoff.validation import advise, check_project
    from handoff.validation.deep import check_deep

    checked = check_project(ROOT, read_settings().variables)
    _check_rule_files(ROOT, BOT_PYTHON, checked)
    if advice:
        advise(ROOT, checked, BOT_PYTHON, checked.report)
    if deep:
        check_deep(ROOT, BOT_PYTHON, checked.report)
    _print_json(checked) if json else _print(checked, advice)
    if checked.report.errors:
        raise typer.Exit(1)


def _check_rule_files(root: Path, python: Path, checked: Checked) -> None:
    """Without the bot's environment everything else is worth telling all the same."""
    from handoff.errors import StartError
    from handoff.validation import Place
    from handoff.validation.inside import check_rule_files

    try:
        check_rule_files(root, python, checked.report)
    except StartError as error:
        checked.report.warn(
            Place("bot/data", 0, 0), f"Not checked: {error.message}", error.cure or ""
        )


def _print(checked: Checked, with_advice: bool) -> None:
    from rich.console import Console

    from handoff.validation import ADVICE_GROUPS, Severity

    console, report = Console(highlight=False, soft_wrap=True), checked.report
    found = report.sorted()
    for finding in found:
        if finding.severity is not Severity.ADVICE:
            style = "bold red" if finding.severity is Severity.ERROR else "bold yellow"
            _print_one(console, finding, f"[{style}]{finding.severity}[/] ")
    for group in ADVICE_GROUPS:
        among = [finding for finding in found if finding.group == group]
        if among:
            console.print(f"\n[bold]{group}[/] ({len(among)})")
        for finding in among:
            _print_one(console, finding, "")
    read = f"{checked.files} files, {checked.intents} intents and {checked.lines} lines"
    if checked.intents is None:
        read = f"{checked.files} files, of whose examples not all could be read"
    if report.advice:
        console.print()
    if report.errors or report.warnings:
        console.print(
            f"{amount(report.errors, 'error')} and {amount(report.warnings, 'warning')} in {read}."
        )
    else:
        console.print(f"No mistakes in {read}.")
    if with_advice:
        console.print(f"{amount(report.advice, 'piece')} of advice.")


def _print_one(console: Console, finding: Finding, label: str) -> None:
    from rich.markup import escape

    console.print(f"{escape(str(finding.place))}: {label}{escape(finding.message)}")
    console.print(f"    [dim]{escape(finding.cure)}[/]")


def _print_json(checked: Checked) -> None:
    import sys
    from json import dumps

    report = checked.report
    told = {
        "ok": report.errors == 0,
        "errors": report.errors,
        "warnings": report.warnings,
        "advice": report.advice,
        "findings": [
            {
                "severity": finding.severity.value,
                "file": finding.place.path,
                "line": finding.place.line,
                "column": finding.place.column,
                "message": finding.message,
                "cure": finding.cure,
                **({"group": finding.group} if finding.group else {}),
            }
            for finding in report.sorted()
        ],
    }
    sys.stdout.write(dumps(told, ensure_ascii=False) + "\n")
