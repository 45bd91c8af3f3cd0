"""The only function that changes a conversation, and the rules behind it."""

from __future__ import annotations

from dataclasses import replace

from handoff.core import events as ev
from handoff.core.conversation import (
    Contact,
    Conversation,
    Handoff,
    Mode,
    Owner,
    handed_to,
)
from handoff.core.effects import (
    AskBot,
    Deliver,
    Effect,
    FreeAgent,
    KeepTask,
    Offer,
    RecordContact,
    WakeBot,
    Withdraw,
)
from handoff.core.message import Audience, Author, Kind, Message
from handoff.core.telling import bot_says, notice, queued, staff_line, state_line
from handoff.errors import NotOwner, Refused, StaleControl, Taken

PREFER_OLD_AGENT_SECONDS = 60.0

Outcome = tuple[Conversation, tuple[Effect, ...]]


def transition(conversation: Conversation, event: ev.Event, now: float) -> Outcome:
    """Apply one event. `now` is seconds since the epoch.

    Returns the new state and the effects to store and carry out, in order.
    Raises Refused (StaleControl, NotOwner, Taken) when the event is not allowed any more.
    """
    match event:
        case ev.ConversationStarted():
            return conversation, (bot_says(event.greeting),)
        case ev.CustomerArrived():
            return conversation, (staff_line(Kind.VISIT, {"page": event.page}),)
        case ev.CustomerSpoke():
            return _customer_spoke(conversation, event, now)
        case ev.BotReplied():
            return _bot_replied(conversation, event, now)
        case ev.BotFailed():
            if not bot_may_speak(conversation, event.control):
                return conversation, ()
            state, effects = _request(conversation, event.request, now)
            return state, (notice("bot_failed"), *effects)
        case ev.HandoffRequested():
            return _request(conversation, event, now)
        case ev.CustomerChose():
            return _customer_chose(conversation, event, now)
        case ev.ContactLeft():
            return _contact_left(conversation, event, now)
        case ev.LanguageChosen():
            return replace(conversation, language=event.language, language_chosen=True), ()
        case ev.AgentClaimed():
            return _claimed(conversation, event, now)
        case ev.AgentSpoke():
            _check_owner(conversation, event.agent, event.control)
            return conversation, (
                Deliver(
                    Message(
                        Author.AGENT,
                        Kind.TEXT,
                        {"text": event.text},
                        author_id=event.agent,
                        author_name=event.name,
                        cmid=event.cmid,
                    )
                ),
            )
        case ev.AgentNoted():
            return conversation, (
                Deliver(
                    Message(
                        Author.AGENT,
                        Kind.NOTE,
                        {"text": event.text},
                        Audience.STAFF,
                        author_id=event.agent,
                        author_name=event.name,
                        cmid=event.cmid,
                    )
                ),
            )
        case ev.AgentTransferred():
            return _transferred(conversation, event, now)
        case ev.ChatRecalled():
            return _recalled(conversation, event, now)
        case ev.AgentReleased():
            return _released(conversation, event, now)
        case ev.LeaseExpired():
            return _lease_expired(conversation, event, now)
        case ev.VerdictGiven():
            verdict = staff_line(Kind.VERDICT, {"verdict": event.verdict}, event.agent, event.cmid)
            return conversation, (verdict,)
        case ev.CustomerRated():
            return _rated(conversation, event)
        case ev.ConversationClosed():
            return _closed(conversation, event, now)


def bot_may_speak(conversation: Conversation, control: int) -> bool:
    """Whether a bot reply ordered under `control` may still be shown."""
    return conversation.owner is Owner.BOT and conversation.control == control


def _check_owner(conversation: Conversation, agent: str, control: int) -> None:
    if conversation.mode is not Mode.AGENT or conversation.agent != agent:
        raise NotOwner("This conversation is not yours any more.")
    if conversation.control != control:
        raise StaleControl("The conversation changed hands since you last saw it.")


def _customer_spoke(conversation: Conversation, event: ev.CustomerSpoke, now: float) -> Outcome:
    body: dict[str, object] = {"text": event.text}
    if event.payload is not None:
        body["payload"] = event.payload
    state = conversation
    effects: list[Effect] = []
    if state.contact is None:
        state = replace(state, contact=Contact(started=now, mark=now))
    if state.mode is Mode.CLOSED:
        # First the bot hears what people said; the new line reaches it as a turn, not twice.
        state = handed_to(state, now, mode=Mode.BOT, owner=Owner.BOT)
        effects += [state_line(state), WakeBot()]
    effects.append(
        Deliver(Message(Author.CUSTOMER, Kind.TEXT, body, cmid=event.cmid, turn_id=event.turn_id))
    )
    if event.masked:
        effects.append(notice("masked", {"kinds": list(event.masked)}))
    if state.owner is Owner.BOT:
        effects.append(
            AskBot(
                event.turn_id,
                state.control,
                event.text if event.payload is None else event.payload,
                event.payload is not None,
            )
        )
    return state, tuple(effects)


