"""A port that is taken is said in our words."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from starlette.applications import Starlette

from handoff.app import service
from handoff.errors import StartError
from handoff.listener import listening
from tests.service.running import settings_in


async def test_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StartError, match=str(port)):
            async with listening(Starlette(), "127.0.0.1", port):
                pass


async def test_a_taken_websocket_port_is_named_and_nothing_is_left_open(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    with (
        socket.create_server(("127.0.0.1", settings.ws_port)),
        pytest.raises(StartError, match=str(settings.ws_port)),
    ):
        async with service(settings):
            pass
    async with service(settings):
        pass
