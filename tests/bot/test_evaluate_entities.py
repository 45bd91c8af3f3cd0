"""`bot.evaluate_entities` on a trained model, and `stafett evaluate entities` around it."""

from __future__ import annotations

import json
import os
import subprocess
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from handoff.errors import InputError
from handoff.evaluation import tables
from handoff.evaluation.entities import evaluate_entities
from handoff.settings import read_settings
from tests.bot.rasa_project import PYTHON, ROOT

HEADER = "id\tclient\tvariety\ttext\n"
LINES = HEADER + (
    "1\tboth\tbokmaal\tpakken [HB12345678](tracking_number) kom [i går](date)\n"
    "2\tboth\tnynorsk\tpakken skal til [Nygata 3, 5003 Bergen](address) på [tysdag](date)\n"
    "3\tboth\tchat\tring [fredag](place)\n"
)


def test_the_trained_model_is_held_against_the_marks(
    trained: tuple[Path, list[dict[str, Any]]], tmp_path: Path
) -> None:
    model, _ = trained
    file = tmp_path / "lines.tsv"
    file.write_text(LINES, "utf-8")
    done = subprocess.run(
        [str(PYTHON), "-m", "bot.evaluate_entities", str(file), "--model", str(model)],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(model.parent), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert (found["wanted"], found["found"], found["right"]) == (5, 5, 4)
    assert found["by_variety"]["chat"]["f1"] == 0
    [error] = found["errors"]
    assert error["missed"] == [{"entity": "place", "start": 5, "end": 11, "text": "fredag"}]
    shown = StringIO()
    console = Console(file=shown, width=120)
    tables.show("entities", found, console)
    tables.entity_errors(found, console)
    assert "0.800" in shown.getvalue()
    assert "fredag (place)" in shown.getvalue()


def test_a_file_that_cannot_be_used_is_told_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "lines.tsv"
    file.write_text(HEADER + "1\tboth\tchat\t[x](day)\n", "utf-8")
    with pytest.raises(InputError, match=r"lines\.tsv:2: there is no entity 'day'"):
        evaluate_entities(file, read_settings())
