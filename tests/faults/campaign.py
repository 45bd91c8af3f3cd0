"""One part of a run: a stage, its load, the faults of its seed, and the verdict."""

from __future__ import annotations

import asyncio
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tests.faults.agents import Agent
from tests.faults.backups import dump, restore
from tests.faults.browsers import Tabs, tabs
from tests.faults.checker import judge
from tests.faults.customers import Customer
from tests.faults.history import History, Outcome
from tests.faults.numbers import Numbers
from tests.faults.page import Page
from tests.faults.schedule import QUIET_SECONDS, Fault, schedule
from tests.faults.staff import hire
from tests.faults.stage import Stage, stage
from tests.faults.verdict import Verdict

ROOM = 4
PAUSE = 1.6
CURRENT_SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class Cast:
    """How many take part. Without anybody `with_bot`, there is no bot."""

    agents: int
    chatty: int
    with_bot: int
    tabs: bool


WHOLE = Cast(agents=6, chatty=24, with_bot=6, tabs=True)
SMALL = Cast(agents=2, chatty=7, with_bot=0, tabs=False)


@dataclass(slots=True)
class Result:
    """What one part found. `felt` are faults that cut some page off; `problems` are by code."""

    kills: int
    seconds: float
    by_fault: Counter[str]
    verdict: Verdict
    felt: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    page_errors: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)


class Numbered(Protocol):
    """Who can tell how far every stream goes."""

    async def numbers(self) -> Numbers: ...


@dataclass(slots=True)
class Load:
    """Everybody who chats, and the tasks that keep them at it."""

    customers: list[Customer]
    agents: list[Agent]
    auditor: Agent
    history: History
    running: list[asyncio.Task[None]] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def pages(self) -> list[Page]:
        return [*self.customers, *self.agents, self.auditor]

    @property
    def cuts(self) -> int:
        return sum(page.cuts for page in self.pages)

    @property
    def problems(self) -> Counter[str]:
        return sum((page.problems for page in self.pages), Counter())

    def start(self, stack: AsyncExitStack) -> None:
        """Everybody connects; the writing is begun by `write`."""
        for page in self.pages:
            task = asyncio.create_task(page.run(), name=page.name)
            self.running.append(task)
            stack.push_async_callback(_cancelled, task)

    def write(self) -> None:
        writers = [*self.customers, *self.agents]
        self.tasks += [asyncio.create_task(page.chat()) for page in writers]

    def check(self) -> None:
        """A page that died is a fault of the test's own. Raises what it died of."""
        for task in (*self.running, *self.tasks):
            if task.done():
                task.result()

    async def stop_writing(self) -> None:
        for task in self.tasks:
            await _cancelled(task)
        self.tasks.clear()

    async def behind(self, one: Numbered) -> list[str]:
        """Screens that lack the newest line, what has no answer, and chats of who went."""
        numbers = await one.numbers()
        newest = numbers.newest
        waiting = [page for page in self.pages if page.outbox and not page.is_away]
        found = [f"{page.name} waits for an answer" for page in waiting]
        found += [
            page.name
            for page in self.customers
            if page.receiver.next <= newest.get((page.conversation, "customer"), 0)
        ]
        found += [
            f"{desk.name} on {chat.conversation}"
            for desk in [*self.agents, self.auditor]
            if not desk.is_away
            for chat in desk.chats.values()
            if chat.receiver.next <= newest.get((chat.conversation, "staff"), 0)
        ]
        found += [f"the bot owes {place} an answer" for place in numbers.owing]
        found += [
            f"{chat.owner}, who went, has {chat.conversation}"
            for chat in self.auditor.chats.values()
            if chat.owner in self.history.gone
        ]
        return found

    async def become_current(self, one: Numbered, seconds: float = CURRENT_SECONDS) -> list[str]:
        """Every page comes back and shows all there is. Returns those that did not in time."""
        places = {page.conversation for page in self.customers}
        places |= {send.conversation for send in self.history.sends.values()}
        for place in places - {""}:
            await self.auditor.opens("heimbud", place)
        deadline = time.monotonic() + seconds
        while behind := await self.behind(one):
            if time.monotonic() > deadline:
                break
            await asyncio.sleep(0.5)
        return behind


