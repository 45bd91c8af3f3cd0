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
import shutil
import signal
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.pythons import find_python, find_uv
from scripts.setup_told import ROOT, TOOLS, SetupError, Status, Stopped, explained, run_uv, say

STAMP = "stafett-stamp"
COMMAND = """\
#!/bin/sh
# Written by make setup. The project is no package: it runs from its own folder.
root=$(cd -- "$(dirname -- "$0")/../.." && pwd)
PYTHONPATH="$root" exec "$root/.venv/bin/python" -P -m handoff.cli "$@"
"""


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
