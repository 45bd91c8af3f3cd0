"""Processes of our own that may be killed, stopped, and started again where they were."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from handoff.launcher.part import Part
from handoff.settings import ROOT

START_SECONDS = 90.0
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def _with_us() -> None:
    """Nothing is left of a run that is killed itself."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@dataclass(slots=True)
class Process:
    """`health` is an address that answers 200, or a port that takes connections."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    health: str | int
    log: Path
    other: Mapping[str, Any] = field(default_factory=dict)
    started: subprocess.Popen[bytes] | None = None

    @classmethod
    def of(cls, part: Part, logs: Path, **change: Any) -> Process:
        """A part of the launcher's own plan."""
        given = {"command": part.command, "health": part.health or "", **change}
        return cls(part.name, environment=part.environment, log=logs / f"{part.name}.log", **given)

    def start(self) -> None:
        if self.is_alive:
            return
        with self.log.open("ab") as output:
            self.started = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=_with_us,
                **self.other,
            )

    @property
    def is_alive(self) -> bool:
        return self.started is not None and self.started.poll() is None

    @property
    def pid(self) -> int:
        assert self.started is not None, f"{self.name} was never started"
        return self.started.pid

    def send(self, number: signal.Signals) -> None:
        if self.is_alive:
            os.kill(self.pid, number)

    def send_all(self, number: signal.Signals) -> None:
        """To it and whatever it has started: PostgreSQL serves each caller in a child."""
        if self.is_alive:
            whole = psutil.Process(self.pid)
            for one in [whole, *whole.children(recursive=True)]:
                with suppress(psutil.NoSuchProcess):
                    one.send_signal(number)

    def kill(self) -> None:
        """As a machine's end does it."""
        self.send(signal.SIGKILL)
        if self.started is not None:
            self.started.wait(20)

    async def until_healthy(self) -> None:
        """Starts it again where it gave up by itself, as any supervisor does."""
        deadline = time.monotonic() + START_SECONDS
        while not await self._is_healthy():
            self.start()
            assert time.monotonic() < deadline, f"{self.name} is not healthy: {self.log}"
            await asyncio.sleep(0.2)

    async def _is_healthy(self) -> bool:
        if not self.is_alive:
            return False
        if isinstance(self.health, int):
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", self.health), 1).close()
                return True
            return False
        async with httpx.AsyncClient(trust_env=False, timeout=5) as http:
            with suppress(httpx.HTTPError):
                return (await http.get(self.health)).status_code == 200
        return False
