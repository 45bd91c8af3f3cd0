"""What only the bot's own code can say of the content, asked in the bot's environment."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from handoff.errors import StartError
from handoff.validation.findings import Place, Report

SECONDS = 60
_HERE = Path(__file__).resolve().parents[2]


class _Problem(msgspec.Struct):
    file: str
    line: int
    message: str
    cure: str


class _Told(msgspec.Struct):
    problems: list[_Problem]
    readings: list[list[tuple[str, int, int]]]


@dataclass(frozen=True, slots=True)
class Reading:
    """An exact entity that the bot reads in a line, from `start` to before `end`."""

    entity: str
    start: int
    end: int


def check_rule_files(root: Path, python: Path, report: Report) -> None:
    """`bot/data/canonical.yml` and `varieties.yml` below `root`; nothing when that has no bot.

    `python` is the bot environment's. Raises StartError when it cannot be asked.
    """
    folder = root / "bot" / "data"
    if not folder.is_dir():
        return
    for problem in _ask(python, str(folder), ()).problems:
        path = Path(problem.file)
        shown = path.relative_to(root) if path.is_relative_to(root) else path
        report.error(Place(shown.as_posix(), problem.line, 1), problem.message, problem.cure)


def read_exactly(lines: Sequence[str], python: Path) -> list[list[Reading]]:
    """How the bot reads each line. Raises StartError when it cannot be asked."""
    told = _ask(python, None, lines)
    return [[Reading(*one) for one in reading] for reading in told.readings]


def _ask(python: Path, rules: str | None, lines: Sequence[str]) -> _Told:
    if not python.exists():
        raise StartError("The bot's environment is missing.", cure="Run make setup.")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PYTHON")
    }
    try:
        done = subprocess.run(
            [str(python), "-m", "bot.proofread"],
            input=msgspec.json.encode({"rules": rules, "lines": lines}),
            cwd=_HERE,
            env=environment,
            capture_output=True,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise StartError(
            f"The bot's proofreading took more than {SECONDS} s.",
            cure="Try again with less running.",
        ) from None
    try:
        return msgspec.json.decode(done.stdout, type=_Told)
    except msgspec.MsgspecError:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise StartError(
            f"The bot's proofreading failed: {said[-1] if said else 'it said nothing'}.",
            cure="Run make setup.",
        ) from None
