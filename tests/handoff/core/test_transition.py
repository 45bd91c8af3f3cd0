"""What each event does to a conversation, without a store, a clock or a wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from handoff.core import events as ev
from handoff.core.conversation import Conversation, Handoff, Mode, Owner
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
from handoff.core.message import Audience, Author, Kind, Message, Reply
from handoff.core.transition import transition
from handoff.errors import NotOwner, Refused, StaleControl, Taken

OPEN = ev.Desk(open=True, staffed=True, place=2, wait=120.0)
SHUT = ev.Desk(open=False, staffed=False)
START = Conversation(id="c" * 32, client="heimbud", visitor="v" * 32, epoch="e" * 32)


def spoke(text: str = "hei", turn: str = "t1", cmid: str = "m1") -> ev.CustomerSpoke:
    return ev.CustomerSpoke(text, cmid, turn)


def wants_person(desk: ev.Desk = OPEN, **more: object) -> ev.HandoffRequested:
    return ev.HandoffRequested("h1", "asked_human", desk, **more)  # type: ignore[arg-type]


def waiting(now: float = 10.0) -> Conversation:
    state, _ = transition(START, spoke(), now - 1)
    return transition(state, wants_person(), now)[0]


def with_agent(now: float = 20.0) -> Conversation:
    state = waiting()
    return transition(state, ev.AgentClaimed("a1", "Kari", state.control), now)[0]


def messages(effects: Sequence[Effect]) -> list[Message]:
    return [effect.message for effect in effects if isinstance(effect, Deliver)]


def notices(effects: Sequence[Effect]) -> list[object]:
    return [m.body["code"] for m in messages(effects) if m.kind is Kind.NOTICE]


def of_kind(effects: Sequence[Effect], kind: type[Effect]) -> list[Effect]:
    return [effect for effect in effects if isinstance(effect, kind)]


def test_a_customers_line_is_stored_and_the_bot_is_asked_under_the_present_control() -> None:
    state, effects = transition(START, spoke("hvor er pakken"), 5.0)
    assert messages(effects)[0].body == {"text": "hvor er pakken"}
    assert of_kind(effects, AskBot) == [AskBot("t1", START.control, "hvor er pakken", False)]
    assert state.contact is not None
    assert state.contact.started == 5.0


def test_a_pressed_button_sends_its_payload_to_the_bot_and_shows_its_title() -> None:
    event = ev.CustomerSpoke("Ja", "m1", "t1", payload="/affirm")
    _, effects = transition(START, event, 5.0)
    assert messages(effects)[0].body["text"] == "Ja"
    assert of_kind(effects, AskBot) == [AskBot("t1", 1, "/affirm", True)]


def test_hidden_numbers_are_told_to_the_customer() -> None:
    event = replace(spoke(), masked=("identity_number",))
    assert notices(transition(START, event, 5.0)[1]) == ["masked"]


def test_a_bot_reply_is_shown_in_parts_after_what_it_understood() -> None:
    event = ev.BotReplied("t1", 1, (Reply("en"), Reply("to")), {"nlu": {}}, topic="track_parcel")
    state, effects = transition(START, event, 6.0)
    understood, first, second = messages(effects)
    assert understood.kind is Kind.UNDERSTANDING
    assert understood.audience is Audience.STAFF
    assert [(m.body["text"], m.part) for m in (first, second)] == [("en", 0), ("to", 1)]
    assert state.topic == "track_parcel"


def test_a_reply_ordered_under_an_older_control_is_never_shown() -> None:
    state = waiting()
    event = ev.BotReplied("t1", state.control - 1, (Reply("for sent"),), {"nlu": {}})
    after, effects = transition(state, event, 11.0)
    assert [m.kind for m in messages(effects)] == [Kind.UNDERSTANDING]
    assert after.mode is Mode.WAITING


def test_a_signal_in_the_reply_hands_over_in_the_same_step() -> None:
    event = ev.BotReplied("t1", 1, (Reply("Jeg henter noen."),), {}, request=wants_person())
    state, effects = transition(START, event, 6.0)
    assert (state.mode, state.owner, state.control) == (Mode.WAITING, Owner.NOBODY, 2)
    assert state.handoff == Handoff("h1", "asked_human", None, False, 6.0)
    kinds = [m.kind for m in messages(effects)]
    assert kinds == [Kind.UNDERSTANDING, Kind.TEXT, Kind.CARD, Kind.STATE, Kind.NOTICE]
    assert of_kind(effects, Offer)


def test_what_a_person_is_asked_for_is_what_the_conversation_is_about() -> None:
    event = ev.BotReplied(
        "t1", 1, (), {}, topic="track_parcel", request=wants_person(topic="refund")
    )
    assert transition(START, event, 6.0)[0].topic == "refund"
    guessed = replace(event, request=wants_person())
    assert transition(START, guessed, 6.0)[0].topic == "track_parcel"
    shut = replace(event, request=wants_person(SHUT, topic="refund"))
    assert transition(START, shut, 6.0)[0].topic == "refund"


def test_the_bot_is_silent_from_the_moment_the_customer_waits() -> None:
    state = waiting()
    _, effects = transition(state, spoke("er du der?", "t2", "m2"), 12.0)
    assert not of_kind(effects, AskBot)


def test_a_waiting_customer_may_go_on_with_the_bot_and_keeps_the_place() -> None:
    state = waiting(now=10.0)
    state, effects = transition(state, ev.CustomerChose(ev.Choice.BOT, OPEN), 11.0)
    assert (state.mode, state.owner) == (Mode.WAITING, Owner.BOT)
    assert state.handoff is not None
    assert state.handoff.since == 10.0
    assert of_kind(effects, WakeBot)
    _, effects = transition(state, spoke("når kommer avisa", "t2", "m2"), 12.0)
    assert of_kind(effects, AskBot)


@pytest.mark.parametrize("meanwhile", [(), (ev.Choice.BOT,)])
def test_a_waiting_customer_may_leave_the_queue_for_the_bot(
    meanwhile: tuple[ev.Choice, ...],
) -> None:
    state = waiting(now=10.0)
    for choice in meanwhile:
        state = transition(state, ev.CustomerChose(choice, OPEN), 11.0)[0]
    after, effects = transition(state, ev.CustomerChose(ev.Choice.LEAVE, OPEN, "m3"), 12.0)
    assert (after.mode, after.owner, after.handoff) == (Mode.BOT, Owner.BOT, None)
    assert after.control > state.control
    assert of_kind(effects, Withdraw) == [Withdraw("h1", "left")]
    assert of_kind(effects, WakeBot)
    assert notices(effects) == ["left_queue"]
    with pytest.raises(Taken):
        transition(after, ev.AgentClaimed("a1", "Kari", state.control), 13.0)
    assert transition(after, ev.CustomerChose(ev.Choice.LEAVE, OPEN), 14.0) == (after, ())


def test_a_bot_that_signals_again_meanwhile_only_falls_silent() -> None:
    state = transition(waiting(), ev.CustomerChose(ev.Choice.BOT, OPEN), 11.0)[0]
    event = ev.BotReplied("t2", state.control, (), {}, request=wants_person())
    after, effects = transition(state, event, 12.0)
    assert after.owner is Owner.NOBODY
    assert not of_kind(effects, Offer)


def test_outside_opening_hours_nobody_is_promised_and_a_form_is_shown() -> None:
    state, effects = transition(START, wants_person(SHUT), 10.0)
    assert state.mode is Mode.BOT
    assert notices(effects) == ["desk_closed"]
    assert not of_kind(effects, Offer)


def test_a_left_contact_becomes_a_task_and_ends_the_wait() -> None:
    event = ev.ContactLeft("k1", "Anne", "anne@example.no", "ring meg", "m9")
    state, effects = transition(waiting(), event, 12.0)
    assert of_kind(effects, KeepTask) == [KeepTask("k1", "Anne", "anne@example.no", "ring meg")]
    assert of_kind(effects, Withdraw) == [Withdraw("h1", "contact")]
    assert state.mode is Mode.BOT
    assert state.handoff is None


def test_a_contact_left_after_the_end_is_a_task_and_begins_no_contact() -> None:
    closed = transition(waiting(), ev.ConversationClosed(None, None, None, "idle"), 50.0)[0]
    state, effects = transition(closed, ev.ContactLeft("k1", "Anne", "98765432", "", "m9"), 60.0)
    assert of_kind(effects, KeepTask)
    assert notices(effects) == ["contact_kept"]
    assert state == closed


def test_one_agent_wins_and_the_next_is_told_it_is_taken() -> None:
    state = waiting()
    won, effects = transition(state, ev.AgentClaimed("a1", "Kari", state.control), 20.0)
    assert (won.mode, won.agent, won.control) == (Mode.AGENT, "a1", state.control + 1)
    assert notices(effects) == ["agent_joined"]
    with pytest.raises(Taken):
        transition(won, ev.AgentClaimed("a2", "Ola", state.control), 20.0)


def test_a_claim_of_an_older_request_is_refused() -> None:
    state = waiting()
    with pytest.raises(StaleControl):
        transition(state, ev.AgentClaimed("a1", "Kari", state.control - 1), 20.0)


@pytest.mark.parametrize(
    ("agent", "shift", "error"), [("a2", 0, NotOwner), ("a1", -1, StaleControl)]
)
def test_only_the_owner_under_the_present_control_may_speak(
    agent: str, shift: int, error: type[Refused]
) -> None:
    state = with_agent()
    with pytest.raises(error):
        transition(state, ev.AgentSpoke(agent, "X", state.control + shift, "m3", "hei"), 21.0)


def test_an_agents_line_and_note_go_to_their_own_audience() -> None:
    state = with_agent()
    said = transition(state, ev.AgentSpoke("a1", "Kari", state.control, "m3", "Hei"), 21.0)[1]
    noted = transition(state, ev.AgentNoted("a2", "Ola", "m4", "obs"), 21.0)[1]
    assert messages(said)[0].audience is Audience.CUSTOMER
    assert messages(said)[0].author is Author.AGENT
    assert messages(noted)[0].audience is Audience.STAFF


def test_a_lost_agent_gives_the_customer_back_the_original_place() -> None:
    state = with_agent()
    after, effects = transition(state, ev.LeaseExpired(state.control), 100.0)
    assert after.mode is Mode.WAITING
    assert after.handoff is not None
    assert (after.handoff.since, after.handoff.preferred_agent) == (10.0, "a1")
    assert of_kind(effects, FreeAgent) == [FreeAgent("a1")]
    assert notices(effects) == ["agent_lost"]


def test_a_lease_that_ran_out_under_an_older_owner_changes_nothing() -> None:
    state = with_agent()
    assert transition(state, ev.LeaseExpired(state.control - 1), 100.0) == (state, ())


def test_a_transfer_reserves_the_customer_for_the_colleague() -> None:
    state = with_agent()
    event = ev.AgentTransferred("a1", state.control, to="a2", note="kan forsikring")
    after, effects = transition(state, event, 30.0)
    assert after.handoff is not None
    assert after.handoff.preferred_agent == "a2"
    assert Kind.NOTE in [m.kind for m in messages(effects)]


def test_a_handback_wakes_the_bot_with_the_slots_and_the_agents_words_are_late() -> None:
    state = with_agent()
    event = ev.AgentReleased("a1", state.control, {"tracking_number": "HB12345678"})
    after, effects = transition(state, event, 30.0)
    assert (after.mode, after.owner, after.handoff) == (Mode.BOT, Owner.BOT, None)
    assert of_kind(effects, WakeBot) == [WakeBot({"tracking_number": "HB12345678"})]
    with pytest.raises(NotOwner):
        transition(after, ev.AgentSpoke("a1", "Kari", state.control, "m5", "hei"), 31.0)


def test_a_contact_ends_as_one_row_with_its_seconds() -> None:
    state = with_agent(now=20.0)  # spoke at 9, waited from 10, met at 20
    event = ev.ConversationClosed("a1", state.control, "damaged", "agent", resolved=True)
    after, effects = transition(state, event, 50.0)
    row = RecordContact("damaged", "person", True, 9.0, 1.0, 30.0, 10.0)
    assert of_kind(effects, RecordContact) == [row]
    assert (after.mode, after.contact) == (Mode.CLOSED, None)


def test_silence_before_an_idle_contact_is_closed_is_nobodys_time() -> None:
    state = transition(START, spoke(), 1.0)[0]
    idle = ev.ConversationClosed(None, None, None, "idle", silent_since=21.0)
    (row,) = of_kind(transition(state, idle, 1821.0)[1], RecordContact)
    assert isinstance(row, RecordContact)
    assert row.bot_seconds == 20.0


@pytest.mark.parametrize(
    ("state", "outcome"),
    [(transition(START, spoke(), 1.0)[0], "bot"), (waiting(), "abandoned")],
)
def test_a_contact_without_a_person_says_how_it_ended(state: Conversation, outcome: str) -> None:
    _, effects = transition(state, ev.ConversationClosed(None, None, None, "customer"), 50.0)
    (row,) = of_kind(effects, RecordContact)
    assert isinstance(row, RecordContact)
    assert row.outcome == outcome


def test_closing_twice_leaves_one_row() -> None:
    ended = ev.ConversationClosed(None, None, None, "customer")
    closed = transition(waiting(), ended, 50.0)[0]
    assert transition(closed, ended, 51.0) == (closed, ())


def test_a_customer_who_writes_again_comes_back_to_the_bot_in_the_same_thread() -> None:
    closed = transition(
        with_agent(), ev.ConversationClosed("a1", with_agent().control, "x", "agent"), 50.0
    )[0]
    after, effects = transition(closed, spoke("en ting til", "t9", "m9"), 60.0)
    assert (after.id, after.mode, after.owner) == (closed.id, Mode.BOT, Owner.BOT)
    kinds = [type(effect) for effect in effects]
    assert kinds.index(WakeBot) < kinds.index(AskBot)
    assert of_kind(effects, AskBot) == [AskBot("t9", after.control, "en ting til", False)]


def test_a_bot_that_gives_up_apologises_and_passes_on() -> None:
    event = ev.BotFailed("t1", START.control, wants_person())
    state, effects = transition(START, event, 10.0)
    assert state.mode is Mode.WAITING
    assert notices(effects) == ["bot_failed", "queued"]


def test_a_chosen_language_is_not_overruled_by_the_bot() -> None:
    state = transition(START, ev.LanguageChosen("nn"), 1.0)[0]
    after, _ = transition(state, ev.BotReplied("t1", 1, (), {}, language="en"), 2.0)
    assert after.language == "nn"
    assert transition(START, ev.BotReplied("t1", 1, (), {}, language="en"), 2.0)[0].language == "en"


def test_a_supervisor_recalls_a_chat_to_its_old_place_in_the_queue() -> None:
    held = with_agent()
    state, effects = transition(held, ev.ChatRecalled("s1", held.control, "m9"), 30.0)
    assert (state.mode, state.owner, state.agent) == (Mode.WAITING, Owner.NOBODY, None)
    assert state.control == held.control + 1
    assert state.handoff is not None
    assert held.handoff is not None
    assert (state.handoff.since, state.handoff.preferred_agent) == (held.handoff.since, None)
    assert of_kind(effects, FreeAgent) == [FreeAgent("a1")]
    assert of_kind(effects, Offer)
    assert notices(effects) == ["transferred"]


def test_a_recall_of_what_has_changed_hands_or_is_nobodys_is_refused() -> None:
    held = with_agent()
    with pytest.raises(StaleControl):
        transition(held, ev.ChatRecalled("s1", held.control - 1), 30.0)
    for state in (START, waiting()):
        with pytest.raises(Refused):
            transition(state, ev.ChatRecalled("s1", state.control), 30.0)


def test_the_history_names_the_supervisor_who_gave_a_chat_away() -> None:
    assert ev.actor(ev.ChatRecalled("s1", 2)) == "s1"
    assert ev.actor(ev.AgentClaimed("a1", "Kari", 2, by="s1")) == "s1"
    assert ev.actor(ev.AgentClaimed("a1", "Kari", 2)) == "a1"
