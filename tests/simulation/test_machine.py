"""The same world by Hypothesis: it chooses what happens next, and shrinks what breaks."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from handoff.core.conversation import Mode
from tests.simulation import customers, desk, service
from tests.simulation.ending import settle
from tests.simulation.play import act
from tests.simulation.schedule import HOW, KINDS, MORE, WHO, Setup, Step
from tests.simulation.world import World


def kinds_of(part: object) -> st.SearchStrategy[str]:
    return st.sampled_from([kind for kind in KINDS if hasattr(part, kind)])


who, how, more = (st.integers(0, most - 1) for most in (WHO, HOW, MORE))
capacities = st.lists(st.integers(1, 2), min_size=2, max_size=3).map(tuple)


class Service(RuleBasedStateMachine):
    """Customers, agents and the service take turns as Hypothesis likes."""

    world: World

    @initialize(
        customers=st.integers(2, 3),
        capacities=capacities,
        on_duty=st.integers(0, 3),
        starts=st.sampled_from((0.0, 28_200.0, 30_000.0)),
    )
    def begins(
        self, customers: int, capacities: tuple[int, ...], on_duty: int, starts: float
    ) -> None:
        self.world = World(Setup(customers, capacities, on_duty, starts))

    @rule(kind=kinds_of(customers), who=who, how=how, more=more)
    def customer(self, kind: str, who: int, how: int, more: int) -> None:
        act(self.world, Step(kind, who, how, more))

    @rule(kind=kinds_of(desk), who=who, how=how, more=more)
    def agent(self, kind: str, who: int, how: int, more: int) -> None:
        act(self.world, Step(kind, who, how, more))

    @rule(kind=kinds_of(service), who=who, how=how, more=more)
    def goes_its_way(self, kind: str, who: int, how: int, more: int) -> None:
        act(self.world, Step(kind, who, how, more))

    @invariant()
    def one_owner_at_a_time(self) -> None:
        for view in self.world.watch.views.values():
            assert (view.agent is not None) == (view.mode is Mode.AGENT)

    def teardown(self) -> None:
        if hasattr(self, "world") and self.world.watch.broken is None:
            settle(self.world)


TestService = Service.TestCase
TestService.settings = settings(max_examples=80, stateful_step_count=50)
