"""Starts parts in the order they need each other, and keeps them running."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import NoReturn

from handoff.errors import StartError
from handoff.launcher.child import Child
from handoff.launcher.health import status_of
from handoff.launcher.part import Part
from handoff.launcher.progress import Board
from handoff.launcher.watchman import end_all, marked

LOOK_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds."""

    # Rasa takes 14 s to import, and three times that from a cold disk with bytecode to compile.
    service: float = 300.0
    step: float = 3600.0
    # From TERM to KILL; longer than the handoff service takes to drain at the most.
    grace: float = 12.0
    # Before a dead part is started again: the first wait, doubled each time up to the longest.
    restart: float = 1.0
    longest_restart: float = 30.0
    # A part that was healthy for so long starts again at the first wait.
    steady: float = 60.0
    # A part that was healthy and then answers nothing at all for so long is taken for hung. Long
    # enough for a turn on a crowded machine; an answer of any status is a sign of life.
    silence: float = 60.0
    # Between two looks at a healthy part.
    look: float = 5.0
    # A part that dies so often before it was ever healthy will not become so.
    attempts: int = 3


class Supervisor:
    """Runs `parts` on one machine.

    Every process it starts carries a mark in its environment, so that whatever happens all of
    them, and all that they started, can be found and ended.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        logs: Path,
        board: Board,
        *,
        patience: Patience | None = None,
        keep_open: Sequence[int] = (),
    ) -> None:
        """`keep_open` are file descriptors the watchman holds until the last child is gone."""
        self.parts = parts
        self.logs = logs
        self.board = board
        self.patience = patience or Patience()
        self.mark = token_hex(8)
        self._keep_open = keep_open
        self._watchman: subprocess.Popen[bytes] | None = None
        self._children: dict[str, Child] = {}
        self._ready: dict[str, asyncio.Future[None]] = {}
        self._tasks: list[asyncio.Task[None]] = []

    # ---- start

    async def start(self) -> None:
        """Returns when every service is healthy and every step done.

        Raises StartError for the first part that cannot be started; call `stop` even then.
        """
        self._start_watchman()
        loop = asyncio.get_running_loop()
        self._ready = {part.name: loop.create_future() for part in self.parts}
        self.board.begin(self.parts)
        self._tasks = [asyncio.create_task(self._tend(part)) for part in self.parts]
        drawing = asyncio.create_task(self._draw())
        try:
            await asyncio.gather(*self._ready.values())
        finally:
            drawing.cancel()
            self.board.end()
        self._tasks.append(asyncio.create_task(self._tend_watchman()))

    async def _draw(self) -> None:
        while True:
            self.board.tick()
            await asyncio.sleep(0.1)

    async def _tend(self, part: Part) -> None:
        """The whole life of one part."""
        ready = self._ready[part.name]
        try:
            # A failure of what it needs is told by that part, not once more by this one.
            await asyncio.gather(*(asyncio.shield(self._ready[name]) for name in part.after))
        except StartError:
            return
        while not ready.cancelled():
            try:
                if part.health is not None:
                    await self._run_service(part, part.health)
                await self._run_step(part)
                ready.set_result(None)
                return
            except (StartError, OSError) as error:
                if not ready.done():
                    self.board.bad(part.name, "failed")
                    ready.set_exception(error)
                    return
                wait = self.patience.longest_restart
                self.board.line(f"{part.title}: {error} Trying again in {wait:g} s.")
                await asyncio.sleep(wait)

    async def _run_step(self, part: Part) -> None:
        child = self._spawn(part)
        self.board.working(part.name, "working")
        try:
            async with asyncio.timeout(self.patience.step):
                await self._follow(child)
                while child.ended() is None:
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise self._failure(child, f"did not end in {self.patience.step:g} s") from None
        if child.ended() != 0:
            raise self._failure(child, child.how_it_ended())
        del self._children[part.name]
        self.board.good(part.name, "done")

    async def _follow(self, child: Child) -> None:
        """Reads a step's progress until it closes its output; what is no progress is logged."""
        reader = asyncio.StreamReader(limit=1 << 20)
        loop = asyncio.get_running_loop()
        transport, _ = await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), child.output
        )
        try:
            while line := await reader.readline():
                try:
                    news = json.loads(line)
                    stage, fraction = str(news["stage"]), float(news["fraction"])
                except (ValueError, KeyError, TypeError):
                    child.write_log(line)
                else:
                    self.board.working(child.part.name, stage, min(max(fraction, 0.0), 1.0))
        finally:
            transport.close()

    async def _run_service(self, part: Part, health: str) -> NoReturn:
        """Starts the service again and again. Raises StartError if it was never healthy."""
        ready = self._ready[part.name]
        wait = self.patience.restart
        deaths = 0
        while True:
            child = self._spawn(part)
            if not ready.done():
                self.board.working(part.name, f"waiting for {part.address}")
            began = time.monotonic()
            healthy_at = await self._until_healthy(child, health)
            if healthy_at is not None:
                if ready.done():
                    self.board.line(f"{part.title} works again, after {healthy_at - began:.0f} s.")
                else:
                    self.board.good(part.name, "healthy")
                    ready.set_result(None)
                await self._until_ended(child, health)
                if time.monotonic() - healthy_at >= self.patience.steady:
                    wait = self.patience.restart
            elif child.ended() is None:
                if not ready.done():
                    raise self._failure(child, f"was not healthy after {self.patience.service:g} s")
                child.send(signal.SIGKILL)
                while child.ended() is None:
                    await asyncio.sleep(0.01)
            deaths += 1
            if not ready.done() and deaths >= self.patience.attempts:
                raise self._failure(child, f"{child.how_it_ended()}, {deaths} times")
            # What the dead part had started itself must not live beside its successor.
            child.send(signal.SIGKILL)
            self._tell_death(child, wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, self.patience.longest_restart)

    async def _until_healthy(self, child: Child, health: str) -> float | None:
        """When it was first healthy (`time.monotonic`); None if it died or took too long."""
        deadline = time.monotonic() + self.patience.service
        while child.ended() is None and time.monotonic() < deadline:
            # Asked only while the child lives, so that nobody else can answer for it.
            if await status_of(health) == 200 and child.ended() is None:
                return time.monotonic()
            await asyncio.sleep(LOOK_SECONDS)
        return None

    async def _until_ended(self, child: Child, health: str) -> None:
        """Returns when it has died, or was killed because it hung."""
        answered = looked = time.monotonic()
        while child.ended() is None:
            await asyncio.sleep(LOOK_SECONDS)
            if time.monotonic() - looked < self.patience.look:
                continue
            status = await status_of(health)
            looked = time.monotonic()
            if status is not None:
                answered = looked
            elif looked - answered >= self.patience.silence and child.ended() is None:
                self.board.line(
                    f"{child.part.title} has not answered at {child.part.address} for "
                    f"{looked - answered:.0f} s; it is ended and started again."
                )
                child.send(signal.SIGKILL)
                while child.ended() is None:
                    await asyncio.sleep(0.01)

    def _spawn(self, part: Part) -> Child:
        child = Child(part, self.logs, self.mark)
        self._children[part.name] = child
        return child

    def _failure(self, child: Child, what: str) -> StartError:
        lines = "".join(f"\n  {child.part.name} | {line}" for line in child.last_lines())
        return StartError(
            f"{child.part.title} {what}.{lines}\n", cure=f"The whole log is {child.log}."
        )

    def _tell_death(self, child: Child, wait: float) -> None:
        lines = child.last_lines()
        self.board.line(
            f"{child.part.title} {child.how_it_ended()}; starting it again in {wait:g} s. "
            f"{'Its last lines:' if lines else 'It said nothing.'} ({child.log})"
        )
        for line in lines:
            self.board.line(f"  {child.part.name} | {line}")

    # ---- the watchman

    def _start_watchman(self) -> None:
        self._watchman = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "handoff.launcher.watchman",
                self.mark,
                str(self.patience.grace),
            ],
            cwd=Path(__file__).resolve().parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=self._keep_open,
        )

    async def _tend_watchman(self) -> None:
        while True:
            if self._watchman and self._watchman.poll() is not None:
                self._start_watchman()
            await asyncio.sleep(1.0)

    # ---- stop

    async def stop(self) -> None:
        """Ends every process, in the parts' order: TERM, KILL after the grace. Idempotent."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        for future in self._ready.values():
            future.cancel()
            if future.done() and not future.cancelled():
                future.exception()  # looked at: a second failure is not news
        orders = sorted({child.part.stops for child in self._children.values()})
        for order in orders:
            told = [child for child in self._children.values() if child.part.stops == order]
            await self._end(told, with_descendants=order == orders[-1])
        end_all(self.mark, grace=0)
        for child in self._children.values():
            while child.ended() is None:
                await asyncio.sleep(0.01)
        self._children = {}
        if self._watchman and self._watchman.stdin:
            with contextlib.suppress(OSError):
                self._watchman.stdin.close()
            self._watchman.wait(10)
            self._watchman = None

    async def _end(self, children: Sequence[Child], with_descendants: bool) -> None:
        for child in children:
            child.send(signal.SIGTERM)
        deadline = time.monotonic() + self.patience.grace
        while time.monotonic() < deadline and (
            any(child.ended() is None for child in children)
            or (with_descendants and marked(self.mark))
        ):
            await asyncio.sleep(0.05)
        for child in children:
            child.send(signal.SIGKILL)

    def hurry(self) -> None:
        """While stopping: no more grace."""
        for child in self._children.values():
            child.send(signal.SIGKILL)
