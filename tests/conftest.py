"""What every test may use."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Generator, Iterator

import hypothesis
import pytest
from xdist.remote import Producer

from tests.lanes import Lanes, is_alone, room
from tests.postgres import postgres
from tests.whole import Whole, whole

# The same examples at every run: a red test here is red on every machine.
hypothesis.settings.register_profile("stafett", deadline=None, derandomize=True)
hypothesis.settings.load_profile("stafett")


# A run that is told to end takes down what it started, as at Ctrl-C.
signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Lanes:
    return Lanes(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool, bool]:
    with room(alone=is_alone(item)):
        return (yield)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the system's Chromium; run it with `--no-sandbox` where the tests run as root."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    pytest.fail("There is no Chromium on PATH. `make test` installs it, or says how.")


@pytest.fixture(scope="session")
def stafett(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """Everything as `make run` starts it, once a run: real Rasa, actions, systems and sites."""
    with whole(tmp_path_factory.mktemp("stafett")) as running:
        yield running


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a real PostgreSQL server, once a run."""
    with postgres() as address:
        yield address
