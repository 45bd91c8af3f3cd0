"""Training and start are refused, at once and with the place, while the content has mistakes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from handoff import settings
from handoff.cli import build
from handoff.errors import ContentError
from handoff.launcher.plan import BOT_PYTHON
from handoff.validation import check_before_training
from tests.handoff.test_cli import others
from tests.handoff.validation import small_project
from tests.ports import free_port

RULES = "data/rules/common.yml"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    small_project.write(tmp_path)
    return tmp_path


def check(project: Path) -> None:
    check_before_training(project, {}, project / "var" / "checked", BOT_PYTHON)


def spoil(project: Path, old: str, new: str) -> None:
    rules = project / RULES
    text = rules.read_text("utf-8")
    assert old in text
    rules.write_text(text.replace(old, new), "utf-8")


def test_one_mistake_is_one_sentence_with_file_line_and_cure(project: Path) -> None:
    spoil(project, "- rule: greet", '- rule: "greet')
    with pytest.raises(ContentError) as caught:
        check(project)
    said = str(caught.value)
    assert said.startswith(f"{RULES}:")
    assert "A quote is opened here and not closed" in said
    assert "Close it" in said
    assert "\n" not in said


def test_several_mistakes_are_told_a_line_each(project: Path) -> None:
    spoil(project, "utter_greet", "utter_gret")
    with pytest.raises(ContentError) as caught:
        check(project)
    first, *lines = str(caught.value).splitlines()
    assert first == "the content has 2 mistakes, so nothing was started."
    assert lines[0] == (
        f"  {RULES}:6:13: The rule says `utter_gret`, which is no response. "
        "Did you mean `utter_greet`?"
    )


def test_content_that_was_found_right_is_not_read_again_until_it_changes(project: Path) -> None:
    check(project)
    began = time.perf_counter()
    check(project)
    assert time.perf_counter() - began < 0.1
    spoil(project, "utter_greet", "utter_gret")
    with pytest.raises(ContentError):
        check(project)
    spoil(project, "utter_gret", "utter_greet")
    check(project)


@pytest.mark.parametrize("command", ["train", "up"])
def test_the_command_ends_before_anything_is_started(
    command: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(project, "- rule: greet", '- rule: "greet')
    monkeypatch.setattr(settings, "ROOT", project)
    monkeypatch.setenv("DATA_DIR", str(project / "var"))
    for name, port in {**others(), "RASA_PORT": str(free_port())}.items():
        monkeypatch.setenv(name, port)
    done = CliRunner().invoke(build(), [command])
    assert isinstance(done.exception, ContentError)
    assert not (project / "var" / "logs").exists()
