"""A customer's connection: one conversation, its customer stream."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog

from handoff.bridge.unit_of_work import channel_of
from handoff.core.conversation import Conversation, Mode
from handoff.core.ids import trace_of
from handoff.core.message import Audience, Stored
from handoff.errors import (
    NotFound,
    Overloaded,
    ProtocolError,
    StafettError,
    StoreError,
    Unauthenticated,
)
from handoff.gateways.fresh import next_line
from handoff.gateways.gateway import BATCH_LINES, Gateway
from handoff.gateways.places import Place, Places
from handoff.gateways.session import OnDemand, Session
from handoff.logs import about
from handoff.ports import Unit
from handoff.protocol import messages as m
from handoff.protocol.codec import decode_customer
from handoff.protocol.codes import Close
from handoff.protocol.legible import cleaned
from handoff.protocol.lines import customer_line
from handoff.tokens import Bearer, Use

log = structlog.get_logger(__name__)


@dataclass(eq=False)
class CustomerGateway(Gateway):
    """What every customer connection of this process shares."""

    places: Places = field(init=False)

    def __post_init__(self) -> None:
        self.places = Places(self.store)

    async def admit(self, client: str, frame: m.CustomerFrame) -> Conversation:
        """The conversation a hello opens. Raises Unauthenticated, ProtocolError."""
        bearer = await self.bearer(frame, "customer")
        if bearer.client != client:
            raise Unauthenticated("The ticket is for another client company.")
        found = await self.store.read(
            lambda unit: unit.conversations.get(client, bearer.conversation)
        )
        if found is None:
            raise Unauthenticated("The conversation is gone.", cure="Get a new ticket.")
        # The task is the connection's own: whatever is logged in it is about this conversation.
        about(client=client, conversation=found.id)
        return found


class CustomerSession:
    """One open widget. `cursor` is the last customer number sent to it."""

    __slots__ = (
        "_answer_resume",
        "_epoch",
        "_gateway",
        "_is_reading",
        "_pump",
        "_session",
        "_shown",
        "_stirred",
        "_unsubscribe",
        "client",
        "conversation",
        "cursor",
    )

    def __init__(
        self, gateway: CustomerGateway, session: Session, conversation: Conversation
    ) -> None:
        self._gateway = gateway
        self._session = session
        self.client = conversation.client
        self.conversation = conversation.id
        self._epoch = conversation.epoch
        self._shown = (conversation.mode, conversation.owner)
        self.cursor: int | None = None
        self._stirred = 0
        self._pump = OnDemand(self._carry_all, self._failed)
        self._answer_resume = False
        self._is_reading = False
        self._unsubscribe: Callable[[], None] = _nothing

    async def welcome(self) -> None:
        gateway = self._gateway
        state, last, self._stirred = await gateway.store.read(self._look)
        token = gateway.tokens.issue(Use.RESUME, Bearer("customer", self.client, self.conversation))
        self._session.send(
            m.Welcome(
                v=m.VERSION,
                conversation=self.conversation,
                epoch=self._epoch,
                last_seq=last,
                resume_token=token,
                heartbeat=gateway.heartbeat,
                mode=state.mode.value,
                owner=state.owner.value,
                language=state.language,
            )
        )

    def _look(self, unit: Unit) -> tuple[Conversation, int, int]:
        state = unit.conversations.get(self.client, self.conversation)
        if state is None:
            raise NotFound("The conversation is gone.")
        last = unit.conversations.last_seqs([self.conversation], Audience.CUSTOMER)
        stirred = unit.conversations.last_seqs([self.conversation], Audience.STAFF)
        return state, last.get(self.conversation, 0), stirred.get(self.conversation, 0)

    def subscribe(self) -> None:
        """Subscribed before the first read, so that nothing falls between."""
        self._gateway.attendance.came(self.conversation)
        channel = channel_of(self.conversation)
        self._unsubscribe = self._gateway.fanout.subscribe(channel, self._woken)

    def _woken(self, note: str) -> None:
        if self.cursor is None:
            return  # the welcome comes first; what is stored is read after the resume
        kind, _, value = note.partition(":")
        if kind == "agent_typing":
            self._session.send(m.Ephemeral(typing="agent" if value == "1" else ""))
        elif kind == "agent_seen":
            self._session.send(m.Ephemeral(seen=int(value)))
        elif kind == "" and not self._take():
            self.wake()

    def wake_if_behind(self, newest: int | None, stirred: int) -> None:
        """Look again where lines lack, or something happened that no customer's line tells.

        `newest` and `stirred` are the last numbers of the customer's and the staff's stream,
        `newest` None where the conversation is gone.
        """
        moved, self._stirred = stirred != self._stirred, stirred
        if self.cursor is not None and (newest is None or newest > self.cursor or moved):
            self.wake()

    def wake(self) -> None:
        """Send what is stored beyond the cursor, once the page has said where that is."""
        if self.cursor is not None:
            self._pump.wake()

    async def leave(self) -> None:
        """Be told no more, and send nothing more."""
        self._gateway.attendance.went(self.conversation)
        self._unsubscribe()
        self._unsubscribe = _nothing
        self._gateway.places.forget(self)
        await self._pump.stop()

    def _failed(self, error: Exception) -> None:
        log.error("socket", action="pump_failed", error=type(error).__name__)
        self._session.end(Close.OVERLOAD, "try again")

    async def _carry_all(self) -> None:
        more = True
        while more:
            await self._session.room()
            more = await self._carry()

    def _take(self) -> bool:
        """Send the line this process stored just now, where it is the next; else it is read."""
        fresh = self._gateway.bridge.fresh(self.conversation)
        line = next_line(fresh, self._epoch, Audience.CUSTOMER, self.cursor)
        if fresh is None or line is None or self._answer_resume:
            return False
        if self._is_reading or not self._session.has_room:
            return False  # what is being read now may hold it already
        self._session.send(m.Event(customer_line(line)))
        self.cursor, self._stirred = line.customer_seq, line.staff_seq
        self._tell_state(fresh.conversation)
        return True

    async def _carry(self) -> bool:
        cursor, resuming = self.cursor, self._answer_resume
        after = cursor or 0

        def read(unit: Unit) -> tuple[Conversation | None, Sequence[Stored], int | None]:
            state = unit.conversations.get(self.client, self.conversation)
            lines = unit.conversations.messages(
                self.conversation, Audience.CUSTOMER, after, BATCH_LINES
            )
            agent = state.agent if state and resuming else None
            seen = unit.conversations.seen(self.conversation).get(agent) if agent else None
            return state, lines, seen

        self._is_reading = True
        try:
            state, lines, seen = await self._gateway.store.read(read)
        finally:
            self._is_reading = False
        if (self.cursor, self._answer_resume) != (cursor, resuming):
            return True  # a later resume moved the cursor
        if state is None or state.epoch != self._epoch:
            self._session.end(Close.NEW_TICKET, "history was rewritten")
            return False
        if len(lines) == 1 and not self._answer_resume:
            self._session.send(m.Event(customer_line(lines[0])))
        elif lines or self._answer_resume:
            shown = tuple(customer_line(line) for line in lines)
            last = shown[-1].seq if shown else after
            more = len(lines) == BATCH_LINES
            self._session.send(m.Batch(after + 1, last, more, shown))
            self._answer_resume = more
        if lines:
            self.cursor = lines[-1].customer_seq
        if seen is not None and not self._answer_resume:
            self._session.send(m.Ephemeral(seen=seen))
        self._tell_state(state)
        return len(lines) == BATCH_LINES

    def _tell_state(self, state: Conversation) -> None:
        if (state.mode, state.owner) != self._shown:
            self._shown = (state.mode, state.owner)
            self._session.send(m.Ephemeral(mode=state.mode.value, owner=state.owner.value))
        if state.mode is Mode.WAITING and state.handoff is not None:
            self._gateway.places.watch(self, state.client, state.handoff)
        else:
            self._gateway.places.forget(self)

    def tell_place(self, place: Place) -> None:
        """Where in the line the customer stands now."""
        self._session.send(m.Ephemeral(place=place.number, wait=place.wait, staffed=place.staffed))

    async def hear(self, data: str | bytes) -> None:
        """Act on one frame. What is refused for good is answered, never by closing."""
        self._session.pace()
        began = time.perf_counter()
        frame = decode_customer(data)
        cmid: str | None = getattr(frame, "cmid", None)
        about(trace=trace_of(cmid) if cmid else None)
        acknowledged = await self._answer(frame, cmid)
        if acknowledged and isinstance(frame, m.Send):
            self._gateway.metrics.acknowledged("customer", time.perf_counter() - began)

    async def _answer(self, frame: m.CustomerFrame, cmid: str | None) -> bool:
        """Whether what the frame asked for was done and acknowledged."""
        try:
            seq = await self._act(cleaned(frame))
        except (ProtocolError, Overloaded):
            raise
        except StafettError as error:
            log.debug("frame", action="refused", code=error.code)
            self._session.send(m.Problem(code=error.code, text=str(error), cmid=cmid))
            if cmid is not None and isinstance(error, StoreError):
                # What was sent behind it must not be stored before it: all of it comes again.
                self._session.end(Close.OVERLOAD, error.code, told=True)
            return False
        if cmid is None or seq is None:
            return False
        self._session.send(m.Ack(cmid, seq))
        return True

    async def _act(self, frame: m.CustomerFrame) -> int | None:
        bridge, client, conversation = self._gateway.bridge, self.client, self.conversation
        match frame:
            case m.Send(cmid=cmid, text=str(text)):
                return await bridge.customer_says(client, conversation, cmid, text)
            case m.Send(cmid=cmid, button=m.Button(seq=seq, index=index)):
                return await bridge.customer_presses(client, conversation, cmid, seq, index)
            case m.AskPerson(cmid=cmid):
                return await bridge.ask_person(client, conversation, cmid)
            case m.Choose(cmid=cmid, choice=choice):
                return await bridge.choose(client, conversation, cmid, choice)
            case m.LeaveContact(cmid=cmid, name=name, reach=reach, text=text):
                return await bridge.leave_contact(client, conversation, cmid, name, reach, text)
            case m.SetLanguage(language=language):
                await bridge.set_language(client, conversation, language)
                return 0
            case m.End(cmid=cmid):
                return await bridge.end(client, conversation, cmid)
            case m.Rate(cmid=cmid, stars=stars):
                return await bridge.rate(client, conversation, cmid, stars)
            case m.Resume(epoch=epoch, after=after):
                self._gateway.count_resume("customer", after, same=epoch == self._epoch)
                if epoch != self._epoch:
                    self._session.send(m.Reset(self._epoch))
                    after = 0
                self.cursor, self._answer_resume = after, True
                self.wake()
            case m.Seen(seq=seq):
                kept = await bridge.saw(client, conversation, "customer", seq)
                self._gateway.fanout.publish(channel_of(conversation), f"customer_seen:{kept}")
            case m.Typing(on=on):
                note = f"customer_typing:{int(on)}"
                self._gateway.fanout.publish(channel_of(conversation), note)
            case m.Beat():
                pass
            case _:
                raise ProtocolError("That frame has no place here.")
        return None


def _nothing() -> None:
    """Before anything was subscribed to."""
