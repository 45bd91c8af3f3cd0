"""Documents cannot rot: what is in the code is told, and what is told is in the code."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from handoff import client_file
from handoff.cli import build
from handoff.clients import load_clients
from handoff.evaluation import lines, passing, requests, utterances
from handoff.evaluation.conversations import REASONS, Golden, Scripted, read_conversations
from handoff.settings import NAMES, ROOT, SECRETS
from handoff.validation.examples import VARIETIES
from scripts import contract_docs
from tests.browser.widget.stand_in import SITE_POLICY

DOCS = ROOT / "docs"
CONTRACT = json.loads((ROOT / "tests" / "contract" / "bot_turn.json").read_text("utf-8"))
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md"])
# Made by the browser test, which is what a picture of the real thing needs.
PICTURES = {"docs/images/stafett.png"}
_LINK = re.compile(r"(?<!\!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")


def words(path: Path) -> str:
    return path.read_text("utf-8")


def prose(path: Path) -> str:
    """The text without its code blocks and code words."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"```.*?```", "", words(path), flags=re.S))


def anchors(path: Path) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", words(path), re.M)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    for found in _LINK.finditer(prose(page)):
        link = found.group(1) or found.group(2)
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        shown = target.relative_to(ROOT).as_posix()
        assert target.exists() or shown in PICTURES, f"{page.name}: {link}"
        if anchor:
            assert anchor in anchors(target), f"{page.name}: {link}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_table_has_a_header(page: Path) -> None:
    text = re.sub(r"```.*?```", "", words(page), flags=re.S)
    for table in re.findall(r"(?:^\|.*\n)+", text, re.M):
        second = [*table.splitlines(), ""][1]
        assert re.fullmatch(r"\|(?: ?:?-+:? ?\|)+", second), f"{page.name}: {table[:80]}"


def test_both_guides_name_one_content_security_policy() -> None:
    told = [
        re.findall(r"^script-src .*$", words(DOCS / "howto" / name), re.M)
        for name in ("add-a-client.md", "put-the-widget-on-a-site.md")
    ]
    assert told[0] == told[1]
    assert len(told[0]) == 1
    # The widget's own tests run under this policy, in Chromium.
    assert SITE_POLICY.startswith("default-src 'none'; script-src http")
    assert [part.split()[0] for part in told[0][0].split("; ")] == ["script-src", "connect-src"]


def test_every_page_is_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    todo = [ROOT / "README.md"]
    while todo:
        page = todo.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        for found in _LINK.finditer(prose(page)):
            link = (found.group(1) or found.group(2)).partition("#")[0]
            if link and not re.match(r"[a-z]+:", link):
                todo.append((page.parent / link).resolve())
    assert {page for page in PAGES if page.is_relative_to(DOCS)} <= reached


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_is_told_with_its_default(name: str) -> None:
    row = re.search(rf"^\| `{name}` \| (.*?) \| (.+) \|$", words(DOCS / "settings.md"), re.M)
    example = re.search(rf"^# {name}=(.*)$", words(ROOT / ".env.example"), re.M)
    assert row, f"docs/settings.md does not tell of {name}"
    assert example, f".env.example does not tell of {name}"
    default = example[1]
    if name in SECRETS:
        assert (default, row[1]) == ("", "made once")
    else:
        assert row[1] == (f"`{default}`" if default else "nothing")


def test_no_setting_is_told_that_is_none() -> None:
    told = re.findall(r"^\| `([A-Z_]+)` \|", words(DOCS / "settings.md"), re.M)
    assert set(told) == set(NAMES)


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every command's name and its options."""
    top = get_command(build())
    assert isinstance(top, TyperGroup)
    for name, command in top.commands.items():
        inner = command.commands if isinstance(command, TyperGroup) else {"": command}
        for sub, one in inner.items():
            options = [
                option
                for parameter in one.params
                if not getattr(parameter, "hidden", False)
                for option in parameter.opts
                if option.startswith("--") and option != "--help"
            ]
            yield f"{name} {sub}".strip(), options


@pytest.mark.parametrize(("command", "options"), list(commands()))
def test_every_command_and_option_is_told(command: str, options: list[str]) -> None:
    text = words(DOCS / "commands.md")
    assert f"`stafett {command}" in text
    part = text[text.index(f"### `stafett {command.split()[0]}`") :]
    part = part[: part.find("\n### ", 4)] if "\n### " in part[4:] else part
    for option in options:
        assert f"`{option}" in part, f"docs/commands.md does not tell of {command} {option}"


def test_no_command_is_told_that_is_none() -> None:
    known = {name.split()[0] for name, _ in commands()}
    for page in PAGES:
        told = re.findall(r"(?:bin/|`)stafett ([a-z]+)", words(page))
        assert set(told) <= known, page


