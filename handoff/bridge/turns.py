"""The bot's turns: orders leave the outbox one at a time for each conversation."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import structlog

from handoff.bridge.bridge import Bridge
from handoff.bridge.signals import FAILED
from handoff.bridge.unit_of_work import OUTBOX, Work
from handoff.clients import Client
from handoff.core import events as ev
from handoff.core.conversation import Conversation, Owner
from handoff.core.message import Audience, Kind, Stored
from handoff.core.transition import bot_may_speak
from handoff.errors import BotError, BotUnknown, StafettError, code_of
from handoff.logs import about
from handoff.metrics import Metrics
from handoff.ports import Bot, Fanout, Store, Unit
from handoff.records import Answer, Order, Turn

LEASE_SECONDS = 60.0
POLL_SECONDS = 1.0
DRAIN_SECONDS = 3.0
TRIES = 3
RETRY_SECONDS = 0.5
AT_ONCE = 8
SURE = 0.5
"""Confidence from which an errand becomes the conversation's topic."""

log = structlog.get_logger(__name__)


class BotTurns:
    """Runs orders against the bot until stopped. `AT_ONCE` conversations are served together."""

    def __init__(
        self,
        store: Store,
        bot: Bot,
        bridge: Bridge,
        fanout: Fanout,
        clients: Mapping[str, Client],
        worker: str,
        metrics: Metrics,
    ) -> None:
        self._store = store
        self._bot = bot
        self._bridge = bridge
        self._clients = clients
        self._worker = worker
        self._metrics = metrics
        self._due = asyncio.Event()
        self._fanout = fanout
        self._running: set[asyncio.Task[None]] = set()
        self._beginning = asyncio.Lock()
        self._is_draining = False

    async def run(self) -> None:
        unsubscribe = self._fanout.subscribe(OUTBOX, lambda note: self._due.set())
        try:
            while True:
                self._due.clear()
                await self._begin()
                try:
                    async with asyncio.timeout(POLL_SECONDS):
                        await self._due.wait()
                except TimeoutError:
                    continue
        finally:
            unsubscribe()
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)

    async def _begin(self) -> None:
        async with self._beginning:
            for order in await self._take(AT_ONCE - len(self._running)):
                task = asyncio.create_task(self._run(order))
                self._running.add(task)
                task.add_done_callback(self._running.discard)
                task.add_done_callback(lambda _: self._due.set())

    async def drain(self) -> None:
        """Take nothing more, and let what is under way end, within `DRAIN_SECONDS`.

        What is left then is given back when `run` is cancelled.
        """
        self._is_draining = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DRAIN_SECONDS):
                # What was being leased is begun first: else nobody could give it back.
                async with self._beginning:
                    running = list(self._running)
                if running:
                    await asyncio.wait(running)

    async def _take(self, limit: int) -> list[Order]:
        if limit <= 0 or self._is_draining:
            return []

        def work(unit: Unit) -> list[Order]:
            return list(unit.outbox.lease(self._worker, unit.now(), LEASE_SECONDS, limit))

        try:
            if not await self._store.read(lambda unit: unit.outbox.due(unit.now())):
                return []
            return await self._store.write(work)
        except StafettError as error:
            log.warning("outbox", action="lease_failed", code=error.code)
            return []

    async def _run(self, order: Order) -> None:
        # The task is the order's own: whatever is logged in it is about this turn.
        about(
            client=order.client,
            conversation=order.conversation,
            turn=order.turn_id,
            trace=_trace(order) or None,
        )
        try:
            if order.client not in self._clients:  # its file was taken away
                await self._store.write(lambda unit: unit.outbox.done(order.id, unit.now()))
            elif order.kind == "wake":
                await self._wake(order)
            else:
                await self._turn(order)
        except asyncio.CancelledError:
            await self._give_back(order)
            raise
        except Exception as error:
            code = code_of(error)
            log.warning("bot turn", action="turn_failed", code=code, attempt=order.attempts)
            self._metrics.bot_failed(code)
            await self._again(order)

    async def _give_back(self, order: Order) -> None:
        """At a stop: whoever takes it next looks at once for what became of the turn."""

        def work(w: Work) -> None:
            if self._is_ours(w, order):
                w.unit.outbox.retry(order.id, w.now())
                w.wakes.add(OUTBOX)

        try:
            await self._bridge.commit(work)
        except StafettError as error:
            log.warning("bot turn", action="give_back_failed", code=error.code)

    async def _turn(self, order: Order) -> None:
        turn, wakes = await self._store.read(
            lambda unit: (self._brief(unit, order), _wakes(unit, order.conversation))
        )
        if turn is None:  # the conversation changed hands before the bot was asked
            await self._store.write(lambda unit: unit.outbox.done(order.id, unit.now()))
            return
        # A bot that paused in the turn before answers nothing until it is woken.
        for wake in wakes:
            await self._wake(wake)
        answer = await self._bot.recall(turn.conversation, turn.turn_id) if order.attempts else None
        if answer is None:
            answer = await self._answer(turn)
        if not answer.replies and answer.signal is None:
            raise BotError("The bot answered nothing.")  # a paused one too: it was not woken
        await self._bridge.commit(lambda w: self._keep(w, order, answer))

    async def _answer(self, turn: Turn) -> Answer:
        began = time.perf_counter()
        try:
            return await self._bot.answer(turn)
        except BotUnknown:
            answer = await self._bot.recall(turn.conversation, turn.turn_id)
            if answer is None:
                raise
            return answer
        finally:
            seconds = time.perf_counter() - began
            self._metrics.bot_answered(seconds)
            log.info("bot turn", action="turn_asked", ms=round(seconds * 1000))

    def _brief(self, unit: Unit, order: Order) -> Turn | None:
        state = unit.conversations.get(order.client, order.conversation)
        if state is None or order.turn_id is None or not bot_may_speak(state, order.control):
            return None
        return Turn(
            turn_id=order.turn_id,
            conversation=order.conversation,
            text=str(order.body["text"]),
            is_payload=bool(order.body["is_payload"]),
            metadata=metadata(self._clients[order.client], state, unit.now(), _trace(order)),
        )

    def _keep(self, w: Work, order: Order, answer: Answer) -> None:
        state = w.conversation(order.client, order.conversation)
        if not self._is_ours(w, order):
            return
        nlu = answer.nlu
        language = nlu.get("language")
        client = self._clients[order.client]
        event = ev.BotReplied(
            turn_id=answer.turn_id,
            control=order.control,
            replies=answer.replies,
            understanding={
                "nlu": nlu,
                "slots": answer.slots,
                "assessment": answer.assessment,
                "lookups": list(answer.lookups),
            },
            request=w.request(state, answer.signal) if answer.signal else None,
            topic=_topic(answer, client),
            language=language if language in client.languages else None,
        )
        w.apply(state, event)
        w.unit.outbox.done(order.id, w.now())

    async def _wake(self, order: Order) -> None:
        until = order.body.get("until")
        last = until if isinstance(until, int) else 0
        lines = await self._store.read(lambda unit: human_stretch(unit, order.conversation, last))
        slots = order.body.get("slots")
        await self._bot.wake(order.conversation, lines, slots if isinstance(slots, dict) else {})
        await self._store.write(lambda unit: unit.outbox.done(order.id, unit.now()))

    async def _again(self, order: Order) -> None:
        """Back to the outbox, or after the last try an apology and a person."""

        def work(w: Work) -> None:
            if not self._is_ours(w, order):
                return
            if order.attempts + 1 < TRIES:
                w.unit.outbox.retry(order.id, w.now() + RETRY_SECONDS * 2**order.attempts)
                return
            w.unit.outbox.done(order.id, w.now())
            state = w.conversation(order.client, order.conversation)
            request = w.request(state, FAILED)
            # A bot that cannot be woken is told of by the next turn where no desk could help.
            if order.kind == "turn" or request.desk.open:
                w.apply(state, ev.BotFailed(order.turn_id or order.id, order.control, request))

        try:
            await self._bridge.commit(work)
        except StafettError as error:  # the lease runs out and the order is taken again
            log.error("bot turn", action="give_back_failed", code=error.code)

    def _is_ours(self, w: Work, order: Order) -> bool:
        """False after a lease that ran out here: whoever took the order then sees to it."""
        if w.unit.outbox.held(order, self._worker):
            return True
        # The store's own thread may run this, which does not know whose task it works for.
        log.warning(
            "bot turn",
            action="overtaken",
            client=order.client,
            conversation=order.conversation,
            turn=order.turn_id,
            attempt=order.attempts,
        )
        return False


