"""Which of several processes of the handoff service an action asks."""

# ruff: noqa: PT009 (no pytest in the bot's environment)

from __future__ import annotations

import asyncio
import socket
import unittest
from collections.abc import Callable

from actions.systems import Answer, ClientSystems

WELL = b'{"ok": true, "data": {"case": "S-1"}}'
DONE = Answer(ok=True, data={"case": "S-1"})
TURN = "t" * 32

Script = Callable[[asyncio.StreamWriter], None]


def answers(writer: asyncio.StreamWriter) -> None:
    length = str(len(WELL)).encode()
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: " + length + b"\r\n\r\n" + WELL)


def breaks_off(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


def is_silent(writer: asyncio.StreamWriter) -> None:
    pass


class Process:
    """A process of the handoff service, as far as an action can see it."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.asked = 0

    async def start(self) -> str:
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        size = next(
            int(x[15:]) for x in head.lower().split(b"\r\n") if x[:15] == b"content-length:"
        )
        await reader.readexactly(size)
        self.asked += 1
        self.script(writer)


def nobody() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


async def asked(first: str, *scripts: Script, turn: str | None = TURN) -> tuple[list[int], Answer]:
    """How often each process was asked in two calls, and the second call's answer."""
    processes = [Process(script) for script in scripts]
    urls = [await process.start() for process in processes]
    systems = ClientSystems([first, *urls] if first else urls, "token", timeout=0.5)
    await systems.call("heimbud", "track_parcel", {}, turn)
    said = await systems.call("heimbud", "track_parcel", {}, turn)
    for process in processes:
        process.server.close()
    return [process.asked for process in processes], said


class SeveralProcesses(unittest.IsolatedAsyncioTestCase):
    async def test_the_first_that_is_well_is_asked_alone(self) -> None:
        self.assertEqual(await asked("", answers, answers), ([2, 0], DONE))

    async def test_one_that_is_gone_is_passed_over(self) -> None:
        self.assertEqual(await asked(nobody(), answers), ([2], DONE))

    async def test_one_that_breaks_off_is_asked_last_from_then_on(self) -> None:
        self.assertEqual(await asked("", breaks_off, answers), ([1, 2], DONE))

    async def test_what_no_turn_names_is_not_repeated_after_it_was_sent(self) -> None:
        times, _ = await asked("", breaks_off, answers, turn=None)
        self.assertEqual(times, [1, 1])

    async def test_one_that_is_silent_costs_one_call(self) -> None:
        self.assertEqual(await asked("", is_silent, answers), ([1, 1], DONE))

    async def test_all_gone_is_an_answer_and_no_error(self) -> None:
        systems = ClientSystems([nobody(), nobody()], "token")
        said = await systems.call("heimbud", "track_parcel", {}, TURN)
        self.assertEqual(said, Answer(ok=False, error="unavailable"))
