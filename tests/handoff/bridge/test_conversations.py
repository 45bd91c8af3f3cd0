"""What customers and agents may do, and how often the same thing happens once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from handoff.bridge.sweeper import IDLE_SECONDS
from handoff.core.conversation import Mode, Owner
from handoff.core.message import Audience, Kind
from handoff.core.roster import Status
from handoff.errors import (
    IdReuse,
    InputError,
    NotAllowed,
    NotFound,
)
from handoff.opening_hours import parse_span
from handoff.tokens import new_id
from tests.service.bridge import Workshop, clients, workshop
from tests.service.clocks import OSLO

FNR, CARD = "01010012356", "4111 1111 1111 1111"


async def test_a_visitor_comes_back_to_the_same_thread_and_elsewhere_is_somebody_else(
    shop: Workshop,
) -> None:
    visitor = new_id()
    first, again = [await shop.arrive(visitor=visitor) for _ in range(2)]
    assert first.id == again.id
    assert (await shop.arrive("varde", visitor)).id != first.id
    with pytest.raises(NotFound):
        await shop.arrive("nobody")


async def test_a_language_the_client_has_not_counts_as_not_chosen(shop: Workshop) -> None:
    one = await shop.bridge.arrive("heimbud", new_id(), "", "de")
    assert (one.language, one.language_chosen) == ("nb", False)
    two = await shop.bridge.arrive("heimbud", new_id(), "", "nn")
    assert (two.language, two.language_chosen) == ("nn", True)
    with pytest.raises(NotAllowed):
        await shop.bridge.set_language("heimbud", one.id, "de")
    await shop.bridge.set_language("heimbud", one.id, "en")
    assert (await shop.state(one)).language == "en"


@pytest.mark.parametrize("verb", ["says", "presses", "asks", "contact", "end"])
async def test_a_customers_command_again_gets_the_first_answer(shop: Workshop, verb: str) -> None:
    one, cmid = await shop.arrive(), new_id()
    buttons = [{"title": "Ja", "payload": "/affirm"}, {"title": "Nei", "payload": "/deny"}]
    shop.bot.orders.append({"messages": [{"text": "Ja?", "buttons": buttons}]})
    await shop.bridge.customer_says("heimbud", one.id, new_id(), "hei")
    await shop.quiet()
    seq = (await shop.lines(one))[-1].customer_seq or 0

    async def do(*, otherwise: bool = False) -> int:
        match verb:
            case "says":
                return await shop.bridge.customer_says(
                    "heimbud", one.id, cmid, "to" if otherwise else "en"
                )
            case "presses":
                return await shop.bridge.customer_presses(
                    "heimbud", one.id, cmid, seq, int(otherwise)
                )
            case "asks" if not otherwise:
                return await shop.bridge.ask_person("heimbud", one.id, cmid)
            case "contact":
                text = "ring" if otherwise else "skriv"
                return await shop.bridge.leave_contact(
                    "heimbud", one.id, cmid, "Anne", "98765432", text
                )
            case "end" if not otherwise:
                return await shop.bridge.end("heimbud", one.id, cmid)
            case _:
                return await shop.bridge.choose("heimbud", one.id, cmid, "stay")

    first = await do()
    assert first > 0
    count = len(await shop.lines(one, Audience.STAFF))
    assert await do() == first
    assert len([m for m in await shop.lines(one) if m.message.cmid == cmid]) == 1
    assert len(await shop.lines(one, Audience.STAFF)) == count
    with pytest.raises(IdReuse):
        await do(otherwise=True)


async def test_a_button_sends_the_servers_payload_and_its_title_is_shown(shop: Workshop) -> None:
    one = await shop.arrive()
    buttons = [{"title": "Ja", "payload": "/affirm"}]
    shop.bot.orders.append({"messages": [{"text": "Ja?", "buttons": buttons}]})
    await shop.bridge.customer_says("heimbud", one.id, new_id(), "/affirm")
    await shop.quiet()
    seq = (await shop.lines(one))[-1].customer_seq or 0
    await shop.bridge.customer_presses("heimbud", one.id, new_id(), seq, 0)
    await shop.quiet()
    asked = [(body["text"], body["input"]) for body in shop.bot.received]
    assert asked == [("/affirm", "text"), ("/affirm", "payload")]
    assert "customer: Ja" in await shop.said(one)
    for wrong in ((seq, 1), (seq + 99, 0), (1, 0)):
        with pytest.raises(NotFound):
            await shop.bridge.customer_presses("heimbud", one.id, new_id(), *wrong)


async def test_numbers_are_masked_before_they_are_stored_or_sent(shop: Workshop) -> None:
    one, agent = await shop.arrive(), await shop.hire("Kari")
    bridge = shop.bridge
    await bridge.customer_says("heimbud", one.id, new_id(), f"jeg er {FNR}")
    await shop.quiet()
    await bridge.ask_person("heimbud", one.id, new_id())
    form = ("Anne " + FNR, "anne@example.no, kort " + CARD, f"konto {FNR}")
    await bridge.leave_contact("heimbud", one.id, new_id(), *form)
    await bridge.ask_person("heimbud", one.id, new_id())
    state = await shop.claim(agent, one)
    await bridge.agent_says(agent, "heimbud", one.id, state.control, new_id(), f"ser {FNR}")
    await bridge.note(agent, "heimbud", one.id, new_id(), f"kort {CARD}")
    await bridge.arrive("heimbud", one.visitor, f"https://x.example/{FNR}/", None)
    await bridge.hand_back(
        agent, "heimbud", one.id, state.control, {"delivery_note": FNR}, new_id()
    )
    await shop.quiet()
    stored = repr(await shop.lines(one, Audience.STAFF)) + repr(shop.bot.raw)
    stored += repr(await shop.store.read(lambda u: list(u.ledger.tasks(["heimbud"], False))))
    assert FNR not in stored
    assert CARD not in stored
    assert "anne@example.no" in stored
    assert "[masked]" in await shop.said(one)


@pytest.mark.parametrize(
    ("slot", "value", "kept"),
    [
        ("tracking_number", "hb 1234 5678", "HB12345678"),
        ("policy_number", "v1234567", "V-1234567"),
        ("claim_number", "24123456", "24-123456"),
        ("postcode", " 5003", "5003"),
        ("delivery_date", "2026-12-01", "2026-12-01"),
        ("delivery_note", "bak garasjen", "bak garasjen"),
        ("tracking_number", "HB1234567", None),
        ("subscription_number", "12345", None),
        ("invoice_number", "sju", None),
        ("policy_number", "V-12345", None),
        ("delivery_date", "1.12.", None),
        ("delivery_date", "2026-02-30", None),
        ("document", "green_card", "green_card"),
        ("document", "alle papirer", None),
    ],
)
async def test_a_fact_for_the_bot_has_its_form_or_does_not_reach_it(
    shop: Workshop, slot: str, value: str, kept: str | None
) -> None:
    one, agent = await shop.arrive(), await shop.hire("Kari")
    await shop.bridge.ask_person("heimbud", one.id, new_id())
    control = (await shop.claim(agent, one)).control

    async def give() -> None:
        await shop.bridge.hand_back(agent, "heimbud", one.id, control, {slot: value}, new_id())

    if kept is None:
        with pytest.raises(InputError, match=f"`{slot}`") as caught:
            await give()
        assert value not in str(caught.value)
        assert (await shop.state(one)).mode is Mode.AGENT
    else:
        await give()
        body = (await shop.lines(one))[-1].message.body
        assert body["params"]["facts"] == {slot: kept}  # type: ignore[index]


@pytest.mark.parametrize("slot", ["verified", "assessment", "requested_slot", "date", "/restart"])
async def test_the_bots_own_bookkeeping_is_not_for_an_agent_to_set(
    shop: Workshop, slot: str
) -> None:
    one, agent = await shop.arrive(), await shop.hire("Kari")
    await shop.bridge.ask_person("heimbud", one.id, new_id())
    control = (await shop.claim(agent, one)).control
    for value in ("HB12345678", None):
        with pytest.raises(InputError, match="no fact"):
            await shop.bridge.hand_back(agent, "heimbud", one.id, control, {slot: value}, new_id())
    assert (await shop.state(one)).mode is Mode.AGENT


async def test_a_form_keeps_what_reaches_a_person(shop: Workshop) -> None:
    one = await shop.arrive()
    form = (" Åse Bø\u200b ", "+47 987 65 432 / ase@example.no", "etter kl. 16")
    await shop.bridge.leave_contact("heimbud", one.id, new_id(), *form)
    (task,) = await shop.store.read(lambda unit: list(unit.ledger.tasks(["heimbud"], True)))
    expected = ("Åse Bø", "+47 987 65 432 / ase@example.no", "etter kl. 16")
    assert (task.name, task.reach, task.text) == expected
    with pytest.raises(InputError, match="reach"):
        await shop.bridge.leave_contact("heimbud", one.id, new_id(), "Åse", " \u200b\n ", "")


async def test_a_waiting_customer_chooses_and_keeps_the_place(shop: Workshop) -> None:
    first, second = await shop.arrive(), await shop.arrive()
    for one in (first, second):
        await shop.bridge.ask_person("heimbud", one.id, new_id())
        shop.clock.pass_by(5)
    before = await shop.state(first)
    assert before.handoff is not None
    await shop.bridge.choose("heimbud", first.id, new_id(), "bot")
    await shop.bridge.customer_says("heimbud", first.id, new_id(), "så lenge")
    await shop.quiet()
    assert "bot: Svar: så lenge" in await shop.said(first)
    shop.bot.orders.append("signal")
    await shop.bridge.customer_says("heimbud", first.id, new_id(), "nei, et menneske")
    await shop.quiet()
    state = await shop.state(first)
    assert (state.mode, state.owner) == (Mode.WAITING, Owner.NOBODY)
    assert state.handoff is not None
    assert state.handoff.since == before.handoff.since
    told = (await shop.lines(first))[-1].message.body
    assert (told["code"], told["params"]["place"]) == ("queued", 1)  # type: ignore[index]


async def test_who_leaves_the_queue_is_answered_by_the_bot_and_stands_in_no_queue(
    shop: Workshop,
) -> None:
    one = await shop.arrive()
    await shop.bridge.ask_person("heimbud", one.id, new_id())
    cmid = new_id()
    await shop.bridge.choose("heimbud", one.id, cmid, "leave")
    assert await shop.store.read(lambda u: list(u.queue.waiting(["heimbud"], 10))) == []
    assert (await shop.lines(one))[-1].message.body["code"] == "left_queue"
    row = (await shop.store.read(lambda u: list(u.conversations.history(one.id))))[-1]
    assert (row.cause, row.actor) == ("CustomerChose", "customer")
    await shop.bridge.choose("heimbud", one.id, cmid, "leave")
    await shop.bridge.customer_says("heimbud", one.id, new_id(), "hvor er avisa")
    await shop.quiet()
    assert "bot: Svar: hvor er avisa" in await shop.said(one)


async def test_a_contact_left_with_the_bot_has_the_clients_reason_and_no_idle_time(
    shop: Workshop,
) -> None:
    one = await shop.arrive()
    await shop.bridge.customer_says("heimbud", one.id, new_id(), "hvor er pakken")
    shop.clock.pass_by(7)
    await shop.quiet()
    shop.clock.pass_by(IDLE_SECONDS + 1)
    await shop.sweeper.sweep()
    (row,) = await shop.store.read(lambda u: list(u.ledger.contacts("heimbud", 0.0, 1e12)))
    topic = (await shop.state(one)).topic
    assert (row.outcome, row.reason, topic) == ("bot", "parcel-tracking", None)
    assert row.bot_seconds < 60


async def test_contacts_end_as_one_row_with_true_seconds(shop: Workshop) -> None:
    agent, visitor = await shop.hire("Kari"), new_id()
    one = await shop.arrive(visitor=visitor)
    shop.clock.pass_by(100)  # reading is no contact
    await shop.bridge.customer_says("heimbud", one.id, new_id(), "hei")
    await shop.quiet()
    began = shop.clock.now
    shop.clock.pass_by(30)
    await shop.bridge.ask_person("heimbud", one.id, new_id())
    shop.clock.pass_by(20)
    state = await shop.claim(agent, one)
    shop.clock.pass_by(50)
    request = new_id()
    for _ in range(2):
        await shop.bridge.finish(
            agent, "heimbud", one.id, state.control, "parcel-tracking", True, request
        )
    shop.clock.pass_by(6 * 86_400)
    await shop.bridge.customer_says("heimbud", one.id, new_id(), "igjen")
    await shop.quiet()
    shop.clock.pass_by(9 * 86_400)
    await shop.bridge.end("heimbud", one.id, new_id())
    other = await shop.arrive()
    await shop.bridge.ask_person("heimbud", other.id, new_id())
    await shop.bridge.end("heimbud", other.id, new_id())
    last = await shop.arrive()
    form = ("Anne", "98765432", "")
    await shop.bridge.leave_contact("heimbud", last.id, new_id(), *form)
    await shop.bridge.end("heimbud", last.id, new_id())
    rows = list(await shop.store.read(lambda u: u.ledger.contacts("heimbud", 0, 1e12)))
    by_outcome = {row.outcome: row for row in rows}
    assert len(rows) == len(by_outcome) == 4
    person = by_outcome["person"]
    assert (person.reason, person.resolved, person.agent) == ("parcel-tracking", True, agent.id)
    assert person.waited_seconds == 20
    assert person.person_seconds == 50
    assert person.bot_seconds == pytest.approx(30, abs=began - person.started)
    assert by_outcome["bot"].again or person.again
    assert not by_outcome["task"].again
    assert by_outcome["abandoned"].person_seconds == 0


async def test_outside_opening_hours_a_form_is_kept_as_a_task(tmp_path: object) -> None:
    heimbud = clients()["heimbud"]
    hours = replace(heimbud.hours, week=(parse_span("08:00-16:00"),) * 5 + (None,) * 2)
    async with workshop(heimbud=replace(heimbud, hours=hours)) as shop:
        shop.clock.now = datetime(2026, 3, 2, 16, 30, tzinfo=OSLO).timestamp()
        one = await shop.arrive()
        shop.bot.orders.append("signal")
        await shop.bridge.customer_says("heimbud", one.id, new_id(), "et menneske")
        await shop.quiet()
        assert shop.bot.received[0]["metadata"]["desk"] == "closed"
        assert (await shop.said(one))[-1] == "[desk_closed]"
        assert (await shop.state(one)).mode is Mode.BOT
        assert shop.bot.steps[-1][0] == "wake"  # the bot listens on
        form = ("Anne", "98765432", "ring meg")
        await shop.bridge.leave_contact("heimbud", one.id, new_id(), *form)
        tasks = await shop.store.read(lambda u: list(u.ledger.tasks(["heimbud"], True)))
        assert [task.text for task in tasks] == ["ring meg"]
        await shop.bridge.end("heimbud", one.id, new_id())
        await shop.bridge.ask_person("heimbud", one.id, new_id())
        states = [m for m in await shop.lines(one, Audience.STAFF) if m.message.kind is Kind.STATE]
        assert states[-1].message.body["control"] == (await shop.state(one)).control
        shop.clock.now = datetime(2026, 3, 3, 8, 0, tzinfo=OSLO).timestamp()
        await shop.bridge.ask_person("heimbud", one.id, new_id())
        assert (await shop.state(one)).mode is Mode.WAITING


async def test_outside_opening_hours_the_bot_is_woken_before_the_next_line_of_a_burst() -> None:
    heimbud = clients()["heimbud"]
    hours = replace(heimbud.hours, week=(parse_span("08:00-16:00"),) * 5 + (None,) * 2)
    async with workshop(heimbud=replace(heimbud, hours=hours)) as shop:
        shop.clock.now = datetime(2026, 3, 2, 16, 30, tzinfo=OSLO).timestamp()
        one = await shop.arrive()
        shop.bot.orders.append("signal")
        for text in ("et menneske", "hvor er pakken"):
            await shop.bridge.customer_says("heimbud", one.id, new_id(), text)
        await shop.quiet()
        assert [kind for kind, text in shop.bot.steps] == ["turn", "wake", "turn"]
        assert (await shop.said(one))[-2:] == ["[desk_closed]", "bot: Svar: hvor er pakken"]


async def test_all_that_every_desk_shows_raises_the_position(shop: Workshop) -> None:
    """Desks in other processes look by it, where the wake-up was lost."""
    one, kari = await shop.arrive(), await shop.hire("Kari")
    form = ("Anne", "anne@example.no", "Ring meg")

    async def position() -> int:
        return await shop.store.read(lambda unit: unit.queue.position())

    before = await position()
    for change in (
        lambda: shop.bridge.leave_contact("heimbud", one.id, new_id(), *form),
        lambda: shop.bridge.set_status(kari.id, Status.PAUSE),
        lambda: shop.bridge.ask_person("heimbud", one.id, new_id()),
    ):
        await change()
        after = await position()
        assert after > before
        before = after
    await shop.bridge.customer_says("heimbud", one.id, new_id(), "hei")
    assert await position() == before
