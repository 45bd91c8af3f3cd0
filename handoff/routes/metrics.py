"""`/metrics` in Prometheus' text form: what was counted, and how things stand at this moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from handoff.clients import Client
from handoff.core.roster import Agent, Status
from handoff.errors import StafettError
from handoff.metrics import OTHER, Metrics
from handoff.ports import Store, Unit
from handoff.records import Backlog, Load
from handoff.routes.inside import Inside
from handoff.routes.parts import Part, Parts, State

READ_SECONDS = 5.0

Connections = Callable[[], tuple[Mapping[str, int], int]]
"""How many customers' pages are open for each client company, and how many desks."""


@dataclass(frozen=True, slots=True)
class Situation:
    """How things stand in the database. `now` is its time, in epoch seconds."""

    now: float
    loads: Mapping[str, Load]
    backlog: Backlog
    agents: Sequence[Agent]


class MetricsRoutes:
    """For the internal listener only. A database that is gone takes its own gauges with it."""

    def __init__(
        self,
        metrics: Metrics,
        store: Store,
        parts: Parts,
        clients: Mapping[str, Client],
        connections: Connections,
    ) -> None:
        self._metrics = metrics
        self._store = store
        self._parts = parts
        self._clients = sorted(clients)
        self._promises = {name: clients[name].handoff.promise_seconds for name in self._clients}
        self._connections = connections

    def inner_routes(self, inside: Inside) -> list[Route]:
        return [Route("/metrics", inside.only(self.show))]

    async def show(self, request: Request) -> Response:
        parts, situation = await asyncio.gather(self._parts.look(), self._situation())
        open_now, desks = self._connections()
        customers = {client: open_now.get(client, 0) for client in self._clients}
        moment = CollectorRegistry()
        moment.register(
            _Moment([*_open(customers, desks), *_parts(parts), _promised(self._promises)])
        )
        if situation is not None:
            moment.register(_Moment([*_standing(situation, self._clients)]))
        # A thousand lines take some milliseconds, which nobody's message shall wait for.
        text = await asyncio.to_thread(
            lambda: generate_latest(self._metrics.registry) + generate_latest(moment)
        )
        return Response(
            text, headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"}
        )

    async def _situation(self) -> Situation | None:
        try:
            async with asyncio.timeout(READ_SECONDS):
                return await self._store.read(_read)
        except (StafettError, TimeoutError):
            return None


class _Moment(Collector):
    """Gauges that hold for one scrape."""

    def __init__(self, families: Sequence[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        return iter(self._families)


def _read(unit: Unit) -> Situation:
    return Situation(unit.now(), unit.queue.loads(), unit.outbox.backlog(), unit.agents.all())


def _gauge(name: str, told: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"stafett_{name}", told, labels=[label])
    for value in values:
        family.add_metric([value], values[value])
    return family


def _standing(situation: Situation, clients: Sequence[str]) -> Iterator[Metric]:
    loads = _joined(situation.loads, clients)
    waits = {
        client: 0.0 if load.since is None else max(0.0, situation.now - load.since)
        for client, load in loads.items()
    }
    on_duty = {
        client: sum(
            agent.status is Status.ONLINE and agent.may_answer(client) for agent in situation.agents
        )
        for client in clients
    }
    yield _gauge(
        "queue_waiting", "Customers in the queue.", "client",
        {client: load.waiting for client, load in loads.items()},
    )  # fmt: skip
    yield _gauge(
        "queue_oldest_wait_seconds", "How long the first in the queue has waited.", "client", waits
    )
    yield _gauge(
        "chats", "Customers who are with an agent.", "client",
        {client: load.served for client, load in loads.items()},
    )  # fmt: skip
    yield _gauge("agents_on_duty", "Agents online for the client company.", "client", on_duty)
    backlog = situation.backlog
    yield GaugeMetricFamily(
        "stafett_outbox_orders", "Orders to the bot that are not done.", value=backlog.orders
    )
    age = 0.0 if backlog.oldest is None else max(0.0, situation.now - backlog.oldest)
    yield GaugeMetricFamily(
        "stafett_outbox_oldest_seconds", "The age of the oldest order to the bot.", value=age
    )


def _joined(loads: Mapping[str, Load], clients: Sequence[str]) -> dict[str, Load]:
    """One load for each client served; companies whose file was taken away are one together."""
    joined = dict.fromkeys(clients, Load()) | {
        client: load for client, load in loads.items() if client in clients
    }
    gone = [load for client, load in loads.items() if client not in clients]
    if gone:
        joined[OTHER] = Load(
            sum(load.waiting for load in gone),
            min((load.since for load in gone if load.since is not None), default=None),
            sum(load.served for load in gone),
        )
    return joined


def _open(customers: Mapping[str, int], desks: int) -> Iterator[Metric]:
    yield _gauge("customer_connections", "Open pages of customers.", "client", customers)
    yield GaugeMetricFamily("stafett_desk_connections", "Open desks.", value=desks)


def _parts(parts: Mapping[str, Part]) -> Iterator[Metric]:
    known = {
        name: float(part.state is State.OK)
        for name, part in parts.items()
        if part.state is not State.UNKNOWN
    }
    yield _gauge("part_up", "1 while the part works; absent while not known.", "part", known)


def _promised(promises: Mapping[str, float]) -> Metric:
    told = "How long a customer is to wait at most, by the client company's file."
    return _gauge("queue_promise_seconds", told, "client", promises)
