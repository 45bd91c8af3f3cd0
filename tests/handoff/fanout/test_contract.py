"""What every fan-out does, within a process or between two."""

from __future__ import annotations

from tests.handoff.fanout.conftest import Ends
from tests.handoff.fanout.waiting import until

LAST = ("last", "")


async def test_it_is_ready_once_others_can_be_woken(ends: Ends) -> None:
    await ends.here.ready()
    await ends.there.ready()


async def test_every_subscriber_of_a_channel_is_woken_until_it_leaves(ends: Ends) -> None:
    woken: list[tuple[str, str]] = []
    leave = ends.there.subscribe("a", lambda note: woken.append(("one", note)))
    ends.there.subscribe("a", lambda note: woken.append(("two", note)))
    ends.there.subscribe("b", lambda note: woken.append(("b", note)))
    ends.here.publish("a", "x")
    await until(lambda: len(woken) >= 2)
    leave()
    leave()
    ends.here.publish("a")
    ends.here.publish("nobody")
    await until(lambda: len(woken) >= 3)
    ends.there.subscribe("last", lambda note: woken.append(LAST))
    ends.here.publish("last")
    await until(lambda: LAST in woken)
    assert woken == [("one", "x"), ("two", "x"), ("two", ""), LAST]


async def test_a_subscriber_may_leave_while_it_is_woken(ends: Ends) -> None:
    woken: list[str] = []

    def once(note: str) -> None:
        woken.append(note)
        leave()

    leave = ends.there.subscribe("a", once)
    ends.there.subscribe("last", lambda note: woken.append("last"))
    for _ in range(2):
        ends.here.publish("a", "x")
    ends.here.publish("last")
    await until(lambda: "last" in woken)
    assert woken == ["x", "last"]


async def test_the_last_of_several_notes_stands_last(ends: Ends) -> None:
    woken: list[str] = []
    ends.there.subscribe("a", woken.append)
    for note in ("typing:1", "typing:0", "typing:1", "typing:0"):
        ends.here.publish("a", note)
    ends.here.publish("a", "end")
    await until(lambda: "end" in woken)
    assert woken[-3:] == ["typing:1", "typing:0", "end"]


async def test_who_publishes_is_woken_once_and_at_once(ends: Ends) -> None:
    woken: list[str] = []
    ends.here.subscribe("a", woken.append)
    ends.there.subscribe("last", woken.append)
    ends.here.publish("a", "x")
    assert woken == ["x"]
    ends.here.publish("last", "last")
    await until(lambda: "last" in woken)
    assert woken == ["x", "last"]
