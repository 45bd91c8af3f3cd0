"""What is counted while the service works: Prometheus counters and histograms, in memory.

Labels are client ids and words that are fixed here, so the number of series is bounded; nothing
of a customer's goes into one. Every series that can be there is there from the start, at nought:
an alert on its rise then sees the first rise too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Generic, TypeVar

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

from handoff.core import events as ev
from handoff.core.conversation import Conversation
from handoff.core.effects import Deliver, Effect, Offer
from handoff.core.message import Author, Kind

OTHER = "other"
SIDES = ("customer", "agent")
HELLOS = ("ticket", "resume_token")
RESUMES = ("start", "continue", "reset")
REFUSALS = ("bad_request", "path", "origin", "room")
CLOSE_CODES = (1000, 1001, 1005, 1006, 1008, 1009, 1011, 1012, 1013, 4001)
REASONS = (
    "asked_human",
    "frustration",
    "uncertainty",
    "policy",
    "repeated_failure",
    "no_progress",
    "client_system",
    "bot_failed",
)
DECISIONS = ("continue", "clarify", "offer", "handoff")
CAUSES: Mapping[type[ev.Event], str] = {
    ev.HandoffRequested: "requested",
    ev.BotReplied: "requested",
    ev.BotFailed: "requested",
    ev.AgentTransferred: "transferred",
    ev.ChatRecalled: "recalled",
    ev.LeaseExpired: "lease_expired",
}
BOT_FAILURES = ("bot_failed", "bot_unknown", "store_failed", "overloaded")

_ACK_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_BOT_SECONDS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 2.0, 4.0, 8.0, 15.0)
_COMMIT_SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2.0)
_GROUP_UNITS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)

T = TypeVar("T", Counter, Histogram)


class _Children(Generic[T]):
    """A metric's series by their label values, each looked up once, when it is made."""

    def __init__(self, metric: T, *known: Sequence[str]) -> None:
        self._metric: T = metric
        self._known = known
        self._series: dict[tuple[str, ...], T] = {
            labels: metric.labels(*labels) for labels in product(*known)
        }

    def of(self, *labels: str) -> T:
        """The series; a value that is not known counts as `other`."""
        found = self._series.get(labels)
        if found is not None:
            return found
        pairs = zip(labels, self._known, strict=True)
        return self._metric.labels(*(one if one in known else OTHER for one, known in pairs))


class Metrics:
    """Counts what happened. Any thread may call; each call costs about two microseconds.

    `registry` is what is scraped. `clients` are the client companies served, `version` is the
    service's own.
    """

    def __init__(self, clients: Iterable[str], version: str) -> None:
        self.registry = registry = CollectorRegistry()
        served = sorted(clients)
        # They would be a third of the text.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        ProcessCollector(registry=registry)
        build = Gauge(
            "stafett_build_info", "The version that runs.", ["version"], registry=registry
        )
        build.labels(version).set(1)

        def counter(name: str, told: str, **labels: Sequence[str]) -> _Children[Counter]:
            metric = Counter(f"stafett_{name}", told, list(labels), registry=registry)
            return _Children(metric, *labels.values())

        self._messages = counter(
            "messages_stored",
            "Lines that customers, bot, agents and the system wrote to customers.",
            client=served,
            author=[author.value for author in Author],
        )
        self._handoffs = counter(
            "handoffs", "Requests for a person that came into the queue.",
            client=served, reason=REASONS,
        )  # fmt: skip
        self._offers = counter(
            "queue_offers", "Times a conversation was put in the queue.",
            client=served, cause=sorted(set(CAUSES.values())),
        )  # fmt: skip
        self._decisions = counter(
            "bot_decisions", "What the assessment of a turn decided; offer: of a person.",
            client=served, decision=DECISIONS,
        )  # fmt: skip
        self._bot_failures = counter(
            "bot_failures", "Orders to the bot that failed, each try for itself.", code=BOT_FAILURES
        )
        self._hellos = counter(
            "connections_opened", "Connections let in; by resume_token: reconnects.",
            side=SIDES, by=HELLOS,
        )  # fmt: skip
        self._resumes = counter(
            "resumes", "Requests for the lines after a number, or from the start.",
            side=SIDES, how=RESUMES,
        )  # fmt: skip
        self._refusals = counter(
            "connections_refused", "Handshakes turned away, by what was wrong.", reason=REFUSALS
        )
        self._closes = counter(
            "connections_closed", "Connections ended, by websocket close code.",
            side=SIDES, code=[str(code) for code in CLOSE_CODES],
        )  # fmt: skip

        self._acks = _Children(
            Histogram(
                "stafett_ack_seconds",
                "From the receipt of a line to its acknowledgement, after the commit.",
                ["side"], buckets=_ACK_SECONDS, registry=registry,
            ), SIDES,
        )  # fmt: skip
        self._bot_turns = Histogram(
            "stafett_bot_turn_seconds",
            "What the bot took to answer a turn, failed ones included.",
            buckets=_BOT_SECONDS, registry=registry,
        )  # fmt: skip
        self._commits = Histogram(
            "stafett_commit_seconds", "What the database took to make a transaction durable.",
            buckets=_COMMIT_SECONDS, registry=registry,
        )  # fmt: skip
        self._groups = Histogram(
            "stafett_commit_units", "Units of work that one commit made durable.",
            buckets=_GROUP_UNITS, registry=registry,
        )  # fmt: skip

    def committed(self, seconds: float, units: int) -> None:
        self._commits.observe(seconds)
        self._groups.observe(units)

    def moved(self, event: ev.Event, after: Conversation, effects: Sequence[Effect]) -> None:
        """One event of a conversation, once it is stored."""
        client = after.client
        for effect in effects:
            match effect:
                case Deliver(message):
                    if message.kind in (Kind.TEXT, Kind.NOTICE):
                        self._messages.of(client, message.author).inc()
                case Offer():
                    cause = CAUSES.get(type(event), OTHER)
                    self._offers.of(client, cause).inc()
                    if cause == "requested" and after.handoff is not None:
                        self._handoffs.of(client, after.handoff.reason).inc()
                case _:
                    pass
        if isinstance(event, ev.BotReplied):
            assessment = event.understanding.get("assessment")
            if isinstance(assessment, Mapping):
                self._decisions.of(client, str(assessment.get("decision"))).inc()

    def bot_answered(self, seconds: float) -> None:
        """A turn was answered, well or not, after so long."""
        self._bot_turns.observe(seconds)

    def bot_failed(self, code: str) -> None:
        self._bot_failures.of(code).inc()

    def acknowledged(self, side: str, seconds: float) -> None:
        self._acks.of(side).observe(seconds)

    def opened(self, side: str, *, again: bool) -> None:
        """A connection was let in; `again` when by a resume token."""
        self._hellos.of(side, HELLOS[again]).inc()

    def resumed(self, side: str, how: str) -> None:
        """`how`: start, continue, or reset where the history was rewritten meanwhile."""
        self._resumes.of(side, how).inc()

    def refused(self, reason: str) -> None:
        self._refusals.of(reason).inc()

    def closed(self, side: str, code: int) -> None:
        self._closes.of(side, str(code)).inc()
