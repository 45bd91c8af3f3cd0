"""A real nginx with the configuration of `deploy/`, before processes of the tests' own."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from handoff.launcher.proxy import command, lay


@contextmanager
def nginx(folder: Path, port: int, pages: Sequence[int], sockets: Sequence[int]) -> Iterator[Path]:
    """Listens on `port` until the block ends; gives its log."""
    lay(folder, f"127.0.0.1:{port}", addresses(pages), addresses(sockets))
    log = folder / "nginx.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command(folder, "-g", "daemon off;"), stdout=output, stderr=subprocess.STDOUT
        )
    try:
        deadline = time.monotonic() + 10
        while True:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, "nginx did not start within 10 s"
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            time.sleep(0.02)
        yield log
    finally:
        process.terminate()
        process.wait(10)


def addresses(ports: Sequence[int]) -> list[str]:
    return [f"127.0.0.1:{port}" for port in ports]
