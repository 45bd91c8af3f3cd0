"""What an agent's socket may do, for whom, and until when."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from handoff.core.roster import Role
from handoff.errors import StoreError
from handoff.protocol.codes import Close
from handoff.tokens import new_id
from tests.handoff.gateways.waiting import waiting
from tests.service.pages import Desk, cmid
from tests.service.running import PASSWORD, Running, running


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as started:
        yield started


async def test_a_claimed_chat_goes_both_ways_and_notes_stay_inside(house: Running) -> None:
    page, conversation = await waiting(house)
    desk = await house.desk("kari")
    control = await desk.takes("heimbud", conversation)
    await desk.opens("heimbud", conversation)
    assert (await desk.says("heimbud", conversation, control, "Hei, Kari her"))["t"] == "agent_ack"
    await desk.send(
        "note", client="heimbud", conversation=conversation, cmid=cmid(), text="hemmelig"
    )
    await desk.until(
        lambda f: f["t"] == "agent_event" and f["line"]["body"].get("text") == "hemmelig"
    )
    line = await page.line(lambda line: line["text"] == "Hei, Kari her")
    assert (line["author"], line["name"]) == ("agent", "Kari")
    await page.says("takk")
    await desk.until(lambda f: f["t"] == "agent_event" and f["line"]["body"].get("text") == "takk")
    assert "hemmelig" not in page.texts
    assert not any("Svar: takk" in text for text in page.texts)
    assert [line["seq"] for line in page.lines] == list(range(1, len(page.lines) + 1))


async def test_a_desk_whose_line_or_command_the_disk_refused_is_told_and_sent_away(
    house: Running,
) -> None:
    page, conversation = await waiting(house)
    desk = await house.desk("kari")
    control = await desk.takes("heimbud", conversation)
    store = house.service.store
    write = store.write
    what = {"client": "heimbud", "conversation": conversation, "control": control}

    async def refuse(*_: object) -> None:
        raise StoreError("The disk is full.")

    store.write = refuse  # type: ignore[method-assign,assignment]
    refused = await desk.says(**what, text="en")  # type: ignore[arg-type]
    assert (refused["t"], refused["code"]) == ("problem", "store_failed")
    with contextlib.suppress(ConnectionClosed):
        await desk.send("say", **what, cmid=cmid(), text="to")
    assert await desk.closed() == Close.OVERLOAD
    store.write = write  # type: ignore[method-assign]
    other = await house.desk("kari")
    store.write = refuse  # type: ignore[method-assign,assignment]
    assert (await other.command("hand_back", **what))["code"] == "store_failed"
    assert await other.closed() == Close.OVERLOAD
    store.write = write  # type: ignore[method-assign]
    again = await house.desk("kari")
    assert (await again.says(**what, text="en"))["t"] == "agent_ack"  # type: ignore[arg-type]
    await page.line(lambda line: line["text"] == "en")
    assert "to" not in page.texts


async def test_two_agents_claim_in_the_same_instant_and_one_wins(house: Running) -> None:
    page, conversation = await waiting(house)
    desks = [await house.desk("kari"), await house.desk("ola")]
    rows = [await desk.waiting(conversation) for desk in desks]
    claims = [
        desk.command(
            "claim",
            client="heimbud",
            conversation=conversation,
            handoff=row["handoff"],
            control=row["control"],
        )
        for desk, row in zip(desks, rows, strict=True)
    ]
    results = await asyncio.gather(*claims)
    assert sorted(result["ok"] for result in results) == [False, True]
    assert next(r["code"] for r in results if not r["ok"]) == "taken"
    await page.notice("agent_joined")


async def test_a_claim_takes_only_the_request_it_names(house: Running) -> None:
    _, one = await waiting(house)
    _, other = await waiting(house, "varde")
    desk, all_ = await house.desk("kari", clients=("heimbud",)), await house.desk("siri")
    foreign, own = await all_.waiting(other), await desk.waiting(one)
    result = await desk.command(
        "claim",
        client="heimbud",
        conversation=one,
        handoff=foreign["handoff"],
        control=foreign["control"],
    )
    assert (result["ok"], result["code"]) == (False, "taken")
    assert own["control"] == (await desk.waiting(one))["control"]
    assert await all_.takes("varde", other) > 0  # still there to be taken


async def test_next_again_under_the_same_request_is_the_same_chat(house: Running) -> None:
    chats = {(await waiting(house))[1] for _ in range(2)}
    desk, request = await house.desk("kari"), cmid()
    first = await desk.command("next", request)
    again = await desk.command("next", request)
    assert first["ok"]
    assert again["conversation"] == first["conversation"]
    other = await desk.command("next")
    assert {first["conversation"], other["conversation"]} == chats
    assert (await desk.command("next"))["code"] == "not_found"


async def test_two_agents_who_ask_for_the_next_get_one_each(house: Running) -> None:
    chats = {(await waiting(house))[1] for _ in range(2)}
    desks = [await house.desk("kari"), await house.desk("ola")]
    results = await asyncio.gather(*(desk.command("next") for desk in desks))
    assert {result["conversation"] for result in results} == chats


async def test_a_command_again_under_its_request_changes_nothing_more(house: Running) -> None:
    page, conversation = await waiting(house)
    desk, request = await house.desk("kari"), cmid()
    control = await desk.takes("heimbud", conversation)
    what = {"client": "heimbud", "conversation": conversation, "control": control}
    for _ in range(2):
        assert (await desk.command("hand_back", request, slots={}, **what))["ok"]
    reused = await desk.command("finish", request, reason="other", resolved=True, **what)
    assert reused["code"] == "id_reuse"
    assert [line.get("code") for line in page.lines].count("handed_back") <= 1


async def test_a_finish_comes_first_or_is_refused_and_may_come_again(house: Running) -> None:
    pages = [await waiting(house) for _ in range(2)]
    desk, told = await house.desk("kari"), []
    for number, (page, conversation) in enumerate(pages):
        control = await desk.takes("heimbud", conversation)
        if number == 1:
            await page.asks("end")
        asked = {"client": "heimbud", "conversation": conversation, "control": control}
        request = cmid()
        what = {**asked, "reason": "other", "resolved": True}
        told += [await desk.command("finish", request, **what) for _ in range(2)]
    assert [result["ok"] for result in told] == [True, True, False, False]
    assert {result["code"] for result in told[2:]} == {"not_owner"}


async def test_an_agent_who_does_not_own_the_chat_cannot_speak_in_it(house: Running) -> None:
    page, conversation = await waiting(house)
    owner, other = await house.desk("kari"), await house.desk("siri", role=Role.SUPERVISOR)
    control = await owner.takes("heimbud", conversation)
    await other.opens("heimbud", conversation)
    for number in (control, control - 1):
        answer = await other.says("heimbud", conversation, number, "jeg tar over")
        assert (answer["t"], answer["code"]) == ("problem", "not_owner")
    stale = await owner.says("heimbud", conversation, control - 1, "gammelt")
    assert stale["code"] == "stale_control"
    what = {"client": "heimbud", "conversation": conversation}
    await other.send("agent_typing", on=True, **what)
    await other.send("agent_seen", seq=2, **what)
    for kind, more in (
        ("transfer", {}),
        ("hand_back", {"slots": {}}),
        ("finish", {"reason": "other", "resolved": True}),
    ):
        result = await other.command(kind, control=control, **what, **more)
        assert result["code"] == "not_owner", kind
    assert not [f for f in page.frames if f["t"] == "ephemeral" and ("typing" in f or "seen" in f)]


async def test_an_agents_hello_is_a_sign_of_life(house: Running) -> None:
    _, conversation = await waiting(house)
    desk = await house.desk("kari")
    await desk.takes("heimbud", conversation)
    store, lease = house.service.store, house.settings.lease_seconds
    claimed = await store.read(lambda unit: unit.now())
    await desk.leave()
    await asyncio.sleep(1.2)
    await house.desk("kari")

    assert await store.read(lambda unit: unit.queue.expired(claimed + lease + 1)) == []


def every_verb(client: str, conversation: str) -> dict[str, dict[str, object]]:
    """A whole frame of each kind an agent may send about a conversation."""
    what: dict[str, object] = {"client": client, "conversation": conversation}
    command = what | {"request": cmid()}
    return {
        "claim": command | {"handoff": new_id(), "control": 1},
        "open": what,
        "say": what | {"control": 1, "cmid": cmid(), "text": "hei"},
        "note": what | {"cmid": cmid(), "text": "obs"},
        "transfer": command | {"control": 1},
        "hand_back": command | {"control": 1, "slots": {}},
        "finish": command | {"control": 1, "reason": "other", "resolved": True},
        "verdict": command | {"verdict": "needed"},
        "agent_typing": what | {"on": True},
        "agent_seen": what | {"seq": 1},
    }


async def test_anothers_conversation_looks_like_none(house: Running) -> None:
    _, conversation = await waiting(house, "varde")
    desk = await house.desk("kari", clients=("heimbud",))

    async def answers(client: str, which: str) -> dict[str, tuple[object, object]]:
        found = {}
        for kind, fields in every_verb(client, which).items():
            mark = len(desk.frames)
            await desk.send(kind, **fields)
            answer = await desk.until(lambda f: f["t"] in ("problem", "result"), mark)
            found[kind] = (answer["code"], answer["text"])
        return found

    nothing = await answers("heimbud", new_id())
    assert {code for code, _ in nothing.values()} == {"not_found"}
    for client in ("varde", "heimbud", "nobody"):
        assert await answers(client, conversation) == nothing
    queue = await desk.got("queue")
    assert queue["waiting"] == []


async def end_by_logout(house: Running) -> None:
    assert (await house.http.post("/api/logout", headers=house.as_("kari"))).status_code == 200


async def end_by_password(house: Running) -> None:
    body = {"old": PASSWORD, "new": "et helt nytt passord"}
    response = await house.http.post("/api/password", json=body, headers=house.as_("kari"))
    assert response.status_code == 200, response.text
    # Who changed it goes on, under a session of its own.
    cookie = f"stafett_session={response.cookies['stafett_session']}"
    me = await house.http.get("/api/me", headers={"Origin": house.desk_origin, "Cookie": cookie})
    assert me.status_code == 200
    house.http.cookies.clear()


async def end_by_rights(house: Running) -> None:
    changed = replace(house.agents["kari"], clients=frozenset({"varde"}))
    await house.service.store.write(lambda unit: unit.agents.update(changed))


async def end_by_role(house: Running) -> None:
    changed = replace(house.agents["kari"], role=Role.DESIGNER)
    await house.service.store.write(lambda unit: unit.agents.update(changed))


@pytest.mark.parametrize("end", [end_by_logout, end_by_password, end_by_rights, end_by_role])
async def test_a_session_that_ends_takes_its_sockets_along_within_five_seconds(
    house: Running, end: object
) -> None:
    desk, other = await house.desk("kari"), await house.desk("ola")
    welcome = await desk.got("agent_welcome")
    assert callable(end)
    await end(house)
    async with asyncio.timeout(5):
        assert await desk.closed() == 1008
    again = await Desk.open(house.agent_url, house.desk_origin)
    await again.send("hello", v=1, resume_token=welcome["resume_token"])
    assert await again.closed() == 4001
    assert other.code is None
    assert (await house.http.get("/api/me", headers=house.as_("kari"))).status_code == 401


async def test_a_designer_has_no_desk(house: Running) -> None:
    await house.staff("nils", Role.DESIGNER)
    response = await house.http.post("/api/desk/ticket", headers=house.as_("nils"))
    assert response.status_code == 403


async def test_an_agents_malformed_frame_ends_in_one_clear_error(house: Running) -> None:
    for frame in ("{", '{"t":"say"}', '{"t":"send"}', '{"t":"status","status":"asleep"}'):
        desk = await house.desk(f"kari{len(house.agents)}")
        mark = len(desk.frames)
        await desk.socket.send(frame)
        assert await desk.closed() == 1008
        problems = [f for f in desk.frames[mark:] if f["t"] == "problem"]
        assert [problem["code"] for problem in problems] == ["bad_frame"]


async def test_a_form_that_is_answered_leaves_every_desk(house: Running) -> None:
    page = await house.customer()
    done, looks_on = await house.desk("kari"), await house.desk("ola")
    await page.send("leave_contact", cmid=cmid(), name="Anne", reach="anne@example.no", text="Ring")
    for desk in (done, looks_on):
        await desk.got("queue", open_tasks=1)
    marks = [len(desk.frames) for desk in (done, looks_on)]
    headers = {**house.as_("kari"), "Origin": house.desk_origin}
    (task,) = (await house.http.get("/api/desk/tasks", headers=headers)).json()
    answer = await house.http.post(f"/api/desk/tasks/{task['id']}/done", headers=headers)
    assert answer.status_code == 200
    for desk, mark in zip((done, looks_on), marks, strict=True):
        await desk.got("queue", open_tasks=0, after=mark)
