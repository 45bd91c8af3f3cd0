"""Coroutines driven by hand: no event loop, so that a seed says who goes on when.

The store in memory lets others go on before each unit of work by `asyncio.sleep(0)`. Here that
is where a task may be held while others overtake it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Generator
from dataclasses import dataclass
from typing import Any, TypeVar

from handoff.errors import StafettError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Doing:
    """What a task is about, for whoever judges what it did."""

    what: str
    agent: str = ""
    turn: str = ""


class Task:
    """One coroutine under way. `error` is how it was refused, None when it was not."""

    __slots__ = ("_coroutine", "_then", "doing", "done", "error", "result")

    def __init__(
        self,
        coroutine: Coroutine[Any, Any, Any],
        doing: Doing,
        then: Callable[[Task], None] | None,
    ) -> None:
        self._coroutine = coroutine
        self._then = then
        self.doing = doing
        self.done = False
        self.error: StafettError | None = None
        self.result: Any = None

    def advance(self) -> None:
        """To where it lets others go on, or to its end. Raises what is no refusal."""
        try:
            self._coroutine.send(None)
            return
        except StopIteration as end:
            self.result = end.value
        except StafettError as error:
            self.error = error
        self.done = True
        if self._then is not None:
            self._then(self)

    def kill(self) -> None:
        """Its process is gone: nothing of it runs any more."""
        self.done = True
        self._coroutine.close()


class Tasks:
    """Every task under way. `current` is the one that runs now."""

    def __init__(self) -> None:
        self.held: list[Task] = []
        self.current = Doing("")

    def start(
        self,
        doing: Doing,
        coroutine: Coroutine[Any, Any, Any],
        *,
        hold: bool = False,
        then: Callable[[Task], None] | None = None,
    ) -> Task:
        """Run to the end or, held, to where it first lets others go on."""
        task = Task(coroutine, doing, then)
        self._advance(task)
        if hold and not task.done:
            self.held.append(task)
            return task
        while not task.done:
            self._advance(task)
        return task

    def go_on(self, which: int, steps: int) -> None:
        """Let one of the held tasks go on a little."""
        task = self.held[which % len(self.held)]
        for _ in range(steps):
            if not task.done:
                self._advance(task)
        if task.done and task in self.held:
            self.held.remove(task)

    def finish(self) -> None:
        """Let all go on to their end, the oldest first, and whatever those begin."""
        while self.held:
            self.go_on(0, 1)

    def kill(self, what: str) -> int:
        """End what is under way of that kind, as a process that dies does. How many."""
        dead = [task for task in self.held if task.doing.what == what]
        for task in dead:
            task.kill()
            self.held.remove(task)
        return len(dead)

    def _advance(self, task: Task) -> None:
        before, self.current = self.current, task.doing
        try:
            task.advance()
        finally:
            self.current = before


class OthersGoOn(Awaitable[None]):
    """Let others go on here."""

    def __await__(self) -> Generator[None, None, None]:
        yield


def now(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that nobody overtakes."""
    try:
        while True:
            coroutine.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
