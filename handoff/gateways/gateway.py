"""What all connections of one side share in this process."""

from __future__ import annotations

from handoff.bridge import Bridge
from handoff.gateways.attendance import Attendance
from handoff.ports import Fanout, Store
from handoff.tokens import Tokens


class Gateway:
    """The parts a session works with; `heartbeat` is seconds between two of them."""

    def __init__(
        self,
        store: Store,
        bridge: Bridge,
        fanout: Fanout,
        tokens: Tokens,
        attendance: Attendance,
        heartbeat: float,
    ) -> None:
        self.store = store
        self.bridge = bridge
        self.fanout = fanout
        self.tokens = tokens
        self.attendance = attendance
        self.heartbeat = heartbeat
