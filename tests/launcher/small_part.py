"""A small real service for the launcher's tests: one address, and every bad habit of a child."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, required=True)
parser.add_argument("--ignore-term", action="store_true")
parser.add_argument("--last-words", help="a file: its port is added at TERM, half a second later")
parser.add_argument("--stray", action="store_true", help="start a child in a session of its own")
parser.add_argument("--die-after", type=float, default=0.0)
parser.add_argument("--unwell-after", type=float, default=float("inf"))
parser.add_argument("--die-first", help="a file: say so, make it and die, if it is not there")
arguments = parser.parse_args()

if arguments.ignore_term:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def speak(number: int, frame: object) -> None:
    time.sleep(0.5)
    with open(arguments.last_words, "a", encoding="utf-8") as words:
        words.write(f"{arguments.port}\n")
    os._exit(0)


if arguments.last_words:
    signal.signal(signal.SIGTERM, speak)
if arguments.stray:
    program = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)"
    subprocess.Popen([sys.executable, "-c", program], start_new_session=True)
if arguments.die_first and not os.path.exists(arguments.die_first):
    with open(arguments.die_first, "w", encoding="utf-8"):
        print("first line\nthe reason of my death", file=sys.stderr)
    sys.exit(3)
if arguments.die_after:
    threading.Timer(arguments.die_after, os._exit, (4,)).start()


began = time.monotonic()


class Healthy(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        unwell = time.monotonic() - began > arguments.unwell_after
        found = self.path == "/health?token=t"
        self.send_response(503 if unwell else 200 if found else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        pass


HTTPServer.allow_reuse_address = True
HTTPServer(("127.0.0.1", arguments.port), Healthy).serve_forever()
