"""`stafett validate`: mistakes in the bot's content, with the place and the cure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from handoff.validation import Checked


def register(app: typer.Typer) -> None:
    app.command()(validate)


def validate(
    deep: Annotated[
        bool, typer.Option("--deep", help="Rasa's own validation as well; about 20 seconds.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Check data/, domain.yml and clients/: each mistake with file, line and cure."""
    from handoff.launcher.plan import BOT_PYTHON
    from handoff.settings import ROOT, read_settings
    from handoff.validation import check_project
    from handoff.validation.deep import check_deep

    checked = check_project(ROOT, read_settings().variables)
    if deep:
        check_deep(ROOT, BOT_PYTHON, checked.report)
    _print_json(checked) if json else _print(checked)
    if checked.report.errors:
        raise typer.Exit(1)


def _print(checked: Checked) -> None:
    from rich.console import Console
    from rich.markup import escape

    console, report = Console(highlight=False, soft_wrap=True), checked.report
    for finding in report.sorted():
        style = "bold red" if finding.severity == "error" else "bold yellow"
        console.print(
            f"{escape(str(finding.place))}: [{style}]{finding.severity}[/] "
            f"{escape(finding.message)}"
        )
        console.print(f"    [dim]{escape(finding.cure)}[/]")
    read = f"{checked.files} files, {checked.intents} intents and {checked.lines} lines"
    if not report.findings:
        console.print(f"No mistakes in {read}.")
        return
    console.print(
        f"{_count(report.errors, 'error')} and {_count(report.warnings, 'warning')} in {read}."
    )


def _print_json(checked: Checked) -> None:
    import sys
    from json import dumps

    report = checked.report
    told = {
        "ok": report.errors == 0,
        "errors": report.errors,
        "warnings": report.warnings,
        "findings": [
            {
                "severity": finding.severity.value,
                "file": finding.place.path,
                "line": finding.place.line,
                "column": finding.place.column,
                "message": finding.message,
                "cure": finding.cure,
            }
            for finding in report.sorted()
        ],
    }
    sys.stdout.write(dumps(told, ensure_ascii=False) + "\n")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
