"""The parts of Stafett: how each is started, what it needs first, how one sees that it works."""

from __future__ import annotations

import sys

from handoff.errors import StartError
from handoff.launcher.part import Part
from handoff.launcher.ports import Listener
from handoff.settings import ROOT, Runtime, Settings, environment_for_children

BOT_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
# How a step of ours is started again as a process of its own, whatever folder we were called from.
STAFETT = (sys.executable, "-P", "-m", "handoff.cli")


def listeners(settings: Settings) -> list[Listener]:
    """Every address the parts are going to listen on."""
    s = settings
    return [
        Listener(s.web_host, s.web_port, "WEB_PORT", "pages and API"),
        Listener(s.ws_host, s.ws_port, "WS_PORT", "websockets"),
        Listener(s.internal_host, s.internal_port, "INTERNAL_PORT", "look-ups for the bot"),
        Listener(s.rasa_host, s.rasa_port, "RASA_PORT", "Rasa"),
        Listener(s.actions_host, s.actions_port, "ACTIONS_PORT", "action server"),
        Listener(s.demo_host, s.demo_heimbud_port, "DEMO_HEIMBUD_PORT", "demo site Heimbud"),
        Listener(s.demo_host, s.demo_varde_port, "DEMO_VARDE_PORT", "demo site Varde"),
        Listener(s.demo_host, s.demo_systems_port, "DEMO_SYSTEMS_PORT", "clients' demo systems"),
    ]


def training(settings: Settings, *arguments: str) -> Part:
    """The step that trains the model; it ends at once when one fits."""
    if not BOT_PYTHON.exists():
        raise StartError("The bot's environment is missing.", cure="Run make setup.")
    return Part(
        "train",
        "Model",
        (str(BOT_PYTHON), "-m", "bot.train", *arguments),
        ROOT,
        environment_for_children(settings)["bot"],
    )


def plan(settings: Settings) -> list[Part]:
    """Everything, in the order it is shown. Raises StartError when an environment is missing."""
    told = environment_for_children(settings)

    def ours(runtime: Runtime) -> dict[str, str]:
        return {**told[runtime], "PYTHONPATH": str(ROOT)}

    def service(
        name: str,
        title: str,
        command: tuple[str, ...],
        environment: dict[str, str],
        address: str,
        path: str,
        query: str = "",
        after: tuple[str, ...] = (),
    ) -> Part:
        return Part(name, title, command, ROOT, environment, f"{address}{path}{query}", after)

    python = (sys.executable, "-P", "-m")
    rasa = (str(BOT_PYTHON), "-m")
    s = settings
    web = f"http://{'127.0.0.1' if s.web_host == '0.0.0.0' else s.web_host}:{s.web_port}"  # noqa: S104
    return [
        Part("migrate", "Database", (*STAFETT, "migrate"), ROOT, ours("handoff")),
        Part("logins", "Demo logins", (*STAFETT, "agents", "demo"), ROOT, ours("handoff"),
             after=("migrate",)),
        training(settings),
        service("demo-systems", "Clients' demo systems",
                (*python, "demo.systems", "--host", s.demo_host), ours("demo"),
                s.demo_systems_url, "/health"),
        service("demo-sites", "Demo sites",
                (*python, "demo.sites", "--host", s.demo_host, "--ws-url", s.public_ws_url,
                 "--systems-url", s.demo_systems_url), ours("demo"),
                s.demo_site_url(s.demo_heimbud_port), "/"),
        service("actions", "Action server", (*rasa, "actions"), told["actions"],
                s.actions_url, "/health"),
        # Rasa takes 14 s to import, so nothing but the model keeps it waiting.
        service("bot", "Bot (Rasa)", (*rasa, "bot.serve"), told["bot"],
                s.rasa_url, "/status", f"?token={s.rasa_token}", after=("train",)),
        service("handoff", "Handoff service", (*STAFETT, "serve"), ours("handoff"),
                web, "/ready", after=("logins",)),
    ]  # fmt: skip
