"""Settings: each is documented, each wrong value is named with its cure, secrets stay secret."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from handoff.errors import SettingError
from handoff.settings import NAMES, ROOT, SECRETS, environment_for_children, read_settings

EXAMPLE = (ROOT / ".env.example").read_text("utf-8")
SHOWN = dict(re.findall(r"^# ([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))


def refusal(root: Path, environment: Mapping[str, str]) -> str:
    with pytest.raises(SettingError) as caught:
        read_settings(environment, root=root)
    return str(caught.value)


def test_every_setting_is_in_the_example_and_nothing_else() -> None:
    assert set(SHOWN) == set(NAMES)


def test_every_setting_in_the_example_is_explained() -> None:
    lines = EXAMPLE.splitlines()
    for number, line in enumerate(lines):
        if re.match(r"# [A-Z_]+=", line):
            above = lines[number - 1]
            assert re.match(r"# [A-Z_]*[a-z:]|# [A-Z_]+=", above), f"{line} is not explained"


def test_the_example_with_its_marks_removed_says_exactly_the_defaults(tmp_path: Path) -> None:
    plain, copied = tmp_path / "plain", tmp_path / "copied"
    plain.mkdir()
    copied.mkdir()
    (copied / ".env").write_text(re.sub(r"(?m)^# ([A-Z_]+=)", r"\1", EXAMPLE), "utf-8")
    default = read_settings({}, root=plain)
    example = read_settings({}, root=copied)
    for name in set(NAMES) - set(SECRETS):
        expected = str(getattr(default, name.lower())).replace(str(plain), str(copied))
        assert str(getattr(example, name.lower())) == expected


def test_the_environment_wins_over_the_file_and_empty_is_not_given(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("WEB_PORT=9000\nWS_PORT=9001\nRASA_PORT=\n", "utf-8")
    settings = read_settings({"WEB_PORT": "9100", "WS_PORT": " "}, root=tmp_path)
    assert (settings.web_port, settings.ws_port, settings.rasa_port) == (9100, 9001, 8005)
    assert settings.public_url == "http://127.0.0.1:9100"


def test_folders_are_relative_to_the_project_and_databases_lie_in_the_data_folder(
    tmp_path: Path,
) -> None:
    settings = read_settings({"DATA_DIR": "elsewhere"}, root=tmp_path)
    assert settings.data_dir == tmp_path / "elsewhere"
    assert settings.models_dir == tmp_path / "models"
    assert settings.database_url == f"sqlite:///{tmp_path}/elsewhere/stafett.db"


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("WEB_PORT", "80a0", "whole number from 1 to 65535"),
        ("RASA_PORT", "0", "whole number from 1 to 65535"),
        ("WS_PORT", "65536", "whole number from 1 to 65535"),
        ("WEB_HOST", "127.0.0.1:8000", "without a port"),
        ("RASA_HOST", "127.0.0.300", "an address of this machine"),
        ("CAPACITY", "0", "whole number from 1 to 20"),
        ("LEASE_SECONDS", "soon", "whole number from 10 to 600"),
        ("HEARTBEAT_SECONDS", "-1", "whole number from 1 to 120"),
        ("AGENT_HEARTBEAT_SECONDS", "1.5", "whole number from 1 to 120"),
        ("LOG_LEVEL", "loud", "one of debug, info, warning, error"),
        ("TRUSTED_PROXIES", "10.0.0.1, nginx", "'nginx' is no address"),
        ("DATA_DIR", "a\0b", "a folder"),
        ("MODELS_DIR", "${NOWHERE}/models", "names ${NOWHERE}, which is not set"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_wanted(
    tmp_path: Path, name: str, value: str, wanted: str
) -> None:
    text = refusal(tmp_path, {name: value})
    assert text.startswith(f"{name} is {value!r}: ")
    assert wanted in text
    assert "\n" not in text
    assert "Mend it in .env" in text


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("DATABASE_URL", "mysql://root:hunter2@db/x", "sqlite:/// or postgresql://"),
        ("DATABASE_URL", "sqlite://", "must name a file"),
        ("TRACKER_URL", "postgresql:///hunter2", "must name a server"),
        ("REDIS_URL", "redis://:hunter2@/0", "must be a server's address"),
        ("PUBLIC_URL", "chat.example.no?hunter2", "https://chat.example.no"),
        ("PUBLIC_WS_URL", "https://hunter2.example.no", "wss://"),
        ("SECRET_KEY", "hunter2", "16 to 500"),
        ("BOT_TOKEN", "hunter2 with spaces in it", "without spaces"),
    ],
)
def test_a_wrong_secret_or_address_is_named_but_not_shown(
    tmp_path: Path, name: str, value: str, wanted: str
) -> None:
    text = refusal(tmp_path, {name: value})
    assert text.startswith(f"{name}: ")
    assert wanted in text
    assert "hunter2" not in text


def test_all_that_is_wrong_is_told_at_once_and_its_consequences_are_not(tmp_path: Path) -> None:
    text = refusal(tmp_path, {"WEB_PORT": "x", "CAPACITY": "y"})
    assert [line.split()[0] for line in text.splitlines()] == ["WEB_PORT", "CAPACITY"]


def test_two_settings_with_the_same_port_are_refused(tmp_path: Path) -> None:
    assert "WS_PORT and WEB_PORT are both 8001" in refusal(tmp_path, {"WEB_PORT": "8001"})


def test_a_lease_that_one_lost_heartbeat_would_end_is_refused(tmp_path: Path) -> None:
    text = refusal(tmp_path, {"AGENT_HEARTBEAT_SECONDS": "30"})
    assert "at least twice AGENT_HEARTBEAT_SECONDS" in text


@pytest.mark.parametrize(
    ("line", "cure"),
    [
        ("WEB_PROT=9000", "Did you mean WEB_PORT?"),
        ("STAFETT_WEB_PORT=9000", "Did you mean WEB_PORT?"),
        ("web_port=9000", "Did you mean WEB_PORT?"),
        ("STAFETT_COLOUR=red", "Delete it"),
    ],
)
def test_a_name_that_is_nearly_a_setting_is_refused(tmp_path: Path, line: str, cure: str) -> None:
    (tmp_path / ".env").write_text(f"{line}\n", "utf-8")
    text = refusal(tmp_path, {})
    assert text.startswith(f"{line.split('=')[0]} in .env is not a setting.")
    assert cure in text


def test_a_client_companys_own_names_are_let_through(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("NORDLYS_API_KEY='x y'\n", "utf-8")
    settings = read_settings({"WEB_PORT": "9000"}, root=tmp_path)
    assert settings.variables["NORDLYS_API_KEY"] == "x y"
    assert settings.variables["WEB_PORT"] == "9000"
    assert environment_for_children(settings)["handoff"]["NORDLYS_API_KEY"] == "x y"


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"WEB_PORT=8000\n'broken\n", "line 2 cannot be understood"),
        (b"WEB_PORT=\xff\n", "it is not UTF-8"),
    ],
)
def test_a_broken_env_file_is_named_with_its_line(
    tmp_path: Path, content: bytes, wanted: str
) -> None:
    (tmp_path / ".env").write_bytes(content)
    text = refusal(tmp_path, {})
    assert str(tmp_path / ".env") in text
    assert wanted in text


def test_secrets_are_made_once_and_only_the_owner_may_read_them(tmp_path: Path) -> None:
    first = read_settings({}, root=tmp_path)
    again = read_settings({}, root=tmp_path)
    kept = tmp_path / "var" / "secrets.env"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert first == again
    assert len({getattr(first, name.lower()) for name in SECRETS}) == len(SECRETS)


def test_a_secret_that_is_given_is_not_written_down(tmp_path: Path) -> None:
    given = "a-secret-of-our-own-making"
    settings = read_settings({"SECRET_KEY": given}, root=tmp_path)
    kept = (tmp_path / "var" / "secrets.env").read_text("utf-8")
    assert settings.secret_key == given
    assert "SECRET_KEY" not in kept
    assert given not in repr(settings)


def test_a_secrets_file_cut_short_and_open_to_all_is_completed_and_closed(tmp_path: Path) -> None:
    kept = tmp_path / "var" / "secrets.env"
    kept.parent.mkdir()
    kept.write_text("BOT_TOKEN=0123456789abcdef", "utf-8")
    kept.chmod(0o644)
    settings = read_settings({}, root=tmp_path)
    assert settings.bot_token == "0123456789abcdef"
    assert read_settings({}, root=tmp_path) == settings
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_secret_spoilt_in_its_file_is_named_with_the_file(tmp_path: Path) -> None:
    kept = tmp_path / "var" / "secrets.env"
    kept.parent.mkdir()
    kept.write_text("BOT_TOKEN=short\n", "utf-8")
    text = refusal(tmp_path, {})
    assert text.startswith(f"BOT_TOKEN in {kept}: ")
    assert "Delete that line" in text


def test_processes_that_start_together_agree_on_the_secrets(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from handoff.settings import read_settings;"
        "print(read_settings({}, root=Path(sys.argv[1])).secret_key)"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    assert len({process.communicate()[0] for process in started}) == 1


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("", "utf-8")
    text = refusal(tmp_path, {})
    assert text.startswith(f"DATA_DIR is {str(tmp_path / 'var')!r}")


def test_the_bot_and_the_actions_are_told_only_what_they_need(tmp_path: Path) -> None:
    told = environment_for_children(read_settings({"HOME": "/root"}, root=tmp_path))
    for runtime in ("bot", "actions", "demo"):
        assert not {"SECRET_KEY", "DATABASE_URL", "HOME"} & set(told[runtime])
    assert {"BOT_TOKEN", "RASA_TOKEN", "TRACKER_URL", "ACTIONS_URL"} <= set(told["bot"])
    assert {"INTERNAL_URLS", "INTERNAL_TOKEN", "ACTIONS_PORT"} <= set(told["actions"])
    assert "BOT_TOKEN" not in told["actions"]
    assert "INTERNAL_TOKEN" not in told["bot"]
    assert set(NAMES) - {"TRACKER_URL", "DEMO_HOST"} <= set(told["handoff"])
