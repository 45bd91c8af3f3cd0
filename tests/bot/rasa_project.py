"""A real Rasa server and a real action server on a small project, for the tests of the bot."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
PROJECT = Path(__file__).parent / "project"
CONTRACT = json.loads((ROOT / "tests" / "contract" / "bot_turn.json").read_text("utf-8"))
SIGNAL = json.loads((PROJECT / "signal.json").read_text("utf-8"))
START_SECONDS = 120


@dataclass
class Bot:
    """Both servers' addresses, and how to speak to them."""

    folder: Path
    model: Path
    port: int = field(default_factory=free_port)
    actions_port: int = field(default_factory=free_port)
    redis_url: str = ""
    token: str = "the channel's token"
    rasa_token: str = "the api's token"
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DATA_DIR": str(self.folder),
            "BOT_TOKEN": self.token,
            "RASA_TOKEN": self.rasa_token,
            "RASA_PORT": str(self.port),
            "ACTIONS_URL": f"http://127.0.0.1:{self.actions_port}",
            "TRACKER_URL": f"sqlite:///{self.folder / 'tracker.db'}",
            "REDIS_URL": self.redis_url,
            "SANIC_HOST": "127.0.0.1",
            "PYTHONPATH": str(ROOT),
            "BREAK_UNLESS": str(self.folder / "mended"),
        }

    def log(self, name: str) -> str:
        """Everything that a server has written so far."""
        return (self.folder / f"{name}.log").read_text("utf-8", errors="replace")

    def start(self, name: str) -> None:
        """Start ``bot`` or ``actions``; returns when it answers."""
        command = {
            "bot": ["-m", "bot.serve", "--model", str(self.model)],
            "actions": ["-m", "rasa_sdk", "--actions", "tests.bot.project.actions",
                        "-p", str(self.actions_port)],
        }[name]  # fmt: skip
        path = {"bot": f"{self.url}/webhooks/stafett/health",
                "actions": f"http://127.0.0.1:{self.actions_port}/health"}[name]  # fmt: skip
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [str(PYTHON), *command], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self.processes[name].poll() is None, f"{name} ended: {self.log(name)[-2000:]}"
            try:
                if httpx.get(path, timeout=2).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError(f"{name} did not start: {self.log(name)[-2000:]}")

    def stop(self, name: str, kill: bool = False) -> int:
        """End a server; its exit code."""
        process = self.processes.pop(name)
        process.kill() if kill else process.terminate()
        return process.wait(60)

    def ask(self, text: str, conversation: str, **changes: Any) -> httpx.Response:
        """Post a turn; ``changes`` replace fields of the request, ``metadata`` is merged."""
        request = json.loads(json.dumps(CONTRACT["request"]))
        request["metadata"].update(changes.pop("metadata", {}))
        request.update(turn_id=secrets.token_hex(16), conversation=conversation, text=text)
        request.update(changes)
        return self.post(request)

    def post(self, body: object, **headers: str) -> httpx.Response:
        """Post a body as it is, with the token unless a header says otherwise."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"authorization": f"Bearer {self.token}", **headers}
        return httpx.post(f"{self.url}{CONTRACT['address']}", content=content, headers=sent,
                          timeout=60)  # fmt: skip

    def find(self, conversation: str, turn_id: str) -> httpx.Response:
        """Ask for a turn whose answer was lost."""
        return httpx.get(
            f"{self.url}{CONTRACT['address']}/{conversation}/{turn_id}",
            headers={"authorization": f"Bearer {self.token}"},
            timeout=60,
        )

    def memory(self, method: str, conversation: str, **headers: str) -> httpx.Response:
        """Ask for all that the bot holds of a conversation, or tell it to forget."""
        sent = {"authorization": f"Bearer {self.token}", **headers}
        path = f"{self.url}/webhooks/stafett/conversations/{quote(conversation)}"
        return httpx.request(method, path, headers=sent, timeout=60)

    def tracker(self, conversation: str) -> dict[str, Any]:
        """Rasa's own view of a conversation."""
        path = f"/conversations/{conversation}/tracker"
        answer = httpx.get(
            self.url + path, params={"token": self.rasa_token, "include_events": "ALL"}
        )
        return dict(answer.json())


def train(folder: Path) -> tuple[Path, list[dict[str, Any]]]:
    """Train the small project with bot.train; the model and the progress lines."""
    done = subprocess.run(
        [str(PYTHON), "-m", "bot.train", "--project", str(PROJECT), "--out", str(folder)],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(folder), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return folder / lines[-1]["model"], lines


@contextmanager
def running(folder: Path, model: Path) -> Iterator[Bot]:
    """Both servers; they are ended afterwards whatever happens."""
    bot = Bot(folder, model)
    try:
        bot.start("actions")
        bot.start("bot")
        yield bot
    finally:
        for process in bot.processes.values():
            process.kill()
            process.wait(10)
