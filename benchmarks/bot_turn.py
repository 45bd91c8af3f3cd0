"""A whole turn as the widget sees it, against the same turn over Rasa's own REST channel.

The peer runs the same signed model, the same actions and an SQLite tracker, with no change to
Rasa: its stock server, its stock REST channel. It stores no conversation for people.
"""

from __future__ import annotations

import contextlib
import os
import socket
import statistics
import subprocess
import time
import uuid
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from benchmarks.figures import Figure
from tests.whole import ROOT, Customer, Whole, customer

LINES = ("hei", "hvor er pakken min?", "HB12345678", "når åpner dere?", "takk for hjelpen")
ROUNDS = 12
SHARE = 0.6
START_SECONDS = 120.0


async def measure_turns(running: Whole, url: str, figures: list[Figure]) -> None:
    """p50 of both in milliseconds, and their ratio. `url` is stock Rasa's."""
    async with httpx.AsyncClient(timeout=60) as http:
        ours, theirs = [], []
        for at in range(ROUNDS + 1):
            fresh = await _ours(running), await _theirs(http, url)
            if at:  # the first round warms both
                ours += fresh[0]
                theirs += fresh[1]
    mine, peer = statistics.median(ours) * 1000, statistics.median(theirs) * 1000
    figures.append(Figure("turn seen in the widget, p50", mine, "ms"))
    figures.append(Figure("same turn over stock Rasa REST, p50", peer, "ms"))
    figures.append(Figure("ours against stock Rasa", mine / peer, "times", SHARE))


async def _ours(running: Whole) -> list[float]:
    async with customer(running, "heimbud") as one:
        return [await _timed(partial(_answered, one, text)) for text in LINES]


async def _answered(one: Customer, text: str) -> None:
    """Until the first line of the bot's answer is on the screen; all were stored together."""
    known = len(one.lines)
    await one.sends({"t": "send", "cmid": str(uuid.uuid4()), "text": text})
    while not any(line["author"] == "bot" for line in one.lines[known:]):
        await one.hears_one()


async def _theirs(http: httpx.AsyncClient, url: str) -> list[float]:
    sender = uuid.uuid4().hex

    async def say(text: str) -> None:
        body = {"sender": sender, "message": text, "metadata": METADATA}
        answer = await http.post(f"{url}/webhooks/rest/webhook", json=body)
        assert answer.raise_for_status().json(), "stock Rasa answered nothing"

    return [await _timed(partial(say, text)) for text in LINES]


async def _timed(act: Callable[[], Coroutine[Any, Any, None]]) -> float:
    began = time.perf_counter()
    await act()
    return time.perf_counter() - began


METADATA: dict[str, Any] = {
    "client": "heimbud",
    "client_name": "Heimbud",
    "skills": ["common", "billing", "parcel", "newspaper"],
    "handoff": {"intents": ["cancel_subscription"], "front": [], "andon": []},
    "desk": "open",
    "input": "text",
    "hours": {"nb": "Hele døgnet.", "nn": "Heile døgnet.", "en": "Always."},
    "contact": {"phone": "22 00 00 00", "email": "hei@heimbud.example", "address": "Oslo"},
}


@contextlib.contextmanager
def stock_rasa(running: Whole) -> Iterator[str]:
    """Rasa's own server with its own REST channel on the model that serves `running`."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    folder = running.folder / "stock"
    folder.mkdir(exist_ok=True)
    (folder / "credentials.yml").write_text("rest:\n", "utf-8")
    (folder / "endpoints.yml").write_text(
        f"action_endpoint:\n  url: http://127.0.0.1:{running.ports['ACTIONS_PORT']}/webhook\n"
        f"tracker_store:\n  type: SQL\n  dialect: sqlite\n  db: {folder / 'tracker.db'}\n",
        "utf-8",
    )
    model = max((ROOT / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    command = [
        str(ROOT / "bot" / ".venv" / "bin" / "python"), "-m", "rasa", "run",
        "--model", str(model), "--port", str(port), "--interface", "127.0.0.1", "--enable-api",
        "--credentials", "credentials.yml", "--endpoints", "endpoints.yml",
    ]  # fmt: skip
    told = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "PYTHONPATH": str(ROOT)}
    with (folder / "rasa.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=told, stdout=log, stderr=log)
        try:
            _until_up(f"http://127.0.0.1:{port}/", process, folder / "rasa.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def _until_up(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        if process.poll() is not None or time.monotonic() > deadline:
            said = log.read_text("utf-8", "replace")[-2_000:]
            raise RuntimeError(f"stock Rasa did not start within {START_SECONDS:.0f} s:\n{said}")
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(url).status_code == 200:
                return
        time.sleep(0.2)
