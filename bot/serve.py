"""``python -m bot.serve``: starts Rasa with a model that we signed, on loopback, and quietly.

Settings come from the environment: RASA_HOST, RASA_PORT, BOT_TOKEN, RASA_TOKEN, ACTIONS_URL,
TRACKER_URL, REDIS_URL, MODELS_DIR, DATA_DIR, LOG_LEVEL.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path
from typing import Any

from bot.fingerprint import model_path
from bot.signature import ROOT, UnsignedModel, refuse_unsigned
from bot.threads import share_processors

_ALLOWED = re.compile(
    r"/|/version|/status|/webhooks/stafett/.*|/conversations/[^/]+/tracker(?:/events)?"
)
"""Rasa's own API can train, load and evaluate models: nobody here needs that."""


KEEP_ALIVE_SECONDS = 75
SHUTDOWN_SECONDS = 5.0


class StartError(Exception):
    """Why the server cannot start, and the cure."""


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM; 0, or 1 with one clear sentence on standard error."""
    parser = argparse.ArgumentParser(prog="python -m bot.serve", description=__doc__)
    parser.add_argument("--model", type=Path, help="a model other than the one that fits")
    parser.add_argument("--host", default=os.environ.get("RASA_HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=int(os.environ.get("RASA_PORT", "8005")))
    options = parser.parse_args(arguments)
    try:
        model = options.model or _fitting_model()
        refuse_unsigned(model)
        _prepare_environment(options.host)
    except (StartError, UnsignedModel) as error:
        print(f"The bot cannot start: {error}", file=sys.stderr)
        return 1
    serve(model, options.host, options.port)
    return 0


def _fitting_model() -> Path:
    models = ROOT / os.environ.get("MODELS_DIR", "models")
    model = model_path(ROOT, models)
    if not model.is_file():
        raise StartError(f"no model in {models} fits the project as it is: run make train")
    return model


def _prepare_environment(host: str) -> None:
    for name in ("BOT_TOKEN", "RASA_TOKEN"):
        if not os.environ.get(name, "").strip():
            raise StartError(f"{name} is not set: start it by make run, or set it")
    os.environ["SANIC_HOST"] = host  # Sanic binds every address otherwise
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    share_processors(bound=True)
    os.environ.setdefault("ACTIONS_URL", "http://127.0.0.1:8006")
    os.environ.setdefault("TRACKER_URL", f"sqlite:///{_data_dir() / 'tracker.db'}")
    # Rasa would open up to 150 connections.
    os.environ.setdefault("POSTGRESQL_POOL_SIZE", "5")
    os.environ.setdefault("POSTGRESQL_MAX_OVERFLOW", "5")
    url = os.environ["TRACKER_URL"]
    if url.startswith("sqlite:///"):
        Path(url[len("sqlite:///") :]).parent.mkdir(parents=True, exist_ok=True)


def _data_dir() -> Path:
    return ROOT / os.environ.get("DATA_DIR", "var")


def serve(model: Path, host: str, port: int) -> None:
    """Run the server; returns when it is told to stop."""
    from bot.quiet import quieten

    quieten(os.environ.get("LOG_LEVEL", "info").lower())
    import rasa.core.run
    from rasa.core.utils import AvailableEndpoints
    from sanic.request import Request
    from sanic.response import HTTPResponse
    from sanic.response import json as json_response

    from bot.processor import install

    install()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    channels = rasa.core.run.create_http_input_channels(None, str(ROOT / "credentials.yml"))
    app = rasa.core.run.configure_app(
        channels, auth_token=os.environ["RASA_TOKEN"], port=port, endpoints=endpoints
    )

    # Longer than the bridge keeps an idle connection: a turn must not meet one being closed.
    app.config.KEEP_ALIVE_TIMEOUT = KEEP_ALIVE_SECONDS
    # A turn that is cut off was not saved, and is found absent and tried again.
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = SHUTDOWN_SECONDS

    async def only_what_is_needed(request: Request) -> HTTPResponse | None:
        if _ALLOWED.fullmatch(request.path):
            return None
        return json_response({"error": "not_found"}, status=404)

    app.register_middleware(only_what_is_needed, "request")

    async def load(app: Any, loop: Any) -> None:
        agent = await rasa.core.run.load_agent_on_start(str(model), endpoints, None, app, loop)
        if agent.processor is None:
            raise RuntimeError("the model did not load")
        # The handback's events are saved through the agent: no fallback to memory there either.
        agent.tracker_store = agent.processor.tracker_store

    app.register_listener(load, "before_server_start")
    app.register_listener(rasa.core.run.close_resources, "after_server_stop")
    # Configuring the app brings loggers of its own.
    quieten(os.environ.get("LOG_LEVEL", "info").lower())
    app.run(host=host, port=port, workers=1, access_log=False, motd=False)


if __name__ == "__main__":
    raise SystemExit(main())
