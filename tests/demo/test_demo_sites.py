"""The two sites: origins of their own, a strict policy, true look-ups, nothing unescaped."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest

from demo.sites.app import HEIMBUD_PAGES, VARDE_PAGES, heimbud_site, systems_at, varde_site
from demo.sites.site import Widget
from demo.systems import heimbud_seed, varde_seed
from demo.systems.app import create_app
from tests.ports import free_ports
from tests.serving import answer_of, serving

ROOT = Path(__file__).parents[2]
MONDAY = date(2026, 11, 23)
WIDGET = Widget("http://127.0.0.1:8000", "ws://127.0.0.1:8001")
TOKEN = "token-of-the-demo"


@pytest.fixture(scope="module")
def sites() -> Iterator[dict[str, str]]:
    """The base URL of each site, both with the demo systems behind them."""
    with (
        serving(create_app(TOKEN, today=lambda: MONDAY)) as systems,
        serving(heimbud_site(WIDGET, systems_at(systems, TOKEN))) as heimbud,
        serving(varde_site(WIDGET, systems_at(systems, TOKEN))) as varde,
    ):
        yield {"heimbud": heimbud, "varde": varde}


PAGES = [("heimbud", page) for page in HEIMBUD_PAGES] + [("varde", page) for page in VARDE_PAGES]


@pytest.mark.parametrize(("site", "page"), PAGES)
def test_every_page_carries_the_widget_and_nothing_from_strangers(
    sites: dict[str, str], site: str, page: str
) -> None:
    answer = httpx.get(f"{sites[site]}/{'' if page == 'index' else page}")
    assert answer.status_code == 200
    text = answer.text
    widget = f'<script src="http://127.0.0.1:8000/widget.js" data-client="{site}" data-primary="#'
    assert widget in text
    assert text.count("<script") == 1
    fetched = re.findall(r'(?:src|<link[^>]* href)="(https?:[^"]+)"', text)
    assert fetched == ["http://127.0.0.1:8000/widget.js"]
    assert "finnes ikke" in text
    assert not re.search(r"\$[a-z]|style=|lorem", text)
    assert re.search(r'<html lang="nb">', text)
    assert text.count("<h1") == 1
    style = httpx.get(f"{sites[site]}/style.css").text
    assert "url(" not in style
    assert "@import" not in style


def test_the_policy_lets_in_the_widget_and_its_socket_only(sites: dict[str, str]) -> None:
    policy = httpx.get(sites["heimbud"]).headers["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == "http://127.0.0.1:8000"
    assert rules["connect-src"].split() == [
        "http://127.0.0.1:8000",
        "ws://127.0.0.1:8000",
        "ws://127.0.0.1:8001",
    ]
    assert rules["frame-ancestors"] == "'self' http://127.0.0.1:8000"
    assert "unsafe" not in policy


@pytest.mark.parametrize(("site", "page"), PAGES)
def test_links_lead_to_pages_that_are_there(sites: dict[str, str], site: str, page: str) -> None:
    text = httpx.get(f"{sites[site]}/{'' if page == 'index' else page}").text
    for link in set(re.findall(r'href="(/[^"]*)"', text)):
        assert httpx.get(sites[site] + link).status_code == 200, link


def test_demo_numbers_at_the_foot_are_true(sites: dict[str, str]) -> None:
    heimbud, varde = heimbud_seed.seed(MONDAY), varde_seed.seed(MONDAY)
    known = {
        "heimbud": heimbud.parcels.keys() | heimbud.subscriptions.keys() | heimbud.invoices.keys(),
        "varde": varde.policies.keys() | varde.claims.keys() | varde.invoices.keys(),
    }
    for site, numbers in known.items():
        shown = re.findall(r"<code>([^<]+)</code>", httpx.get(sites[site]).text)
        assert len(shown) == 3
        assert set(shown) <= numbers


@pytest.mark.parametrize(
    ("site", "path", "says"),
    [
        ("heimbud", "/spor?nummer=hb%2012345678", "Underveis"),
        ("heimbud", "/spor?nummer=HB33019246", "Hentefrist"),
        ("heimbud", "/spor?nummer=HB00000000", "Vi fant ikke nummeret"),
        ("heimbud", "/spor?nummer=../policies", "Det ligner ikke"),
        ("varde", "/skade?nummer=v48213", "Til vurdering"),
        ("varde", "/skade?nummer=24-105533", "41\u00a0250 kr"),
        ("varde", "/skade?nummer=hei", "Det ligner ikke"),
    ],
)
def test_a_look_up_shows_what_the_system_knows(
    sites: dict[str, str], site: str, path: str, says: str
) -> None:
    assert says in httpx.get(sites[site] + path).text


def test_what_a_visitor_types_is_text(sites: dict[str, str]) -> None:
    typed = '"><script>alert(1)</script>'
    text = httpx.get(f"{sites['heimbud']}/spor", params={"nummer": typed}).text
    assert "<script>alert" not in text
    assert "&quot;&gt;&lt;script&gt;" in text
    assert "$" not in httpx.get(f"{sites['heimbud']}/spor", params={"nummer": "a"}).text


def test_a_page_that_is_not_there_says_so_in_the_sites_own_clothes(sites: dict[str, str]) -> None:
    answer = httpx.get(f"{sites['varde']}/finnes-ikke")
    assert answer.status_code == 404
    assert "Her går det ingen sti" in answer.text
    assert "content-security-policy" in answer.headers


def test_systems_that_are_down_give_a_kind_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with serving(heimbud_site(WIDGET, systems_at(dead, TOKEN))) as url:
            answer = httpx.get(f"{url}/spor?nummer=HB12345678")
    assert answer.status_code == 200
    assert "Vi får ikke slått opp akkurat nå" in answer.text


def test_the_program_serves_both_sites_on_ports_of_their_own() -> None:
    ports = [str(port) for port in free_ports(2)]
    command = [
        sys.executable, "-m", "demo.sites", "--heimbud-port", ports[0], "--varde-port", ports[1],
        "--widget-url", "https://chat.example", "--ws-url", "wss://chat.example/ws",
    ]  # fmt: skip
    program = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"DEMO_SYSTEMS_TOKEN": TOKEN})
    try:
        texts = [answer_of(f"http://127.0.0.1:{port}/").text for port in ports]
    finally:
        program.send_signal(signal.SIGTERM)
        program.wait(10)
    assert 'data-client="heimbud"' in texts[0]
    assert 'data-client="varde"' in texts[1]
    assert all("https://chat.example/widget.js" in text for text in texts)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--widget-url", "javascript:alert(1)"], "--widget-url must be an address"),
        (["--widget-url", "http://a; script-src *"], "--widget-url must be an address"),
        (["--ws-url", "http://127.0.0.1:8001"], "--ws-url must be an address"),
        (["--heimbud-port", "8010", "--varde-port", "8010"], "need two ports"),
        (["--heimbud-port", "99999"], "set DEMO_HEIMBUD_PORT to another one"),
        (["--host", "192.0.2.1"], "Cannot listen on 192.0.2.1"),
    ],
)
def test_a_wrong_argument_is_named(arguments: list[str], says: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "demo.sites", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert ended.returncode == 1
    assert says in ended.stderr
    assert "Traceback" not in ended.stderr
