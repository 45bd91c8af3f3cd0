"""Finds uv and the Pythons, and fetches what is missing into `.tools/`."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from scripts.setup_told import TOOLS, SetupError, Status, explained, run_uv, say

# 0.8 is the first uv known to read this lock file; newer ones are welcome.
UV_MINIMUM = (0, 8, 0)
# Where Python comes without pip (Debian's python3 without python3-venv), pip itself can be
# run out of its wheel. Pinned by hash, because nothing else vouches for it.
PIP_WHEEL = (
    "https://files.pythonhosted.org/packages/29/a2/"
    "d40fb2460e883eca5199c62cfc2463fd261f760556ae6290f88488c362c0/pip-25.1.1-py3-none-any.whl"
)
PIP_SHA256 = "2913a38a2abf4ea6b64ab507bd9e967f3b53dc1ede74b01b0931e1ce548751af"


def capture(command: list[str], env: dict[str, str] | None = None) -> tuple[int, str, str]:
    """Runs a command quietly; a program that does not exist is exit code 127."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=env)
    except OSError as error:
        return 127, "", str(error)
    return done.returncode, done.stdout.strip(), done.stderr.strip()


def uv_is_new_enough(uv: str) -> bool:
    code, out, _ = capture([uv, "--version"])
    match = re.match(r"uv (\d+)\.(\d+)\.(\d+)", out)
    return code == 0 and match is not None and tuple(map(int, match.groups())) >= UV_MINIMUM


def find_uv() -> str:
    """Path of a uv: ours, or the one on PATH, else one installed into `.tools/`."""
    own = TOOLS / "uv"
    binary = own / "bin" / "uv"
    for candidate in (str(binary), shutil.which("uv")):
        if candidate and uv_is_new_enough(candidate):
            return candidate
    say("Fetching uv, the installer, into .tools (25 MB).")
    shutil.rmtree(own, ignore_errors=True)
    wanted = "uv>=" + ".".join(map(str, UV_MINIMUM))
    code, out, error = capture([sys.executable, "-m", "venv", str(own)])
    if code == 0:
        pip = [str(own / "bin" / "python"), "-m", "pip"]
        install = [*pip, "install", "--quiet", wanted]
    else:
        shutil.rmtree(own, ignore_errors=True)
        install = [
            sys.executable, f"{pip_wheel()}/pip", "install", "--quiet",
            "--target", str(own), wanted,
        ]  # fmt: skip
    code, out, error = capture(install)
    for wheel in TOOLS.glob("pip-*.whl"):
        wheel.unlink()
    if code != 0 or not uv_is_new_enough(str(binary)):
        raise explained(f"{out}\n{error}", "pip could not install uv")
    return str(binary)


def pip_wheel() -> Path:
    """Fetches the pinned pip wheel into `.tools/`. Raises SetupError."""
    TOOLS.mkdir(exist_ok=True)
    wheel = TOOLS / PIP_WHEEL.rsplit("/", 1)[1]
    try:
        with urllib.request.urlopen(PIP_WHEEL, timeout=60) as response:
            content = response.read()
    except OSError as error:
        raise SetupError(
            f"This Python has no pip, and fetching one failed ({error}). Connect to the "
            f"internet, or install venv (Debian, Ubuntu: apt-get install python3-venv)."
        ) from None
    if hashlib.sha256(content).hexdigest() != PIP_SHA256:
        raise SetupError(
            f"What came from {PIP_WHEEL} is not the pip we know (wrong SHA-256). Install venv "
            f"(Debian, Ubuntu: apt-get install python3-venv) and run the command again."
        )
    wheel.write_bytes(content)
    return wheel


def is_python(path: str, wanted: str) -> bool:
    """Whether the program at `path` runs and is of the wanted version."""
    test = "sys.version_info[:2] == (3, 10)" if wanted == "3.10" else (
        "(3, 11) <= sys.version_info[:2] < (3, 13)"
    )  # fmt: skip
    return capture([path, "-c", f"import sys; sys.exit(not {test})"])[0] == 0


def candidates(uv: str, wanted: str) -> Iterator[str]:
    """Places where a fitting Python may be, cheapest first."""
    yield sys.executable
    versions = ("3.10",) if wanted == "3.10" else ("3.12", "3.11")
    for version in versions:
        yield f"python{version}"
    # uv gives up at a pyenv shim whose version is not selected, so pyenv's own folder is read
    # first and then pyenv is told to select it.
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    for version in versions:
        for folder in sorted(pyenv.glob(f"{version}.*"), reverse=True):
            yield str(folder / "bin" / f"python{version}")
    for version in versions:
        for extra in ({}, {"PYENV_VERSION": version}):
            command = [uv, "python", "find", "--system", "--no-project", "--quiet", version]
            env = os.environ | extra | {"UV_PYTHON_DOWNLOADS": "never"}
            code, out, _ = capture(command, env)
            if code == 0:
                yield out


def find_python(uv: str, wanted: str) -> str:
    """Path of a Python of that version; uv fetches one where none is found and it may."""
    for path in candidates(uv, wanted):
        if is_python(path, wanted):
            return path
    version = "3.10" if wanted == "3.10" else "3.12"
    who = "the bot" if wanted == "3.10" else "Stafett"
    env = os.environ | {"UV_PYTHON_INSTALL_DIR": str(TOOLS / "python")}
    status = Status(f"Fetching Python {version} for {who}")
    code, said = run_uv([uv, "python", "install", "--no-bin", version], env, status)
    if code == 0:
        code, out, said = capture([uv, "python", "find", "--managed-python", version], env)
        if code == 0 and is_python(out, wanted):
            status.done()
            return out
    reason = said.splitlines()[-1].strip().removeprefix("cause: ") if said else "no reason given"
    raise SetupError(
        f"No Python {version} for {who} is on this machine, and uv could not fetch one ({reason}). "
        f"Install it so that python{version} is on PATH (pyenv install {version}; Ubuntu: "
        f"deadsnakes), or let uv fetch it (unset UV_PYTHON_DOWNLOADS, and connect to the internet)."
    )
