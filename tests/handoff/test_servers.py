"""Which of several equal servers is asked first."""

from __future__ import annotations

from collections import Counter

from handoff.servers import REST_SECONDS, Servers

URLS = ("http://a", "http://b", "http://c")


def test_keys_are_spread_and_each_keeps_its_order_in_every_process() -> None:
    firsts = Counter(Servers(URLS).order(f"conversation {n}")[0] for n in range(300))
    assert set(firsts) == set(URLS)
    assert min(firsts.values()) > 50
    assert Servers(URLS).order("k") == Servers(URLS[::-1]).order("k")


def test_a_server_that_failed_is_last_for_a_while() -> None:
    now = [0.0]
    servers = Servers(URLS, lambda: now[0])
    before = servers.order("k")
    servers.failed(before[0])
    assert servers.order("k") == [*before[1:], before[0]]
    now[0] = REST_SECONDS
    assert servers.order("k") == before


def test_where_all_failed_all_are_asked() -> None:
    servers = Servers(URLS)
    for url in URLS:
        servers.failed(url)
    assert sorted(servers.order("k")) == list(URLS)
