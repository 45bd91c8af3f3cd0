"""One running process of a part: its group, its log, its end."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from handoff.errors import StartError
from handoff.launcher.part import Part
from handoff.launcher.watchman import MARK

LOG_LIMIT_BYTES = 10_000_000
# What a program needs to find its way about; everything else a part is told by its settings.
_PASSED_ON = (
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "LD_LIBRARY_PATH", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR",
)  # fmt: skip


def passed_on(environment: Mapping[str, str]) -> dict[str, str]:
    """The part of our own environment that every child gets."""
    return {
        name: value
        for name, value in environment.items()
        if name in _PASSED_ON or name.startswith("LC_")
    }


class Child:
    """Starts `part` in a session of its own; what it prints goes to its log file.

    A session of its own, so that Ctrl-C reaches the launcher alone, which then ends the parts
    in order; and so that a signal to the group reaches what the part itself has started.
    """

    def __init__(self, part: Part, logs: Path, mark: str) -> None:
        self.part = part
        self.log = logs / f"{part.name}.log"
        _keep_small(self.log)
        with self.log.open("ab") as log:
            log.write(f"--- started {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n".encode())
            log.flush()
            self._began_at = log.tell()
            try:
                self._process = subprocess.Popen(
                    part.command,
                    cwd=part.folder,
                    env={
                        **passed_on(os.environ),
                        "PYTHONUNBUFFERED": "1",
                        **part.environment,
                        MARK: mark,
                    },
                    stdin=subprocess.DEVNULL,
                    stdout=log if part.health else subprocess.PIPE,
                    stderr=log,
                    start_new_session=True,
                )
            except OSError as error:
                raise StartError(
                    f"{part.title} cannot be started: {error.filename}: {error.strerror}.",
                    cure="Run make setup, which makes both environments.",
                ) from None

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def output(self) -> IO[bytes] | None:
        """Where a step's progress is read; None for a service."""
        return self._process.stdout

    def ended(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        return self._process.poll()

    def how_it_ended(self) -> str:
        code = self.ended()
        if code is not None and code < 0:
            with contextlib.suppress(ValueError):
                return f"was ended by {signal.Signals(-code).name}"
        return f"ended with exit code {code}"

    def send(self, number: signal.Signals) -> None:
        """Signals the whole group; nothing happens when it is gone."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)

    def write_log(self, line: bytes) -> None:
        with self.log.open("ab") as log:
            log.write(line)

    def last_lines(self, count: int = 5) -> list[str]:
        """The last lines this process logged."""
        with self.log.open("rb") as log:
            end = log.seek(0, os.SEEK_END)
            log.seek(max(self._began_at, end - 8192))
            text = log.read().decode("utf-8", "replace")
        return [line[:300] for line in text.splitlines() if line.strip()][-count:]


def _keep_small(log: Path) -> None:
    """Puts a log that has grown large aside; the one before it is let go."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > LOG_LIMIT_BYTES:
            log.replace(log.with_suffix(".log.1"))
