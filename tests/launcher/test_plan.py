"""The plan of the real parts: complete, in order, each told no more than it needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from handoff.launcher.fleet import fleet_plan
from handoff.launcher.plan import listeners, plan
from handoff.settings import NAMES, Settings, read_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({}, root=tmp_path)


def test_every_port_setting_is_checked_before_anything_starts(settings: Settings) -> None:
    ports = {name: getattr(settings, name.lower()) for name in NAMES if name.endswith("_PORT")}
    assert {listener.setting: listener.port for listener in listeners(settings)} == ports


def test_every_part_needs_only_parts_there_are_and_nothing_needs_itself(
    settings: Settings,
) -> None:
    done: set[str] = set()
    parts = plan(settings)
    while parts:
        free = [part for part in parts if set(part.after) <= done]
        assert free, [part.name for part in parts]
        done |= {part.name for part in free}
        parts = [part for part in parts if part not in free]


def test_rasa_waits_for_the_model_alone(settings: Settings) -> None:
    needs = {part.name: part.after for part in plan(settings)}
    assert needs["bot"] == ("train",)
    assert needs["actions"] == needs["demo-systems"] == needs["demo-sites"] == ()


def test_no_secret_is_shown_with_a_part_or_passed_on_a_command_line(settings: Settings) -> None:
    for part in plan(settings):
        for secret in (settings.rasa_token, settings.secret_key, settings.bot_token):
            assert secret not in " ".join(part.command)
            assert secret not in part.address
            assert secret not in repr(part.environment) or part.name in {
                "bot", "handoff", "train", "migrate", "logins"
            }  # fmt: skip


@pytest.mark.parametrize(
    ("listening", "asked"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),
        ("::", "[::1]"),
        ("10.0.0.7", "10.0.0.7"),
        ("fd00::7", "[fd00::7]"),
    ],
)
def test_who_listens_for_everybody_is_asked_here(
    listening: str, asked: str, tmp_path: Path
) -> None:
    settings = read_settings({"WEB_HOST": listening}, root=tmp_path)
    (alone,) = [part for part in plan(settings) if part.name == "handoff"]
    assert alone.health == f"http://{asked}:8000/ready"
    (front,) = [part for part in fleet_plan(settings) if part.name == "nginx"]
    assert front.health == f"http://{asked}:8000/ready"
