"""What a supervisor sees: every ongoing chat of their client companies, and who has it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from handoff.core.conversation import Conversation
from handoff.core.roster import Agent, Role
from handoff.ports import Store, Unit
from handoff.routes.guards import Guards

MOST_ROWS = 300


class OverviewRoutes:
    """For supervisors and admins. The chats themselves are read over the socket, as any other."""

    def __init__(self, store: Store, guards: Guards) -> None:
        self._store = store
        self._guards = guards

    def routes(self) -> list[Route]:
        act = self._guards.role(self._overview, Role.SUPERVISOR, Role.ADMIN)
        return [Route("/api/desk/overview", act, methods=["GET"])]

    async def _overview(self, request: Request, agent: Agent) -> Response:
        def read(unit: Unit) -> dict[str, Any]:
            found = unit.conversations.ongoing(agent.clients, MOST_ROWS + 1)
            names = {one.id: one.name for one in unit.agents.all()}
            return {
                "now": unit.now(),
                "more": len(found) > MOST_ROWS,
                "chats": [_row(one, names) for one in found[:MOST_ROWS]],
            }

        return JSONResponse(await self._store.read(read))


def _row(state: Conversation, names: dict[str, str]) -> dict[str, Any]:
    """`since` is when who has it got it, `started` when the contact began: epoch seconds."""
    contact, handoff = state.contact, state.handoff
    return {
        "client": state.client,
        "conversation": state.id,
        "mode": state.mode.value,
        "owner": state.owner.value,
        "agent": state.agent,
        "name": names.get(state.agent or ""),
        "control": state.control,
        "language": state.language,
        "topic": state.topic or (handoff.topic if handoff else None),
        "reason": handoff.reason if handoff else None,
        "front": handoff.front if handoff else False,
        "since": contact.mark if contact else None,
        "started": contact.started if contact else None,
    }
