"""A restored backup: pages show it and nothing else, and what must not come back does not."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
import pytest

from handoff import erasure_log, restoring
from handoff.bridge.forgetting import forget
from handoff.errors import InputError, StafettError, StoreError
from handoff.settings import ROOT, Settings, as_text
from handoff.storage import backup, migrate, open_store
from tests.handoff.storage.samples import conversation, person, said, started
from tests.postgres import database
from tests.service.pages import Customer, Frame
from tests.service.running import PASSWORD, running, settings_in


def command(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as somebody at the machine runs it."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "handoff.cli", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), "DATA_DIR": as_text(settings.data_dir)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def shown(page: Customer) -> list[tuple[int, str]]:
    return [(line["seq"], line.get("text", line.get("code", ""))) for line in page.lines]


async def test_pages_that_saw_more_than_the_backup_show_the_backup_and_go_on(
    tmp_path: Path,
) -> None:
    folder, copy = tmp_path / "data", tmp_path / "copy.db"
    folder.mkdir()
    async with running(folder) as house:
        page = await house.customer()
        welcome: Frame = page.frames[0]
        talk = welcome["conversation"]
        erased_page = await house.customer()
        erased = erased_page.frames[0]["conversation"]
        await erased_page.says("slett meg")
        await page.asks("ask_person")
        desk = await house.desk("kari")
        control = await desk.takes("heimbud", talk)
        await desk.opens("heimbud", talk)
        await desk.says("heimbud", talk, control, "hei fra Kari")
        await page.line(lambda line: line.get("text") == "hei fra Kari")
        known = await page.says("før", id_ := "00000000-0000-4000-8000-000000000001")
        result = await asyncio.to_thread(command, house.settings, "backup", str(copy))
        assert result.returncode == 0, result.stderr
        of_backup = shown(page)

        await page.says("etter")
        await desk.says("heimbud", talk, control, "svar etter")
        await page.line(lambda line: line.get("text") == "svar etter")
        new_page = await house.customer()
        await new_page.says("ny etter")
        lost_token = new_page.frames[0]["resume_token"]
        await house.service.bridge.commit(lambda w: forget(w, "heimbud", erased))
        erasure_log.note(folder, "heimbud", erased, 1.0)
        for arguments in (("restore", str(copy)), ("restore", "--renew")):
            result = await asyncio.to_thread(command, house.settings, *arguments)
            assert result.returncode == 1
            assert "uses the database" in result.stderr
        assert (known, "før") in shown(page)
        house.bot.forgotten.clear()

    result = await asyncio.to_thread(command, house.settings, "restore", str(copy))
    assert result.returncode == 0, result.stderr
    assert "1 conversation erased since the backup, erased again." in result.stdout
    assert [path.name for path in folder.glob("stafett-before-*")]

    # As pages do that were open all the while: with the token and the epoch they have.
    agents, cookies = house.agents, house.cookies
    async with running(folder) as house:
        house.agents |= agents
        page = await house.customer_socket()
        again = await page.hello(resume_token=welcome["resume_token"])
        assert again["conversation"] == talk
        assert again["epoch"] != welcome["epoch"]
        await page.send("resume", epoch=welcome["epoch"], after=of_backup[-1][0] + 2)
        reset = await page.got("reset")
        assert reset["epoch"] == again["epoch"]
        await page.got("batch", more=False)
        assert shown(page) == of_backup
        # Sent again as after a lost answer: it is in the backup, and stays one line.
        assert await page.says("før", id_) == known
        assert await page.says("videre") == of_backup[-1][0] + 1

        gone = await house.customer_socket()
        await gone.send("hello", v=1, resume_token=lost_token)
        assert await gone.closed() == 4001

        house.cookies |= cookies
        refused = await house.http.post("/api/desk/ticket", headers=house.as_("kari"))
        assert refused.status_code == 401, "a session of before must end"
        entered = await house.http.post(
            "/api/login",
            json={"login": "kari@example.no", "password": PASSWORD},
            headers={"Origin": house.desk_origin},
        )
        assert entered.status_code == 200, entered.text
        house.cookies["kari"] = entered.cookies["stafett_session"]
        desk = await house.desk("kari")
        batch = await desk.opens("heimbud", talk)
        texts = [body["text"] for line in batch["lines"] if "text" in (body := line["body"])]
        assert texts[-3:] == ["hei fra Kari", "før", "videre"], texts
        assert (await desk.says("heimbud", talk, control, "her igjen"))["t"] == "agent_ack"
        await page.line(lambda line: line.get("text") == "her igjen")
        seqs = [seq for seq, _ in shown(page)]
        assert seqs == list(range(1, len(seqs) + 1))

        left = await house.service.store.read(
            lambda unit: unit.conversations.get("heimbud", erased)
        )
        assert left is None
        async with asyncio.timeout(10):
            while not {talk, erased} <= set(house.bot.forgotten):
                await asyncio.sleep(0.05)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_went_back_in_time_is_made_fit(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    settings = settings_in(tmp_path)
    if kind == "postgresql":
        server = request.getfixturevalue("postgres_server")
        asyncio.run(new_database(server, "restored"))
        settings = settings_in(tmp_path, DATABASE_URL=database(server, "restored"))
        migrate(settings.database_url)
    url = settings.database_url
    talks = [conversation() for _ in range(20)]
    agent = person()

    async def fill() -> None:
        store = await open_store(url)
        for talk in talks:
            await started(store, talk)
            await store.write(lambda unit, to=talk: unit.conversations.append(to, said(), 1.0))  # type: ignore[misc]
        await store.write(lambda unit: unit.agents.add(agent, "hash"))
        await store.write(lambda unit: unit.agents.open_session("digest", agent.id, 9e9))
        await store.write(
            lambda unit: unit.client_writes.begin("key", "holder", unit.now(), unit.now() + 9e6)
        )
        await store.write(
            lambda unit: unit.client_writes.keep("key", "holder", {"ok": 1}, unit.now() + 9e6)
        )
        try:
            with pytest.raises(StafettError, match="uses the database"):
                await asyncio.to_thread(restoring.renew, settings)
        finally:
            await store.close()

    asyncio.run(fill())
    erasure_log.note(tmp_path, talks[0].client, talks[0].id, 1.0)
    erasure_log.note(tmp_path, "heimbud", "f" * 32, 1.0)  # nothing of it is in the backup
    done = restoring.renew(settings)
    assert (done.erased, done.renewed.conversations) == (1, 19)

    async def look() -> None:
        store = await open_store(url)
        try:
            kept = [
                await store.read(lambda unit, of=talk: unit.conversations.get(of.client, of.id))  # type: ignore[misc]
                for talk in talks
            ]
            assert kept[0] is None
            epochs = {one.epoch for one in kept[1:] if one is not None}
            assert len(epochs) == 19
            assert all(len(epoch) == 32 and epoch.isalnum() for epoch in epochs)
            told = await store.read(lambda unit: unit.archive.erasures(unit.now(), 100))
            assert {one.conversation for one in told} == {talk.id for talk in talks}
            assert await store.read(lambda unit: unit.agents.session("digest", unit.now())) is None
            begun = await store.write(
                lambda unit: unit.client_writes.begin("key", "other", unit.now(), 9e9)
            )
            assert begun.answer == {"ok": 1}, "a write that was done must not be done again"
        finally:
            await store.close()

    asyncio.run(look())


def test_on_postgresql_the_file_is_for_its_own_tool(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, DATABASE_URL="postgresql://a:hemmelig@127.0.0.1:1/x")
    with pytest.raises(InputError, match="own tools") as told:
        restoring.restore(settings, tmp_path / "x.dump")
    assert "pg_restore --clean --if-exists --single-transaction --exit-on-error" in told.value.cure
    assert f"--host=127.0.0.1 --port=1 --username=a --dbname=x {tmp_path}" in told.value.cure
    assert "hemmelig" not in str(told.value)


def test_a_restore_that_fails_leaves_the_database_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, copy = settings_in(tmp_path), tmp_path / "copy.db"
    backup.back_up(settings.database_url, copy)
    before = (tmp_path / "stafett.db").read_bytes()

    def full(url: str) -> None:
        raise StoreError("The disk is full.")

    monkeypatch.setattr(backup, "renew", full)
    with pytest.raises(StoreError, match="full"):
        restoring.restore(settings, copy)
    names = {path.name for path in tmp_path.iterdir()} - {"launcher.lock"}
    assert not [name for name in names if "before" in name or "restored" in name]
    # Out of WAL, but for that nothing is another.
    after = (tmp_path / "stafett.db").read_bytes()
    assert after[100:] == before[100:]


async def new_database(server: str, name: str) -> None:
    connection = await asyncpg.connect(server)
    await connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
    await connection.execute(f'CREATE DATABASE "{name}"')
    await connection.close()
