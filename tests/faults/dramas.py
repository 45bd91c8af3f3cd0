"""Short plays that end well, unless one safeguard is missing: then the checker must notice."""

from __future__ import annotations

import asyncio
import random
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from handoff.settings import Settings, environment_for_children
from tests.faults.agents import Agent
from tests.faults.backups import stafett
from tests.faults.checker import judge
from tests.faults.customers import Customer
from tests.faults.history import History, Shown
from tests.faults.numbers import Numbers, read_numbers
from tests.faults.page import Page
from tests.faults.parts import Process
from tests.faults.sabotage import LATE_SECONDS, LEASE_SECONDS
from tests.faults.staff import hire
from tests.faults.verdict import Verdict
from tests.service.running import settings_in

WAIT_SECONDS = 15.0
SHOWN_SECONDS = 2.0
AT_ONCE = 3


class Trusting:
    """A receiver that shows whatever comes, as it comes: no look at the number."""

    def __init__(self) -> None:
        self.next = 1

    def take(self, lines: list[Shown]) -> list[Shown]:
        self.next = max([self.next, *(line.seq + 1 for line in lines)])
        return lines

    def begin(self, last: int) -> None:
        """Nothing is asked for by itself."""

    def heard(self, last: int) -> None:
        """Nothing is asked for by itself."""

    def answered(self) -> None:
        """Nothing is asked for by itself."""

    def ask(self) -> int:
        return self.next - 1

    def lacks(self) -> None:
        return None


@dataclass(slots=True)
class Scene:
    """One service on SQLite, perhaps without a safeguard, and the pages of one drama."""

    settings: Settings
    service: Process
    stack: AsyncExitStack
    clock: Path
    trusting: bool
    renews: bool
    history: History = field(default_factory=History)
    rng: random.Random = field(default_factory=lambda: random.Random(1))

    async def customer(self, name: str) -> Customer:
        """Connected, and waiting for a person."""
        page = Customer(
            name=name,
            history=self.history,
            rng=self.rng,
            origin=self.settings.demo_site_url(self.settings.demo_heimbud_port),
            web=self.settings.public_url,
            chatty=True,
            pause=1.0,
        )
        if self.trusting:
            page.receives = Trusting  # type: ignore[assignment]
        await self.connect(page)
        await page.ask_for_a_person()
        return page

    async def agent(self, name: str, *, takes: bool) -> Agent:
        staff = await hire(self.settings.database_url, name, 5)
        page = Agent(
            name=name,
            history=self.history,
            rng=self.rng,
            origin=self.settings.public_url,
            web=self.settings.public_url,
            login=staff.login,
            cookie=staff.cookie,
            capacity=5,
            takes=takes,
        )
        await self.connect(page)
        return page

    async def back_up(self, path: Path) -> None:
        await stafett("backup", str(path), environment=self.service.environment)

    async def restore(self, path: Path, mark: int) -> None:
        """Of a killed service, which is then started again. The backup was begun at `mark`."""
        if self.renews:
            await stafett("restore", str(path), environment=self.service.environment)
        else:
            await asyncio.to_thread(_copy_back, path, self.settings.data_dir / "stafett.db")
        self.history.went_back(mark)
        self.service.start()
        await self.service.until_healthy()

    async def numbers(self) -> Numbers:
        return await read_numbers(self.settings.database_url)

    async def connect(self, page: Page) -> None:
        """Let it run until the end of the scene."""
        task = asyncio.create_task(page.run())
        self.stack.callback(task.cancel)
        await until(lambda: page.socket is not None)


def _copy_back(path: Path, database: Path) -> None:
    for name in ("-wal", "-shm"):
        database.with_name(database.name + name).unlink(missing_ok=True)
    shutil.copy(path, database)


