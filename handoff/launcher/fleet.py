"""The parts of `stafett up --fleet`: three handoff processes and two Rasas behind one nginx.

nginx has WEB_PORT, the one public port. Each other port of a process is 100, 200 or 300 above its
setting. Without a PostgreSQL of its own the fleet is given one, and a Redis, from the test extras.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import replace

from handoff.errors import StartError
from handoff.launcher import plan
from handoff.launcher.part import Part
from handoff.launcher.ports import Listener
from handoff.setting_values import in_url
from handoff.settings import ROOT, Settings, as_text

HANDOFFS = (1, 2, 3)
BOTS = (1, 2)
STEP = 100
STORES = 4 * STEP  # above WEB_PORT, WS_PORT and INTERNAL_PORT: Redis, PostgreSQL, their health
# What other commands need to find the fleet's data, such as `stafett agents`.
_TOLD = ("DATABASE_URL", "TRACKER_URL", "REDIS_URL", "RASA_URLS", "ACTIONS_URLS")


def fleet_settings(settings: Settings) -> Settings:
    """What all parts of the fleet share. Raises StartError when only a part of it is given."""
    s = settings
    bots = [_member(s, number) for number in BOTS]
    proxy = "127.0.0.1/32"
    shared = replace(
        s,
        public_ws_url=f"ws{s.public_url.removeprefix('http')}/ws",
        trusted_proxies=tuple({*s.trusted_proxies, proxy}),
        rasa_urls=tuple(bot.rasa_url for bot in bots),
        actions_urls=tuple(bot.actions_url for bot in bots),
        internal_urls=tuple(_member(s, number).internal_url for number in HANDOFFS),
    )
    if not _needs_stores(s):
        if not s.redis_url or s.tracker_url.startswith("sqlite"):
            raise StartError(
                "A fleet on a PostgreSQL of yours needs REDIS_URL and a TRACKER_URL there too.",
                cure="Set all three in .env, or none.",
            )
        return shared
    # The same at every start, since the data stays; and no setting more.
    password = hmac.new(s.secret_key.encode(), b"stores of the fleet", hashlib.sha256).hexdigest()
    server = f"postgresql://postgres:{password}@127.0.0.1:{s.ws_port + STORES}"
    return replace(
        shared,
        database_url=f"{server}/stafett",
        tracker_url=f"{server}/tracker",
        redis_url=f"redis://:{password}@127.0.0.1:{s.web_port + STORES}/0",
    )


def fleet_variables(shared: Settings) -> str:
    """Lines of an `.env` by which other commands find the fleet."""
    return "".join(f"{name}={as_text(getattr(shared, name.lower()))}\n" for name in _TOLD)


def fleet_listeners(settings: Settings) -> list[Listener]:
    """Every address. Raises StartError when two of them are the same."""
    s = settings
    found = [Listener(s.web_host, s.web_port, "WEB_PORT", "the public port")]
    for number in HANDOFFS:
        found += plan.service_listeners(_member(s, number))
    for number in BOTS:
        found += plan.bot_listeners(_member(s, number))
    found += plan.demo_listeners(s)
    if _needs_stores(s):
        found += [
            Listener("127.0.0.1", s.web_port + STORES, "WEB_PORT", "the fleet's Redis"),
            Listener("127.0.0.1", s.ws_port + STORES, "WS_PORT", "the fleet's PostgreSQL"),
            Listener("127.0.0.1", s.internal_port + STORES, "INTERNAL_PORT", "the stores' health"),
        ]
    owners: dict[int, Listener] = {}
    for listener in found:
        other = owners.setdefault(listener.port, listener)
        if other is not listener:
            raise StartError(
                f"Port {listener.port} is for {other.title} ({other.setting}) and for "
                f"{listener.title} ({listener.setting}).",
                cure="A fleet takes 100 to 400 above each port too: move one of them in .env.",
            )
    return found


def fleet_plan(settings: Settings) -> list[Part]:
    """Everything, in the order it is shown. Raises StartError when something is missing."""
    s = fleet_settings(settings)
    stores = [_stores(settings, s)] if _needs_stores(settings) else []
    members = [_member(s, number) for number in HANDOFFS]
    return [
        *stores,
        *plan.preparation(s, after=tuple(part.name for part in stores)),
        *plan.demonstration(s),
        *(part for number in BOTS for part in plan.bot(_member(s, number), number)),
        *map(plan.handoff, members, HANDOFFS),
        _proxy(settings, members),
    ]


def _needs_stores(settings: Settings) -> bool:
    return settings.database_url.startswith("sqlite")


def _member(s: Settings, number: int) -> Settings:
    """One process's own addresses: nginx alone is for the world to reach."""
    step = STEP * number
    return replace(
        s,
        web_host="127.0.0.1",
        web_port=s.web_port + step,
        ws_host="127.0.0.1",
        ws_port=s.ws_port + step,
        internal_port=s.internal_port + step,
        rasa_port=s.rasa_port + step,
        actions_port=s.actions_port + step,
    )


def _stores(settings: Settings, shared: Settings) -> Part:
    port = settings.internal_port + STORES
    return Part(
        "stores",
        "PostgreSQL and Redis",
        (*plan.PYTHON, "handoff.launcher.stores", str(settings.data_dir / "fleet"), str(port)),
        ROOT,
        {
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": shared.database_url,
            "TRACKER_URL": shared.tracker_url,
            "REDIS_URL": shared.redis_url,
        },
        f"http://127.0.0.1:{port}/",
        stops=2,
    )


def _proxy(settings: Settings, members: Iterable[Settings]) -> Part:
    members = list(members)
    host = f"[{settings.web_host}]" if ":" in settings.web_host else settings.web_host
    return Part(
        "nginx",
        "nginx",
        (
            *plan.PYTHON,
            "handoff.launcher.proxy",
            str(settings.data_dir / "fleet" / "nginx"),
            "--listen",
            f"{host}:{settings.web_port}",
            "--pages",
            *(f"127.0.0.1:{member.web_port}" for member in members),
            "--sockets",
            *(f"127.0.0.1:{member.ws_port}" for member in members),
        ),
        ROOT,
        {"PYTHONPATH": str(ROOT)},
        f"http://{in_url(settings.web_host)}:{settings.web_port}/ready",
        after=tuple(f"handoff-{number}" for number in HANDOFFS),
    )
