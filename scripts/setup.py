"""Makes both environments from `uv.lock` and the `.venv/bin/stafett` command.

Standard library only: it runs before anything is installed. A second run with nothing changed
takes a few milliseconds: each environment carries a stamp, the hash of what it was made from.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
# 0.8 is the first uv known to read this lock file; newer ones are welcome.
UV_MINIMUM = (0, 8, 0)
STAMP = "stafett-stamp"
# Where Python comes without pip (Debian's python3 without python3-venv), pip itself can be
# run out of its wheel. Pinned by hash, because nothing else vouches for it.
PIP_WHEEL = (
    "https://files.pythonhosted.org/packages/29/a2/"
    "d40fb2460e883eca5199c62cfc2463fd261f760556ae6290f88488c362c0/pip-25.1.1-py3-none-any.whl"
)
PIP_SHA256 = "2913a38a2abf4ea6b64ab507bd9e967f3b53dc1ede74b01b0931e1ce548751af"

# How pip and uv say that they could not reach the package index.
_OFFLINE = (
    "dns error", "failed to fetch", "connection refused", "connection error", "timed out",
    "unreachable", "no matching distribution found for uv", "newconnectionerror", "proxyerror",
    "could not connect",
)  # fmt: skip

COMMAND = """\
#!/bin/sh
# Written by make setup. The project is no package: it runs from its own folder.
root=$(cd -- "$(dirname -- "$0")/../.." && pwd)
PYTHONPATH="$root" exec "$root/.venv/bin/python" -P -m handoff.cli "$@"
"""


class SetupError(Exception):
    """One sentence for a person, with the cure."""


class Stopped(BaseException):
    """A signal asked us to stop."""


@dataclass(frozen=True)
class Environment:
    """One of the two environments. Sizes in MB, measured on Linux x86-64 with an empty cache."""

    name: str
    folder: Path
    group: str
    python: str
    fetch_mb: int
    disk_mb: int
    compile: bool = False

    def fingerprint(self) -> str:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
        wanted = {
            "groups": project["dependency-groups"],
            "uv": project["tool"]["uv"],
            "python": project["project"]["requires-python"],
            "compile": self.compile,
        }
        digest = hashlib.sha256(json.dumps(wanted, sort_keys=True).encode())
        digest.update((ROOT / "uv.lock").read_bytes())
        return digest.hexdigest()

    def current(self) -> bool:
        stamp = self.folder / STAMP
        return (
            (self.folder / "bin" / "python").exists()
            and stamp.is_file()
            and stamp.read_text("utf-8") == self.fingerprint()
        )


ENVIRONMENTS = (
    Environment("handoff", ROOT / ".venv", "dev", ">=3.11,<3.13", 110, 450),
    # Without compiled bytecode Rasa takes 47 s instead of 14 s to import where Python may not
    # write its own; compiling costs half a minute once.
    Environment("bot", ROOT / "bot" / ".venv", "bot", "3.10", 1050, 2900, compile=True),
)


# ---- checks


def check_writable(folder: Path) -> None:
    """Tries to write in `folder`. Raises SetupError naming it and whom it belongs to."""
    probe = folder / f".write-test-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise SetupError(
            f"Stafett cannot write in {folder} ({error.strerror}). Give your user the right to "
            f"(for example: sudo chown -R $(id -un) {folder}), or clone into a folder of your own."
        ) from None


def check_space(folder: Path, need_mb: int) -> None:
    """Raises SetupError if the disk that holds `folder` has less than `need_mb` MB free."""
    while not folder.exists():
        folder = folder.parent
    free_mb = shutil.disk_usage(folder).free // 1_000_000
    if free_mb < need_mb:
        raise SetupError(
            f"The disk that holds {folder} has {free_mb / 1000:.1f} GB free, and setting up needs "
            f"about {need_mb / 1000:.1f} GB. Free some, or clone to a larger disk."
        )


# ---- uv and the Pythons


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


# ---- progress and errors


def say(text: str) -> None:
    print(text, flush=True)


class Status:
    """One line that changes on a terminal; a line every 30 s elsewhere."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.started = time.monotonic()
        self.live = sys.stdout.isatty()
        self.fetched = 0.0
        self.phase = ""
        self._next = self.started + 30
        if not self.live:
            say(f"{title} ...")

    def read(self, line: str) -> None:
        """Takes one line of uv's output."""
        if match := re.search(r"Downloading \S+ \(([\d.]+)\s?([KMG])iB\)", line):
            self.fetched += float(match[1]) * {"K": 0.001, "M": 1.049, "G": 1074}[match[2]]
            self.phase = f"fetching, {self.fetched:.0f} MB in large files so far"
        elif line.startswith("Building"):
            self.phase = "building"
        elif line.startswith("Prepared"):
            self.phase = "installing"
        elif line.startswith("Installed"):
            self.phase = "compiling"

    def tick(self) -> None:
        seconds = time.monotonic() - self.started
        text = f"{self.title}: {seconds:.0f} s" + (f", {self.phase}" if self.phase else "")
        if self.live:
            print(f"\r\033[K{text[: shutil.get_terminal_size().columns - 1]}", end="", flush=True)
        elif time.monotonic() >= self._next:
            self._next += 30
            say(text)

    def done(self) -> None:
        end = "\r\033[K" if self.live else ""
        say(f"{end}{self.title}: done in {time.monotonic() - self.started:.0f} s")


