"""The desks: the service's own bridge and store, in this process or in several."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Protocol, TypeVar

from handoff.bridge import Bridge
from handoff.clients import Client
from handoff.core.conversation import Conversation, Mode
from handoff.core.roster import Agent
from handoff.errors import Overloaded, StafettError
from handoff.fanout.local import LocalFanout
from handoff.ports import Store, Unit
from handoff.storage import open_store
from handoff.tokens import new_id
from tests.races.faults import plant
from tests.races.jobs import CLIENT, Claim, Job, Release, Told
from tests.service.stores import Wrapped

T = TypeVar("T")
LEASE_SECONDS = 45.0
MOST_TRIES = 20


class Watched(Wrapped):
    """The store; in each transaction that gives a chat away it counts what the agent holds.

    Whoever changes an agent's chats has the agent's row locked, so the count is exact.
    """

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.held: dict[tuple[str, int], int] = {}

    async def write(self, work: Callable[[Unit], T]) -> T:
        def counted(unit: Unit) -> T:
            result = work(unit)
            if isinstance(result, Conversation) and result.mode is Mode.AGENT and result.agent:
                count = len(unit.queue.held_by(result.agent))
                self.held[result.id, result.control] = count
            return result

        return await self._store.write(counted)


def bridge_on(store: Store, clients: Mapping[str, Client]) -> Bridge:
    return Bridge(store, LocalFanout(), clients, new_id, LEASE_SECONDS)


class Desks(Protocol):
    """Does all the jobs at once; an answer for each, in their order."""

    async def play(self, jobs: Sequence[Job]) -> list[Told]: ...


class Here:
    """In this process."""

    def __init__(self, store: Store, clients: Mapping[str, Client], agents: Sequence[Agent]):
        self._store = Watched(store)
        self._bridge = bridge_on(self._store, clients)
        self._reason = clients[CLIENT].contact_reasons[0].id
        self._agents = agents

    async def play(self, jobs: Sequence[Job]) -> list[Told]:
        self._store.held.clear()
        return list(await asyncio.gather(*map(self._do, jobs)))

    async def _do(self, job: Job) -> Told:
        """As a page does it: what the service is too busy for is sent again, under the same id."""
        for tries in range(1, MOST_TRIES):
            told = await self._try(job)
            if told.code != Overloaded.code:
                return replace(told, tries=tries)
        return await self._try(job)

    async def _try(self, job: Job) -> Told:
        try:
            match job:
                case Claim():
                    return await self._claim(job)
                case Release():
                    await self._release(job)
                    return Told("ok")
        except StafettError as error:
            return Told(error.code)
        except Exception as error:
            return Told(type(error).__name__)

    async def _claim(self, job: Claim) -> Told:
        state = await self._bridge.claim(
            self._agents[job.agent],
            CLIENT,
            job.conversation,
            job.handoff,
            job.control,
            job.request,
        )
        return Told("ok", self._store.held.get((state.id, state.control), 0))

    async def _release(self, job: Release) -> None:
        bridge, agent = self._bridge, self._agents[job.agent]
        this = (agent, CLIENT, job.conversation, job.control)
        match job.how:
            case "finish":
                await bridge.finish(*this, self._reason, True, job.request)
            case "transfer":
                await bridge.transfer(*this, None, "", job.request)
            case _:
                await bridge.hand_back(*this, {}, job.request)


@dataclass(slots=True)
class _Child:
    process: multiprocessing.process.BaseProcess
    pipe: Connection


class Elsewhere:
    """In several processes: who repeats a claim does so through another one."""

    def __init__(self, children: Sequence[_Child]) -> None:
        self._children = children

    async def play(self, jobs: Sequence[Job]) -> list[Told]:
        count = len(self._children)
        turns = [number % count for number in range(len(jobs))]
        shares = [
            [job for job, turn in zip(jobs, turns, strict=True) if turn == own]
            for own in range(count)
        ]
        for child, share in zip(self._children, shares, strict=True):
            child.pipe.send(share)
        answers = await asyncio.gather(
            *(asyncio.to_thread(child.pipe.recv) for child in self._children)
        )
        rest = [iter(answer) for answer in answers]
        return [next(rest[turn]) for turn in turns]


@asynccontextmanager
async def elsewhere(
    url: str,
    clients: Mapping[str, Client],
    agents: Sequence[Agent],
    processes: int,
    fault: str | None,
) -> AsyncIterator[Elsewhere]:
    """Processes with a store of their own each, until the block ends."""
    spawn = multiprocessing.get_context("spawn")
    children = []
    try:
        for _ in range(processes):
            near, far = spawn.Pipe()
            process = spawn.Process(
                target=_process, args=(far, url, dict(clients), list(agents), fault), daemon=True
            )
            process.start()
            far.close()
            children.append(_Child(process, near))
        for child in children:
            assert await asyncio.to_thread(child.pipe.recv) == "ready"
        yield Elsewhere(children)
    finally:
        for child in children:
            child.pipe.close()
        for child in children:
            await asyncio.to_thread(child.process.join, 10)
            child.process.kill()


def _process(
    pipe: Connection,
    url: str,
    clients: Mapping[str, Client],
    agents: Sequence[Agent],
    fault: str | None,
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends when its pipe is closed
    if fault is not None:
        plant(fault, setattr)
    asyncio.run(_answer(pipe, url, clients, agents))


async def _answer(
    pipe: Connection, url: str, clients: Mapping[str, Client], agents: Sequence[Agent]
) -> None:
    store = await open_store(url)
    try:
        desks = Here(store, clients, agents)
        pipe.send("ready")
        while True:
            jobs = await asyncio.to_thread(pipe.recv)
            pipe.send(await desks.play(jobs))
    except EOFError:
        return
    finally:
        await store.close()
