"""A small real HTTP server that speaks the internal API's contract from example answers."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ANSWERS = json.loads((Path(__file__).parent / "client_answers.json").read_text(encoding="utf-8"))
NUMBERS = (
    "tracking_number",
    "subscription_number",
    "invoice_number",
    "policy_number",
    "claim_number",
    "postcode",
)


class ClientSystemsServer:
    """Answers ``POST /clients/{client}/operations/{operation}`` on a free port of the loopback.

    ``calls`` holds what was asked. ``fault`` makes every answer fail: ``status`` (HTTP 500),
    ``nonsense`` (not JSON), ``shapeless`` (JSON of another shape), or a contract error code.
    """

    def __init__(self, token: str) -> None:
        self.calls: list[dict[str, Any]] = []
        self.fault: str | None = None
        self.failing_operations: dict[str, str] = {}
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length))
                _, _, client, _, operation = self.path.split("/")
                if self.headers.get("Authorization") != f"Bearer {token}":
                    self._send(401, b'{"error":"unauthorised"}')
                    return
                server.calls.append({"client": client, "operation": operation, **body})
                self._answer(operation, body["arguments"])

            def _answer(self, operation: str, arguments: dict[str, Any]) -> None:
                fault = server.fault or server.failing_operations.get(operation)
                if fault == "status":
                    self._send(500, b"Traceback (most recent call last): secret")
                elif fault == "nonsense":
                    self._send(200, b"<html>oops</html>")
                elif fault == "shapeless":
                    self._send(200, b'{"ok": true, "data": [1, 2]}')
                elif fault:
                    self._send_json({"ok": False, "error": fault, "detail": "as the test asked"})
                else:
                    self._send_json(answer(operation, arguments))

            def _send_json(self, value: dict[str, Any]) -> None:
                self._send(200, json.dumps(value).encode("utf-8"))

            def _send(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port: int = self._http.server_address[1]
        self._thread = threading.Thread(target=self._http.serve_forever, daemon=True)
        self._thread.start()

    def reset(self) -> None:
        self.calls.clear()
        self.fault = None
        self.failing_operations.clear()

    def operations(self) -> list[str]:
        return [call["operation"] for call in self.calls]

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(timeout=5)


def answer(operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """The example for the operation's number; ``*`` is any number; none is an unknown number."""
    examples = ANSWERS[operation]
    number = next((str(arguments[name]) for name in NUMBERS if arguments.get(name)), "")
    if number in ANSWERS["unknown_numbers"]:
        return {"ok": False, "error": "unknown_number", "detail": "no such number"}
    data = examples.get(number, examples.get("*"))
    if data is None:
        return {"ok": False, "error": "unknown_number", "detail": "no such number"}
    # An example value ``=name`` is copied from the arguments.
    filled = {
        key: arguments.get(value[1:]) if isinstance(value, str) and value[:1] == "=" else value
        for key, value in data.items()
    }
    return {"ok": True, "data": filled}
