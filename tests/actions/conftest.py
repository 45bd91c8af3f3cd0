"""The real action server and the real dialogue engine, with a small server as client systems."""

from __future__ import annotations

import json
import os
import subprocess
import time
import urllib.request
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.actions.client_systems import ClientSystemsServer
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
BOT_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
TOKEN = "token-of-the-dialogue-tests"

HEIMBUD: dict[str, Any] = {
    "client": "heimbud",
    "client_name": "Heimbud",
    "skills": ["common", "billing", "parcel", "newspaper"],
    "language": None,
    "handoff": {"intents": ["cancel_subscription"], "front": [], "andon": []},
    "desk": "open",
    "contact": {
        "phone": "+47 55 50 12 30",
        "email": "kundeservice@heimbud.example",
        "address": "Postboks 4410, 5838 Bergen",
    },
    "hours": {
        "nb": "mandag til fredag 8–20",
        "nn": "måndag til fredag 8–20",
        "en": "Monday to Friday 8–20",
    },
    "now": "2026-11-21T12:00:00+01:00",
}
VARDE: dict[str, Any] = {
    **HEIMBUD,
    "client": "varde",
    "client_name": "Varde Forsikring",
    "skills": ["common", "billing", "insurance"],
    "handoff": {
        "intents": ["coverage_question", "price_quote", "cancel_policy", "roadside_assistance"],
        "front": ["roadside_assistance"],
        "andon": [],
    },
}


class Reply:
    """What the bot did in one turn."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.messages: list[dict[str, Any]] = answer["messages"]
        self.slots: dict[str, Any] = answer["slots"]
        self.active_loop: str | None = answer["active_loop"]
        self.paused: bool = answer["paused"]
        self.actions: list[str] = answer["actions"]

    @property
    def text(self) -> str:
        """All bubbles, one a line."""
        return "\n".join(m["text"] for m in self.messages if m.get("text"))

    @property
    def buttons(self) -> list[dict[str, str]]:
        return [b for m in self.messages for b in m.get("buttons") or []]

    @property
    def payloads(self) -> list[str]:
        return [b["payload"] for b in self.buttons]

    @property
    def signal(self) -> dict[str, Any] | None:
        return next((m["custom"] for m in self.messages if m.get("custom")), None)


class Customer:
    """One conversation. ``say`` gives the bot a message with the understanding it is to have."""

    def __init__(self, engine: Engine, metadata: dict[str, Any]) -> None:
        self._engine = engine
        self._conversation = uuid.uuid4().hex
        self.metadata = dict(metadata)
        self.language: str | None = None
        self.slots: dict[str, Any] = {}

    def say(
        self,
        text: str,
        intent: str = "out_of_scope",
        confidence: float = 0.95,
        entities: dict[str, Any] | None = None,
        ranking: list[dict[str, Any]] | None = None,
        plausible: Sequence[str] = (),
    ) -> Reply:
        found = [
            {"entity": name, "value": value, "start": 0, "end": 0}
            for name, value in (entities or {}).items()
        ]
        return self._send(
            {
                "text": text,
                "intent": intent,
                "confidence": confidence,
                "entities": found,
                "ranking": ranking,
                "plausible": list(plausible),
            }
        )

    def writes(
        self, text: str, intent: str = "nlu_fallback", confidence: float | None = None
    ) -> Reply:
        """As ``say``, with the bot's own reading of the numbers, days and addresses in it."""
        if confidence is None:
            confidence = 0.25 if intent == "nlu_fallback" else 0.95
        line = {"text": text, "intent": intent, "confidence": confidence, "entities": None}
        return self._send(line)

    def asks_both(self, text: str, first: str, second: str) -> Reply:
        """``text`` with two errands, a bar where the second begins, read as the pipeline does."""
        at = text.index("|")
        text = text.replace("|", "")
        errands = [
            {"intent": first, "confidence": 0.95, "start": 0, "end": len(text[:at].rstrip())},
            {"intent": second, "confidence": 0.95, "start": at, "end": len(text)},
        ]
        line = {"text": text, "intent": first, "confidence": 0.95, "entities": None}
        return self._send({**line, "parse": {"errands": errands}})

    def understood(self, text: str, intent: str, **parse: Any) -> Reply:
        """``text`` as the bot reads it against the conversation, with more parse data."""
        line = {"text": text, "intent": intent, "confidence": 0.9, "entities": None}
        return self._send({**line, "parse": parse})

    def press(self, payload: str) -> Reply:
        return self._send({"text": payload})

    def _send(self, line: dict[str, Any]) -> Reply:
        metadata = {**self.metadata, "turn_id": uuid.uuid4().hex}
        slots = {**self.slots, **({"language": self.language} if self.language else {})}
        line.update(conversation=self._conversation, metadata=metadata, slots=slots)
        return Reply(self._engine.ask(line))


class Engine:
    """The dialogue engine's process: one JSON line in, one out."""

    def __init__(self, work: Path, actions_port: int) -> None:
        script = Path(__file__).parent / "talking_bot.py"
        environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "LOG_LEVEL": "ERROR"}
        self._errors = (work / "engine.log").open("w", encoding="utf-8")
        self._process = subprocess.Popen(
            [str(BOT_PYTHON), str(script), str(ROOT), str(work / "project"), str(actions_port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            env=environment,
        )

    def wait(self) -> None:
        self._read()

    def ask(self, line: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        for raw in self._process.stdout:
            if raw.startswith("{"):
                answer: dict[str, Any] = json.loads(raw)
                return answer
        raise AssertionError(f"the dialogue engine ended; see {self._errors.name}")

    def stop(self) -> None:
        self._process.terminate()
        self._process.communicate(timeout=20)
        self._errors.close()


@pytest.fixture(scope="session")
def systems_server() -> Iterator[ClientSystemsServer]:
    server = ClientSystemsServer(TOKEN)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def actions_port(
    systems_server: ClientSystemsServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[int]:
    port = free_port()
    log = (tmp_path_factory.mktemp("actions") / "actions.log").open("w", encoding="utf-8")
    process = subprocess.Popen(
        [str(BOT_PYTHON), "-m", "actions"],
        cwd=ROOT,
        env={
            **os.environ,
            "ACTIONS_PORT": str(port),
            "INTERNAL_PORT": str(systems_server.port),
            "INTERNAL_TOKEN": TOKEN,
        },
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
                break
        except OSError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the action server did not start; see {log.name}") from error
            time.sleep(0.2)
    yield port
    process.terminate()
    process.wait(timeout=20)
    log.close()


@pytest.fixture(scope="session")
def engine(actions_port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    running = Engine(tmp_path_factory.mktemp("engine"), actions_port)
    running.wait()
    yield running
    running.stop()


@pytest.fixture
def systems(systems_server: ClientSystemsServer) -> ClientSystemsServer:
    systems_server.reset()
    return systems_server


@pytest.fixture
def heimbud(engine: Engine, systems: ClientSystemsServer) -> Customer:
    return Customer(engine, HEIMBUD)


@pytest.fixture
def varde(engine: Engine, systems: ClientSystemsServer) -> Customer:
    return Customer(engine, VARDE)