def _bot_replied(conversation: Conversation, event: ev.BotReplied, now: float) -> Outcome:
    # What the bot understood is worth keeping for the card even when its words came too late.
    understood = Deliver(
        Message(
            Author.BOT,
            Kind.UNDERSTANDING,
            event.understanding,
            Audience.STAFF,
            turn_id=event.turn_id,
        )
    )
    state = conversation
    if event.topic is not None:
        state = replace(state, topic=event.topic)
    if not bot_may_speak(conversation, event.control):
        return state, (understood,)
    if event.language is not None and not state.language_chosen:
        state = replace(state, language=event.language)
    said = tuple(
        Deliver(
            Message(
                Author.BOT,
                Kind.TEXT,
                {"text": reply.text, "buttons": [dict(button) for button in reply.buttons]},
                turn_id=event.turn_id,
                part=part,
            )
        )
        for part, reply in enumerate(event.replies)
    )
    if event.request is None:
        return state, (understood, *said)
    state, effects = _request(state, event.request, now)
    return state, (understood, *said, *effects)


def _request(conversation: Conversation, event: ev.HandoffRequested, now: float) -> Outcome:
    match conversation.mode:
        case Mode.AGENT:
            return conversation, ()
        case Mode.WAITING:
            if conversation.owner is Owner.NOBODY:
                return conversation, ()
            state = handed_to(conversation, now, mode=Mode.WAITING, owner=Owner.NOBODY)
            return state, (state_line(state), queued(event.desk, event.cmid))
        case _:
            pass
    card = staff_line(Kind.CARD, event.card)
    # What a person is asked for weighs more than the newest guess of an intent.
    state = replace(conversation, topic=event.topic or conversation.topic)
    if not event.desk.open:
        # No false promise: the bot listens on, and a form is kept as a task for the desk.
        told = notice("desk_closed", {"form": "contact"}, event.cmid)
        if state.mode is not Mode.CLOSED:
            return state, (card, WakeBot(), told)
        state = handed_to(state, now, mode=Mode.BOT, owner=Owner.BOT)
        return state, (card, state_line(state), WakeBot(), told)
    handoff = Handoff(event.handoff_id, event.reason, event.topic, event.front, now)
    if state.contact is None:
        state = replace(state, contact=Contact(started=now, mark=now))
    state = replace(handed_to(state, now, mode=Mode.WAITING, owner=Owner.NOBODY), handoff=handoff)
    return state, (card, state_line(state), Offer(), queued(event.desk, event.cmid))


def _customer_chose(conversation: Conversation, event: ev.CustomerChose, now: float) -> Outcome:
    if conversation.mode is not Mode.WAITING:
        return conversation, ()
    match event.choice:
        case ev.Choice.BOT if conversation.owner is Owner.NOBODY:
            state = handed_to(conversation, now, mode=Mode.WAITING, owner=Owner.BOT)
            return state, (state_line(state), WakeBot(), notice("bot_meanwhile", cmid=event.cmid))
        case ev.Choice.STAY if conversation.owner is Owner.BOT:
            state = handed_to(conversation, now, mode=Mode.WAITING, owner=Owner.NOBODY)
            return state, (state_line(state), queued(event.desk, event.cmid))
        case ev.Choice.STAY:
            return conversation, (notice("staying", cmid=event.cmid),)
        case ev.Choice.LEAVE:
            return _left(conversation, event, now)
        case ev.Choice.CONTACT:
            return conversation, (notice("contact_form", {"form": "contact"}, event.cmid),)
        case _:
            return conversation, ()


def _left(conversation: Conversation, event: ev.CustomerChose, now: float) -> Outcome:
    effects: list[Effect] = []
    if conversation.handoff is not None:
        effects.append(Withdraw(conversation.handoff.id, "left"))
    state = replace(conversation, handoff=None)
    state = handed_to(state, now, mode=Mode.BOT, owner=Owner.BOT)
    effects += [state_line(state), WakeBot(), notice("left_queue", cmid=event.cmid)]
    return state, tuple(effects)


def _contact_left(conversation: Conversation, event: ev.ContactLeft, now: float) -> Outcome:
    state = conversation
    if state.mode is not Mode.CLOSED:  # a form filled in after the end begins no contact
        contact = state.contact or Contact(started=now, mark=now)
        state = replace(state, contact=replace(contact, left_task=True))
    effects: list[Effect] = [
        KeepTask(event.task_id, event.name, event.reach, event.text),
        notice("contact_kept", cmid=event.cmid),
    ]
    if state.mode is Mode.WAITING and state.handoff is not None:
        effects.append(Withdraw(state.handoff.id, "contact"))
        state = handed_to(replace(state, handoff=None), now, mode=Mode.BOT, owner=Owner.BOT)
        effects += [state_line(state), WakeBot()]
    return state, tuple(effects)


