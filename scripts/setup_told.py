"""What setting up says: progress on one line, and errors as one sentence with the cure."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"

# How pip and uv say that they could not reach the package index.
_OFFLINE = (
    "dns error", "failed to fetch", "connection refused", "connection error", "timed out",
    "unreachable", "no matching distribution found for uv", "newconnectionerror", "proxyerror",
    "could not connect",
)  # fmt: skip


class SetupError(Exception):
    """One sentence for a person, with the cure."""


class Stopped(BaseException):
    """A signal asked us to stop."""


def say(text: str) -> None:
    print(text, flush=True)


class Status:
    """One line that changes on a terminal; a line every 30 s elsewhere."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.started = time.monotonic()
        self.live = sys.stdout.isatty()
        self.fetched = 0.0
        self.phase = ""
        self._next = self.started + 30
        if not self.live:
            say(f"{title} ...")

    def read(self, line: str) -> None:
        """Takes one line of uv's output."""
        if match := re.search(r"Downloading \S+ \(([\d.]+)\s?([KMG])iB\)", line):
            self.fetched += float(match[1]) * {"K": 0.001, "M": 1.049, "G": 1074}[match[2]]
            self.phase = f"fetching, {self.fetched:.0f} MB in large files so far"
        elif line.startswith("Building"):
            self.phase = "building"
        elif line.startswith("Prepared"):
            self.phase = "installing"
        elif line.startswith("Installed"):
            self.phase = "compiling"

    def tick(self) -> None:
        seconds = time.monotonic() - self.started
        text = f"{self.title}: {seconds:.0f} s" + (f", {self.phase}" if self.phase else "")
        if self.live:
            print(f"\r\033[K{text[: shutil.get_terminal_size().columns - 1]}", end="", flush=True)
        elif time.monotonic() >= self._next:
            self._next += 30
            say(text)

    def done(self) -> None:
        end = "\r\033[K" if self.live else ""
        say(f"{end}{self.title}: done in {time.monotonic() - self.started:.0f} s")


def run_uv(command: list[str], env: dict[str, str], status: Status) -> tuple[int, str]:
    """Runs uv with its output read into `status`. Returns the exit code and what it said."""
    lines: list[str] = []
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=env, cwd=ROOT)

    def read() -> None:
        for line in process.stderr or ():
            lines.append(line.rstrip())
            status.read(line.strip())

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        while process.poll() is None:
            status.tick()
            time.sleep(0.2)
    except Stopped:
        process.terminate()
        process.wait()
        raise
    reader.join()
    if process.returncode and status.live:
        say("")
    return process.returncode, "\n".join(line for line in lines if line)


def explained(output: str, what: str) -> SetupError:
    """Turns a tool's output into one sentence with the cure."""
    text = output.lower()
    last = "\n".join(output.strip().splitlines()[-6:])
    if "no space left" in text or "os error 28" in text:
        return SetupError(f"{what}: the disk is full. Free about 4 GB and run the command again.")
    if "permission denied" in text or "read-only file system" in text:
        return SetupError(
            f"{what}: a folder may not be written.\n{last}\nGive your user the right to write "
            f"there, or set UV_CACHE_DIR to a folder of your own."
        )
    if "certificate" in text:
        return SetupError(
            f"{what}: the package index shows a certificate this machine does not trust, as behind "
            f"a proxy that reads along. Set SSL_CERT_FILE to the file of your own authorities, for "
            f"example /etc/ssl/certs/ca-certificates.crt."
        )
    if any(sign in text for sign in _OFFLINE):
        return SetupError(
            f"{what}: the package index could not be reached. Connect to the internet (or set "
            f"HTTPS_PROXY to your proxy) and run the command again; what was fetched is kept."
        )
    return SetupError(f"{what}. It said:\n{last}")
