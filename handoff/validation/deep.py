"""Rasa's own validation, reduced to what is worth reading."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from handoff.errors import StartError
from handoff.validation.findings import Place, Report

SECONDS = 300
# Where a finding of Rasa's stands, it does not say.
NOWHERE = Place("rasa data validate", 0, 0)

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_LOGGED = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?P<level>[A-Z]+) +\S+ +- (?P<text>.*)")
_WARNED = re.compile(r".*?: UserWarning: (?P<text>.*)")
_RAISED = re.compile(r"(?:\w+\.)*\w*(?:Error|Exception|Invalid\w*): (?P<text>.*)")
# Said by the actions, which Rasa does not read; `check_said` does.
_UNUSED = re.compile(r"The utterance '\w+' is not used in any story or rule")


def check_deep(root: Path, python: Path, report: Report) -> None:
    """Run `rasa data validate` with the project's own importer; it takes about 20 s.

    `python` is the bot environment's. Raises StartError when it is missing or does not finish.
    """
    if not python.exists():
        raise StartError("The bot's environment is missing.", cure="Run make setup.")
    command = [
        str(python), "-m", "rasa", "data", "validate",
        "--config", "config.yml", "--domain", "domain.yml", "--data", "data",
    ]  # fmt: skip
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PYTHON")
    } | {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
    try:
        done = subprocess.run(
            command, cwd=root, env=environment, capture_output=True, text=True, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        raise StartError(
            f"Rasa's validation took more than {SECONDS} s.", cure="Try again with less running."
        ) from None
    note = report.error if done.returncode else report.warn
    sentences = told(done.stderr + done.stdout)
    for text in sentences:
        note(NOWHERE, text, "The sentence is Rasa's; the names in it say where to look.")
    if done.returncode and not sentences:
        report.error(NOWHERE, f"Rasa refused the project ({done.returncode}).", "Run rasa train.")


def told(output: str) -> list[str]:
    """The sentences that say something is wrong, each once."""
    found: list[str] = []
    for line in _COLOUR.sub("", output).splitlines():
        logged = _LOGGED.fullmatch(line)
        if logged is not None:
            text = logged["text"] if logged["level"] in ("WARNING", "ERROR", "CRITICAL") else ""
        else:
            match = _WARNED.fullmatch(line) or _RAISED.fullmatch(line)
            text = match["text"] if match else ""
        text = text.strip()
        if text and not _UNUSED.match(text) and text not in found:
            found.append(text)
    return found
