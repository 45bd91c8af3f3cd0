"""The wire between one page and the service, and what it may do to frames.

The service's end is the real `CustomerSession`. Within a connection frames keep their order, as
TCP's do; a schedule may all the same lose, double and swap them, and cut it at any point.
"""

from __future__ import annotations

from typing import cast

from handoff.core.message import Audience
from handoff.gateways.customer import CustomerGateway, CustomerSession
from handoff.gateways.session import Session
from handoff.protocol import messages as m
from handoff.protocol.codec import encode
from handoff.protocol.codes import Close
from tests.simulation.page import Page
from tests.simulation.tasks import Doing, Task, Tasks, now

_DOINGS = {"AskPerson": Doing("asks")}
_CUSTOMER = Doing("customer")
_PUMP = Doing("pump")
_NUMBERED = (m.Event, m.Batch, m.Ack, m.Heartbeat)


class Out:
    """A session's way out: frames wait here until the page takes them."""

    def __init__(self) -> None:
        self.frames: list[m.Frame] = []
        self.open = True

    def send(self, frame: m.Frame) -> None:
        if self.open:
            self.frames.append(frame)

    def end(self, code: Close, reason: str, *, told: bool = False) -> None:
        self.open = False

    def pace(self) -> None:
        """A schedule is no faster than its clock says."""

    async def room(self) -> None:
        """There is always room: how slow a reader may be is not asked here."""


class Pump:
    """Says that something is due; a schedule says when it is done."""

    def __init__(self) -> None:
        self.is_due = False

    def wake(self) -> None:
        self.is_due = True

    async def stop(self) -> None:
        """What is under way goes on, as a task that is cancelled too late."""


class Wire:
    """One connection of one page."""

    def __init__(self, page: Page, gateway: CustomerGateway, tasks: Tasks) -> None:
        self._page = page
        self._gateway = gateway
        self._tasks = tasks
        self._out = Out()
        self._up: list[m.CustomerFrame] = []
        self._session: CustomerSession | None = None
        self._subscribed: CustomerSession | None = None
        self._pump_due = Pump()
        self.tampered = False
        self._hearing: Task | None = None
        self._pumping: Task | None = None

    @property
    def stands(self) -> bool:
        return self._out.open

    @property
    def quiet(self) -> bool:
        """Nothing is on its way in either direction."""
        if not self.stands:
            return True
        return not (self._up or self._out.frames or self._hearing or self._pumping or self._due)

    @property
    def _due(self) -> bool:
        return self._session is not None and self._pump_due.is_due

    def open(self, *, hold: bool) -> None:
        self._page.live = False
        task = self._tasks.start(_CUSTOMER, self._opened(), hold=hold, then=self._heard)
        self._hearing = None if task.done else task

    async def _opened(self) -> None:
        page, gateway = self._page, self._gateway
        found = await gateway.store.read(
            lambda unit: unit.conversations.get(page.client, page.conversation)
        )
        if found is None:
            self.cut()
            return
        session = CustomerSession(gateway, cast(Session, self._out), found)
        session._pump = self._pump_due  # type: ignore[assignment]
        session.subscribe()
        self._subscribed = session
        if not self._out.open:
            self._stop()
            return
        self._session = session
        await session.welcome()

    def cut(self) -> None:
        """What is on its way is lost; what the service is doing it goes on with."""
        if self._out.open:
            self._out.open = self._page.live = False
        self._out.frames.clear()
        self._up.clear()
        self._stop()

    def cut_if_silent(self) -> None:
        """The page has left frames unanswered for too long."""
        if not self.quiet:
            self.cut()

    def _stop(self) -> None:
        session, self._subscribed = self._subscribed, None
        if session is not None:
            now(session.leave())

    def send(self, frames: list[m.CustomerFrame], *, hold: bool = False) -> None:
        """From the page, if it was welcomed. Held, the service is slow with the first of them."""
        if not self._page.live:
            return
        self._up += frames
        self._hear(hold=hold)

    def _hear(self, *, hold: bool = False) -> None:
        while self._hearing is None and self._session is not None and self._up and self.stands:
            frame = self._up.pop(0)
            doing = _DOINGS.get(type(frame).__name__, _CUSTOMER)
            task = self._tasks.start(
                doing, self._session.hear(encode(frame)), hold=hold, then=self._heard
            )
            if not task.done:
                self._hearing = task

    def _heard(self, task: Task) -> None:
        if task.error is not None:
            self.cut()
        self._hearing = None

    def pump(self, *, hold: bool = False) -> None:
        """Let the service read what came, look at the database, and send."""
        self._hear()
        if self._due and self._pumping is None and self.stands:
            task = self._tasks.start(_PUMP, self._pump(), hold=hold, then=self._pumped)
            if not task.done:
                self._pumping = task

    def carry(self, most: int, *, hold: bool = False) -> None:
        """As `pump`, and the page takes at most so many frames."""
        self.pump(hold=hold)
        frames = self._out.frames
        for _ in range(min(most, len(frames))):
            if not frames:  # the page went
                return
            answer = self._page.take(frames.pop(0))
            if answer:
                self.send(answer)
            if self._page.leaves:
                self._page.leaves = False
                self.cut()

    async def _pump(self) -> None:
        """As `OnDemand`, until nothing is due."""
        session = self._session
        assert session is not None
        while self._pump_due.is_due:
            self._pump_due.is_due = False
            await session._carry_all()

    def _pumped(self, task: Task) -> None:
        self._pumping = None
        if task.error is not None:
            self.cut()

    def beat(self, *, hold: bool = False) -> None:
        self._tasks.start(_PUMP, self._beat(), hold=hold)

    async def _beat(self) -> None:
        """As `Pulse.beat_customers`, for this one connection."""
        one = self._session
        if one is None or not self.stands:
            return
        which = [one.conversation]
        last, stirred = await self._gateway.store.read(
            lambda unit: (
                unit.conversations.last_seqs(which, Audience.CUSTOMER),
                unit.conversations.last_seqs(which, Audience.STAFF),
            )
        )
        one.wake_if_behind(last.get(one.conversation), stirred.get(one.conversation, 0))
        self._out.send(m.Heartbeat(last.get(one.conversation, 0)))

    # --- what a wire may do -------------------------------------------------------------

    def lose(self, which: int) -> None:
        if (at := self._numbered(which)) is not None:
            del self._out.frames[at]
            self.tampered = True

    def double(self, which: int) -> None:
        if (at := self._numbered(which)) is not None:
            self._out.frames.insert(at, self._out.frames[at])

    def swap(self, which: int) -> None:
        """Two frames with lines change places."""
        frames = self._out.frames
        found = [at for at, frame in enumerate(frames) if isinstance(frame, m.Event | m.Batch)]
        if len(found) > 1:
            first = which % (len(found) - 1)
            one, other = found[first], found[first + 1]
            frames[one], frames[other] = frames[other], frames[one]
            self.tampered = True

    def _numbered(self, which: int) -> int | None:
        """A frame under way that may be missed; a page cannot know of the others."""
        found = [at for at, frame in enumerate(self._out.frames) if isinstance(frame, _NUMBERED)]
        return found[which % len(found)] if found else None
