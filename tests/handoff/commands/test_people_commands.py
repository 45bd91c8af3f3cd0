"""`stafett agents` and `stafett clients`, against a real database."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from handoff import staff
from handoff.cli import build
from handoff.core.roster import Agent, Role
from handoff.errors import InputError

PASSWORD = "et langt passord"
PER = ("agents", "add", "per@nordlys.no", "--name", "Per Vik", "--client", "heimbud")


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert stafett("migrate").exit_code == 0


def stafett(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(build(), list(arguments), input=typed)


def hired() -> Agent:
    done = stafett(*PER, typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    assert "at least 10 characters" in done.output
    return found()


def found() -> Agent:
    with staff.opened() as desk:
        return desk.find("per@nordlys.no")


def test_an_agent_is_given_another_client_and_loses_one() -> None:
    before = hired()
    done = stafett("agents", "change", "per@nordlys.no", "--add-client", "varde")
    assert done.output.splitlines()[-1] == (
        "per@nordlys.no is agent for heimbud, varde, chats in parallel: 5."
    )
    stafett("agents", "change", "per@nordlys.no", "--remove-client", "heimbud")
    now = found()
    assert now.clients == {"varde"}
    assert now.session_version > before.session_version  # their sessions have ended


def test_role_and_capacity_change_and_the_rest_stays() -> None:
    before = hired()
    stafett("agents", "change", "per@nordlys.no", "--role", "supervisor", "--capacity", "7")
    now = found()
    assert (now.role, now.capacity) == (Role.SUPERVISOR, 7)
    assert (now.name, now.clients, now.languages) == (
        before.name, before.clients, before.languages,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ((), "nothing to change"),
        (("--add-client", "vrde"), "There is no client `vrde`"),
        (("--remove-client", "varde"), "does not answer for `varde`"),
        (("--role", "boss"), "There is no role `boss`"),
        (("--capacity", "0"), "`capacity` is 0"),
    ],
)
def test_a_wrong_change_is_told_and_nothing_changes(options: tuple[str, ...], says: str) -> None:
    before = hired()
    done = stafett("agents", "change", "per@nordlys.no", *options)
    assert isinstance(done.exception, InputError)
    assert says in str(done.exception)
    assert found() == before


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--role", "boss"), "There is no role"),
        (("--client", "vrde"), "There is no client"),
        (("--language", "de"), "There is no language"),
    ],
)
def test_what_is_wrong_with_a_new_login_is_told_before_the_password_is_asked(
    options: tuple[str, ...], says: str
) -> None:
    done = stafett(*PER, *options)
    assert isinstance(done.exception, InputError)
    assert says in str(done.exception)
    assert "assword" not in done.output


def test_a_login_that_is_taken_or_unknown_is_told_before_the_password_is_asked() -> None:
    hired()
    for arguments, says in ((PER, "is taken"), (("agents", "password", "pr"), "Nobody has")):
        done = stafett(*arguments)
        assert isinstance(done.exception, InputError)
        assert says in str(done.exception)
        assert "assword" not in done.output


def test_clients_are_listed_whole_on_a_narrow_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    told = stafett("clients").output
    assert "common, billing, insurance" in told
    assert "coverage_question, price_quote, cancel_policy, roadside_assistance" in told
    assert "\N{HORIZONTAL ELLIPSIS}" not in told
