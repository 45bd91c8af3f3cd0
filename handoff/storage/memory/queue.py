"""The waiting line in memory."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from statistics import fmean

from handoff.core.conversation import Conversation, Mode
from handoff.core.roster import Status
from handoff.core.waiting_line import Waiter
from handoff.errors import AtCapacity, StoreError, Taken
from handoff.records import Load
from handoff.storage.limits import HANDLING_LEAST, HANDLING_SAMPLE
from handoff.storage.memory.world import Place, World


class MemoryQueue:
    def __init__(self, world: World) -> None:
        self._world = world

    def offer(self, conversation: Conversation, now: float) -> None:
        handoff = conversation.handoff
        if handoff is None:
            raise ValueError("only a conversation with a handoff can be offered")
        thread = self._world.threads.get(conversation.id)
        if thread is None or thread.state.client != conversation.client:
            raise StoreError("The database refused a row.")
        for place in self._world.places.values():
            if (
                place.conversation == conversation.id
                and place.state != "done"
                and place.id != handoff.id
            ):
                raise StoreError("The database refused a row.")
        self._put(
            Place(
                id=handoff.id,
                client=conversation.client,
                conversation=conversation.id,
                state="waiting",
                control=conversation.control,
                language=conversation.language,
                reason=handoff.reason,
                topic=handoff.topic,
                front=handoff.front,
                since=handoff.since,
                preferred_agent=handoff.preferred_agent,
                preferred_until=handoff.preferred_until,
            )
        )

    def withdraw(self, handoff: str, cause: str, now: float) -> None:
        place = self._world.places.get(handoff)
        if cause == "claimed" or place is None:
            return
        if place.state != "done" or place.cause is None:
            self._put(replace(place, state="done", cause=cause))

    def waiting(self, clients: Iterable[str], limit: int) -> Sequence[Waiter]:
        by_client: dict[str, list[Place]] = defaultdict(list)
        for place in self._line(clients):
            by_client[place.client].append(place)
        ranked = [
            (rank, place.since, place.id, place)
            for places in by_client.values()
            for rank, place in enumerate(places)
        ]
        ranked.sort(key=lambda row: row[:3])
        return [
            Waiter(
                handoff=place.id,
                conversation=place.conversation,
                client=place.client,
                language=place.language,
                reason=place.reason,
                topic=place.topic,
                front=place.front,
                since=place.since,
                control=place.control,
                preferred_agent=place.preferred_agent,
                preferred_until=place.preferred_until,
            )
            for place in sorted((row[3] for row in ranked[:limit]), key=_order)
        ]

    def length(self, clients: Iterable[str], most: int) -> int:
        return min(most, len(self._line(clients)))

    def loads(self) -> Mapping[str, Load]:
        waiting: dict[str, list[float]] = defaultdict(list)
        for place in self._world.places.values():
            if place.state == "waiting":
                waiting[place.client].append(place.since)
        served = Counter(place.client for place in self._active())
        return {
            client: Load(len(waiting[client]), min(waiting[client], default=None), served[client])
            for client in sorted({*waiting, *served})
        }

    def place(self, client: str, front: bool, since: float) -> int:
        me = (not front, since)
        return 1 + sum((not place.front, place.since) < me for place in self._line([client]))

    def claim(self, agent: str, handoff: str, control: int, lease_until: float) -> None:
        login = self._world.logins.get(agent)
        if (
            login is None
            or login.agent.status is not Status.ONLINE
            or login.agent.active >= login.agent.capacity
        ):
            raise AtCapacity
        place = self._world.places.get(handoff)
        if place is None or place.state != "waiting" or place.control != control:
            raise Taken("Somebody else has this conversation, or the customer no longer waits.")
        busier = replace(login.agent, active=login.agent.active + 1)
        self._world.logins.put(agent, replace(login, agent=busier))
        self._put(
            replace(
                place, state="active", agent=agent, control=control + 1, lease_until=lease_until
            )
        )

    def free(self, agent: str) -> None:
        login = self._world.logins.get(agent)
        if login is not None and login.agent.active > 0:
            freer = replace(login.agent, active=login.agent.active - 1)
            self._world.logins.put(agent, replace(login, agent=freer))

    def held_by(self, agent: str) -> Sequence[tuple[str, str]]:
        held = [place for place in self._active() if place.agent == agent]
        held.sort(key=lambda place: (place.since, place.id))
        return [(place.client, place.conversation) for place in held]

    def renew(self, agent: str, lease_until: float) -> None:
        for place in self._active():
            if place.agent == agent:
                self._world.places.put(place.id, replace(place, lease_until=lease_until))

    def expired(self, now: float) -> Sequence[tuple[str, str, int]]:
        over = [place for place in self._active() if place.lease_until <= now]
        over.sort(key=lambda place: (place.lease_until, place.id))
        return [(place.client, place.conversation, place.control) for place in over]

    def mean_handling(self, client: str) -> float | None:
        handled = [
            row
            for row in self._world.ended.values()
            if row.client == client and row.row.outcome == "person"
        ]
        handled.sort(key=lambda row: row.ended, reverse=True)
        seconds = [row.row.person_seconds for row in handled[:HANDLING_SAMPLE]]
        return None if len(seconds) < HANDLING_LEAST else fmean(seconds)

    def position(self) -> int:
        return self._world.counters.get("position") or 0

    def touch(self) -> None:
        self._world.count("position")

    def follow(self, before: Conversation, after: Conversation) -> None:
        """Keep the line in step with a conversation that moved on without the queue's doing."""
        kept, held = after.handoff, before.handoff
        if held is not None and (kept is None or kept.id != held.id):
            place = self._world.places.get(held.id)
            if place is not None and place.state != "done":
                self._put(replace(place, state="done"))
        moved = (before.control, before.language) != (after.control, after.language)
        if kept is not None and after.mode is Mode.WAITING and moved:
            place = self._world.places.get(kept.id)
            if place is not None and place.state == "waiting":
                self._put(replace(place, control=after.control, language=after.language))

    def _put(self, place: Place) -> None:
        self._world.places.put(place.id, place)
        self._world.count("position")

    def _line(self, clients: Iterable[str]) -> list[Place]:
        among = set(clients)
        places = [
            place
            for place in self._world.places.values()
            if place.state == "waiting" and place.client in among
        ]
        return sorted(places, key=_order)

    def _active(self) -> list[Place]:
        return [place for place in self._world.places.values() if place.state == "active"]


def _order(place: Place) -> tuple[bool, float, str]:
    return (not place.front, place.since, place.id)
