"""Whose word counts for where a request came from."""

from __future__ import annotations

import pytest

from handoff.proxies import Proxies


@pytest.mark.parametrize(
    ("networks", "peer", "forwarded", "caller"),
    [
        ((), "198.51.100.1", ["203.0.113.9"], "198.51.100.1"),
        (("10.0.0.0/8",), "198.51.100.1", ["203.0.113.9"], "198.51.100.1"),
        (("10.0.0.0/8",), "10.1.2.3", ["203.0.113.9"], "203.0.113.9"),
        (("10.0.0.0/8",), "10.1.2.3", ["1.1.1.1, 203.0.113.9"], "203.0.113.9"),
        (("10.0.0.0/8",), "10.1.2.3", ["1.1.1.1", "203.0.113.9"], "203.0.113.9"),
        (("10.0.0.0/8",), "10.1.2.3", ["1.1.1.1, 203.0.113.9, 10.9.9.9"], "203.0.113.9"),
        (("10.0.0.0/8",), "10.1.2.3", [], "10.1.2.3"),
        (("10.0.0.0/8",), "10.1.2.3", ["unknown"], "10.1.2.3"),
        (("::1/128",), "::1", ["2001:db8::7"], "2001:db8::7"),
    ],
)
def test_only_a_trusted_proxy_speaks_for_others(
    networks: tuple[str, ...], peer: str, forwarded: list[str], caller: str
) -> None:
    assert Proxies(networks).caller(peer, forwarded) == caller
