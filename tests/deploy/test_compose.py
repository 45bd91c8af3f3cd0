"""`deploy/compose.yml` and its images: what can be proved of them without containers."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from ruamel.yaml import YAML

from handoff.launcher.plan import BOT_PYTHON
from handoff.launcher.proxy import DEPLOY, command
from handoff.launcher.supervisor import Patience
from handoff.settings import (
    NAMES,
    ROOT,
    SECRETS,
    Runtime,
    environment_for_children,
    read_settings,
)
from tests.ports import free_ports

COMPOSE: dict[str, Any] = YAML(typ="safe").load(DEPLOY / "compose.yml")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: one for name, one in SERVICES.items() if "build" in one}
_VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


def filled(text: str) -> str:
    """With what is given in `.env`, or the default."""
    return _VARIABLE.sub(lambda found: found[3] if found[2] == "-" else "x" * 20, text)


def environment(name: str) -> dict[str, str]:
    given = SERVICES[name].get("environment", {})
    return {key: filled(str(value)) for key, value in given.items()}


def runtime(name: str) -> Runtime:
    if name.startswith(("handoff", "migrate")):
        return "handoff"
    return "actions" if name.startswith("actions") else "bot"


def copied(target: str) -> list[str]:
    """What goes into the image of that target."""
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    stage = re.search(rf"^FROM \S+ AS {target}\n(.*?)(?=^FROM |\Z)", text, re.M | re.S)
    assert stage, f"there is no target {target}"
    lines = re.findall(r"^COPY (.+) \S+$", stage[1], re.M)
    return [name for line in lines for name in line.split()]


def image(target: str, folder: Path) -> Path:
    """The project's files as that image has them."""
    for name in copied(target):
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns(".venv", "__pycache__")
            shutil.copytree(source, folder / name, ignore=ignored)
        else:
            shutil.copy(source, folder / name)
    return folder


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_whole(name: str) -> None:
    one = SERVICES[name]
    for other, how in one.get("depends_on", {}).items():
        assert other in SERVICES
        if how["condition"] == "service_healthy":
            assert "test" in SERVICES[other]["healthcheck"], other
        else:
            assert SERVICES[other]["restart"] == "no", f"{other} does not end"
    for volume in one.get("volumes", []):
        source = volume.split(":")[0]
        if source.startswith("."):
            assert (DEPLOY / source).exists(), source
        else:
            assert source in COMPOSE["volumes"]
    if name not in OURS:
        assert re.search(r":\d", one["image"]), "an image without a version"


@pytest.mark.parametrize("name", OURS)
def test_a_service_of_ours_is_told_settings_there_are_and_all_it_needs(
    name: str, tmp_path: Path
) -> None:
    given = environment(name)
    told = environment_for_children(read_settings({}, root=tmp_path))[runtime(name)]
    assert set(given) <= set(told) | set(NAMES), set(given) - set(told)
    settings = {key: value for key, value in given.items() if key in NAMES}
    read_settings(settings, root=tmp_path / "own")  # raises where a value cannot be
    if name != "train":
        # What is made once in a data folder would differ from container to container.
        assert set(SECRETS) & set(told) <= set(given), set(SECRETS) & set(told) - set(given)


@pytest.mark.parametrize("name", OURS)
def test_an_image_is_built_of_what_there_is(name: str) -> None:
    build = SERVICES[name]["build"]
    assert (DEPLOY / build["context"]).resolve() == ROOT
    assert (ROOT / build["dockerfile"]).is_file()
    allowed = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    for source in copied(build["target"]):
        assert (ROOT / source).exists(), source
        assert f"!{source}" in allowed, source
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    assert build["target"] in groups


def test_whose_erasure_was_asked_for_outlives_the_container() -> None:
    """It is in no database: `stafett restore --renew` reads it from the data folder."""
    for name in ("handoff-1", "handoff-2", "handoff-3", "migrate"):
        assert "var:/app/var" in SERVICES[name]["volumes"]
        assert "DATA_DIR" not in environment(name)
    dockerfile = (DEPLOY / "Dockerfile").read_text("utf-8").splitlines()
    assert "RUN install -d -o stafett var" in dockerfile


