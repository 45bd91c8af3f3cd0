"""The people of the desk, as an admin among them manages them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from handoff.bridge.claims import Claims
from handoff.bridge.unit_of_work import QUEUE, Work
from handoff.clients import LANGUAGES
from handoff.core import events as ev
from handoff.core.roster import Agent, Role, Status
from handoff.errors import InputError, NotAllowed, NotFound

MOST_CHATS = 50


def person(
    id_: str,
    login: str,
    name: str,
    role: str,
    clients: Collection[str],
    languages: Collection[str] | None,
    capacity: int,
    known: Collection[str],
) -> Agent:
    """Somebody to be hired or changed. Raises InputError naming what is wrong."""
    for client in clients:
        if client not in known:
            raise InputError(
                f"There is no client `{client}`.", cure=f"Use: {', '.join(sorted(known))}."
            )
    for language in languages or ():
        if language not in LANGUAGES:
            raise InputError(f"There is no language `{language}`.", cure="Use nb, nn or en.")
    if role not in {one.value for one in Role}:
        raise InputError(
            f"There is no role `{role}`.", cure=f"Use: {', '.join(r.value for r in Role)}."
        )
    if not login.strip() or not name.strip():
        raise InputError("Login and name must not be empty.")
    if not 1 <= capacity <= MOST_CHATS:
        raise InputError(f"`capacity` is {capacity}.", cure=f"Use 1 to {MOST_CHATS}.")
    return Agent(
        id=id_,
        login=login.strip(),
        name=name.strip(),
        role=Role(role),
        clients=frozenset(clients),
        languages=frozenset(languages or LANGUAGES),
        capacity=capacity,
    )


def change_to(w: Work, wished: Agent, by: str) -> Agent:
    """Store somebody as wished. Their sessions end; chats they may not have any more go back to
    the queue, in the name of `by` (an agent's id, or `system` for the command line).
    """
    w.unit.agents.update(wished)
    if not wished.at_desk:
        w.unit.agents.set_status(wished.id, Status.OFFLINE, w.now())
    for client, conversation in w.unit.queue.held_by(wished.id):
        if not wished.may_answer(client):
            state = w.conversation(client, conversation)
            w.apply(state, ev.ChatRecalled(by, state.control))
    w.wakes.add(QUEUE)
    return w.unit.agents.get(wished.id) or wished


class People:
    """Adds and changes logins for an admin. Who answers for a client company the admin does not
    is nobody the admin can see; and nobody changes themselves.
    """

    def __init__(self, claims: Claims) -> None:
        self._claims = claims

    def of(self, admin: Agent, everybody: Iterable[Agent]) -> Sequence[Agent]:
        """Those this admin manages, themselves among them."""
        return [one for one in map(self._known, everybody) if admin.may_manage(one)]

    async def add(
        self,
        admin: Agent,
        login: str,
        name: str,
        role: str,
        clients: Collection[str],
        capacity: int,
        hashed: str,
    ) -> Agent:
        """Raises InputError (also when the login is taken), NotAllowed."""
        made = self._checked(admin, self._claims.new_id(), login, name, role, clients, capacity)

        def work(w: Work) -> Agent:
            w.unit.agents.add(made, hashed)
            w.wakes.add(QUEUE)
            return made

        return await self._claims.commit(work)

    async def change(
        self,
        admin: Agent,
        who: str,
        name: str,
        role: str,
        clients: Collection[str],
        capacity: int,
        disabled: bool,
    ) -> Agent:
        """Their sessions end, and chats they may not have any more go back to the queue."""

        def work(w: Work) -> Agent:
            found = self._other(admin, w, who)
            wished = self._checked(admin, who, found.login, name, role, clients, capacity)
            wished = replace(wished, languages=found.languages, disabled=disabled)
            return change_to(w, wished, admin.id)

        return await self._claims.commit(work)

    async def set_password(self, admin: Agent, who: str, hashed: str) -> None:
        """Their sessions end."""

        def work(w: Work) -> None:
            w.unit.agents.set_password(self._other(admin, w, who).id, hashed)

        await self._claims.commit(work)

    def _other(self, admin: Agent, w: Work, who: str) -> Agent:
        found = w.unit.agents.get(who)
        if found is None or not admin.may_manage(self._known(found)):
            raise NotFound("There is no such person.")
        if who == admin.id:
            raise NotAllowed("Nobody changes their own rights.", cure="Ask another admin.")
        return found

    def _known(self, agent: Agent) -> Agent:
        # A client whose file was taken away may still stand in the agent's row.
        return replace(agent, clients=agent.clients & self._claims.clients.keys())

    def _checked(
        self,
        admin: Agent,
        id_: str,
        login: str,
        name: str,
        role: str,
        clients: Collection[str],
        capacity: int,
    ) -> Agent:
        # Another company's name is as unknown here as one that does not exist.
        own = admin.clients & self._claims.clients.keys()
        return person(id_, login, name, role, clients, None, capacity, own)
