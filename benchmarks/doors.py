"""Where a service's sockets are, and who may open them: all that a generator of load must know."""

from __future__ import annotations

from dataclasses import dataclass

CLIENT = "heimbud"


@dataclass(frozen=True, slots=True)
class Doors:
    """Addresses of a service's sockets, and the origins of the pages that may open them."""

    customer: str
    customer_origin: str
    agent: str
    agent_origin: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A customer and the agent who has the chat, as the service's pages need them."""

    conversation: str
    control: int
    customer_token: str
    agent: str