def _wakes(unit: Unit, conversation: str) -> list[Order]:
    return [order for order in unit.outbox.of(conversation) if order.kind == "wake"]


def _trace(order: Order) -> str:
    """The trace id of the customer's line; its turn's where an older version ordered it."""
    return str(order.body.get("trace") or order.turn_id or "")


def _topic(answer: Answer, client: Client) -> str | None:
    """The errand a turn was about, where the bot was surer of it than not."""
    intent, confidence = answer.nlu.get("intent"), answer.nlu.get("confidence")
    sure = isinstance(confidence, int | float) and confidence >= SURE
    return intent if sure and isinstance(intent, str) and intent in client.errands else None


def metadata(client: Client, state: Conversation, now: float, trace: str) -> dict[str, object]:
    """What a turn tells the bot about the client company, the desk and the hour.

    `trace` names the customer's line in every part's log.
    """
    at = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(client.hours.timezone))
    policy = client.handoff
    return {
        "client": client.id,
        "client_name": client.name,
        "skills": list(client.skills),
        "language": state.language if state.language_chosen else None,
        "handoff": {
            "intents": list(policy.intents),
            "front": list(policy.front),
            "andon": list(policy.andon),
            "cost_late": policy.cost_late,
            "cost_needless": policy.cost_needless,
            "explore": policy.explore,
        },
        "desk": "open" if client.hours.is_open(at) else "closed",
        "contact": {
            "phone": client.contact.phone,
            "email": client.contact.email,
            "address": client.contact.address,
        },
        "hours": {language: client.hours.describe(language) for language in ("nb", "nn", "en")},
        "now": at.isoformat(timespec="seconds"),
        "trace": trace,
    }


def human_stretch(unit: Unit, conversation: str, until: int) -> list[Stored]:
    """What customer and agents said without the bot before staff line `until` woke it again.

    Whoever held the conversation in between, and however often it went back to the queue.
    """
    stretch: list[Stored] = []
    after, bot_hears = 0, True
    while after < until:
        page = unit.conversations.messages(
            conversation, Audience.STAFF, after, min(200, until - after)
        )
        for line in page:
            message = line.message
            if message.kind is Kind.STATE:
                bot_hears = message.body.get("owner") == Owner.BOT
            elif bot_hears:
                stretch.clear()
            elif message.kind is Kind.TEXT:
                stretch.append(line)
        if not page:
            break
        after = page[-1].staff_seq
    return stretch