def test_every_make_target_is_told_and_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", words(ROOT / "Makefile"), re.M)) - {"environments"}
    assert targets == set(re.findall(r"^\| `make ([a-z]+)` \|", words(DOCS / "commands.md"), re.M))
    for page in PAGES:
        assert set(re.findall(r"(?:^|`)make ([a-z]+)", words(page), re.M)) <= targets, page


def test_every_key_of_a_client_file_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    keys: set[str] = set()
    only = client_file.Section.only

    def noted(self: client_file.Section, *names: str) -> None:
        keys.update(names)
        only(self, *names)

    monkeypatch.setattr(client_file.Section, "only", noted)
    load_clients(ROOT / "clients", VARIABLES)
    text = words(DOCS / "howto" / "add-a-client.md")
    for key in keys:
        assert re.search(rf"\b{key}\b", text), f"add-a-client.md does not tell of {key}"


def test_every_variety_is_told() -> None:
    told = re.findall(r"^\| `([a-z]+)` \|", words(DOCS / "howto" / "edit-training-data.md"), re.M)
    assert tuple(told) == VARIETIES


def test_the_files_of_evaluate_are_told_as_they_are_read(tmp_path: Path) -> None:
    text = words(DOCS / "commands.md")
    part = text[text.index("### `stafett evaluate`") : text.index("### `stafett handoff`")]
    path = tmp_path / "conversations.jsonl"
    path.write_text("\n".join(re.findall(r"```json\n(.*?)```", part, re.S)), "utf-8")
    (example,) = read_conversations(path, load_clients(ROOT / "clients", VARIABLES))
    assert set(json.loads(path.read_text("utf-8"))) == set(Scripted.__struct_fields__)
    assert example.handoff.reason == "frustration"
    columns = {*utterances.COLUMNS, *requests.COLUMNS, *lines.COLUMNS}
    for name in (*columns, *Scripted.__struct_fields__, *Golden.__struct_fields__, *REASONS):
        assert re.search(rf"^\| .*`{name}`.* \| ", part, re.M), f"no row tells of {name}"
    for variety in VARIETIES:
        assert f"`{variety}`" in part
    for word in passing.HARD:
        assert f"*{word}*" in part


def test_the_look_ups_of_the_bot_contract_are_up_to_date() -> None:
    assert words(DOCS / "bot-contract.md") == contract_docs.document(), (
        "run .venv/bin/python -m scripts.contract_docs"
    )


def test_the_turn_in_the_bot_contract_has_the_fields_of_the_tested_example() -> None:
    text = words(DOCS / "bot-contract.md")
    blocks = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", text, re.S)]
    asked, answered, signal = blocks[:3]
    assert set(asked) == set(CONTRACT["request"])
    assert set(asked["metadata"]) == set(CONTRACT["request"]["metadata"])
    assert set(answered) == set(CONTRACT["response"])
    assert set(signal) == set(CONTRACT["handed_over"]["signal"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_files_that_are_named_exist(page: Path) -> None:
    folders = "handoff|bot|actions|data|clients|demo|scripts|tests|docs"
    for path in re.findall(rf"`((?:{folders})/[\w./-]+)`", words(page)):
        assert (ROOT / path).exists(), f"{page.name}: {path}"


def test_what_the_tour_passes_is_there() -> None:
    tour = words(DOCS / "tour.md")
    for path in re.findall(r"`([\w-]+/[\w./-]+\.(?:py|js|md|css))`", tour):
        assert (ROOT / path).exists() or (ROOT / "handoff" / path).exists(), path
    sources = [
        file.read_text("utf-8")
        for folder in ("handoff", "bot", "actions")
        for file in (ROOT / folder).rglob("*.py")
        if ".venv" not in file.parts
    ]
    methods = set(re.findall(r"`([A-Z]\w+)\.(\w+)`", tour))
    assert len(methods) > 5
    for kind, method in methods:
        (source,) = [text for text in sources if re.search(rf"^class {kind}\b", text, re.M)]
        assert re.search(rf"^    (?:async )?def {method}\b", source, re.M), f"{kind}.{method}"


def test_modules_that_are_named_to_run_exist() -> None:
    for page in PAGES:
        for module in re.findall(r"python -m ([\w.]+)", words(page)):
            assert importlib.util.find_spec(module), f"{page.name}: {module}"


VARIABLES = {
    "DEMO_HEIMBUD_PORT": "8010",
    "DEMO_VARDE_PORT": "8011",
    "DEMO_SYSTEMS_PORT": "8020",
    "DEMO_SYSTEMS_TOKEN": "a-token-for-tests",
}
