"""The `stafett` command. Each subcommand is a module of `handoff/commands/`, found by its name."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys

import typer

from handoff import commands
from handoff.errors import (
    ClientConfigError,
    ContentError,
    InputError,
    SettingError,
    StafettError,
)

# What the caller can mend in a command, file or setting, against what failed while working.
_CALLERS_FAULT = (ClientConfigError, ContentError, InputError, SettingError)


def build() -> typer.Typer:
    """The command with everything in `handoff/commands/` registered."""
    app = typer.Typer(
        help="A bot that knows when to pass the baton, and a desk for those who take it.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for module in pkgutil.iter_modules(commands.__path__):
        importlib.import_module(f"{commands.__name__}.{module.name}").register(app)
    return app


def main() -> None:
    """Runs the command; an error of ours is told in its own words, without a traceback."""
    # Set by the script that found us; no business of what we start.
    os.environ.pop("PYTHONPATH", None)
    try:
        build()(prog_name="stafett")
    except StafettError as error:
        print(f"stafett: {error}", file=sys.stderr)
        sys.exit(2 if isinstance(error, _CALLERS_FAULT) else 1)


if __name__ == "__main__":
    main()
