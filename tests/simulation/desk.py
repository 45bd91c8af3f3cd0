"""What agents and a supervisor do. They know a conversation as it was when they began."""

from __future__ import annotations

from handoff.core.conversation import Mode
from handoff.core.roster import Agent, Status
from handoff.errors import StoreError
from tests.simulation.invariants import must
from tests.simulation.page import Page
from tests.simulation.schedule import Step
from tests.simulation.tasks import Doing, Task
from tests.simulation.world import Asked, Request, World

STATUSES = (Status.ONLINE, Status.ONLINE, Status.PAUSE, Status.OFFLINE)
VERDICTS = ("needed", "needless", "too_late")


def _agent(world: World, step: Step) -> Agent:
    return world.agents[step.who % len(world.agents)]


def _own(world: World, agent: Agent, step: Step) -> tuple[Page, int]:
    """A page of one of the agent's customers, or anybody's; control as seen, now and then old."""
    pages = world.pages
    own = [one for one in pages if world.watch.views[one.conversation].agent == agent.id]
    among = pages if not own or step.how % 8 == 0 else own
    page = among[step.how % len(among)]
    stale = step.more % 9 == 0
    return page, world.watch.views[page.conversation].control - stale


def _start(
    world: World,
    step: Step,
    agent: Agent,
    what: str,
    page: Page | None,
    cmid: str,
    request: Request,
) -> None:
    """`cmid` is the request's own, under which it leaves its line."""
    whom = "" if page is None else f" {world.name(page.conversation)}"
    task = world.tasks.start(Doing(what, agent.id), request(), hold=step.more % 5 == 0)
    world.asked[agent.id] = Asked(what, cmid, request, task)
    world.told(f"{agent.name} {what}{whom}: {_outcome(task)}")


def _outcome(task: Task) -> str:
    if not task.done:
        return "under way"
    return "done" if task.error is None else task.error.code


def claims(world: World, step: Step) -> None:
    """One request of the line, perhaps as it stood before."""
    agent = _agent(world, step)
    page = world.pages[step.how % len(world.pages)]
    waiting = [
        one for one in world.pages if world.watch.views[one.conversation].mode is Mode.WAITING
    ]
    if waiting and step.how % 7:
        page = waiting[step.how % len(waiting)]
    view = world.watch.views[page.conversation]
    handoff = view.handoff or world.new_id()
    control = view.control - (step.more % 9 == 0)
    request = world.new_cmid()
    _start(
        world,
        step,
        agent,
        "claims",
        page,
        request,
        lambda: world.bridge.claim(
            agent, page.client, page.conversation, handoff, control, request
        ),
    )


def takes(world: World, step: Step) -> None:
    """Whoever is next."""
    agent, request = _agent(world, step), world.new_cmid()
    _start(
        world, step, agent, "takes", None, request, lambda: world.bridge.claim_next(agent, request)
    )


def answers(world: World, step: Step) -> None:
    agent = _agent(world, step)
    page, control = _own(world, agent, step)
    cmid = world.new_cmid()
    world.watch.controls[agent.id, cmid] = control
    _start(
        world,
        step,
        agent,
        "answers",
        page,
        cmid,
        lambda: world.bridge.agent_says(
            agent, page.client, page.conversation, control, cmid, "Hei, jeg ser på det."
        ),
    )


def notes(world: World, step: Step) -> None:
    agent, cmid = _agent(world, step), world.new_cmid()
    page, _ = _own(world, agent, step)
    _start(
        world,
        step,
        agent,
        "notes",
        page,
        cmid,
        lambda: world.bridge.note(agent, page.client, page.conversation, cmid, "ringer i morgen"),
    )


def transfers(world: World, step: Step) -> None:
    """To a colleague, or back to the line."""
    agent, request = _agent(world, step), world.new_cmid()
    page, control = _own(world, agent, step)
    to = None if step.how % 2 else world.agents[step.how % len(world.agents)].id
    note = "" if step.how % 3 else "Vil ha svar på engelsk."
    _start(
        world,
        step,
        agent,
        "transfers",
        page,
        request,
        lambda: world.bridge.transfer(
            agent, page.client, page.conversation, control, to, note, request
        ),
    )


def returns(world: World, step: Step) -> None:
    """Back to the bot."""
    agent, request = _agent(world, step), world.new_cmid()
    page, control = _own(world, agent, step)
    _start(
        world,
        step,
        agent,
        "returns",
        page,
        request,
        lambda: world.bridge.hand_back(agent, page.client, page.conversation, control, {}, request),
    )


def finishes(world: World, step: Step) -> None:
    agent, request = _agent(world, step), world.new_cmid()
    page, control = _own(world, agent, step)
    _start(
        world,
        step,
        agent,
        "finishes",
        page,
        request,
        lambda: world.bridge.finish(
            agent, page.client, page.conversation, control, "other", True, request
        ),
    )


def judges(world: World, step: Step) -> None:
    agent, request = _agent(world, step), world.new_cmid()
    page, _ = _own(world, agent, step)
    verdict = VERDICTS[step.how % len(VERDICTS)]
    _start(
        world,
        step,
        agent,
        "judges",
        page,
        request,
        lambda: world.bridge.verdict(agent, page.client, page.conversation, verdict, request),
    )


def assigns(world: World, step: Step) -> None:
    """The supervisor gives a chat to somebody, or back to the line."""
    page = world.pages[step.who % len(world.pages)]
    control = world.watch.views[page.conversation].control - (step.more % 9 == 0)
    to = None if step.how % 4 == 0 else world.agents[step.how % len(world.agents)].id
    request = world.new_cmid()
    _start(
        world,
        step,
        world.supervisor,
        "assigns",
        page,
        request,
        lambda: world.bridge.assign(
            world.supervisor, page.client, page.conversation, control, to, request
        ),
    )


def insists(world: World, step: Step) -> None:
    """The same request once more, as after an answer that got lost: it must change no more."""
    agent = _agent(world, step)
    asked = world.asked.get(agent.id)
    if asked is None:
        return
    first, lines = asked.first, world.watch.lines
    task = world.tasks.start(Doing(asked.what, agent.id), asked.request())
    world.told(f"{agent.name} {asked.what}, once more: {_outcome(task)}")
    if (
        not first.done
        or first.error is not None
        or isinstance(task.error, StoreError)
        or not world.watch.has(asked.cmid)
    ):
        return
    if asked.what == "takes":
        if world.watch.views[first.result.id].agent != agent.id:
            return  # that chat is over: it asks for the next one
    elif asked.what != "claims":
        must(task.error is None, "cmid", f"{asked.what} was done, and is refused the second time")
    must(world.watch.lines == lines, "cmid", f"{asked.what} was done twice")


def renews(world: World, step: Step) -> None:
    """An agent's page answers a heartbeat."""
    agent = _agent(world, step)
    world.tasks.start(Doing("renew", agent.id), world.bridge.renew(agent.id))


def status(world: World, step: Step) -> None:
    agent, chosen = _agent(world, step), STATUSES[step.how % len(STATUSES)]
    world.told(f"{agent.name} is {chosen}")
    world.tasks.start(Doing("status"), world.bridge.set_status(agent.id, chosen))
