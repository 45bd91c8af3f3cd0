"""How many marked entities the trained model finds: asked of the bot's own environment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from handoff.launcher.bot_program import answer_of
from handoff.settings import Settings


def evaluate_entities(file: Path, settings: Settings) -> dict[str, Any]:
    """The figures of `bot/evaluate_entities.py`, documented for `--json`.

    Raises InputError with what it says of a file that cannot be used, or of a missing model.
    """
    return answer_of(
        "bot.evaluate_entities", str(file.absolute()), settings=settings, runtime="bot"
    )
