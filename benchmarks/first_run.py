"""The first `make run` of a stranger: a fresh clone, empty caches, nothing trained."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

from benchmarks.figures import Figure
from tests.whole import ROOT, Whole, free_ports, until_ready

FIRST_RUN_SECONDS = 480.0


def measure_first_run(folder: Path, figures: list[Figure]) -> None:
    """From `make run` in a clone of the last commit to the first answer of the bot.

    It fetches both environments (1.2 GB) anew, so the figure is also that of the network.
    """
    clone, ports = folder / "clone", free_ports()
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    environment = {
        **{name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"},
        **{name: str(port) for name, port in ports.items()},
        "UV_CACHE_DIR": str(folder / "uv"),
        "XDG_CACHE_HOME": str(folder / "cache"),
    }
    data = clone / "var"
    data.mkdir()
    began = time.monotonic()
    with (data / "up.log").open("wb") as log:
        process = subprocess.Popen(
            ["make", "run"], cwd=clone, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            until_ready(Whole(ports, data, process))
            seconds = time.monotonic() - began
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
    figures.append(Figure("first run, installing and training", seconds, "s", FIRST_RUN_SECONDS))
