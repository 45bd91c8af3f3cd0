"""The people at the desk: who is on, for whom, and with room for one more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    ONLINE = "online"
    PAUSE = "pause"
    OFFLINE = "offline"


class Role(StrEnum):
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    DESIGNER = "designer"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Agent:
    """A person with a login. `clients` are the client companies they may answer for."""

    id: str
    login: str
    name: str
    role: Role
    clients: frozenset[str]
    languages: frozenset[str]
    capacity: int
    active: int = 0
    status: Status = Status.OFFLINE
    session_version: int = 1
    disabled: bool = False

    def may_answer(self, client: str) -> bool:
        return self.at_desk and client in self.clients

    def may_supervise(self, client: str) -> bool:
        """See every ongoing chat of the client company, and say whose it is."""
        return self.role in (Role.SUPERVISOR, Role.ADMIN) and self.may_answer(client)

    def may_manage(self, other: Agent) -> bool:
        """Nobody manages who answers for more companies than they do themselves."""
        return self.role is Role.ADMIN and other.clients <= self.clients

    @property
    def at_desk(self) -> bool:
        return self.role is not Role.DESIGNER and not self.disabled

    def has_room(self) -> bool:
        return self.status is Status.ONLINE and self.active < self.capacity


def slots_for(client: str, agents: Iterable[Agent]) -> int:
    """How many chats the agents on duty for `client` can hold in all."""
    return sum(
        agent.capacity
        for agent in agents
        if agent.status is Status.ONLINE and agent.may_answer(client)
    )
