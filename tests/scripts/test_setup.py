"""Setting up on machines that lack something: really without it, not pretending."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from scripts import pythons, setup, setup_told

ROOT = Path(__file__).resolve().parents[2]
# What the scripts may count on beside Python.
TOOLS = ("sh", "dirname", "tail", "env", "cat", "id", "mktemp", "rm")


def machine(folder: Path, tools: Iterable[str] = TOOLS, **programs: str) -> Path:
    """A PATH folder that offers only the named tools, and programs given as shell text."""
    folder.mkdir()
    for tool in tools:
        found = shutil.which(tool)
        assert found, tool
        (folder / tool).symlink_to(found)
    for name, text in programs.items():
        program = folder / name.replace("_", ".")
        program.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
        program.chmod(0o755)
    return folder


def found_uv() -> str:
    own = ROOT / ".tools" / "uv" / "bin" / "uv"
    uv = str(own) if own.exists() else shutil.which("uv")
    assert uv, "make setup puts uv into .tools where PATH has none"
    return uv


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A copy of what setting up reads, with nothing set up."""
    folder = tmp_path / "clone"
    (folder / "bot").mkdir(parents=True)
    shutil.copytree(ROOT / "scripts", folder / "scripts")
    for name in ("pyproject.toml", "uv.lock", "Makefile"):
        shutil.copy(ROOT / name, folder)
    return folder


