"""`stafett privacy` beside a running service, and without one: a process of its own each time."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from handoff.bridge import erasures
from handoff.core.message import Audience
from handoff.settings import ROOT, Settings, as_text
from handoff.tokens import new_id
from tests.ports import free_port
from tests.service.pages import Customer
from tests.service.running import Running, running

CANARY = "kanarifugl-7788"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as started:
        yield started


async def privacy(
    settings: Settings, *arguments: str, answer: str = "", bot: bool = True
) -> subprocess.CompletedProcess[str]:
    """The command as somebody at the machine runs it. Without `bot` it finds none."""
    given = {
        "DATA_DIR": as_text(settings.data_dir),
        "RASA_PORT": str(settings.rasa_port if bot else free_port()),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "handoff.cli", "privacy", *arguments),
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200", **given},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(30):
        out, err = await process.communicate(answer.encode())
    assert process.returncode is not None
    return subprocess.CompletedProcess([], process.returncode, out.decode(), err.decode())


async def talk(house: Running, visitor: str | None = None) -> tuple[Customer, str]:
    """A customer who wrote something and left a way to be reached."""
    ticket = await house.ticket(visitor=visitor or new_id())
    page = await house.customer_socket()
    welcome = await page.hello(ticket["ticket"])
    await page.resume(welcome["epoch"])
    await page.says(f"hei {CANARY}")
    await page.line(lambda line: line.get("author") == "bot" and CANARY in line["text"])
    await page.asks("leave_contact", name="Ola", reach="98765432", text=CANARY)
    return page, ticket["conversation"]


def of(conversation: str) -> tuple[str, ...]:
    return ("--client", "heimbud", "--conversation", conversation)


async def lines_left(house: Running, conversation: str) -> int:
    return len(
        await house.service.store.read(
            lambda unit: unit.conversations.messages(conversation, Audience.STAFF, 0, 1_000)
        )
    )


async def test_everything_held_is_exported_beside_a_running_service(
    house: Running, tmp_path: Path
) -> None:
    _, conversation = await talk(house)
    done = await privacy(house.settings, "export", *of(conversation))
    assert (done.returncode, done.stderr) == (0, "")
    whole: dict[str, Any] = json.loads(done.stdout)
    (one,) = whole["conversations"]
    assert one["conversation"] == conversation
    texts = [line["body"].get("text") for line in one["lines"]]
    assert f"hei {CANARY}" in texts
    assert one["lines"][0]["at"].endswith("+00:00")
    assert [(task["reach"], task["text"]) for task in one["tasks"]] == [("98765432", CANARY)]
    assert one["bot"] == [{"event": "user", "text": f"hei {CANARY}"}]
    assert [(read["agent"], read["what"]) for read in one["reads"]] == [("command line", "export")]
    out = tmp_path / "export.json"
    done = await privacy(house.settings, "export", *of(conversation), "--out", str(out))
    assert done.stdout == f"{out} holds 1 conversation.\n"
    assert out.stat().st_mode & 0o777 == 0o600
    assert json.loads(out.read_text("utf-8"))["conversations"][0]["lines"] == one["lines"]


async def test_an_export_without_the_bot_says_so_and_fails(house: Running) -> None:
    _, conversation = await talk(house)
    done = await privacy(house.settings, "export", *of(conversation), bot=False)
    assert done.returncode == 1
    assert "What the bot remembers is missing." in done.stderr
    (one,) = json.loads(done.stdout)["conversations"]
    assert one["bot"] is None
    assert one["lines"]


async def test_an_erasure_reaches_the_database_the_bot_and_the_open_pages(
    house: Running,
) -> None:
    visitor = new_id()
    page, conversation = await talk(house, visitor)
    _, other = await talk(house)
    desk = await house.desk("kari")
    assert (await desk.opens("heimbud", conversation))["t"] == "agent_batch"
    done = await privacy(house.settings, "erase", *of(conversation), "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 contact form and 0 waiting orders to the bot deleted" in done.stdout
    assert "the bot has forgotten it" in done.stdout
    assert await page.closed() == 4001
    assert (await desk.got("agent_reset"))["conversation"] == conversation
    assert await lines_left(house, conversation) == 0
    assert set(house.bot.forgotten) == {conversation}
    assert await lines_left(house, other) > 0
    again = await house.ticket(visitor=visitor)
    assert again["conversation"] != conversation
    later = await privacy(house.settings, "export", *of(conversation))
    (left,) = json.loads(later.stdout)["conversations"]
    assert (left["lines"], left["tasks"], left["bot"]) == ([], [], [])
    assert [row["outcome"] for row in left["contacts"]] == ["task"]
    assert CANARY not in later.stdout


async def test_an_erasure_asks_first(house: Running) -> None:
    _, conversation = await talk(house)
    for answer in ("n\n", ""):
        done = await privacy(house.settings, "erase", *of(conversation), answer=answer)
        assert done.returncode == 1
        assert "1 contact form, last activity 20" in done.stdout
        assert await lines_left(house, conversation) > 0
    done = await privacy(house.settings, "erase", *of(conversation), answer="y\n")
    assert done.returncode == 0
    assert await lines_left(house, conversation) == 0


async def test_a_bot_that_is_away_is_told_later_by_the_service(
    house: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasures, "POLL_SECONDS", 0.2)
    _, conversation = await talk(house)
    house.bot.fails_to_forget = 10_000
    done = await privacy(house.settings, "erase", *of(conversation), "--yes")
    assert done.returncode == 0
    assert "the bot could not be told now, which is kept" in done.stdout
    assert await lines_left(house, conversation) == 0
    assert house.bot.forgotten == []
    # It answers again; the second command need not wait for the service's next try.
    house.bot.fails_to_forget = 0
    done = await privacy(house.settings, "erase", *of(conversation), "--yes")
    assert "the database held nothing any more; the bot has forgotten it" in done.stdout
    assert set(house.bot.forgotten) == {conversation}


async def test_with_service_and_bot_down_the_next_start_tells_the_bot(tmp_path: Path) -> None:
    async with running(tmp_path) as first:
        _, conversation = await talk(first)
        settings = first.settings
    done = await privacy(settings, "erase", *of(conversation), "--yes", bot=False)
    assert done.returncode == 0
    assert "as soon as both run" in done.stdout
    ports = {
        name: getattr(settings, name.lower())
        for name in ("WEB_PORT", "WS_PORT", "INTERNAL_PORT", "RASA_PORT")
    }
    (tmp_path / "kept.db").write_bytes((tmp_path / "stafett.db").read_bytes())
    async with running(
        tmp_path, DATABASE_URL=f"sqlite:///{tmp_path / 'kept.db'}", **ports
    ) as second:
        async with asyncio.timeout(30):
            while set(second.bot.forgotten) != {conversation}:
                await asyncio.sleep(0.1)
        assert await lines_left(second, conversation) == 0


async def test_every_conversation_of_a_visitor_is_found_from_one(house: Running) -> None:
    _, conversation = await talk(house)
    done = await privacy(house.settings, "export", *of(conversation), "--visitor")
    assert len(json.loads(done.stdout)["conversations"]) == 1
    # An older thread of the same visitor, as another version of the service may have left it.
    older = new_id()

    def begin(unit: Any) -> None:
        state = unit.conversations.get("heimbud", conversation)
        unit.conversations.start(replace(state, id=older, contact=None), 1.0)

    await house.service.store.write(begin)
    done = await privacy(house.settings, "export", *of(conversation), "--visitor")
    found = json.loads(done.stdout)["conversations"]
    assert [one["conversation"] for one in found] == [older, conversation]
    done = await privacy(house.settings, "erase", *of(conversation), "--visitor", "--yes")
    assert done.returncode == 0
    assert set(house.bot.forgotten) == {older, conversation}


async def test_every_look_of_an_agent_is_listed(house: Running) -> None:
    _, conversation = await talk(house)
    desk = await house.desk("kari")
    await desk.opens("heimbud", conversation)
    one = f"/api/desk/heimbud/conversations/{conversation}"
    for path in (one, f"{one}/messages", "/api/desk/tasks"):
        assert (await house.http.get(path, headers=house.as_("kari"))).status_code == 200
    done = await privacy(house.settings, "reads", "--conversation", conversation)
    assert done.returncode == 0
    rows = [line.split("  ")[1:] for line in done.stdout.splitlines()]
    assert rows == [
        ["heimbud", "kari@example.no (Kari)", what] for what in ("open", "card", "history", "task")
    ]
    nobody = await privacy(house.settings, "reads", "--conversation", new_id())
    assert "Nobody has opened it" in nobody.stdout


async def test_what_is_not_there_is_one_clear_line(house: Running) -> None:
    _, conversation = await talk(house)
    for command, arguments, said in (
        ("export", ("heimbud", "x"), "32 digits"),
        ("erase", ("nobody", conversation), "There is no client `nobody`."),
        ("export", ("varde", conversation), "Nothing is held about"),
        ("erase", ("varde", conversation), "Nothing is held about"),
    ):
        which = ("--client", arguments[0], "--conversation", arguments[1])
        done = await privacy(house.settings, command, *which)
        assert done.returncode == 2, command
        assert done.stderr.startswith("stafett: ")
        assert said in done.stderr
        assert done.stderr.count("\n") == 1
    assert await lines_left(house, conversation) > 0
