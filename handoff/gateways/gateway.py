"""What all connections of one side share in this process."""

from __future__ import annotations

from dataclasses import dataclass

from handoff.bridge import Bridge
from handoff.errors import ProtocolError, Unauthenticated
from handoff.gateways.attendance import Attendance
from handoff.metrics import Metrics
from handoff.ports import Fanout, Store
from handoff.protocol import messages as m
from handoff.tokens import TICKET_SECONDS, Bearer, Tokens, Use

BATCH_LINES = 100
NONCE_SECONDS = 2.0 * TICKET_SECONDS


@dataclass(eq=False)
class Gateway:
    """The parts a session works with; `heartbeat` is seconds between two of them."""

    store: Store
    bridge: Bridge
    fanout: Fanout
    tokens: Tokens
    attendance: Attendance
    heartbeat: float
    metrics: Metrics

    async def bearer(self, frame: m.CustomerFrame | m.AgentFrame, kind: str) -> Bearer:
        """Whom a hello stands for; `kind` is customer or agent.

        A ticket is used up; a resume token stays good until too old. Raises ProtocolError,
        Unauthenticated.
        """
        if not isinstance(frame, m.Hello):
            raise ProtocolError("The first frame must be `hello`.")
        if frame.v != m.VERSION:
            raise ProtocolError(f"This server speaks version {m.VERSION}.", cure="Reload the page.")
        if (frame.ticket is None) == (frame.resume_token is None):
            raise ProtocolError("A `hello` carries either `ticket` or `resume_token`.")
        if frame.resume_token is not None:
            bearer = self.tokens.read(Use.RESUME, frame.resume_token)
        else:
            bearer = self.tokens.read(Use.TICKET, frame.ticket or "")
            if not await self.store.write(
                lambda unit: unit.agents.use_nonce(bearer.nonce, unit.now() + NONCE_SECONDS)
            ):
                raise Unauthenticated("The ticket was used before.", cure="Get a new ticket.")
        if bearer.kind != kind:
            raise Unauthenticated("The ticket is for another door.")
        self.metrics.opened(kind, again=frame.resume_token is not None)
        return bearer

    def count_resume(self, side: str, after: int, *, same: bool) -> None:
        """A page asked for what follows `after`; `same` is whether its epoch still holds."""
        self.metrics.resumed(side, "reset" if not same else "continue" if after else "start")
