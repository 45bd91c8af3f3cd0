"""How a schedule ends: everything works again, and then nothing may be missing anywhere."""

from __future__ import annotations

from handoff.core.conversation import Mode
from handoff.core.message import Author
from handoff.core.roster import Status
from handoff.protocol import messages as m
from handoff.protocol.lines import customer_line
from tests.simulation import service
from tests.simulation.invariants import LEASE_SECONDS, View, must
from tests.simulation.page import Page
from tests.simulation.tasks import Doing, now
from tests.simulation.wire import Wire
from tests.simulation.world import World

ROUNDS = 60


def settle(world: World) -> None:
    """No more failures: all under way ends, the bot answers, pages hear and come back."""
    world.told("from here on everything works")
    world.store.refusals = world.fanout.deaf = 0
    world.tasks.finish()
    _sweep(world)
    _let_bot_answer(world)
    for page, wire in zip(world.pages, world.wires, strict=True):
        if wire.stands:
            _hear_all(wire)
        if wire.stands:
            check_screen(world, page)
            if not wire.tampered:
                check_mode(world, page)
    for which, page in enumerate(world.pages):
        if page.outbox or not world.wires[which].stands:
            world.connect(which)
            _hear_all(world.wires[which])
    _let_bot_answer(world)
    _tell_places(world)
    for which, page in enumerate(world.pages):
        check_screen(world, page)
        if not world.wires[which].tampered:
            check_mode(world, page)
        check_sent(world, page)
        check_turns(world, page)
    check_places(world)
    check_contacts(world)
    world.clock.pass_by(LEASE_SECONDS)
    _sweep(world)
    for view in world.watch.views.values():
        must(
            view.mode is not Mode.AGENT, "lease", "nobody is there, and the chat is not given back"
        )


def _sweep(world: World) -> None:
    world.tasks.start(Doing("sweep"), world.sweeper.sweep())


def _let_bot_answer(world: World) -> None:
    for _ in range(ROUNDS):
        orders = service.take_orders(world, 8)
        for order in orders:
            service.run_order(world, order, "answers")
        if not orders:
            if not now(world.store.read(lambda unit: unit.outbox.due(unit.now() + 1e6))):
                return
            world.clock.pass_by(20.0)
    must(False, "turn", "the bot's orders come to no end")


def _hear_all(wire: Wire) -> None:
    """A heartbeat tells what lacks; one more asks again for what a tampered wire lost."""
    for _ in range(1 + wire.tampered):
        wire.beat()
        _rest(wire)


def _rest(wire: Wire) -> None:
    for _ in range(ROUNDS):
        wire.carry(1_000)
        if wire.quiet:
            return
    must(False, "screen", "page and service do not come to rest")


def _tell_places(world: World) -> None:
    for wire in world.wires:
        _hear_all(wire)
    world.tasks.start(Doing("places"), world.gateway.places.tell())
    for wire in world.wires:
        _rest(wire)


def _view(world: World, page: Page) -> View:
    return world.watch.views[page.conversation]


def check_screen(world: World, page: Page) -> None:
    stored = [customer_line(one) for one in _view(world, page).shown]
    must(page.screen == stored, "screen", f"{len(page.screen)} shown, {len(stored)} stored")


def check_mode(world: World, page: Page) -> None:
    view = _view(world, page)
    shown, kept = (page.mode, page.owner), (view.mode.value, view.owner.value)
    must(shown == kept, "mode", f"{world.name(page.conversation)} sees {shown}, it is {kept}")


def check_sent(world: World, page: Page) -> None:
    """Every line that was sent is stored once or refused; every number told is its line's."""
    view = _view(world, page)
    must(not page.outbox, "cmid", "something sent never got its answer")
    stored = {
        cmid: one
        for (author, _, cmid), one in view.sent.items()
        if author in (Author.CUSTOMER, Author.SYSTEM)
    }
    for cmid, seq in page.acked.items():
        if seq:
            must(view.shown[seq - 1].message.cmid == cmid, "cmid", f"{seq} is another line")
    last = 0
    for cmid, frame in page.sent:
        if not isinstance(frame, m.Send):
            continue
        if cmid in stored and frame.text is not None:
            seq = stored[cmid].customer_seq
            must(seq is not None and seq > last, "order", f"{seq} was written after {last}")
            last = seq or last
        if cmid in page.refused:
            must(cmid not in stored, "cmid", f"stored, and refused: {page.refused[cmid]}")
        else:
            must(cmid in stored, "cmid", "acknowledged, and not stored")
        if frame.text is not None:
            must(cmid not in page.refused, "cmid", f"words refused: {page.refused.get(cmid)}")
            must(stored[cmid].message.body["text"] == frame.text, "cmid", "other words stored")


def check_turns(world: World, page: Page) -> None:
    """Every line the bot was to answer has its answer or an apology, or changed hands."""
    view = _view(world, page)
    answered = {turn for turn, _ in view.answered} | view.given_up
    for turn, control in view.ordered.items():
        must(turn in answered or control != view.control, "turn", "a line without an answer")
    asleep = page.conversation in world.bot.asked_asleep
    must(not asleep, "turn", "the bot was asked before anybody woke it")


def check_places(world: World) -> None:
    """Whoever waits and is connected knows the place, and whether anybody is there."""
    agents = now(world.store.read(lambda unit: unit.agents.all()))
    for page in world.pages:
        view = _view(world, page)
        if view.mode is not Mode.WAITING:
            continue
        slots = sum(
            one.capacity
            for one in agents
            if one.status is Status.ONLINE and one.may_answer(page.client)
        )
        place = world.watch.place_of(page.conversation)
        must(page.place == place, "told", f"place {page.place}, truly {place}")
        must(page.staffed == (slots > 0), "told", f"somebody there: {page.staffed}")


def check_contacts(world: World) -> None:
    """Every contact that began is running or has left its one row."""
    rows = now(
        world.store.read(
            lambda unit: [
                row.conversation
                for client in world.companies
                for row in unit.ledger.contacts(client, 0.0, 1e12)
            ]
        )
    )
    for key, view in world.watch.views.items():
        ended = view.begun - (view.contact is not None)
        must(rows.count(key) == ended, "contact", f"{ended} ended, {rows.count(key)} rows")
