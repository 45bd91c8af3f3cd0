"""Wake-ups within a process."""

from __future__ import annotations

from handoff.fanout.local import LocalFanout


def test_every_subscriber_of_a_channel_is_woken_until_it_leaves() -> None:
    fanout, woken = LocalFanout(), []
    leave = fanout.subscribe("a", lambda note: woken.append(("one", note)))
    fanout.subscribe("a", lambda note: woken.append(("two", note)))
    fanout.subscribe("b", lambda note: woken.append(("b", note)))
    fanout.publish("a", "x")
    leave()
    leave()
    fanout.publish("a")
    fanout.publish("nobody")
    assert woken == [("one", "x"), ("two", "x"), ("two", "")]


def test_a_subscriber_may_leave_while_it_is_woken() -> None:
    fanout, woken = LocalFanout(), []

    def once(note: str) -> None:
        woken.append(note)
        leave()

    leave = fanout.subscribe("a", once)
    for _ in range(2):
        fanout.publish("a", "x")
    assert woken == ["x"]
