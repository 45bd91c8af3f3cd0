"""The handoff service with one safeguard taken away, to see whether the checker notices.

Started as `python -m tests.faults.sabotage NAME`. In every one of them, also in `none`, beats are
far apart, so that nothing but the safeguard itself saves a line, and a lease is short.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import handoff.gateways.pulse
from handoff.app import serve
from handoff.bridge import Bridge
from handoff.bridge import sweeper as sweeping
from handoff.core import transition
from handoff.gateways.customer import CustomerSession
from handoff.settings import read_settings
from handoff.tokens import new_id

LEASE_SECONDS = 3
RENEWED_SECONDS = 1
RARE_SECONDS = 60
LATE_SECONDS = 1.0


def no_dedupe() -> None:
    """A line that comes again is taken for a new one."""
    says = Bridge.customer_says

    async def anew(self: Bridge, client: str, conversation: str, cmid: str, text: str) -> int:
        return await says(self, client, conversation, f"{cmid[:8]}{new_id()[:28]}", text)

    Bridge.customer_says = anew  # type: ignore[method-assign]


def no_fence() -> None:
    """An agent may write whoever has the conversation now."""
    transition._check_owner = lambda *_: None  # type: ignore[assignment]


def ack_before_commit() -> None:
    """A line is acknowledged, and stored a second later."""
    says = Bridge.customer_says
    kept: set[asyncio.Task[int]] = set()

    async def late(*given: Any) -> int:
        await asyncio.sleep(LATE_SECONDS)
        return await says(*given)

    async def at_once(*given: Any) -> int:
        kept.add(asyncio.create_task(late(*given)))
        return 0

    Bridge.customer_says = at_once  # type: ignore[method-assign,assignment]


def no_lease() -> None:
    """Who has a chat keeps it, there or not."""

    async def nothing(self: sweeping.Sweeper) -> None:
        return None

    sweeping.Sweeper.sweep = nothing  # type: ignore[method-assign]


def read_before_subscribe() -> None:
    """The gap is read first, and who writes meanwhile is not heard."""
    subscribe = CustomerSession.subscribe

    def late(self: CustomerSession) -> None:
        asyncio.get_running_loop().call_later(LATE_SECONDS, subscribe, self)

    CustomerSession.subscribe = late  # type: ignore[method-assign]


SABOTAGES: dict[str, Callable[[], None]] = {
    "none": lambda: None,
    "dedupe": no_dedupe,
    "fence": no_fence,
    "ack_after_commit": ack_before_commit,
    "lease": no_lease,
    "subscribe_first": read_before_subscribe,
}


def main() -> None:
    SABOTAGES[sys.argv[1]]()
    handoff.gateways.pulse.RESCAN_SECONDS = RARE_SECONDS
    sweeping.TICK_SECONDS = 0.3
    serve(
        replace(
            read_settings(),
            lease_seconds=LEASE_SECONDS,
            agent_heartbeat_seconds=RENEWED_SECONDS,
            heartbeat_seconds=RARE_SECONDS,
        )
    )


if __name__ == "__main__":
    main()
