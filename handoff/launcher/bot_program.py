"""A program of the bot's environment that answers with one JSON object."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from handoff.errors import InputError, StartError
from handoff.launcher.plan import BOT_PYTHON
from handoff.settings import ROOT, Runtime, Settings, environment_for_children


def answer_of(
    module: str, *arguments: str, settings: Settings, runtime: Runtime, given: str = "",
    cure: str = "",
) -> dict[str, Any]:  # fmt: skip
    """What ``python -m module`` prints last, with `given` as its input.

    Raises StartError without the environment, InputError with the program's own last line (and
    `cure`) when it ends otherwise than well.
    """
    if not BOT_PYTHON.exists():
        raise StartError("The bot's environment is missing.", cure="Run make setup.")
    done = subprocess.run(
        [str(BOT_PYTHON), "-m", module, *arguments],
        cwd=ROOT,
        env=dict(environment_for_children(settings)[runtime]),
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["The bot's environment said nothing."]
        raise InputError(said[-1], cure=cure)
    return dict(json.loads(done.stdout.splitlines()[-1]))
