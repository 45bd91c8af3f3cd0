"""What the service does by itself: the bot's turns, the sweeper, time, and a disk that fails."""

from __future__ import annotations

from handoff.gateways.pulse import SILENT_BEATS
from handoff.records import Order
from tests.simulation.bot import FATES
from tests.simulation.schedule import Step
from tests.simulation.tasks import Doing
from tests.simulation.world import World

PASSES = (0.0, 0.5, 3.0, 5.0, 20.0, 30.0, 46.0, 61.0, 95.0, 600.0, 1_900.0)
TURN = "turn"
# A page that answers no heartbeat for so long is let go by the service.
SILENT_SECONDS = SILENT_BEATS * 15.0


def turns(world: World, step: Step) -> None:
    """A worker takes what is due; how each turn goes is in the numbers."""
    for nth, order in enumerate(take_orders(world, 1 + step.who % 3)):
        fate = FATES[(step.how + nth * 7) % len(FATES)]
        run_order(world, order, fate, hold=step.more % 3 == 0)


def take_orders(world: World, most: int) -> list[Order]:
    taken: list[Order] = world.tasks.start(Doing("lease"), world.turns._take(most)).result
    return taken


def run_order(world: World, order: Order, fate: str, *, hold: bool = False) -> None:
    world.bot.fates[order.conversation] = fate
    world.told(f"the bot's {order.kind} for {world.name(order.conversation)}: {fate}")
    world.tasks.start(Doing(TURN, turn=order.turn_id or ""), world.turns._run(order), hold=hold)


def dies(world: World, step: Step) -> None:
    """The worker is killed in the middle of its turns; the next one finds the leases."""
    world.told(f"the worker is killed in {world.tasks.kill(TURN)} turns")


def passes(world: World, step: Step) -> None:
    seconds = PASSES[step.how % len(PASSES)]
    world.told(f"{seconds:g} s pass")
    world.clock.pass_by(seconds)
    if seconds > SILENT_SECONDS:
        for wire in world.wires:
            wire.cut_if_silent()


def sweeps(world: World, step: Step) -> None:
    world.told("the sweeper goes round")
    world.tasks.start(Doing("sweep"), world.sweeper.sweep(), hold=step.more % 4 == 0)


def places(world: World, step: Step) -> None:
    world.tasks.start(Doing("places"), world.gateway.places.tell(), hold=step.more % 4 == 0)


def fails(world: World, step: Step) -> None:
    """The disk refuses the next commit."""
    world.told("the disk refuses the next commit")
    world.store.refusals = 1


def deafens(world: World, step: Step) -> None:
    """The fan-out loses its next wake-ups."""
    world.told(f"{1 + step.how % 4} wake-ups are lost")
    world.fanout.deaf = 1 + step.how % 4


def goes_on(world: World, step: Step) -> None:
    """What was held up goes on a little; where nothing is, a second passes."""
    if world.tasks.held:
        world.tasks.go_on(step.who, 1 + step.how % 3)
    else:
        world.clock.pass_by(1.0)
