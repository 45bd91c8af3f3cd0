"""Shows each case of tests/bot/inside, run in the bot's own environment, as a test."""

from __future__ import annotations

import ast
import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.bot.rasa_project import PYTHON, ROOT

INSIDE = Path(__file__).parent / "inside"


def cases() -> list[str]:
    """Ids of all cases, read from the source: the modules cannot be imported here."""
    found = []
    for path in sorted(INSIDE.glob("check_*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef):
                names = [f.name for f in node.body if hasattr(f, "name")]
                found += [
                    f"tests.bot.inside.{path.stem}.{node.name}.{name}"
                    for name in names
                    if name.startswith("test_")
                ]
    return found


@pytest.fixture(scope="session")
def outcomes() -> dict[str, str | None]:
    """Id of a case -> why it failed, or None."""
    done = subprocess.run(
        [str(PYTHON), "-m", "tests.bot.inside.run"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines, done.stderr[-3000:]
    return {line["id"]: line["wrong"] for line in lines}


@pytest.mark.parametrize("case", cases())
def test_case(case: str, outcomes: dict[str, str | None]) -> None:
    assert case in outcomes, f"did not run: {[name for name in outcomes if 'Failed' in name]}"
    assert outcomes[case] is None, outcomes[case]
