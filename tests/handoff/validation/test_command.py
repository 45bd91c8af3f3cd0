"""`stafett validate` as a designer and as a machine use it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from handoff import settings
from handoff.cli import build
from handoff.errors import ContentError
from handoff.launcher import plan
from handoff.launcher.plan import BOT_PYTHON
from handoff.settings import ROOT
from handoff.validation import check_before_training
from tests.handoff.validation import small_project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    small_project.write(tmp_path)
    monkeypatch.setattr(settings, "ROOT", tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "var"))
    return tmp_path


def test_a_right_project_ends_with_0_and_says_what_was_read(project: Path) -> None:
    done = CliRunner().invoke(build(), ["validate"])
    assert done.exit_code == 0
    assert done.stdout == "No mistakes in 6 files, 3 intents and 81 lines.\n"


def test_a_mistake_ends_with_1_and_tells_place_and_cure(project: Path) -> None:
    rules = project / "data/rules/common.yml"
    rules.write_text(rules.read_text("utf-8").replace("utter_greet", "utter_gret", 1), "utf-8")
    done = CliRunner().invoke(build(), ["validate"])
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        "data/rules/common.yml:6:13: error The rule says `utter_gret`, which is no response.",
        "    Did you mean `utter_greet`?",
        "1 error and 0 warnings in 6 files, 3 intents and 81 lines.",
    ]


def test_json_tells_the_same_to_machines(project: Path) -> None:
    nlu = project / "data/nlu/common.yml"
    nlu.write_text(nlu.read_text("utf-8").replace("- greet sms a", "- /greet [x", 1), "utf-8")
    done = CliRunner().invoke(build(), ["validate", "--json"])
    told = json.loads(done.stdout)
    assert done.exit_code == 1
    assert (told["ok"], told["errors"], told["warnings"]) == (False, 1, 0)
    assert told["findings"][0]["file"] == "data/nlu/common.yml"
    assert set(told["findings"][0]) == {"severity", "file", "line", "column", "message", "cure"}


def test_a_file_that_cannot_be_read_is_not_told_as_one_without_lines(project: Path) -> None:
    nlu = project / "data/nlu/common.yml"
    nlu.write_text(nlu.read_text("utf-8").replace("  examples", "\texamples", 1), "utf-8")
    done = CliRunner().invoke(build(), ["validate"])
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        "data/nlu/common.yml:5:1: error A tab stands here, and YAML knows only blanks.",
        "    Put blanks in its place.",
        "1 error and 0 warnings in 6 files, of whose examples not all could be read.",
    ]


def test_warnings_alone_end_with_0(project: Path) -> None:
    nlu = project / "data/nlu/common.yml"
    nlu.write_text(nlu.read_text("utf-8").replace("variety: sms", "variety: english"), "utf-8")
    done = CliRunner().invoke(build(), ["validate"])
    assert done.exit_code == 0
    assert "0 errors and 2 warnings" in done.stdout


def test_a_slip_in_a_linguists_file_is_found_before_training(project: Path) -> None:
    rules = project / "bot" / "data"
    rules.mkdir(parents=True)
    for name in ("canonical.yml", "varieties.yml"):
        shutil.copy(ROOT / "bot" / "data" / name, rules / name)
    assert CliRunner().invoke(build(), ["validate"]).exit_code == 0
    text = (rules / "canonical.yml").read_text("utf-8")
    (rules / "canonical.yml").write_text(text.replace('nå: "no"', "nå: no"), "utf-8")
    done = CliRunner().invoke(build(), ["validate"])
    line = text[: text.index('nå: "no"')].count("\n") + 1
    assert done.exit_code == 1
    assert done.stdout.startswith(
        f"bot/data/canonical.yml:{line}:1: error YAML reads `no` as no text"
    )
    assert 'Put it in quotes: "no".' in done.stdout
    with pytest.raises(ContentError, match=r"canonical\.yml"):
        check_before_training(project, {}, project / "checked", BOT_PYTHON)


def test_without_the_bots_environment_the_rest_is_checked(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "bot" / "data").mkdir(parents=True)
    monkeypatch.setattr(plan, "BOT_PYTHON", project / "python")
    done = CliRunner().invoke(build(), ["validate"])
    assert done.exit_code == 0
    assert "bot/data: warning Not checked: The bot's environment is missing." in done.stdout
