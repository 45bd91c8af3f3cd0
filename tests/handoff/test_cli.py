"""The `stafett` command: quick help, and errors in one line."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from handoff.settings import ROOT
from tests.whole import own_ports


def stafett(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "handoff.cli", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        timeout=30,
    )


def test_help_names_the_commands_and_is_quick() -> None:
    began = time.perf_counter()
    done = stafett("--help")
    seconds = time.perf_counter() - began
    assert done.returncode == 0
    for command in ("up", "serve", "train", "migrate"):
        assert f" {command} " in done.stdout
    # Half a second on a machine that does nothing else; tests share theirs.
    assert seconds < 2


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys; from handoff.cli import build; build();"
        "print({'sqlalchemy', 'httpx', 'starlette', 'uvicorn', 'websockets', 'babel', 'asyncio'}"
        " & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.strip() == "set()"


def test_an_unknown_command_is_refused_with_exit_code_2() -> None:
    done = stafett("upp")
    assert done.returncode == 2
    assert "upp" in done.stderr


def test_a_wrong_setting_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    done = stafett("up", DATA_DIR=str(tmp_path), WEB_PORT="80a0")
    assert done.returncode == 2
    assert done.stderr.startswith("stafett: WEB_PORT is '80a0': it must be a whole number")
    assert done.stderr.count("\n") == 1


def test_up_with_a_port_in_use_names_it_and_starts_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = stafett("up", DATA_DIR=str(tmp_path), RASA_PORT=str(port), **others())
    assert done.returncode == 1
    assert done.stderr.startswith(f"stafett: Port {port}, RASA_PORT (Rasa), is in use by ")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "logs").exists()


def test_a_data_folder_that_cannot_be_made_is_one_line() -> None:
    done = stafett("up", DATA_DIR="/proc/stafett", **others())
    assert done.returncode == 2
    assert done.stderr.startswith("stafett: DATA_DIR is '/proc/stafett'")
    assert done.stderr.count("\n") == 1


def others() -> dict[str, str]:
    """Free ports for every part but Rasa, no two the same."""
    return {name: str(port) for name, port in own_ports().items() if name != "RASA_PORT"}
