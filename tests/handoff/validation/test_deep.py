"""Rasa's own validation says only what is worth reading."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from handoff.errors import StartError
from handoff.launcher.plan import BOT_PYTHON
from handoff.settings import ROOT
from handoff.validation import Report
from handoff.validation.deep import check_deep, told


def test_only_warnings_and_errors_are_kept_and_each_once() -> None:
    warning = "/x/rasa/shared/utils/io.py:100: UserWarning: The intent 'a' is not listed.\n"
    output = (
        "2026-11-21 20:44:04 INFO     rasa.validator  - Story structure validation...\n"
        "\x1b[33m" + warning + "\x1b[0m" + warning + "  More info at https://rasa.com/docs\n"
        "/x/io.py:100: UserWarning: The utterance 'utter_x' is not used in any story or rule.\n"
        "/x/y.py:3: DeprecationWarning: pkg_resources is deprecated\n"
        "2026-11-21 20:44:04 ERROR    rasa.validator  - The slot 'b' is unknown.\n"
    )
    assert told(output) == ["The intent 'a' is not listed.", "The slot 'b' is unknown."]


def test_without_the_bots_environment_the_cure_is_told(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="make setup"):
        check_deep(tmp_path, tmp_path / "python", Report())


def test_rasa_itself_finds_what_is_wrong_and_nothing_else(tmp_path: Path) -> None:
    for name in ("config.yml", "domain.yml"):
        shutil.copy(ROOT / name, tmp_path / name)
    for name in ("data", "bot"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns(".venv"))
    rules = tmp_path / "data" / "rules" / "common.yml"
    text = rules.read_text("utf-8")
    rules.write_text(text.replace("utter_bot_challenge", "utter_bot_chalenge"), "utf-8")
    report = Report()
    check_deep(tmp_path, BOT_PYTHON, report)
    assert any("utter_bot_chalenge" in finding.message for finding in report.sorted())
    assert all("utter_bot_chalenge" in finding.message for finding in report.sorted())
