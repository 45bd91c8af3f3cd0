"""A launcher started as a process of its own, its output read line by line."""

from __future__ import annotations

import json
import os
import pty
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from handoff.launcher.watchman import marked
from tests.ports import free_port

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LAUNCHER = [sys.executable, str(HERE / "small_launcher.py")]


def service(name: str, *habits: str, **more: Any) -> dict[str, Any]:
    port = free_port()
    command = [sys.executable, str(HERE / "small_part.py"), "--port", str(port), *habits]
    health = f"http://127.0.0.1:{port}/health?token=t"
    return {"name": name, "command": command, "health": health, "port": port, **more}


def step(name: str, program: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "command": [sys.executable, "-c", program], **more}


class Launched:
    """`with Launched(folder, parts) as launched:`; whatever is left at the end is killed."""

    def __init__(
        self, folder: Path, parts: list[dict[str, Any]], *, terminal: bool = False,
        ignore_sigint: bool = False, refused: bool = False, **more: Any,
    ) -> None:  # fmt: skip
        wanted = json.dumps({"folder": str(folder), "parts": parts, **more})
        reading, writing = pty.openpty() if terminal else os.pipe()
        self.process = subprocess.Popen(
            [*LAUNCHER, wanted],
            stdout=writing,
            stderr=writing,
            env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100"},
            preexec_fn=(lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
            if ignore_sigint
            else None,
        )
        os.close(writing)
        self.lines: list[str] = []
        self._queue: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, args=(reading,), daemon=True)
        self._reader.start()
        self.mark = "" if refused else self.until("mark ").split()[1]

    def _read(self, descriptor: int) -> None:
        with os.fdopen(descriptor, encoding="utf-8", errors="replace") as stream:
            try:
                for line in stream:
                    self._queue.put(line.rstrip())
            except OSError:  # how a terminal says that its other end is closed
                pass

    def until(self, text: str, seconds: float = 15.0) -> str:
        """The next line that holds `text`."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                line = self._queue.get(timeout=max(deadline - time.monotonic(), 0.001))
            except queue.Empty:
                raise AssertionError(f"{text!r} did not come; had {self.lines}") from None
            self.lines.append(line)
            if text in line:
                return line

    def ended(self, seconds: float = 15.0) -> int:
        """Waits for the launcher's end and its last line; the exit code."""
        code = self.process.wait(seconds)
        self._reader.join(5)
        while not self._queue.empty():
            self.lines.append(self._queue.get())
        return code

    @property
    def said(self) -> str:
        return "\n".join(self.lines)

    def __enter__(self) -> Launched:
        return self

    def __exit__(self, *error: object) -> None:
        self.process.kill()
        self.process.wait()
        for process in marked(self.mark):
            process.kill()


def gone(mark: str, seconds: float) -> bool:
    """Whether no process carries the mark within so many seconds."""
    deadline = time.monotonic() + seconds
    while marked(mark):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
