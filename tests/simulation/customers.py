"""What customers do, and what happens to their wires."""

from __future__ import annotations

from collections.abc import Callable

from handoff.core.message import Author, Kind
from handoff.errors import IdReuse, StoreError
from handoff.protocol import messages as m
from tests.simulation.invariants import must
from tests.simulation.page import Page
from tests.simulation.schedule import Step
from tests.simulation.tasks import Doing
from tests.simulation.wire import Wire
from tests.simulation.world import World

TEXTS = ("hei", "hvor er pakken min", "jeg vil snakke med et menneske", "takk")
CHOICES = ("stay", "bot", "contact", "leave")
LANGUAGES = ("nb", "nn", "en")


def _end(world: World, step: Step) -> tuple[Page, Wire]:
    which = step.who % len(world.pages)
    return world.pages[which], world.wires[which]


def _put(world: World, step: Step, frame: Callable[[str], m.CustomerFrame]) -> None:
    page, wire = _end(world, step)
    cmid = world.new_cmid()
    made = frame(cmid)
    page.put(cmid, made)
    world.told(f"{world.name(page.conversation)}: {made}")
    wire.send([made], hold=step.more % 6 == 0)


def says(world: World, step: Step) -> None:
    _put(world, step, lambda cmid: m.Send(cmid, TEXTS[step.how % len(TEXTS)]))


def repeats(world: World, step: Step) -> None:
    """The page sends once more what it sent before, as after a lost acknowledgement."""
    page, wire = _end(world, step)
    if page.sent:
        cmid, frame = page.sent[step.how % len(page.sent)]
        page.outbox.setdefault(cmid, frame)
        world.told(f"{world.name(page.conversation)}, again: {frame}")
        wire.send([frame], hold=step.more % 6 == 0)


def reuses(world: World, step: Step) -> None:
    """Another text under an id that has its line."""
    page, _ = _end(world, step)
    sent = world.watch.views[page.conversation].sent
    used = [
        cmid
        for (author, _, cmid), stored in sent.items()
        if author == Author.CUSTOMER and stored.message.kind is Kind.TEXT
    ]
    if not used:
        return
    cmid = used[step.how % len(used)]
    world.told(f"{world.name(page.conversation)}: other words under {cmid}")
    says_so = world.bridge.customer_says(page.client, page.conversation, cmid, "noe annet")
    task = world.tasks.start(Doing("customer"), says_so)
    refused = isinstance(task.error, IdReuse | StoreError)
    must(refused, "cmid", "one id was taken for two contents")


def presses(world: World, step: Step) -> None:
    """A button the page shows, or one that is none."""
    page, _ = _end(world, step)
    shown = [line.seq for line in page.screen if line.buttons]
    seq = shown[step.how % len(shown)] if shown else 1
    _put(world, step, lambda cmid: m.Send(cmid, button=m.Button(seq, step.how % 2)))


def asks(world: World, step: Step) -> None:
    _put(world, step, m.AskPerson)


def chooses(world: World, step: Step) -> None:
    choice = CHOICES[step.how % len(CHOICES)]
    _put(world, step, lambda cmid: m.Choose(cmid, choice))  # type: ignore[arg-type]


def contact(world: World, step: Step) -> None:
    _put(world, step, lambda cmid: m.LeaveContact(cmid, "Anne", "anne@example.no"))


def ends(world: World, step: Step) -> None:
    _put(world, step, m.End)


def rates(world: World, step: Step) -> None:
    _put(world, step, lambda cmid: m.Rate(cmid, 1 + step.how % 5))


def language(world: World, step: Step) -> None:
    chosen = LANGUAGES[step.how % len(LANGUAGES)]
    _put(world, step, lambda cmid: m.SetLanguage(cmid, chosen))  # type: ignore[arg-type]


def pumps(world: World, step: Step) -> None:
    """The service sends to every page; what it sends is on its way."""
    for wire in world.wires:
        wire.pump(hold=step.more % 8 == 0)


def carries(world: World, step: Step) -> None:
    _, wire = _end(world, step)
    wire.carry(1 + step.how % 6, hold=step.more % 6 == 0)


def beats(world: World, step: Step) -> None:
    page, wire = _end(world, step)
    world.told(f"a heartbeat to {world.name(page.conversation)}")
    wire.beat(hold=step.more % 4 == 0)
    wire.carry(step.how % 4)


def cuts(world: World, step: Step) -> None:
    page, wire = _end(world, step)
    world.told(f"{world.name(page.conversation)} loses the connection")
    wire.cut()


def connects(world: World, step: Step) -> None:
    """A new connection, whether the old one stands or not."""
    which = step.who % len(world.pages)
    world.told(f"{world.name(world.pages[which].conversation)} connects")
    world.connect(which, hold=step.more % 6 == 0)


def drops(world: World, step: Step) -> None:
    page, wire = _end(world, step)
    world.told(f"{world.name(page.conversation)} loses a frame, if any is on its way")
    wire.lose(step.how)


def doubles(world: World, step: Step) -> None:
    page, wire = _end(world, step)
    world.told(f"{world.name(page.conversation)} gets a frame twice, if any is on its way")
    wire.double(step.how)


def swaps(world: World, step: Step) -> None:
    page, wire = _end(world, step)
    world.told(
        f"{world.name(page.conversation)} gets two frames in the other order, if any is on its way"
    )
    wire.swap(step.how)
