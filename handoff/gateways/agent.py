"""An agent's connection: the queue, and the staff streams of the conversations they follow."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import structlog

from handoff.bridge.unit_of_work import QUEUE, channel_of
from handoff.core.conversation import Conversation
from handoff.core.ids import trace_of
from handoff.core.message import Audience, Stored
from handoff.core.roster import Agent, Status
from handoff.errors import (
    NotFound,
    Overloaded,
    ProtocolError,
    Refused,
    StafettError,
    StoreError,
    Unauthenticated,
)
from handoff.gateways.attendance import Attended
from handoff.gateways.follow import Follow
from handoff.gateways.fresh import next_line
from handoff.gateways.gateway import BATCH_LINES, Gateway
from handoff.gateways.queue_view import queue_view
from handoff.gateways.session import Session
from handoff.logs import about
from handoff.ports import Unit
from handoff.protocol import messages as m
from handoff.protocol.codec import decode_agent
from handoff.protocol.codes import Close
from handoff.protocol.legible import cleaned
from handoff.protocol.lines import staff_line
from handoff.tokens import Bearer, Use

MOST_FOLLOWS = 50
QUEUE_PAUSE_SECONDS = 0.1

log = structlog.get_logger(__name__)


class AgentGateway(Gateway):
    """What every agent connection of this process shares."""

    async def admit(self, frame: m.AgentFrame) -> tuple[Agent, str]:
        """The agent a hello stands for, and the digest of the session behind it."""
        bearer = await self.bearer(frame, "agent")
        agent = await self.agent_of(bearer.session)
        if agent is None:
            raise Unauthenticated("The session has ended.", cure="Log in again.")
        about(agent=agent.id)
        return agent, bearer.session

    async def agent_of(self, session: str) -> Agent | None:
        """The agent behind a session that still holds."""
        return (await self.agents_of([session]))[session]

    async def agents_of(self, sessions: Collection[str]) -> dict[str, Agent | None]:
        """The agents behind sessions, in one read; None where there is no desk any more."""

        def read(unit: Unit) -> dict[str, Agent | None]:
            now = unit.now()
            return {one: self._with_desk(unit.agents.session(one, now)) for one in sessions}

        return await self.store.read(read)

    def _with_desk(self, found: Agent | None) -> Agent | None:
        if found is None or not found.at_desk:
            return None
        # A client whose file was taken away may still stand in the agent's row.
        return replace(found, clients=found.clients & self.bridge.clients.keys())


class AgentSession:
    """One open desk. `follows` maps each followed conversation to client, cursor and wake-up."""

    def __init__(
        self, gateway: AgentGateway, session: Session, agent: Agent, login_session: str
    ) -> None:
        self._gateway = gateway
        self._session = session
        self.agent = agent
        self.login_session = login_session
        self.follows: dict[str, Follow] = {}
        self._position = 0
        self._due = asyncio.Event()
        self._queue_due = asyncio.Event()

    def subscribe(self) -> list[Callable[[], None]]:
        return [self._gateway.fanout.subscribe(QUEUE, lambda note: self._queue_due.set())]

    def unsubscribe(self) -> None:
        for follow in self.follows.values():
            follow.leave()

    async def welcome(self) -> None:
        agent = self.agent
        # Else a lease could run out between the welcome that names a chat and the first beat.
        await self._gateway.bridge.renew(agent.id)
        mine = await self._gateway.store.read(lambda unit: unit.queue.held_by(agent.id))
        token = self._gateway.tokens.issue(Use.RESUME, Bearer("agent", session=self.login_session))
        self._session.send(
            m.AgentWelcome(
                v=m.VERSION,
                agent=agent.id,
                name=agent.name,
                role=agent.role.value,
                status=agent.status.value,
                capacity=agent.capacity,
                heartbeat=self._gateway.heartbeat,
                resume_token=token,
                mine=tuple(m.Mine(client, conversation) for client, conversation in mine),
            )
        )
        self._queue_due.set()

    def wake(self, conversation: str) -> None:
        follow = self.follows.get(conversation)
        if follow is not None:
            follow.due = True
            self._due.set()

    def wake_queue(self, position: int) -> None:
        """Look at the line again where it has moved beyond what was sent."""
        if position != self._position:
            self._queue_due.set()

    # --- out ------------------------------------------------------------------------------

    async def pump(self) -> None:
        """Send what is stored beyond each cursor, whenever woken."""
        while True:
            await self._due.wait()
            self._due.clear()
            for conversation, follow in list(self.follows.items()):
                while follow.due and self.follows.get(conversation) is follow:
                    await self._session.room()
                    follow.due = False
                    await self._carry(conversation, follow)

    async def _carry(self, conversation: str, follow: Follow) -> None:
        after, opening = follow.cursor, follow.opening

        def read(unit: Unit) -> tuple[Conversation | None, Sequence[Stored], int | None]:
            state = unit.conversations.get(follow.client, conversation)
            lines = unit.conversations.messages(conversation, Audience.STAFF, after, BATCH_LINES)
            seen = unit.conversations.seen(conversation).get("customer") if opening else None
            return state, lines, seen

        follow.is_read = True
        try:
            state, lines, seen = await self._gateway.store.read(read)
        finally:
            follow.is_read = False
        if self.follows.get(conversation) is not follow:
            return  # shut, or opened anew, meanwhile
        if state is None or state.epoch != follow.epoch:
            self._session.send(m.AgentReset(conversation, state.epoch if state else ""))
            self._shut(conversation)
            return
        follow.owned = state.agent == self.agent.id
        more = len(lines) == BATCH_LINES
        if len(lines) == 1 and not follow.opening:
            self._session.send(m.AgentEvent(conversation, staff_line(lines[0])))
        elif lines or follow.opening:
            shown = tuple(staff_line(line) for line in lines)
            last = shown[-1].seq if shown else after
            self._session.send(
                m.AgentBatch(conversation, follow.epoch, after + 1, last, more, shown)
            )
            follow.opening = more
        if seen is not None and not more:
            self._session.send(m.AgentEphemeral(conversation, seen=seen))
        if lines:
            follow.cursor = lines[-1].staff_seq
        follow.due = follow.due or more

    async def pump_queue(self) -> None:
        """The line as it looks after each change, at most ten times a second."""
        while True:
            await self._queue_due.wait()
            await asyncio.sleep(QUEUE_PAUSE_SECONDS)
            self._queue_due.clear()
            view = await self._queue_view()
            self._position = view.position
            self._session.send(view)

    async def _queue_view(self) -> m.QueueView:
        agent, bridge = self.agent, self._gateway.bridge
        return await self._gateway.store.read(lambda unit: queue_view(unit, bridge, agent))

    # --- in -------------------------------------------------------------------------------

    async def hear(self, data: str | bytes) -> None:
        """Act on one frame. What is refused for good is answered, never closed."""
        self._session.pace()
        began = time.perf_counter()
        frame = decode_agent(data)
        about(**_ids(frame))
        done = await self._answer(frame)
        if done and isinstance(frame, m.Say):
            self._gateway.metrics.acknowledged("agent", time.perf_counter() - began)

    async def _answer(self, frame: m.AgentFrame) -> bool:
        """Whether what the frame asked for was done."""
        request = getattr(frame, "request", None)
        try:
            await self._act(cleaned(frame))
        except (ProtocolError, Overloaded):
            raise
        except StafettError as error:
            log.debug("frame", action="refused", code=error.code)
            if request is not None:
                self._session.send(
                    m.Result(
                        request,
                        ok=False,
                        code=error.code,
                        text=str(error),
                        conversation=getattr(frame, "conversation", None),
                    )
                )
            else:
                self._session.send(
                    m.Problem(
                        code=error.code,
                        text=str(error),
                        cmid=getattr(frame, "cmid", None),
                        conversation=getattr(frame, "conversation", None),
                    )
                )
            kept = request is not None or getattr(frame, "cmid", None) is not None
            if kept and isinstance(error, StoreError):
                # What was sent behind it must not be stored before it: all of it comes again.
                self._session.end(Close.OVERLOAD, error.code, told=True)
            return False
        return True

    async def _act(self, frame: m.AgentFrame) -> None:
        bridge, agent = self._gateway.bridge, self.agent
        match frame:
            case m.Say(client=client, conversation=conversation, cmid=cmid):
                seq = await bridge.agent_says(
                    agent, client, conversation, frame.control, cmid, frame.text
                )
                self._session.send(m.AgentAck(conversation, cmid, seq))
            case m.Note(client=client, conversation=conversation, cmid=cmid):
                seq = await bridge.note(agent, client, conversation, cmid, frame.text)
                self._session.send(m.AgentAck(conversation, cmid, seq))
            case m.Claim(client=client, conversation=conversation):
                await bridge.claim(
                    agent, client, conversation, frame.handoff, frame.control, frame.request
                )
                self._done(frame.request, client, conversation)
            case m.Next():
                state = await bridge.claim_next(agent, frame.request)
                self._done(frame.request, state.client, state.id)
            case m.Transfer(client=client, conversation=conversation):
                await bridge.transfer(
                    agent,
                    client,
                    conversation,
                    frame.control,
                    frame.to,
                    frame.note,
                    frame.request,
                )
                self._done(frame.request, client, conversation)
            case m.Assign(client=client, conversation=conversation):
                await bridge.assign(
                    agent, client, conversation, frame.control, frame.to, frame.request
                )
                self._done(frame.request, client, conversation)
            case m.HandBack(client=client, conversation=conversation):
                await bridge.hand_back(
                    agent, client, conversation, frame.control, frame.slots, frame.request
                )
                self._done(frame.request, client, conversation)
            case m.Finish(client=client, conversation=conversation):
                await bridge.finish(
                    agent,
                    client,
                    conversation,
                    frame.control,
                    frame.reason,
                    frame.resolved,
                    frame.request,
                )
                self._done(frame.request, client, conversation)
            case m.Verdict(client=client, conversation=conversation):
                await bridge.verdict(agent, client, conversation, frame.verdict, frame.request)
                self._done(frame.request, client, conversation)
            case m.Open():
                await self._open(frame)
            case m.Shut(conversation=conversation):
                self._shut(conversation)
            case m.SetStatus(status=status):
                await bridge.set_status(agent.id, Status(status))
            case m.AgentTyping(conversation=conversation, on=on):
                # A colleague who only looks on leaves no sign at the customer's.
                if self._follow(conversation).owned:
                    note = f"agent_typing:{int(on)}"
                    self._gateway.fanout.publish(channel_of(conversation), note)
            case m.AgentSeen(conversation=conversation, seq=seq):
                follow = self._follow(conversation)
                kept = await bridge.saw(follow.client, conversation, agent.id, seq)
                if follow.owned:
                    self._gateway.fanout.publish(channel_of(conversation), f"agent_seen:{kept}")
            case m.Beat():
                await bridge.renew(agent.id)
            case _:
                raise ProtocolError("That frame has no place here.")

    def _done(self, request: str, client: str, conversation: str) -> None:
        self._session.send(m.Result(request, ok=True, client=client, conversation=conversation))

    def _follow(self, conversation: str) -> Follow:
        follow = self.follows.get(conversation)
        if follow is None:
            raise NotFound("Open the conversation first.")
        return follow

    async def _open(self, frame: m.Open) -> None:
        agent, conversation = self.agent, frame.conversation
        if not agent.may_answer(frame.client):
            raise NotFound("There is no such conversation.")
        state = await self._gateway.bridge.read_as(agent, frame.client, conversation, "open")
        self._shut(conversation)
        if len(self.follows) >= MOST_FOLLOWS:
            raise Refused("Too many conversations are open here.", cure="Shut one of them.")
        after = frame.after
        same = frame.epoch in (None, state.epoch)
        self._gateway.count_resume("agent", after, same=same)
        if frame.epoch is not None and frame.epoch != state.epoch:
            self._session.send(m.AgentReset(conversation, state.epoch))
            after = 0
        follow = Follow(frame.client, state.epoch, after)
        self.follows[conversation] = follow
        follow.unsubscribe = self._gateway.fanout.subscribe(
            channel_of(conversation), lambda note: self._woken(conversation, note)
        )
        follow.unwatch = self._gateway.attendance.watch(
            conversation, lambda attended: self._tell_attended(conversation, attended)
        )
        self.wake(conversation)

    def _woken(self, conversation: str, note: str) -> None:
        kind, _, value = note.partition(":")
        if kind == "customer_typing":
            self._session.send(m.AgentEphemeral(conversation, typing=value == "1"))
        elif kind == "customer_seen":
            self._session.send(m.AgentEphemeral(conversation, seen=int(value)))
        elif kind == "" and not self._take(conversation):
            self.wake(conversation)

    def _take(self, conversation: str) -> bool:
        """Send the line this process stored just now, where it is the next; else it is read."""
        follow = self.follows.get(conversation)
        fresh = self._gateway.bridge.fresh(conversation)
        if follow is None or fresh is None or follow.opening:
            return False
        line = next_line(fresh, follow.epoch, Audience.STAFF, follow.cursor)
        if line is None or follow.is_read or not self._session.has_room:
            return False  # what is being read now may hold it already
        follow.owned = fresh.conversation.agent == self.agent.id
        self._session.send(m.AgentEvent(conversation, staff_line(line)))
        follow.cursor = line.staff_seq
        return True

    def _tell_attended(self, conversation: str, attended: Attended) -> None:
        self._session.send(
            m.AgentEphemeral(conversation, present=attended.present, since=attended.since)
        )

    def _shut(self, conversation: str) -> None:
        follow = self.follows.pop(conversation, None)
        if follow is not None:
            follow.leave()

    def end(self, code: Close, reason: str) -> None:
        self._session.end(code, reason)


def _ids(frame: m.AgentFrame) -> dict[str, str | None]:
    """What a log line about the frame names: ids only, whose form the codec has checked."""
    own = getattr(frame, "cmid", None) or getattr(frame, "request", None)
    return {
        "client": getattr(frame, "client", None),
        "conversation": getattr(frame, "conversation", None),
        "trace": trace_of(own) if own else None,
    }
