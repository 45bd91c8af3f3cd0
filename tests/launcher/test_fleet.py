"""The plan of a fleet: complete, on ports of its own, told what it needs and no more."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from handoff.app import STOP_SECONDS
from handoff.errors import StartError
from handoff.launcher.fleet import fleet_listeners, fleet_plan, fleet_settings, fleet_variables
from handoff.launcher.proxy import lay
from handoff.launcher.supervisor import Patience
from handoff.settings import Settings, read_settings

POSTGRES = "postgresql://u:password-of-the-database@db.example.no/stafett"
REDIS = "redis://:password-of-redis@redis.example.no:6379/0"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({}, root=tmp_path)


def test_every_port_a_part_answers_on_is_checked_before_anything_starts(
    settings: Settings,
) -> None:
    checked = {listener.port for listener in fleet_listeners(settings)}
    asked = {urlsplit(part.health).port for part in fleet_plan(settings) if part.health}
    assert asked <= checked
    shared = fleet_settings(settings)
    for url in (shared.database_url, shared.redis_url, *shared.internal_urls):
        assert urlsplit(url).port in checked, url


def test_ports_that_meet_are_told_before_anything_starts(tmp_path: Path) -> None:
    meeting = read_settings({"DEMO_VARDE_PORT": "8205"}, root=tmp_path)
    with pytest.raises(StartError, match=r"Rasa .* demo site Varde"):
        fleet_listeners(meeting)


def test_three_processes_and_two_bots_know_of_each_other(settings: Settings) -> None:
    parts = {part.name: part for part in fleet_plan(settings)}
    handoffs = [parts[f"handoff-{number}"].environment for number in (1, 2, 3)]
    assert [told["WEB_PORT"] for told in handoffs] == ["8100", "8200", "8300"]
    for told in handoffs:
        assert told["RASA_URLS"] == "http://127.0.0.1:8105,http://127.0.0.1:8205"
        assert told["PUBLIC_URL"] == "http://127.0.0.1:8000"
        assert told["PUBLIC_WS_URL"] == "ws://127.0.0.1:8000/ws"
        assert told["TRUSTED_PROXIES"] == "127.0.0.1/32"
    for number in (1, 2):
        assert parts[f"bot-{number}"].environment["ACTIONS_URL"].endswith(f":8{number}06")
        internal = parts[f"actions-{number}"].environment["INTERNAL_URLS"]
        assert internal.count(",") == 2
    for name in ("REDIS_URL", "TRACKER_URL"):
        told_of = {parts[f"bot-{number}"].environment[name] for number in (1, 2)}
        assert len(told_of) == 1
        assert urlsplit(told_of.pop()).password


def test_the_service_stops_first_and_its_stores_last_with_time_to_drain(
    settings: Settings,
) -> None:
    stops = {part.name: part.stops for part in fleet_plan(settings)}
    assert stops["handoff-1"] < stops["nginx"] == stops["bot-1"] < stops["stores"]
    assert Patience().grace > STOP_SECONDS + 1


def test_servers_of_yours_take_the_place_of_its_own(tmp_path: Path) -> None:
    given = {"DATABASE_URL": POSTGRES, "TRACKER_URL": POSTGRES + "_tracker", "REDIS_URL": REDIS}
    own = read_settings(given, root=tmp_path)
    parts = {part.name: part for part in fleet_plan(own)}
    assert "stores" not in parts
    assert parts["migrate"].after == ()
    assert parts["handoff-2"].environment["DATABASE_URL"] == POSTGRES
    for missing in ("TRACKER_URL", "REDIS_URL"):
        some = {name: value for name, value in given.items() if name != missing}
        with pytest.raises(StartError, match="REDIS_URL and a TRACKER_URL"):
            fleet_plan(read_settings(some, root=tmp_path))


def test_no_password_is_on_a_command_line_and_it_stays_from_start_to_start(
    settings: Settings,
) -> None:
    shared = fleet_settings(settings)
    password = urlsplit(shared.database_url).password
    assert password == urlsplit(fleet_settings(settings).redis_url).password
    for part in fleet_plan(settings):
        assert str(password) not in " ".join(part.command)
        assert settings.secret_key not in " ".join(part.command)
    stores = next(part for part in fleet_plan(settings) if part.name == "stores")
    assert "SECRET_KEY" not in stores.environment


def test_what_the_fleet_tells_other_commands_is_read_as_settings(
    settings: Settings, tmp_path: Path
) -> None:
    shared = fleet_settings(settings)
    (tmp_path / ".env").write_text(fleet_variables(shared), "utf-8")
    read = read_settings({}, root=tmp_path)
    assert read.database_url == shared.database_url
    assert read.rasa_urls == shared.rasa_urls


def test_nginx_is_laid_out_for_the_fleet_and_otherwise_as_it_is(tmp_path: Path) -> None:
    pages, sockets = ["127.0.0.1:1", "127.0.0.1:2"], ["127.0.0.1:3", "127.0.0.1:4"]
    conf = lay(tmp_path, "[::1]:80", pages, sockets)
    shipped = Path(__file__).parents[2] / "deploy"
    assert conf.read_text() == (shipped / "nginx.conf").read_text()
    upstreams = (tmp_path / "upstreams.conf").read_text()
    assert upstreams.count(" server ") == 4
    first, second = upstreams.split("upstream stafett_sockets")
    assert all(f"server {address} max_fails=1" in first for address in pages)
    assert all(f"server {address} max_fails=1" in second for address in sockets)
    assert (tmp_path / "listen.conf").read_text() == "listen [::1]:80;\n"
