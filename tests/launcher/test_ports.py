"""Ports that are really taken."""

from __future__ import annotations

import os
import socket

import pytest

from handoff.errors import StartError
from handoff.launcher.ports import Listener, check_ports
from tests.ports import free_port


def refusal(host: str, port: int, setting: str = "WEB_PORT") -> str:
    with pytest.raises(StartError) as caught:
        check_ports([Listener(host, port, setting, "pages and API")])
    return str(caught.value)


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
def test_a_port_in_use_is_named_with_its_setting_and_its_owner(address: str) -> None:
    with socket.create_server((address, 0)) as taken:
        port = taken.getsockname()[1]
        text = refusal("127.0.0.1", port)
    assert f"Port {port}, WEB_PORT (pages and API), is in use by " in text
    assert f"(process {os.getpid()})" in text
    assert "set WEB_PORT in .env to a free port, for example " in text


def test_free_ports_are_let_through_and_stay_free() -> None:
    listener = Listener("127.0.0.1", free_port(), "WEB_PORT", "pages and API")
    check_ports([listener])
    check_ports([listener])


def test_an_address_of_another_machine_is_refused_naming_the_host_setting() -> None:
    text = refusal("192.0.2.1", free_port())
    assert "pages and API cannot listen on 192.0.2.1" in text
    assert "Set WEB_HOST in .env" in text


def test_a_name_that_is_nobodys_is_refused_naming_the_host_setting() -> None:
    text = refusal("no-such-host.invalid", free_port(), "DEMO_VARDE_PORT")
    assert "Set DEMO_HOST in .env" in text
