"""Training needs scikit-learn, so it runs in the bot's environment."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[3]
BOT_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"


def test_retraining_gives_the_same_models() -> None:
    done = subprocess.run(
        [str(BOT_PYTHON), "-m", "actions.judgement.train", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_judging_imports_neither_rasa_nor_anything_heavy() -> None:
    code = (
        "import sys, actions.judgement.assessment;"
        "print([m for m in ('rasa', 'rasa_sdk', 'numpy', 'sklearn', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run(
        [str(BOT_PYTHON), "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
