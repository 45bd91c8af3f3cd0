"""Runs a supervisor until a person or a signal ends it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

from handoff.launcher.parent import Parent
from handoff.launcher.supervisor import Supervisor

PARENT_SECONDS = 0.25


async def run(
    supervisor: Supervisor,
    when_ready: Callable[[], None] | None,
    *,
    parent: Parent | None = None,
) -> bool:
    """Starts everything and supervises until SIGINT, SIGTERM, SIGHUP or the parent's end.

    `when_ready` is called when all is healthy; with None the run ends there. Returns whether
    it came so far. Raises StartError; in every case no process is left. A second signal
    while stopping ends all at once.
    """
    asked = asyncio.Event()

    def ask() -> None:
        if asked.is_set():
            supervisor.hurry()
        asked.set()

    loop = asyncio.get_running_loop()
    # Explicit, because a job in the background inherits SIGINT ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, ask)
    watching = asyncio.create_task(_watch(parent, ask)) if parent else None
    starting = asyncio.create_task(supervisor.start())
    asking = asyncio.create_task(asked.wait())
    try:
        await asyncio.wait((starting, asking), return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            return False
        starting.result()
        if when_ready:
            when_ready()
            await asking
        return True
    finally:
        for task in (watching, starting, asking):
            if task:
                task.cancel()
        if asked.is_set():
            supervisor.board.line("Stopping ...")
        await supervisor.stop()


async def _watch(parent: Parent, ask: Callable[[], None]) -> None:
    while not parent.wants_an_end():
        await asyncio.sleep(PARENT_SECONDS)
    ask()
