"""`stafett serve`: the handoff service alone."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    app.command()(serve)


def serve() -> None:
    """Run the handoff service alone: pages, API and websockets."""
    from handoff.app import serve as serve_handoff
    from handoff.settings import read_settings

    serve_handoff(read_settings())
