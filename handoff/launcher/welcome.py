"""What is printed when everything runs: where to go, and as whom."""

from __future__ import annotations

import json
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from handoff.settings import Settings

LOGINS_FILE = "demo_logins.json"


def welcome(console: Console, settings: Settings, seconds: float) -> None:
    """Prints addresses and demo logins; `seconds` are those of the parts, set-up left out."""
    console.print()
    console.print(
        f"[bold]Stafett is running[/] [dim](parts started in {seconds:.0f} s)[/]", highlight=False
    )
    console.print()
    table = Table.grid(padding=(0, 3, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, style="cyan")
    table.add_column(style="dim")
    site = settings.demo_site_url
    for row in (
        ("Start here", f"{settings.public_url}/", "demo site and desk side by side"),
        ("Heimbud", f"{site(settings.demo_heimbud_port)}/", "parcels and newspapers"),
        ("Varde Forsikring", f"{site(settings.demo_varde_port)}/", "insurance"),
        ("Desk", f"{settings.public_url}/desk", "where agents answer"),
    ):
        table.add_row(*map(escape, row))
    for login in demo_logins(settings.data_dir):
        table.add_row(
            *map(escape, (f"  {login['role']}", login["email"], f"password {login['password']}"))
        )
    console.print(table)
    console.print()
    console.print(
        f"Logs are in {settings.data_dir / 'logs'}. Ctrl-C stops everything.",
        style="dim", highlight=False, soft_wrap=True,
    )  # fmt: skip


def demo_logins(data_dir: Path) -> list[dict[str, str]]:
    """The logins of the demonstration, [] where there are none: role, email, password."""
    try:
        found = json.loads((data_dir / LOGINS_FILE).read_text("utf-8"))
        return [{key: str(login[key]) for key in ("role", "email", "password")} for login in found]
    except (OSError, ValueError, KeyError, TypeError):
        return []
