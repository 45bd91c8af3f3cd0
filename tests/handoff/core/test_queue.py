"""The line, the roster and who meets whom."""

from __future__ import annotations

from dataclasses import replace

from handoff.core.ids import is_client_id, is_id
from handoff.core.roster import Agent, Role, Status, slots_for
from handoff.core.routing import next_for
from handoff.core.waiting_line import Waiter, estimate, in_order, urgency

KARI = Agent(
    "a1",
    "kari",
    "Kari",
    Role.AGENT,
    frozenset({"heimbud"}),
    frozenset({"nb", "nn"}),
    5,
    status=Status.ONLINE,
)


def waiter(handoff: str, since: float, **more: object) -> Waiter:
    first = Waiter(handoff, f"c-{handoff}", "heimbud", "nb", "asked_human", None, False, since, 2)
    return replace(first, **more)  # type: ignore[arg-type]


def test_the_front_comes_first_then_the_most_used_up_promise_then_the_oldest() -> None:
    line = [
        waiter("slow", 0.0, promise=600.0),
        waiter("quick", 50.0, promise=30.0),
        waiter("hurt", 99.0, front=True),
        waiter("old", 0.0, promise=60.0),
    ]
    assert [w.handoff for w in in_order(line, 100.0)] == ["hurt", "old", "quick", "slow"]


def test_a_heavier_client_is_met_sooner_for_the_same_wait() -> None:
    light, heavy = waiter("a", 0.0, weight=1.0), waiter("b", 0.0, weight=2.0)
    assert [w.handoff for w in in_order([light, heavy], 30.0)] == ["b", "a"]
    assert urgency(heavy, 30.0) == 1.0


def test_a_wait_is_estimated_only_when_somebody_is_on_and_something_is_known() -> None:
    assert estimate(6, 5, 120.0) == 240.0
    assert estimate(1, 0, 120.0) is None
    assert estimate(1, 5, None) is None


def test_an_agent_meets_only_own_clients_and_languages() -> None:
    line = [
        waiter("other", 0.0, client="varde"),
        waiter("english", 1.0, language="en"),
        waiter("mine", 2.0),
    ]
    found = next_for(KARI, line, 10.0)
    assert found is not None
    assert found.handoff == "mine"


def test_a_reserved_customer_is_left_to_the_colleague_until_the_reservation_ends() -> None:
    line = [waiter("reserved", 0.0, preferred_agent="a2", preferred_until=60.0)]
    assert next_for(KARI, line, 59.0) is None
    assert next_for(KARI, line, 60.0) is not None


def test_a_full_or_absent_agent_meets_nobody() -> None:
    line = [waiter("w", 0.0)]
    assert next_for(replace(KARI, active=5), line, 1.0) is None
    assert next_for(replace(KARI, status=Status.PAUSE), line, 1.0) is None


def test_slots_count_those_on_duty_for_the_client() -> None:
    paused = replace(KARI, status=Status.PAUSE)
    designer = replace(KARI, role=Role.DESIGNER)
    assert slots_for("heimbud", [KARI, paused, designer]) == 5
    assert slots_for("varde", [KARI]) == 0


def test_ids_have_one_form() -> None:
    assert is_id("0" * 32)
    assert not is_id("0" * 31 + "G")
    assert not is_id("0" * 32 + "\n")
    assert is_client_id("heimbud")
    assert not is_client_id("Heimbud/..")
