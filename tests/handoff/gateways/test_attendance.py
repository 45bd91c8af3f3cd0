"""Whether a customer's page is open somewhere, as two processes with one fan-out see it."""

from __future__ import annotations

import asyncio

from handoff.fanout.local import LocalFanout
from handoff.gateways.attendance import SILENT_SECONDS, Attendance, Attended
from tests.service.clocks import HandClock

ONE = "conversation"
PRESENT = Attended(present=True)


async def told(house: House) -> Attended:
    """The last that the desk was told, once all have answered."""
    for _ in range(3):
        await asyncio.sleep(0)
    return house.told[-1]


class House:
    """Two processes, and what a desk at the second was told."""

    def __init__(self) -> None:
        self.clock, fanout = HandClock(1000.0), LocalFanout()
        self.a, self.b = Attendance(fanout, self.clock), Attendance(fanout, self.clock)
        self.told: list[Attended] = []
        self.fanout = fanout

    def open(self) -> None:
        self.stop = self.b.watch(ONE, self.told.append)


async def test_a_page_at_another_process_is_known_when_the_desk_opens_the_chat() -> None:
    house = House()
    house.a.came(ONE)
    house.open()
    assert await told(house) == PRESENT
    house.clock.pass_by(5)
    house.a.went(ONE)
    assert await told(house) == Attended(present=False, since=1005.0)
    house.a.came(ONE)
    assert await told(house) == PRESENT


async def test_a_page_closed_at_one_process_leaves_the_one_at_another() -> None:
    for first in ("a", "b"):
        house = House()
        house.a.came(ONE)
        house.b.came(ONE)
        house.open()
        getattr(house, first).went(ONE)
        assert await told(house) == PRESENT
        getattr(house, "b" if first == "a" else "a").went(ONE)
        assert await told(house) == Attended(present=False, since=1000.0)


async def test_a_process_that_was_killed_is_believed_for_a_while_only() -> None:
    house = House()
    house.a.came(ONE)
    house.open()
    for _ in range(10):
        house.clock.pass_by(10)
        house.b.ask_again()
        assert await told(house) == PRESENT
    house.a._answering.pop(ONE)()  # it says nothing any more
    house.clock.pass_by(SILENT_SECONDS - 1)
    house.b.ask_again()
    assert await told(house) == PRESENT
    house.clock.pass_by(2)
    house.b.ask_again()
    assert await told(house) == Attended(present=False, since=1100.0)


async def test_an_answer_that_was_lost_comes_at_the_next_asking() -> None:
    house = House()
    house.a.came(ONE)
    house.open()
    house.fanout.publish(f"c:{ONE}", "customer_gone:990.0")
    assert await told(house) == PRESENT, "who is there objects"
    house.b._elsewhere.clear()
    house.b.ask_again()
    await told(house)
    assert house.b.of(ONE) == PRESENT


async def test_a_desk_that_left_is_told_nothing_and_nothing_is_kept() -> None:
    house = House()
    house.a.came(ONE)
    house.open()
    house.stop()
    house.stop()
    await told(house)
    count = len(house.told)
    house.a.went(ONE)
    await told(house)
    assert len(house.told) == count
    assert not house.b._elsewhere
    assert not house.b._watches
