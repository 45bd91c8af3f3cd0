"""What is printed when everything runs."""

from __future__ import annotations

import io
import json
from pathlib import Path

from rich.console import Console

from handoff.launcher.welcome import welcome
from handoff.settings import read_settings


def said(root: Path, **environment: str) -> str:
    console = Console(file=io.StringIO(), width=80)
    welcome(console, read_settings(environment, root=root), 24.3)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_addresses_and_demo_logins_are_printed_whole_on_a_narrow_screen(tmp_path: Path) -> None:
    login = {"role": "supervisor", "email": "siri@demo.example", "password": "x[/]-y"}
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "demo_logins.json").write_text(json.dumps([login]), "utf-8")
    text = said(tmp_path, WEB_PORT="9000", DEMO_VARDE_PORT="9011")
    for wanted in (
        "Stafett is running (parts started in 24 s)", "http://127.0.0.1:9000/ ", "http://127.0.0.1:9000/desk",
        "http://127.0.0.1:8010/", "http://127.0.0.1:9011/", "siri@demo.example",
        "password x[/]-y", "side by side", f"Logs are in {tmp_path}/var/logs.",
    ):  # fmt: skip
        assert wanted in text


def test_a_spoilt_file_of_logins_leaves_only_the_logins_out(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "demo_logins.json").write_text('[{"role": "agent"}]', "utf-8")
    text = said(tmp_path)
    assert "http://127.0.0.1:8000/desk" in text
    assert "password" not in text
