"""python -m demo.systems: serve both companies' systems until told to stop."""

from __future__ import annotations

import argparse
import os

import uvicorn

from demo.listening import listen, stop
from demo.systems.app import create_app, oslo_now


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m demo.systems", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=os.environ.get("DEMO_SYSTEMS_PORT", "8020"))
    parser.add_argument(
        "--deterministic",
        action="store_true",
        default=os.environ.get("DEMO_DETERMINISTIC") == "1",
        help="answer every well-formed number (also DEMO_DETERMINISTIC=1)",
    )
    given = parser.parse_args()
    token = os.environ.get("DEMO_SYSTEMS_TOKEN", "")
    if len(token) < 8:
        stop("DEMO_SYSTEMS_TOKEN must be set in the environment, 8 characters or more.")
    clock = None if given.deterministic else oslo_now
    app = create_app(token, deterministic=given.deterministic, clock=clock)
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_keep_alive=75
    )
    uvicorn.Server(config).run(sockets=[listen(given.host, given.port, "DEMO_SYSTEMS_PORT")])


if __name__ == "__main__":
    main()
