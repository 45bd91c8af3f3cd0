"""How many marked entities the trained model finds: asked of the bot's own environment."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from handoff.errors import InputError, StartError
from handoff.launcher.plan import BOT_PYTHON
from handoff.settings import ROOT, Settings, environment_for_children


def evaluate_entities(file: Path, settings: Settings) -> dict[str, Any]:
    """The figures of `bot/evaluate_entities.py`, documented for `--json`.

    Raises InputError with what it says of a file that cannot be used, or of a missing model.
    """
    if not BOT_PYTHON.exists():
        raise StartError("The bot's environment is missing.", cure="Run make setup.")
    done = subprocess.run(
        [str(BOT_PYTHON), "-m", "bot.evaluate_entities", str(file.absolute())],
        cwd=ROOT,
        env=dict(environment_for_children(settings)["bot"]),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["The bot's environment said nothing."]
        raise InputError(said[-1])
    return dict(json.loads(done.stdout.splitlines()[-1]))