def run_uv(command: list[str], env: dict[str, str], status: Status) -> tuple[int, str]:
    """Runs uv with its output read into `status`. Returns the exit code and what it said."""
    lines: list[str] = []
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=env, cwd=ROOT)

    def read() -> None:
        for line in process.stderr or ():
            lines.append(line.rstrip())
            status.read(line.strip())

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        while process.poll() is None:
            status.tick()
            time.sleep(0.2)
    except Stopped:
        process.terminate()
        process.wait()
        raise
    reader.join()
    if process.returncode and status.live:
        say("")
    return process.returncode, "\n".join(line for line in lines if line)


def explained(output: str, what: str) -> SetupError:
    """Turns a tool's output into one sentence with the cure."""
    text = output.lower()
    last = "\n".join(output.strip().splitlines()[-6:])
    if "no space left" in text or "os error 28" in text:
        return SetupError(f"{what}: the disk is full. Free about 4 GB and run the command again.")
    if "permission denied" in text or "read-only file system" in text:
        return SetupError(
            f"{what}: a folder may not be written.\n{last}\nGive your user the right to write "
            f"there, or set UV_CACHE_DIR to a folder of your own."
        )
    if "certificate" in text:
        return SetupError(
            f"{what}: the package index shows a certificate this machine does not trust, as behind "
            f"a proxy that reads along. Set SSL_CERT_FILE to the file of your own authorities, for "
            f"example /etc/ssl/certs/ca-certificates.crt."
        )
    if any(sign in text for sign in _OFFLINE):
        return SetupError(
            f"{what}: the package index could not be reached. Connect to the internet (or set "
            f"HTTPS_PROXY to your proxy) and run the command again; what was fetched is kept."
        )
    return SetupError(f"{what}. It said:\n{last}")


# ---- the work


@contextmanager
def only_one() -> Iterator[None]:
    """Waits until no other set-up of this folder is running."""
    with (TOOLS / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up of this folder is running; waiting for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write_command() -> None:
    """Puts `.venv/bin/stafett` there: an unpackaged project has no entry point to install."""
    path = ROOT / ".venv" / "bin" / "stafett"
    if not path.is_file() or path.read_text("utf-8") != COMMAND:
        path.write_text(COMMAND, "utf-8")
        path.chmod(0o755)


def build(environment: Environment, uv: str, python: str) -> None:
    env = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    env["UV_PROJECT_ENVIRONMENT"] = str(environment.folder)
    env["UV_COMPILE_BYTECODE"] = "1" if environment.compile else "0"
    env.setdefault("UV_HTTP_TIMEOUT", "180")
    command = [
        uv, "sync", "--frozen", "--no-default-groups", "--group", environment.group,
        "--python", python,
    ]  # fmt: skip
    status = Status(f"Environment for {environment.name}")
    code, said = run_uv(command, env, status)
    if code != 0:
        raise explained(said, f"uv could not make the environment for {environment.name}")
    (environment.folder / STAMP).write_text(environment.fingerprint(), "utf-8")
    status.done()


def set_up(quiet: bool) -> None:
    missing = [environment for environment in ENVIRONMENTS if not environment.current()]
    if missing:
        check_writable(TOOLS)
        check_writable(ROOT / "bot")
        with only_one():
            missing = [environment for environment in missing if not environment.current()]
            new = [environment for environment in missing if not environment.folder.exists()]
            check_space(ROOT, sum(environment.disk_mb for environment in new) + 500)
            if new:
                fetch = sum(environment.fetch_mb for environment in new) / 1000
                disk = sum(environment.disk_mb for environment in new) / 1000
                say(
                    f"First set-up: fetches about {fetch:.1f} GB and takes {disk:.1f} GB of disk; "
                    f"1 minute on a fast line, 4 at 50 Mbit/s. Training the model comes after it, "
                    f"1 to 2 minutes on two cores."
                )
            uv = find_uv()
            # Both before either: what is not to be had is told before the long wait.
            pythons = [find_python(uv, environment.python) for environment in missing]
            for environment, python in zip(missing, pythons, strict=True):
                build(environment, uv, python)
    write_command()
    if missing:
        say("Set up. The command is .venv/bin/stafett")
    elif not quiet:
        say("Nothing to do: both environments fit uv.lock. The command is .venv/bin/stafett")


def stop(number: int, frame: object) -> None:
    raise Stopped


def main() -> int:
    parser = argparse.ArgumentParser(description="Makes both environments from uv.lock.")
    parser.add_argument("--quiet", action="store_true", help="say nothing if nothing is to do")
    arguments = parser.parse_args()
    # Explicit, because a background job inherits SIGINT ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        set_up(arguments.quiet)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(explained(str(error), f"Setting up failed at {error.filename}"), file=sys.stderr)
        return 1
    except Stopped:
        print("\nStopped. The same command goes on where this one ended.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