def set_up(
    clone: Path, path: Path, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Runs the set-up of `clone` on a machine whose PATH is `path`, with an empty home."""
    home = clone.parent / "home"
    home.mkdir(exist_ok=True)
    return subprocess.run(
        [str(path / "sh"), "scripts/python.sh", "-m", "scripts.setup", *arguments],
        cwd=clone,
        capture_output=True,
        text=True,
        timeout=60,
        env={"PATH": str(path), "HOME": str(home), "UV_HTTP_RETRIES": "0", **environment},
    )


def uv_and_python(folder: Path) -> Path:
    path = machine(folder)
    (path / "uv").symlink_to(found_uv())
    (path / "python3").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', "utf-8")
    (path / "python3").chmod(0o755)
    return path


def test_a_machine_without_python_is_told_what_to_install(clone: Path) -> None:
    done = set_up(clone, machine(clone.parent / "path"))
    assert done.returncode == 1
    assert done.stderr.startswith("Stafett needs Python 3.11 or newer, and PATH offers none at all")
    assert "apt-get install python3.11" in done.stderr


def test_a_machine_with_an_old_python_is_told_which_it_has(clone: Path) -> None:
    old = 'case "$1" in --version) echo Python 3.9.2;; *) exit 1;; esac'
    done = set_up(clone, machine(clone.parent / "path", python3=old))
    assert done.returncode == 1
    assert "PATH offers Python 3.9.2" in done.stderr


def test_a_shim_without_its_python_is_passed_over(clone: Path) -> None:
    shim = "echo 'pyenv: python3: command not found' >&2; exit 127"
    path = machine(clone.parent / "path", python3=shim, python3_12="echo found; exit 0")
    done = set_up(clone, path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "found\n", "")


def test_without_python_3_10_it_says_so_before_anything_is_fetched(clone: Path) -> None:
    began = time.monotonic()
    done = set_up(clone, uv_and_python(clone.parent / "path"), UV_PYTHON_DOWNLOADS="never")
    if Path("/usr/bin/python3.10").exists():
        pytest.fail("this machine keeps a Python 3.10 where PATH cannot hide it")
    assert done.returncode == 1
    assert done.stderr.startswith("No Python 3.10 for the bot is on this machine")
    assert "pyenv install 3.10" in done.stderr
    assert "UV_PYTHON_DOWNLOADS" in done.stderr
    assert not (clone / ".venv").exists()
    assert time.monotonic() - began < 10


def test_a_python_3_10_that_only_pyenv_knows_is_found(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = ROOT / "bot" / ".venv" / "bin" / "python"
    hidden = clone.parent / "pyenv" / "versions" / "3.10.99" / "bin"
    hidden.mkdir(parents=True)
    (hidden / "python3.10").symlink_to(python.resolve())
    shim = "echo 'pyenv: python3.10: command not found' >&2; exit 127"
    path = machine(clone.parent / "path", python3_10=shim)
    monkeypatch.setenv("PATH", str(path))
    monkeypatch.setenv("PYENV_ROOT", str(clone.parent / "pyenv"))
    assert pythons.find_python(found_uv(), "3.10") == str(hidden / "python3.10")


def test_without_a_network_it_says_so_and_that_nothing_is_lost(clone: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        proxy = f"http://127.0.0.1:{closed.getsockname()[1]}"
    python = ROOT / "bot" / ".venv" / "bin" / "python"
    path = uv_and_python(clone.parent / "path")
    (path / "python3.10").symlink_to(python.resolve())
    done = set_up(
        clone, path, HTTPS_PROXY=proxy, ALL_PROXY=proxy, UV_CACHE_DIR=str(clone.parent / "cache")
    )
    assert done.returncode == 1
    assert "the package index could not be reached. Connect to the internet" in done.stderr
    assert done.stderr.count("\n") == 1
    assert "First set-up: fetches about 1.2 GB" in done.stdout


def test_without_uv_and_without_a_network_it_says_so(clone: Path) -> None:
    path = uv_and_python(clone.parent / "path")
    (path / "uv").unlink()
    proxy = "http://127.0.0.1:9"
    done = set_up(clone, path, HTTPS_PROXY=proxy, PIP_RETRIES="0", PIP_NO_INDEX="0")
    assert done.returncode == 1
    assert done.stderr.startswith("pip could not install uv: the package index could not be")


def test_a_folder_that_may_not_be_written_is_named(clone: Path) -> None:
    # Not even root may write in /proc.
    (clone / ".tools").symlink_to("/proc")
    done = set_up(clone, uv_and_python(clone.parent / "path"))
    assert done.returncode == 1
    assert done.stderr.startswith(f"Stafett cannot write in {clone}/.tools (")
    assert "Give your user the right" in done.stderr


def test_a_disk_without_room_is_told_with_what_is_needed(tmp_path: Path) -> None:
    setup.check_space(tmp_path / "not" / "yet", 1)
    with pytest.raises(setup_told.SetupError) as caught:
        setup.check_space(tmp_path / "not" / "yet", 10**12)
    assert f"The disk that holds {tmp_path} has " in str(caught.value)
    assert "needs about 1000000000.0 GB" in str(caught.value)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "error: failed to write\n  caused by: No space left on device (os error 28)",
            "disk is full",
        ),
        ("error: failed to open `/c/uv`: Permission denied (os error 13)", "may not be written"),
        ("error: Failed to fetch: `https://x`\n  dns error", "could not be reached"),
        ("Failed to fetch\n  invalid peer certificate: UnknownIssuer", "Set SSL_CERT_FILE"),
        ("error: something new", "something new"),
    ],
)
def test_what_uv_says_becomes_a_sentence_with_its_cure(said: str, told: str) -> None:
    text = str(setup_told.explained(said, "uv could not make the environment for bot"))
    assert text.startswith("uv could not make the environment for bot")
    assert told in text


@pytest.mark.parametrize(
    ("version", "good"),
    [("uv 0.7.22 (x 2025)", False), ("uv 0.8.0", True), ("uv 1.0.0", True), ("uvx", False)],
)
def test_a_uv_that_is_too_old_for_the_lock_is_not_used(
    tmp_path: Path, version: str, good: bool
) -> None:
    path = machine(tmp_path / "path", uv=f"echo '{version}'")
    assert pythons.uv_is_new_enough(str(path / "uv")) is good


def test_only_what_decides_the_packages_makes_a_new_environment(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "ROOT", clone)
    bot = setup.ENVIRONMENTS[1]
    before = bot.fingerprint()
    project = clone / "pyproject.toml"
    project.write_text(project.read_text("utf-8") + "\n[tool.other]\nx = 1\n", "utf-8")
    assert bot.fingerprint() == before
    with (clone / "uv.lock").open("a", encoding="utf-8") as lock:
        lock.write("\n")
    assert bot.fingerprint() != before


def test_a_second_run_does_nothing_quickly_and_says_so() -> None:
    command = ["sh", "scripts/python.sh", "-m", "scripts.setup"]
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert time.monotonic() - began < 3
    assert done.stdout.startswith("Nothing to do")
    quiet = subprocess.run(
        [*command, "--quiet"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert quiet.stdout == quiet.stderr == done.stderr == ""


def test_a_signal_stops_the_set_up_and_what_it_started(clone: Path) -> None:
    path = uv_and_python(clone.parent / "path")
    (path / "uv").unlink()
    # Slow where it works, so that the signal finds it working.
    (path / "uv").write_text(
        f'#!/bin/sh\ncase "$1" in sync) echo $$ > "{clone}/pid"; exec sleep 60;; esac\n'
        f'exec "{found_uv()}" "$@"\n', "utf-8",
    )  # fmt: skip
    (path / "uv").chmod(0o755)
    (path / "sleep").symlink_to(str(shutil.which("sleep")))
    (path / "python3.10").symlink_to((ROOT / "bot" / ".venv" / "bin" / "python").resolve())
    process = subprocess.Popen(
        [sys.executable, "-m", "scripts.setup"], cwd=clone, stderr=subprocess.PIPE, text=True,
        stdout=subprocess.DEVNULL, env={"PATH": str(path), "HOME": str(clone)},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )  # fmt: skip
    pid = clone / "pid"
    deadline = time.monotonic() + 15
    while not pid.exists() or not pid.read_text("utf-8").strip():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    assert "goes on where this one ended" in process.communicate(timeout=10)[1]
    assert process.returncode == 130
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text("utf-8")), 0)


def test_the_command_runs_from_any_folder(tmp_path: Path) -> None:
    done = subprocess.run(
        [str(ROOT / ".venv" / "bin" / "stafett"), "--help"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "stafett [OPTIONS] COMMAND" in done.stdout


def test_a_machine_without_a_browser_and_without_root_is_told_how_to_get_one(
    tmp_path: Path,
) -> None:
    path = machine(
        tmp_path / "path", apt_get="exit 1", id="echo 1000", tools=("sh", "mktemp", "rm")
    )
    (path / "apt.get").rename(path / "apt-get")
    done = subprocess.run(
        [str(path / "sh"), str(ROOT / "scripts" / "chromium.sh")],
        capture_output=True, text=True, env={"PATH": str(path)},
    )  # fmt: skip
    assert done.returncode == 1
    assert "Run `sudo apt-get update && sudo apt-get install chromium" in done.stderr


def test_a_machine_without_a_browser_and_without_apt_is_told_to_install_one(
    tmp_path: Path,
) -> None:
    path = machine(tmp_path / "path", tools=("sh", "mktemp", "rm"))
    done = subprocess.run(
        [str(path / "sh"), str(ROOT / "scripts" / "chromium.sh")],
        capture_output=True, text=True, env={"PATH": str(path)},
    )  # fmt: skip
    assert done.returncode == 1
    assert "Install Chromium so that `chromium` is on PATH" in done.stderr


def test_make_help_names_every_target() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    for target in ("run", "test", "lint", "setup", "train", "bench", "help"):
        assert f"make {target} " in done.stdout
