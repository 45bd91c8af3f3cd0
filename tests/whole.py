"""All of Stafett as `stafett up` starts it, on ports and a data folder of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from tests.ports import free_ports

ROOT = Path(__file__).resolve().parent.parent
PORTS = (
    "WEB_PORT",
    "WS_PORT",
    "INTERNAL_PORT",
    "RASA_PORT",
    "ACTIONS_PORT",
    "DEMO_HEIMBUD_PORT",
    "DEMO_VARDE_PORT",
    "DEMO_SYSTEMS_PORT",
)
FLEET_STEP = 100
# A first start trains the model: minutes on a small machine.
START_SECONDS = 900


@dataclass(slots=True)
class Whole:
    """The running whole: where everything is, and who may log in."""

    ports: dict[str, int]
    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.ports['WEB_PORT']}"

    def site(self, client: str) -> str:
        return f"http://127.0.0.1:{self.ports[f'DEMO_{client.upper()}_PORT']}"

    def logins(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = json.loads((self.folder / "demo_logins.json").read_text())
        return found

    def logs(self) -> str:
        """Everything every part has logged."""
        return "\n".join(
            path.read_text("utf-8", "replace") for path in (self.folder / "logs").glob("*")
        )


@contextlib.contextmanager
def whole(folder: Path, *, fleet: bool = False, **settings: str) -> Iterator[Whole]:
    """Start, wait until the bot truly answers, stop; no process is left."""
    ports = fleet_ports() if fleet else own_ports()
    environment = {
        **os.environ,
        "DATA_DIR": str(folder),
        **{name: str(port) for name, port in ports.items()},
        **settings,
    }
    command = [sys.executable, "-P", "-m", "handoff.cli", "up", "--with-parent"]
    command += ["--fleet"] if fleet else []
    with (folder / "up.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**environment, "PYTHONPATH": str(ROOT)},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        running = Whole(ports, folder, process)
        try:
            until_ready(running)
            yield running
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(40)


def until_ready(running: Whole) -> None:
    """Wait until the bot truly answers; fails with what the launcher said when it ends."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        said = (running.folder / "up.log").read_text("utf-8", "replace")
        assert running.process.poll() is None, f"`stafett up` ended:\n{said}"
        assert time.monotonic() < deadline, f"not ready after {START_SECONDS} s:\n{said}"
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{running.web}/ready?bot=1", timeout=20).status_code == 200:
                return
        time.sleep(0.5)


def own_ports() -> dict[str, int]:
    """A free port for each part, by the name of its setting."""
    return dict(zip(PORTS, free_ports(len(PORTS)), strict=True))


def fleet_ports() -> dict[str, int]:
    """A port for each part with the same ones free 100, 200, 300 and 400 above."""
    for base in range(20_000, 30_000, 500):
        with contextlib.ExitStack() as held, contextlib.suppress(OSError):
            for port in range(base, base + 5 * FLEET_STEP):
                if port % FLEET_STEP < len(PORTS):
                    held.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return {name: base + number for number, name in enumerate(PORTS)}
    raise AssertionError("no free ports for a fleet")


class Customer:
    """A customer's widget without a page: real tickets, a real socket."""

    def __init__(self, running: Whole, client: str, socket: ClientConnection, epoch: str) -> None:
        self.running = running
        self.client = client
        self._socket = socket
        self.epoch = epoch
        self.conversation = ""
        self.lines: list[dict[str, Any]] = []
        self.mode = ""
        self.acked: set[str] = set()

    async def says(self, text: str) -> list[dict[str, Any]]:
        """Say it and wait for what others answer; returns the new lines of others."""
        return await self._send({"t": "send", "text": text})

    async def presses(self, title: str) -> list[dict[str, Any]]:
        """Press the newest button with that title."""
        for line in reversed(self.lines):
            if title in line.get("buttons", ()):
                index = line["buttons"].index(title)
                return await self._send(
                    {"t": "send", "button": {"seq": line["seq"], "index": index}}
                )
        raise AssertionError(f"no button {title!r} in {[one.get('buttons') for one in self.lines]}")

    async def sends(self, frame: dict[str, Any]) -> None:
        await self._socket.send(json.dumps(frame))

    async def _send(self, frame: dict[str, Any], seconds: float = 20.0) -> list[dict[str, Any]]:
        cmid, known = str(uuid.uuid4()), len(self.lines)
        await self.sends({**frame, "cmid": cmid})
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            await self.hears(0.4)
            fresh = [line for line in self.lines[known:] if line["author"] != "customer"]
            if cmid in self.acked and (fresh or self.mode in ("agent", "waiting")):
                await self.hears(0.4)
                return [line for line in self.lines[known:] if line["author"] != "customer"]
        raise AssertionError(f"nobody answered {frame} within {seconds} s")

    async def hears(self, seconds: float) -> None:
        """Take in every frame until it has been silent for `seconds`."""
        with contextlib.suppress(TimeoutError):
            while True:
                async with asyncio.timeout(seconds):
                    self._take(json.loads(await self._socket.recv()))

    async def hears_one(self) -> None:
        """Take in the next frame, within 20 seconds."""
        async with asyncio.timeout(20):
            self._take(json.loads(await self._socket.recv()))

    def _take(self, frame: dict[str, Any]) -> None:
        match frame["t"]:
            case "event":
                self._line(frame["line"])
            case "batch":
                for line in frame["lines"]:
                    self._line(line)
            case "ephemeral":
                self.mode = frame.get("mode", self.mode)
            case "ack":
                self.acked.add(frame["cmid"])
            case "problem":
                raise AssertionError(frame)

    def _line(self, line: dict[str, Any]) -> None:
        assert line["seq"] == len(self.lines) + 1, "a gap or a double"
        self.lines.append(line)

    def texts(self) -> list[str]:
        return [line["text"] for line in self.lines]


@contextlib.asynccontextmanager
async def customer(
    running: Whole, client: str, *, visitor: str | None = None, language: str | None = None
) -> AsyncIterator[Customer]:
    """A customer on the client's own website, current with the conversation."""
    origin = running.site(client)
    async with httpx.AsyncClient(headers={"Origin": origin}) as http:
        asked = {"visitor": visitor or uuid.uuid4().hex, "page": f"{origin}/", "language": language}
        answer = await http.post(f"{running.web}/api/clients/{client}/tickets", json=asked)
        ticket = answer.raise_for_status().json()
    async with connect(ticket["socket"], origin=origin, compression=None) as socket:  # type: ignore[arg-type]
        await socket.send(json.dumps({"t": "hello", "v": 1, "ticket": ticket["ticket"]}))
        welcome = json.loads(await socket.recv())
        one = Customer(running, client, socket, welcome["epoch"])
        one.conversation, one.mode = welcome["conversation"], welcome["mode"]
        await one.sends({"t": "resume", "epoch": welcome["epoch"], "after": 0})
        await one.hears(0.5)
        yield one
