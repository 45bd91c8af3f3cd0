"""The launcher with real processes: order, trouble, restarts, and nothing left behind."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from handoff.launcher.watchman import marked
from tests.launcher.launched import LAUNCHER, ROOT, Launched, gone, service, step

QUICK = {"grace": 0.7, "restart": 0.1, "longest_restart": 0.4}


def watchman_of(launched: Launched) -> psutil.Process:
    return next(
        child
        for child in psutil.Process(launched.process.pid).children()
        if "handoff.launcher.watchman" in child.cmdline()
    )


def test_parts_start_when_what_they_need_works_and_the_rest_at_once(tmp_path: Path) -> None:
    trail = f"open({str(tmp_path / 'trail')!r}, 'a').write"
    parts = [
        service("bot", after=["train"]),
        step("train", f"import time; time.sleep(0.5); {trail}('train ')"),
        step("migrate", f"{trail}('migrate ')"),
        step("last", f"{trail}('last')", after=["bot", "migrate"]),
    ]
    with Launched(tmp_path, parts) as launched:
        launched.until("all ready")
        assert (tmp_path / "trail").read_text("utf-8") == "migrate train last"
        assert launched.said.index("Train: done") < launched.said.index("Bot: waiting for")
        assert launched.said.index("Bot: healthy after") < launched.said.index("Last: done")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_and_leaves_no_process(
    tmp_path: Path, number: signal.Signals
) -> None:
    parts = [service("calm"), service("deaf", "--ignore-term"), service("stray", "--stray")]
    with Launched(tmp_path, parts, patience=QUICK) as launched:
        launched.until("all ready")
        assert len(marked(launched.mark)) == 4
        watchman = watchman_of(launched)
        launched.process.send_signal(number)
        assert launched.ended() == 0
        assert not marked(launched.mark)
        assert not watchman.is_running()
        assert launched.lines[-2:] == ["Stopping ...", "stopped"]


def test_parts_are_told_to_stop_in_their_order(tmp_path: Path) -> None:
    words = tmp_path / "words"
    habit = ("--last-words", str(words))
    parts = [
        service(name, *habit, stops=number) for name, number in zip("cab", (2, 0, 1), strict=True)
    ]
    with Launched(tmp_path, parts, patience={"grace": 5.0}) as launched:
        launched.until("all ready")
        launched.process.send_signal(signal.SIGTERM)
        assert launched.ended() == 0
        assert not marked(launched.mark)
    spoken = [int(line) for line in words.read_text("utf-8").split()]
    assert spoken == [parts[1]["port"], parts[2]["port"], parts[0]["port"]]


def test_a_launcher_in_the_background_with_sigint_ignored_still_obeys_it(tmp_path: Path) -> None:
    with Launched(tmp_path, [service("calm")], ignore_sigint=True) as launched:
        launched.until("all ready")
        launched.process.send_signal(signal.SIGINT)
        assert launched.ended() == 0
        assert not marked(launched.mark)


def test_a_signal_while_starting_stops_everything(tmp_path: Path) -> None:
    parts = [service("calm"), step("slow", "import time; time.sleep(60)")]
    with Launched(tmp_path, parts, patience=QUICK) as launched:
        launched.until("Calm: healthy")
        launched.process.terminate()
        assert launched.ended() == 0
        assert not marked(launched.mark)
        assert "all ready" not in launched.said


def test_a_second_signal_ends_a_deaf_part_at_once(tmp_path: Path) -> None:
    with Launched(tmp_path, [service("deaf", "--ignore-term")]) as launched:
        launched.until("all ready")
        launched.process.terminate()
        launched.until("Stopping")
        began = time.monotonic()
        launched.process.terminate()
        assert launched.ended() == 0
        assert time.monotonic() - began < 3
        assert not marked(launched.mark)


def test_a_launcher_that_is_killed_leaves_no_process(tmp_path: Path) -> None:
    parts = [service("calm"), service("stray", "--stray")]
    with Launched(tmp_path, parts, patience=QUICK) as launched:
        launched.until("all ready")
        watchman = watchman_of(launched)
        launched.process.kill()
        assert gone(launched.mark, 8)
        watchman.wait(5)


def test_the_next_launcher_waits_for_what_a_killed_one_left(tmp_path: Path) -> None:
    part = service("deaf", "--ignore-term")
    with Launched(tmp_path, [part], patience={"grace": 1.5}) as first:
        first.until("all ready")
        first.process.kill()
        first.process.wait()
        with Launched(tmp_path, [part], patience=QUICK) as second:
            second.until("all ready")
            assert not marked(first.mark)


def test_a_second_launcher_on_the_same_folder_says_who_is_there(tmp_path: Path) -> None:
    with Launched(tmp_path, [service("calm")]) as first:
        first.until("all ready")
        with Launched(tmp_path, [service("other")], refused=True) as second:
            assert second.ended() == 1
        assert f"already runs on the data folder {tmp_path} (process {first.process.pid})" in (
            second.said
        )


def test_a_watchman_that_is_killed_is_replaced(tmp_path: Path) -> None:
    with Launched(tmp_path, [service("calm")]) as launched:
        launched.until("all ready")
        first = watchman_of(launched)
        first.kill()
        deadline = time.monotonic() + 5
        while first.is_running() or not psutil.Process(launched.process.pid).children():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        while watchman_of(launched).status() == psutil.STATUS_ZOMBIE:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        launched.process.kill()
        assert gone(launched.mark, 8)


def test_a_part_that_is_killed_is_started_again_and_that_is_said(tmp_path: Path) -> None:
    with Launched(tmp_path, [service("calm")], patience=QUICK) as launched:
        launched.until("all ready")
        marked(launched.mark)[0].kill()
        line = launched.until("was ended by SIGKILL")
        assert line.startswith("Calm was ended by SIGKILL; starting it again in 0.1 s.")
        launched.until("Calm works again")
        assert len(marked(launched.mark)) == 1


def test_a_part_that_hangs_is_ended_and_started_again(tmp_path: Path) -> None:
    hasty = {**QUICK, "look": 0.2, "silence": 1.0}
    with Launched(tmp_path, [service("calm")], patience=hasty) as launched:
        launched.until("all ready")
        marked(launched.mark)[0].suspend()
        assert "Calm has not answered at http://127.0.0.1:" in launched.until("for ")
        launched.until("Calm was ended by SIGKILL")
        launched.until("Calm works again")
        assert len(marked(launched.mark)) == 1


def test_a_part_that_is_unwell_but_answers_is_left_in_peace(tmp_path: Path) -> None:
    habits = ("--unwell-after", "0.5")
    hasty = {**QUICK, "look": 0.1, "silence": 0.5}
    with Launched(tmp_path, [service("calm", *habits)], patience=hasty) as launched:
        launched.until("all ready")
        (part,) = marked(launched.mark)
        time.sleep(2)
        assert [one.pid for one in marked(launched.mark)] == [part.pid]


def test_the_wait_before_a_restart_doubles_up_to_its_longest(tmp_path: Path) -> None:
    parts = [service("frail", "--die-after", "0.4")]
    with Launched(tmp_path, parts, patience=QUICK) as launched:
        for wait in ("0.1", "0.2", "0.4", "0.4"):
            assert f"again in {wait} s" in launched.until("ended with exit code 4")


def test_a_part_that_died_once_at_the_start_is_tried_again_with_its_last_lines_shown(
    tmp_path: Path,
) -> None:
    parts = [service("slow", "--die-first", str(tmp_path / "died"))]
    with Launched(tmp_path, parts, patience=QUICK) as launched:
        launched.until("ended with exit code 3; starting it again")
        launched.until("  slow | the reason of my death")
        launched.until("all ready")


def test_a_part_that_never_becomes_healthy_is_told_with_its_log_and_nothing_is_left(
    tmp_path: Path,
) -> None:
    parts = [
        service("calm"),
        {**service("broken"), "command": ["sh", "-c", "echo no such model >&2; exit 7"]},
    ]
    with Launched(tmp_path, parts, patience=QUICK) as launched:
        assert launched.ended() == 1
        assert "Broken ended with exit code 7, 3 times." in launched.said
        assert "  broken | no such model" in launched.said
        assert f"The whole log is {tmp_path}/logs/broken.log" in launched.said
        assert "Traceback" not in launched.said
        assert not marked(launched.mark)


def test_a_part_that_answers_wrongly_is_given_up_after_the_time_it_has(tmp_path: Path) -> None:
    part = service("mute")
    part["health"] = part["health"].replace("token=t", "token=wrong")
    with Launched(tmp_path, [part], patience={**QUICK, "service": 0.8}) as launched:
        assert launched.ended() == 1
        assert "Mute was not healthy after 0.8 s." in launched.said
        assert not marked(launched.mark)


def test_a_step_that_fails_is_told_and_what_needs_it_is_not_started(tmp_path: Path) -> None:
    parts = [
        step("migrate", "import sys; sys.exit('stafett: the disk is full')"),
        service("handoff", after=["migrate"]),
    ]
    with Launched(tmp_path, parts, patience=QUICK) as launched:
        assert launched.ended() == 1
        assert "Migrate ended with exit code 1.\n  migrate | stafett: the disk is full" in (
            launched.said
        )
        assert not (tmp_path / "logs" / "handoff.log").exists()


def test_a_step_that_hangs_is_given_up(tmp_path: Path) -> None:
    parts = [step("train", "import time; time.sleep(60)")]
    with Launched(tmp_path, parts, patience={**QUICK, "step": 0.5}) as launched:
        assert launched.ended() == 1
        assert "Train did not end in 0.5 s" in launched.said
        assert not marked(launched.mark)


def test_a_command_that_is_not_there_is_told_with_the_cure(tmp_path: Path) -> None:
    part = {**service("bot"), "command": [str(tmp_path / "bot/.venv/bin/python")]}
    with Launched(tmp_path, [part]) as launched:
        assert launched.ended() == 1
        assert "Bot cannot be started" in launched.said
        assert "Run make setup" in launched.said


def test_children_get_their_own_settings_and_not_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "not-for-the-bot")
    monkeypatch.setenv("LC_TIME", "nb_NO.UTF-8")
    program = "import json, os; json.dump(dict(os.environ), open('told.json', 'w'))"
    parts = [step("train", program, environment={"BOT_TOKEN": "for-the-bot"})]
    with Launched(tmp_path, parts) as launched:
        launched.until("all ready")
    told = (tmp_path / "told.json").read_text("utf-8")
    assert "for-the-bot" in told
    assert "nb_NO.UTF-8" in told
    assert "not-for-the-bot" not in told
    assert "PYTHONPATH" not in told


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL], ids=lambda n: n.name
)
def test_a_signal_to_make_alone_stops_everything(tmp_path: Path, number: signal.Signals) -> None:
    command = [*LAUNCHER, json.dumps({"folder": str(tmp_path), "parts": [service("calm")],
                                      "parent": True})]  # fmt: skip
    (tmp_path / "Makefile").write_text(f"run:\n\t@exec {shlex.join(command)}\n", "utf-8")
    with subprocess.Popen(
        ["make", "-C", str(tmp_path), "run"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as make:
        assert make.stdout
        lines = iter(make.stdout)
        mark = next(line for line in lines if line.startswith("mark ")).split()[1]
        assert any("all ready" in line for line in lines)
        make.send_signal(number)
        make.wait(8)
        assert gone(mark, 8)
        assert "Stopping ...\n" in lines
