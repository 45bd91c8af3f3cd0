"""The parts of Stafett: how each is started, what it needs first, how one sees that it works."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from handoff.errors import StartError
from handoff.launcher.part import Part
from handoff.launcher.ports import Listener
from handoff.setting_values import in_url
from handoff.settings import ROOT, Runtime, Settings, environment_for_children

BOT_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
# How a step of ours is started again as a process of its own, whatever folder we were called from.
STAFETT = (sys.executable, "-P", "-m", "handoff.cli")
PYTHON = (sys.executable, "-P", "-m")
_RASA = (str(BOT_PYTHON), "-m")


def listeners(settings: Settings) -> list[Listener]:
    """Every address the parts are going to listen on."""
    return [
        *service_listeners(settings),
        *bot_listeners(settings),
        *demo_listeners(settings),
    ]


def service_listeners(s: Settings) -> list[Listener]:
    """Those of one handoff process."""
    return [
        Listener(s.web_host, s.web_port, "WEB_PORT", "pages and API"),
        Listener(s.ws_host, s.ws_port, "WS_PORT", "websockets"),
        Listener(s.internal_host, s.internal_port, "INTERNAL_PORT", "look-ups for the bot"),
    ]


def bot_listeners(s: Settings) -> list[Listener]:
    """Those of one Rasa and its action server."""
    return [
        Listener(s.rasa_host, s.rasa_port, "RASA_PORT", "Rasa"),
        Listener(s.actions_host, s.actions_port, "ACTIONS_PORT", "action server"),
    ]


def demo_listeners(s: Settings) -> list[Listener]:
    """Those of the demonstration."""
    return [
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
    return [
        *preparation(settings),
        *demonstration(settings),
        *bot(settings),
        handoff(settings),
    ]


def preparation(settings: Settings, after: tuple[str, ...] = ()) -> list[Part]:
    """The steps: database, logins, model. Those of the database wait for `after`."""
    ours = ours_for(settings, "handoff")
    return [
        Part("migrate", "Database", (*STAFETT, "migrate"), ROOT, ours, after=after),
        Part("logins", "Demo logins", (*STAFETT, "agents", "demo"), ROOT, ours,
             after=("migrate",)),
        training(settings),
    ]  # fmt: skip


def demonstration(s: Settings) -> list[Part]:
    """The client companies' systems and sites."""
    ours = ours_for(s, "demo")
    return [
        Part("demo-systems", "Clients' demo systems",
             (*PYTHON, "demo.systems", "--host", s.demo_host), ROOT, ours,
             f"{s.demo_systems_url}/health"),
        Part("demo-sites", "Demo sites",
             (*PYTHON, "demo.sites", "--host", s.demo_host, "--ws-url", s.public_ws_url,
              "--systems-url", s.demo_systems_url), ROOT, ours,
             f"{s.demo_site_url(s.demo_heimbud_port)}/"),
    ]  # fmt: skip


def bot(s: Settings, number: int | None = None) -> list[Part]:
    """An action server and the Rasa that asks it; `number` tells one pair from another."""
    told = environment_for_children(s)
    name, title = _numbered(number)
    return [
        Part(f"actions{name}", f"Action server{title}", (*_RASA, "actions"), ROOT, told["actions"],
             f"{s.actions_url}/health"),
        # Rasa takes 14 s to import, so nothing but the model keeps it waiting.
        Part(f"bot{name}", f"Bot (Rasa){title}", (*_RASA, "bot.serve"), ROOT, told["bot"],
             f"{s.rasa_url}/status?token={s.rasa_token}", after=("train",)),
    ]  # fmt: skip


def handoff(s: Settings, number: int | None = None) -> Part:
    """One handoff process. At the end it is told first, and lets turns of the bot finish."""
    name, title = _numbered(number)
    return Part(
        f"handoff{name}",
        f"Handoff service{title}",
        (*STAFETT, "serve"),
        ROOT,
        ours_for(s, "handoff"),
        f"http://{in_url(s.web_host)}:{s.web_port}/ready",
        after=("logins",),
        stops=0,
    )


def ours_for(settings: Settings, runtime: Runtime) -> Mapping[str, str]:
    """The environment of a program of ours."""
    return {**environment_for_children(settings)[runtime], "PYTHONPATH": str(ROOT)}


def _numbered(number: int | None) -> tuple[str, str]:
    return ("", "") if number is None else (f"-{number}", f" {number}")