async def play(
    seed: str,
    kills: int,
    record: Path,
    tell: Callable[[str], None],
    *,
    faults: Sequence[Fault] | None = None,
    cast: Cast = WHOLE,
    quiet: tuple[float, float] = QUIET_SECONDS,
) -> Result:
    """Run a part on a stage of its own. `record` gets every word of the history."""
    rng = random.Random(seed)
    chosen = list(faults if faults is not None else schedule(rng, kills, quiet))
    history = History(record)
    by_fault, felt = Counter[str](), Counter[str]()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="stafett-faults-", dir="/tmp") as folder:
        async with AsyncExitStack() as stack:
            one = await stack.enter_async_context(stage(Path(folder), bot=cast.with_bot > 0))
            tell(f"ready after {time.monotonic() - began:.0f} s")
            load = await _load(one, cast, history, rng)
            load.start(stack)
            both = Tabs([])
            if cast.tabs:
                staff = await hire(one.settings.database_url, "fanepult", 2)
                opened = tabs(one.site(), one.web, staff.login, history, rng)
                both = await stack.enter_async_context(opened)
                load.tasks += [asyncio.create_task(tab.chat()) for tab in both.tabs]
            load.write()
            for number, fault in enumerate(chosen, 1):
                await asyncio.sleep(fault.after)
                if fault.kind == "disk" and not one.on_tmpfs:
                    tell("no tmpfs may be mounted here, so no disk is filled")
                    continue
                by_fault[fault.name] += 1
                before = load.cuts
                took = await strike(one, fault, history)
                felt[fault.name] += load.cuts > before
                acked = history.count(Outcome.ACKED)
                tell(f"{number}/{len(chosen)} {fault.name}, well after {took:.1f} s, {acked} acked")
                load.check()
                await rng.choice(load.customers).reload()
                await rng.choice(load.customers).close_tab()
                if number == (len(chosen) + 1) // 2:
                    await rng.choice(load.agents).leave_for_good()
            await one.until_well()
            await asyncio.sleep(2)
            await load.stop_writing()
            late = await load.become_current(one)
            load.check()
            late += await both.show()
            history.close()
    counted = sum(count for name, count in by_fault.items() if name.startswith("kill"))
    seconds = time.monotonic() - began
    verdict = judge(history)
    return Result(counted, seconds, by_fault, verdict, felt, load.problems, both.errors, late)


async def _load(one: Stage, cast: Cast, history: History, rng: random.Random) -> Load:
    bots = tuple(f"b{number}" for number in range(cast.with_bot))
    customers = [
        Customer(
            name=name,
            history=history,
            rng=random.Random(rng.getrandbits(64)),
            origin=one.site(),
            web=one.web,
            chatty=name not in bots,
            pause=PAUSE,
        )
        for name in (*(f"k{number}" for number in range(cast.chatty)), *bots)
    ]
    desks = []
    for number in range(cast.agents + 1):
        staff = await hire(one.settings.database_url, f"a{number}", ROOM)
        desks.append(
            Agent(
                name=f"a{number}",
                history=history,
                rng=random.Random(rng.getrandbits(64)),
                origin=one.web,
                web=one.web,
                login=staff.login,
                cookie=staff.cookie,
                capacity=ROOM,
                hands_back=bots,
                takes=number < cast.agents,
            )
        )
    return Load(customers, desks[:-1], desks[-1], history)


async def strike(one: Stage, fault: Fault, history: History) -> float:
    """Let it happen, then mend what broke. Returns the seconds until all was well."""
    for victim in fault.victims:
        await one.parts[victim].until_healthy()
    began = time.monotonic()
    match fault.kind:
        case "kill":
            for victim in fault.victims:
                one.parts[victim].kill()
        case "stop":
            for victim in fault.victims:
                one.parts[victim].send_all(signal.SIGSTOP)
            await asyncio.sleep(fault.seconds)
            for victim in fault.victims:
                one.parts[victim].send_all(signal.SIGCONT)
        case "reset":
            one.proxy.reset(0.7)
        case "hang":
            one.proxy.hang(0.3)
        case "slow":
            one.proxy.delay = 0.15
            await asyncio.sleep(fault.seconds)
            one.proxy.delay = 0.0
        case "clock":
            one.clock.step(fault.seconds)
        case "disk":
            await _full_disk(one, fault.seconds)
        case "restore":
            await _go_back(one, fault.seconds, history)
        case other:
            raise ValueError(other)
    await one.mend()
    return time.monotonic() - began


async def _full_disk(one: Stage, seconds: float) -> None:
    await asyncio.to_thread(one.fill_disk)
    await asyncio.sleep(min(seconds, 3.0))
    one.free_disk()


async def _go_back(one: Stage, seconds: float, history: History) -> None:
    """The database is what it was `seconds` ago, by a backup made under load."""
    mark, path = history.mark(), one.folder / "backup.dump"
    await dump(one.settings.database_url, path)
    await asyncio.sleep(seconds)
    for handoff in one.handoffs:
        handoff.kill()
    await restore(one.settings.database_url, path, one.handoffs[0].environment)
    history.went_back(mark)


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