@asynccontextmanager
async def scene(
    program: tuple[str, ...], *, trusting: bool = False, renews: bool = True, **more: object
) -> AsyncIterator[Scene]:
    """A service that is started with `program`; `more` are settings, by their names in `.env`.

    A page that is `trusting` shows whatever comes; a restore that never `renews` is a bare copy.
    """
    with tempfile.TemporaryDirectory(prefix="stafett-drama-") as path:
        folder = Path(path)
        settings, clock = settings_in(folder, **more), folder / "clock"
        command = (sys.executable, *program, str(clock))
        told = environment_for_children(settings)["handoff"]
        health = f"http://127.0.0.1:{settings.web_port}/health"
        service = Process("handoff", command, told, health, folder / "handoff.log")
        async with AsyncExitStack() as stack:
            stack.callback(service.kill)
            service.start()
            await service.until_healthy()
            yield Scene(settings, service, stack, clock, trusting, renews)


async def until(fits: Callable[[], Any], seconds: float = WAIT_SECONDS) -> None:
    """Raises TimeoutError when it does not become so."""
    async with asyncio.timeout(seconds):
        while not fits():
            await asyncio.sleep(0.02)


async def shown_or_late(page: Customer, cmid: str) -> None:
    """What is not there after that time never comes: nothing looks again."""
    try:
        await until(lambda: shows(page, cmid), SHOWN_SECONDS)
    except TimeoutError:
        return


def shows(page: Customer, cmid: str) -> bool:
    text = page.history.sends[cmid].text
    return page.screen is not None and any(line.text == text for line in page.screen.shown)


async def said(customer: Customer, words: str) -> str:
    """Written and acknowledged. Returns its cmid."""
    cmid = await customer.write(words)
    await until(lambda: cmid not in customer.outbox)
    return cmid


async def taken(customer: Customer, agent: Agent) -> None:
    """The agent has the chat, and knows it."""
    await until(
        lambda: (
            customer.conversation in agent.chats
            and agent.chats[customer.conversation].owner == agent.id
        )
    )


async def audited(one: Scene) -> None:
    """Somebody who had seen nothing opens every conversation."""
    auditor = await one.agent("revisor", takes=False)
    for place in {send.conversation for send in one.history.sends.values()}:
        await auditor.opens("heimbud", place)
    newest = (await one.numbers()).newest
    for chat in auditor.chats.values():
        last = newest.get((chat.conversation, "staff"), 0)
        await until(lambda chat=chat, last=last: chat.receiver.next > last)


# --- the dramas -----------------------------------------------------------------------------


async def sent_twice(one: Scene) -> None:
    """The answer to a line is lost, so the page sends it again."""
    customer = await one.customer("k")
    cmid = await customer.write("linje")
    frame = {"t": "send", "cmid": cmid, "text": one.history.sends[cmid].text}
    await until(lambda: cmid not in customer.outbox and shows(customer, cmid))
    await customer.put_on_wire(frame)
    await customer.write("til slutt")
    await until(lambda: not customer.outbox)
    await asyncio.sleep(0.3)


async def fetched_twice(one: Scene) -> None:
    """A gap is asked for twice, so its lines come twice."""
    customer = await one.customer("k")
    cmid = await customer.write("linje")
    await until(lambda: shows(customer, cmid))
    await customer.put_on_wire({"t": "resume", "epoch": customer.epoch, "after": 0})
    await customer.write("til slutt")
    await until(lambda: not customer.outbox)
    await asyncio.sleep(0.3)


async def taken_over(one: Scene) -> None:
    """A chat changes hands, and the page of who had it has not heard of it yet."""
    first, customer = await one.agent("a", takes=True), await one.customer("k")
    await taken(customer, first)
    chat = first.chats[customer.conversation]
    old = chat.control
    first.takes = False
    await first.command(
        t="transfer", client=chat.client, conversation=chat.conversation, control=old
    )
    await until(lambda: chat.owner != first.id)
    second = await one.agent("b", takes=True)
    await taken(customer, second)
    chat.control = old
    await first.answer(chat)
    await until(lambda: not first.outbox)
    await until(lambda: second.chats[customer.conversation].receiver.next >= chat.receiver.next)
    await asyncio.sleep(0.3)


