"""One process on SQLite, and what a small installation meets: each fault once."""

from __future__ import annotations

import asyncio
import random
import resource
import time
from collections import Counter

from tests.faults.campaign import Load, Result
from tests.faults.checker import judge
from tests.faults.dramas import Scene, scene
from tests.faults.stepped import Clock

CUSTOMERS = 4
STEPS_SECONDS = (600.0, -600.0, 0.0)
FULL_BYTES = 1024
LOAD_SECONDS = 1.5
LASTS_SECONDS = 2.0


async def alone(seed: str) -> Result:
    """Load, each fault once, and the verdict."""
    began, by_fault = time.monotonic(), Counter[str]()
    program = ("-m", "tests.faults.stepped")
    beats = {"HEARTBEAT_SECONDS": 2, "AGENT_HEARTBEAT_SECONDS": 2, "LEASE_SECONDS": 10}
    async with scene(program, **beats) as one:
        one.rng = random.Random(seed)
        agent = await one.agent("a", takes=True)
        customers = [await one.customer(f"k{number}") for number in range(CUSTOMERS)]
        auditor = await one.agent("b", takes=False)
        load = Load(customers, [agent], auditor, one.history)
        load.write()
        for name, fault in FAULTS.items():
            await asyncio.sleep(LOAD_SECONDS)
            by_fault[f"{name} sqlite"] += 1
            await fault(one)
        await asyncio.sleep(LOAD_SECONDS)
        await load.stop_writing()
        late = await load.become_current(one)
        one.history.close()
        reached = sum(page.connections > 1 for page in customers)
        assert reached, "no page was ever cut off: nothing happened"
    took, verdict = time.monotonic() - began, judge(one.history)
    return Result(1, took, by_fault, verdict, problems=load.problems, late=late)


async def _full_disk(one: Scene) -> None:
    """No file of the service may grow, as where no byte is left."""
    whole = resource.prlimit(one.service.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(one.service.pid, resource.RLIMIT_FSIZE, (FULL_BYTES, whole[1]))
    await asyncio.sleep(LASTS_SECONDS)
    resource.prlimit(one.service.pid, resource.RLIMIT_FSIZE, whole)


async def _clock(one: Scene) -> None:
    clock = Clock(one.clock)
    for seconds in STEPS_SECONDS:
        clock.step(seconds)
        await asyncio.sleep(LASTS_SECONDS / 2)


async def _go_back(one: Scene) -> None:
    """To a backup that was made under load, a moment before."""
    mark, path = one.history.mark(), one.settings.data_dir / "backup.db"
    await one.back_up(path)
    await asyncio.sleep(LASTS_SECONDS)
    one.service.kill()
    await one.restore(path, mark)


async def _kill(one: Scene) -> None:
    one.service.kill()
    one.service.start()
    await one.service.until_healthy()


# The kill comes last: what screens show of a restored history is judged too.
FAULTS = {"disk": _full_disk, "clock": _clock, "restore": _go_back, "kill": _kill}
