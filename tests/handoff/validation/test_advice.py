"""What would make the examples better is told; what is well enough is not."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from handoff import settings
from handoff.cli import build
from handoff.errors import StartError
from handoff.launcher.plan import BOT_PYTHON
from handoff.settings import ROOT
from handoff.validation import Finding, Report, advise, check_project
from handoff.validation.advice import CONFLICT, GROUPS, THIN, TWICE
from handoff.validation.marking import MISREAD, RENAMED, UNMARKED
from handoff.validation.spelling import RULES
from tests.handoff.validation import small_project
from tests.handoff.validation.test_project import VARIABLES

Advised = Callable[[dict[str, Sequence[str]]], list[Finding]]


@pytest.fixture
def advised(tmp_path: Path) -> Advised:
    """Puts lines first in intents of a project, and returns what is advised beyond thinness."""
    small_project.write(tmp_path)
    (tmp_path / RULES).parent.mkdir(parents=True)
    shutil.copy(ROOT / RULES, tmp_path / RULES)
    domain = tmp_path / "domain.yml"
    domain.write_text(
        domain.read_text("utf-8").replace("  - choice\n", "  - choice\n  - date\n  - place\n")
        .replace("  - choice\n", "  - choice\n  - period\n  - amount\n  - claim_number\n"),
        "utf-8",
    )  # fmt: skip

    def told(lines: dict[str, Sequence[str]]) -> list[Finding]:
        for intent, added in lines.items():
            path = tmp_path / "data" / "nlu" / _file(intent)
            block = f"- intent: {intent}\n  metadata: {{variety: bokmaal}}\n  examples: |\n"
            text = path.read_text("utf-8")
            assert block in text
            new = "".join(f"    - {line}\n" for line in added)
            path.write_text(text.replace(block, block + new, 1), "utf-8")
        checked = check_project(tmp_path, {})
        assert checked.report.sorted() == []
        report = Report()
        advise(tmp_path, checked, BOT_PYTHON, report)
        return [finding for finding in report.sorted() if finding.group != THIN]

    return told


def _file(intent: str) -> str:
    return "parcel.yml" if intent == "track_parcel" else "common.yml"


def test_the_same_in_another_spelling_is_nearly_the_same_line(advised: Advised) -> None:
    (found,) = advised(
        {"greet": ["kommer pakken min til jul tror du", "kjem pakka min til jul, trur du?"]}
    )
    assert (found.group, found.place.line) == (TWICE, 7)
    assert "“kjem pakka min til jul, trur du?” says what “kommer pakken min" in found.message
    assert "on line 6" in found.message
    assert "another customer" in found.cure


def test_short_lines_and_lines_that_say_else_are_let_be(advised: Advised) -> None:
    assert not advised(
        {"greet": ["kor e den", "hvor er den", "kommer pakken i dag eller", "kom brevet likevel"]}
    )


def test_values_of_entities_do_not_make_another_line(advised: Advised) -> None:
    (found,) = advised(
        {"track_parcel": ["er [HB11112222](tracking_number) kommet til butikken",
                          "er [HB98765432](tracking_number) kommet til butikken?"]}
    )  # fmt: skip
    assert found.group == TWICE


def test_nearly_the_same_line_in_two_intents_of_one_client_is_told(advised: Advised) -> None:
    (found,) = advised(
        {"greet": ["jeg vil vite hvor pakken er"], "track_parcel": ["eg vil vite kor pakken er!"]}
    )
    assert found.group == CONFLICT
    assert "under `track_parcel` is nearly" in found.message
    assert "under `greet` in data/nlu/common.yml on line 6" in found.message


def test_intents_that_no_client_has_together_may_say_the_same(
    advised: Advised, tmp_path: Path
) -> None:
    client = tmp_path / "clients" / "post.yml"
    text = client.read_text("utf-8").replace("skills: [common, parcel]", "skills: [common]")
    client.write_text(text.replace("intents: [track_parcel]", "intents: []"), "utf-8")
    same = "jeg vil vite hvor pakken er"
    assert not advised({"greet": [same], "track_parcel": [same]})


def test_what_is_marked_in_some_lines_and_not_in_another_is_told(advised: Advised) -> None:
    marked = [f"{word} [i går](date)" for word in ("brevet kom", "ringte dere", "døra sto oppe")]
    (found,) = advised({"greet": [*marked, "Sendte noe I går formiddag"], "affirm": ["ja, i går"]})
    assert (found.group, found.place.line) == (UNMARKED, 9)
    assert "“I går” is not marked in “Sendte noe I går formiddag”, but is `date`" in found.message
    assert found.cure == "Write [I går](date), or take the mark away there."


def test_what_exact_readings_mark_is_not_missed_elsewhere(advised: Advised) -> None:
    marked = [f"{word} [499 kr](amount)" for word in ("betalte", "skylder", "gebyr på")]
    assert not advised({"greet": [*marked, "noe på 499 kr"]})


def test_a_day_that_is_none_in_particular_need_not_be_marked(advised: Advised) -> None:
    assert not advised(
        {
            "greet": [
                "kom [lørdag](date)", "stengt [lørdag](date) da", "sent [lørdag](date) igjen",
                "er dere der på en lørdag", "hver lørdag er det tomt",
                "borte [to uker](period)", "reiser [to uker](period) til", "[to uker](period) ja",
                "ventet i to uker", "det var to uker siden",
                "bor i [Moss](place)", "på [Moss](place) nå", "ned til [Moss](place)",
                "det vokser moss på taket", "henter jeg den i. Går det",
            ]
        }
    )  # fmt: skip


def test_what_the_bot_itself_does_not_read_need_not_be_marked(advised: Advised) -> None:
    marked = ["borte [seks uker](period)", "reiser [seks uker](period)", "[seks uker](period) ja"]
    assert not advised({"greet": [*marked, "treigt dette her altså. seks uker og ikke en lyd"]})
    (found,) = advised(
        {"affirm": [*(f"ja, {line}" for line in marked), "ja, vi vil ha pause seks uker"]}
    )
    assert found.group == UNMARKED


def test_a_place_in_the_name_of_a_shop_need_not_be_marked(advised: Advised) -> None:
    marked = ["bor i [Madla](place)", "på [Madla](place) nå", "ned til [Madla](place)"]
    assert not advised({"greet": [*marked, "er Kiwi Madla åpen", "ligger den på Madla Senter"]})
    (found,) = advised({"affirm": [*(f"ja, {line}" for line in marked), "Hei Madla her"]})
    assert "“Madla” is not marked in “Hei Madla her”" in found.message


def test_the_same_words_under_two_names_are_told_at_the_rarer(advised: Advised) -> None:
    (found,) = advised(
        {"greet": ["reiser [påske](period)", "stengt i [påske](period)", "kommer [påske](date)"]}
    )
    assert (found.group, found.place.line) == (RENAMED, 8)
    assert "is `date` in “kommer påske”, but `period` on line 6" in found.message


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("jeg har [HB1234567](tracking_number)", "the bot reads nothing there"),
        ("saken [HB12345678](claim_number) da", "the bot reads `tracking_number` there"),
        ("betalte [200](amount) kr for den", "the bot reads more or less of the line so"),
    ],
)
def test_a_number_that_its_format_contradicts_is_told(
    advised: Advised, line: str, read: str
) -> None:
    (found,) = advised({"greet": [line]})
    assert found.group == MISREAD
    assert read in found.message


def test_bare_digits_may_be_what_only_the_question_tells(advised: Advised) -> None:
    assert not advised({"greet": ["[123456](claim_number)", "det koster [200 kr](amount)."]})


def test_thin_intents_are_told(tmp_path: Path) -> None:
    small_project.write(tmp_path)
    nlu = tmp_path / "data" / "nlu" / "parcel.yml"
    text = nlu.read_text("utf-8").replace("    - track_parcel sms a\n", "")
    nlu.write_text(text, "utf-8")
    report = Report()
    advise(tmp_path, check_project(tmp_path, {}), BOT_PYTHON, report)
    thin = [finding.message for finding in report.sorted() if finding.group == THIN]
    assert any("lines of `greet` say 11 different things, fewer than 20" in one for one in thin)
    assert "`track_parcel` has fewer than 3 lines in: sms (2)." in thin


def test_the_projects_own_examples_are_read_in_seconds_and_contradict_nothing() -> None:
    checked = check_project(ROOT, VARIABLES)
    report, began = Report(), time.process_time()
    advise(ROOT, checked, BOT_PYTHON, report)
    assert time.process_time() - began < 3
    wrong = (CONFLICT, MISREAD, RENAMED)
    assert [found for found in report.sorted() if found.group in wrong] == []


def test_without_the_bots_environment_the_cure_is_told(tmp_path: Path) -> None:
    small_project.write(tmp_path)
    with pytest.raises(StartError, match="make setup"):
        advise(tmp_path, check_project(tmp_path, {}), tmp_path / "python", Report())


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    small_project.write(tmp_path)
    monkeypatch.setattr(settings, "ROOT", tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "var"))
    return tmp_path


def test_advice_is_shown_in_groups_and_ends_with_0(project: Path) -> None:
    done = CliRunner().invoke(build(), ["validate", "--advice"])
    assert done.exit_code == 0
    heading, first, cure = done.stdout.strip().splitlines()[:3]
    assert heading == "Thin intents (3)"
    assert first.startswith("data/nlu/common.yml:3:3: The 27 lines of `greet` say 11 different")
    assert cure.startswith("    Write lines that say something else")
    assert done.stdout.splitlines()[-2:] == [
        "No mistakes in 6 files, 3 intents and 81 lines.",
        "3 pieces of advice.",
    ]
    told = json.loads(CliRunner().invoke(build(), ["validate", "--advice", "--json"]).stdout)
    assert (told["ok"], told["warnings"], told["advice"]) == (True, 0, 3)
    assert {finding["group"] for finding in told["findings"]} == {THIN} <= set(GROUPS)