async def killed_after_ack(one: Scene) -> None:
    """The process dies in the moment the answer has left."""
    customer = await one.customer("k")
    cmid = await said(customer, "linje")
    one.service.kill()
    one.service.start()
    await one.service.until_healthy()
    await until(lambda: customer.connections > 1)
    await shown_or_late(customer, cmid)


async def gone_back(one: Scene) -> None:
    """A backup is restored, and the page that has seen more than it holds comes back."""
    customer, path = await one.customer("k"), one.settings.data_dir / "backup.db"
    await said(customer, "før")
    mark = one.history.mark()
    await one.back_up(path)
    for _ in range(3):
        await said(customer, "glemt")
    one.service.kill()
    await one.restore(path, mark)
    await until(lambda: customer.connections > 1 and customer.socket is not None)
    cmid = await said(customer, "etter")
    await shown_or_late(customer, cmid)


async def gone_for_good(one: Scene) -> None:
    """An agent's laptop is shut; the customer must not wait for it."""
    first = await one.agent("a", takes=True)
    customer, watcher = await one.customer("k"), await one.agent("b", takes=False)
    await taken(customer, first)
    await watcher.opens("heimbud", customer.conversation)
    await first.leave_for_good()
    # Nothing is reaped in a service's first lease period; two of them and a round are enough.
    seen = watcher.chats[customer.conversation]
    with suppress(TimeoutError):
        await until(lambda: seen.receiver.next > 1 and seen.owner != first.id, 2.5 * LEASE_SECONDS)


async def written_meanwhile(one: Scene) -> None:
    """A line is written in the moment a page comes back and has read what it missed."""
    agent, customer = await one.agent("a", takes=True), await one.customer("k")
    await taken(customer, agent)
    before = customer.connections
    await customer.drop()
    await until(lambda: customer.connections > before and customer.resumed)
    cmid = await agent.answer(agent.chats[customer.conversation])
    await until(lambda: cmid not in agent.outbox)
    await asyncio.sleep(LATE_SECONDS)
    await shown_or_late(customer, cmid)


Drama = Callable[[Scene], Awaitable[None]]
SAFEGUARDS: dict[str, Drama] = {
    "dedupe": sent_twice,
    "receiver_seq": fetched_twice,
    "fence": taken_over,
    "ack_after_commit": killed_after_ack,
    "lease": gone_for_good,
    "subscribe_first": written_meanwhile,
    "epoch": gone_back,
}
BREAKS = {
    "dedupe": "doubled",
    "receiver_seq": "doubled",
    "fence": "foreign",
    "ack_after_commit": "lost",
    "lease": "stranded",
    "subscribe_first": "lost",
    "epoch": "lost",
}


async def played(safeguard: str, *, missing: bool) -> Verdict:
    """The drama of that safeguard, with it or without."""
    outside = safeguard in ("receiver_seq", "epoch")
    program = ("-m", "tests.faults.sabotage", safeguard if missing and not outside else "none")
    trusting = missing and safeguard == "receiver_seq"
    renews = not (missing and safeguard == "epoch")
    async with scene(program, trusting=trusting, renews=renews) as one:
        await SAFEGUARDS[safeguard](one)
        await audited(one)
        one.history.close()
    return judge(one.history)


async def caught(safeguard: str) -> bool:
    """Whether the checker is silent with the safeguard, and names the right rule without it."""
    sound, broken = [await played(safeguard, missing=missing) for missing in (False, True)]
    return not sound.faults and broken.count(BREAKS[safeguard]) > 0


async def safeguards_caught() -> dict[str, bool]:
    """All of them, a few at a time."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one(safeguard: str) -> bool:
        async with room:
            return await caught(safeguard)

    found = await asyncio.gather(*map(one, SAFEGUARDS))
    return dict(zip(SAFEGUARDS, found, strict=True))