def _claimed(conversation: Conversation, event: ev.AgentClaimed, now: float) -> Outcome:
    handoff = conversation.handoff
    if conversation.mode is not Mode.WAITING or handoff is None:
        raise Taken("Somebody else has this conversation, or the customer no longer waits.")
    if conversation.control != event.control:
        raise StaleControl("The request changed since you saw it.")
    state = handed_to(conversation, now, mode=Mode.AGENT, owner=Owner.AGENT, agent=event.agent)
    return state, (
        Withdraw(handoff.id, "claimed"),
        state_line(state),
        notice("agent_joined", {"name": event.name}, event.cmid),
    )


def _transferred(conversation: Conversation, event: ev.AgentTransferred, now: float) -> Outcome:
    _check_owner(conversation, event.agent, event.control)
    if event.to == event.agent:
        raise Refused("The conversation is already yours.")
    state = _back_to_queue(conversation, event.to, now)
    effects: list[Effect] = [FreeAgent(event.agent), state_line(state), Offer()]
    if event.note:
        effects.append(staff_line(Kind.NOTE, {"text": event.note}, event.agent))
    effects.append(notice("transferred", cmid=event.cmid))
    return state, tuple(effects)


def _recalled(conversation: Conversation, event: ev.ChatRecalled, now: float) -> Outcome:
    agent = conversation.agent
    if conversation.mode is not Mode.AGENT or agent is None:
        raise Refused("No agent has this conversation.")
    if conversation.control != event.control:
        raise StaleControl("The conversation changed hands since you last saw it.")
    state = _back_to_queue(conversation, None, now)
    told = notice("transferred", cmid=event.cmid)
    return state, (FreeAgent(agent), state_line(state), Offer(), told)


def _released(conversation: Conversation, event: ev.AgentReleased, now: float) -> Outcome:
    _check_owner(conversation, event.agent, event.control)
    state = replace(handed_to(conversation, now, mode=Mode.BOT, owner=Owner.BOT), handoff=None)
    kept = {name: value for name, value in event.slots.items() if value is not None}
    return state, (
        FreeAgent(event.agent),
        state_line(state),
        WakeBot(event.slots),
        notice("handed_back", {"facts": kept}, event.cmid),
    )


def _lease_expired(conversation: Conversation, event: ev.LeaseExpired, now: float) -> Outcome:
    if conversation.mode is not Mode.AGENT or conversation.control != event.control:
        return conversation, ()
    agent = conversation.agent
    state = _back_to_queue(conversation, agent, now)
    freed = () if agent is None else (FreeAgent(agent),)
    return state, (*freed, state_line(state), Offer(), notice("agent_lost"))


def _rated(conversation: Conversation, event: ev.CustomerRated) -> Outcome:
    if conversation.mode is not Mode.CLOSED:
        raise Refused("The conversation goes on: it can be rated when it has ended.")
    line = Message(
        Author.CUSTOMER, Kind.RATING, {"stars": event.stars}, Audience.STAFF, cmid=event.cmid
    )
    return conversation, (Deliver(line),)


def _closed(conversation: Conversation, event: ev.ConversationClosed, now: float) -> Outcome:
    if conversation.mode is Mode.CLOSED:
        return conversation, ()
    if event.agent is not None:
        _check_owner(conversation, event.agent, event.control or 0)
    effects: list[Effect] = []
    if conversation.mode is Mode.WAITING and conversation.handoff is not None:
        effects.append(Withdraw(conversation.handoff.id, "closed"))
    if conversation.mode is Mode.AGENT and conversation.agent is not None:
        effects.append(FreeAgent(conversation.agent))
    # Silence before an idle contact is closed was nobody's work.
    until = now if event.silent_since is None else min(now, event.silent_since)
    state = handed_to(conversation, until, mode=Mode.CLOSED, owner=Owner.NOBODY)
    contact = state.contact
    if contact is not None:
        effects.append(
            RecordContact(
                reason=event.reason or conversation.topic,
                outcome=_outcome(conversation, contact),
                resolved=event.resolved,
                started=contact.started,
                bot_seconds=contact.bot_seconds,
                person_seconds=contact.person_seconds,
                waited_seconds=contact.waited_seconds,
            )
        )
    effects.append(state_line(state))
    if event.by in ("agent", "customer"):
        effects.append(notice("closed", {"by": event.by}, event.cmid))
    return replace(state, contact=None, handoff=None, topic=None), tuple(effects)


def _outcome(conversation: Conversation, contact: Contact) -> str:
    if contact.had_person:
        return "person"
    if contact.left_task:
        return "task"
    return "abandoned" if conversation.mode is Mode.WAITING else "bot"


def _back_to_queue(conversation: Conversation, preferred: str | None, now: float) -> Conversation:
    handoff = conversation.handoff
    if handoff is None:
        raise Refused("The conversation has no request to return to.")
    state = handed_to(conversation, now, mode=Mode.WAITING, owner=Owner.NOBODY)
    return replace(
        state,
        handoff=replace(
            handoff,
            preferred_agent=preferred,
            preferred_until=now + PREFER_OLD_AGENT_SECONDS if preferred else 0.0,
        ),
    )
