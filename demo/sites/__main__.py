"""python -m demo.sites: serve both companies' web sites until told to stop."""

from __future__ import annotations

import argparse
import os
import re

import uvicorn

from demo.listening import listen, stop
from demo.sites.app import by_port, heimbud_site, systems_at, varde_site
from demo.sites.site import Widget


def main() -> None:
    env = os.environ
    web_port, ws_port = env.get("WEB_PORT", "8000"), env.get("WS_PORT", "8001")
    systems_port = env.get("DEMO_SYSTEMS_PORT", "8020")
    parser = argparse.ArgumentParser(prog="python -m demo.sites", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--heimbud-port", type=int, default=env.get("DEMO_HEIMBUD_PORT", "8010"))
    parser.add_argument("--varde-port", type=int, default=env.get("DEMO_VARDE_PORT", "8011"))
    parser.add_argument(
        "--widget-url", default=env.get("PUBLIC_URL", f"http://127.0.0.1:{web_port}")
    )
    parser.add_argument("--ws-url", help="origin of the websocket; default: widget's, on WS_PORT")
    parser.add_argument("--systems-url", default=f"http://127.0.0.1:{systems_port}")
    given = parser.parse_args()

    origin = re.compile(
        r"(http|ws)s?://([A-Za-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?(/[A-Za-z0-9/_-]*)?"
    )
    widget_url = given.widget_url.rstrip("/")
    if not origin.fullmatch(widget_url) or not widget_url.startswith("http"):
        stop(f"--widget-url must be an address such as http://127.0.0.1:8000, not {widget_url!r}.")
    beside = "ws" + re.sub("^http|:[0-9]+$", "", widget_url) + f":{ws_port}"
    ws_url = given.ws_url or beside
    if not origin.fullmatch(ws_url) or not ws_url.startswith("ws"):
        stop(f"--ws-url must be an address such as ws://127.0.0.1:8001, not {ws_url!r}.")

    widget = Widget(widget_url, ws_url)
    connect = systems_at(given.systems_url, env.get("DEMO_SYSTEMS_TOKEN", ""))
    sites = {
        given.heimbud_port: heimbud_site(widget, connect),
        given.varde_port: varde_site(widget, connect),
    }
    if len(sites) < 2:
        stop("The two sites need two ports: set DEMO_HEIMBUD_PORT and DEMO_VARDE_PORT.")
    sockets = [
        listen(given.host, given.heimbud_port, "DEMO_HEIMBUD_PORT"),
        listen(given.host, given.varde_port, "DEMO_VARDE_PORT"),
    ]
    config = uvicorn.Config(
        by_port(sites), log_level="warning", access_log=False, server_header=False, lifespan="off"
    )
    uvicorn.Server(config).run(sockets=sockets)


if __name__ == "__main__":
    main()