def test_addresses_lead_to_services() -> None:
    for name in OURS:
        for text in environment(name).values():
            for host, port in re.findall(r"http://([a-z][a-z0-9-]*):(\d+)", text):
                assert host in SERVICES, text
                own = {"handoff": "8002", "bot": "8005", "actions": "8006"}
                assert port == own[host.split("-")[0]], text


def test_nginx_alone_is_published_and_spreads_over_every_process(tmp_path: Path) -> None:
    assert [name for name, one in SERVICES.items() if "ports" in one] == ["nginx"]
    upstreams = (DEPLOY / "compose" / "upstreams.conf").read_text("utf-8")
    members = sorted(name for name in SERVICES if name.startswith("handoff-"))
    assert re.findall(r"server (\S+):8000 ", upstreams) == members
    assert re.findall(r"server (\S+):8001 ", upstreams) == members
    shutil.copy(DEPLOY / "nginx.conf", tmp_path)
    for conf in (DEPLOY / "compose").glob("*.conf"):
        shutil.copy(conf, tmp_path)
    done = subprocess.run(command(tmp_path, "-t"), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_process_has_the_time_it_needs_to_drain() -> None:
    for name in SERVICES:
        if name.startswith("handoff-"):
            assert float(SERVICES[name]["stop_grace_period"].rstrip("s")) == Patience().grace


def test_the_image_of_the_service_has_all_the_service_needs(tmp_path: Path) -> None:
    folder = image("handoff", tmp_path)
    web, ws, internal = map(str, free_ports(3))
    ports = {"WEB_PORT": web, "WS_PORT": ws, "INTERNAL_PORT": internal}
    outer = {**os.environ, "PYTHONPATH": str(folder), **ports}
    python = [sys.executable, "-P"]
    migrate = SERVICES["migrate"]["command"][1:]
    subprocess.run([*python, *migrate], cwd=folder, env=outer, check=True)
    serving = subprocess.Popen([*python, "-m", "handoff.cli", "serve"], cwd=folder, env=outer)
    try:
        until_well(f"http://127.0.0.1:{web}/ready", serving)
    finally:
        serving.terminate()
        serving.wait(15)
    assert (folder / "var" / "stafett.db").exists(), "it served another folder"


def test_the_image_of_the_bot_has_all_a_model_is_made_of_and_the_actions(tmp_path: Path) -> None:
    folder = image("bot", tmp_path)
    program = "import sys; from pathlib import Path; from bot.fingerprint import fingerprint; "
    program += "print(fingerprint(Path.cwd()))"
    prints = {
        subprocess.run(
            [str(BOT_PYTHON), "-c", program],
            cwd=where, env={**os.environ, "PYTHONPATH": str(where)},
            capture_output=True, text=True, check=True,
        ).stdout
        for where in (ROOT, folder)
    }  # fmt: skip
    assert len(prints) == 1
    for name in ("train", "actions-1"):
        module = SERVICES[name]["command"][2].replace(".", "/")
        assert (folder / f"{module}.py").exists() or (folder / module / "__main__.py").exists()
    port = free_ports(1)[0]
    given = {**os.environ, **environment("actions-1"), "PYTHONPATH": str(folder)}
    given |= {"ACTIONS_PORT": str(port), "ACTIONS_HOST": "127.0.0.1"}
    serving = subprocess.Popen([str(BOT_PYTHON), "-m", "actions"], cwd=folder, env=given)
    try:
        until_well(f"http://127.0.0.1:{port}/health", serving)
    finally:
        serving.terminate()
        serving.wait(15)


def until_well(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while True:
        assert process.poll() is None, "it ended at its start"
        assert time.monotonic() < deadline, "it did not answer within a minute"
        with suppress(httpx.HTTPError):
            if httpx.get(url).status_code == 200:
                return
        time.sleep(0.1)
