"""One trained model and one pair of servers for all tests of the bot."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bot.rasa_project import Bot, running, train


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """The small project's model and what its training said."""
    return train(tmp_path_factory.mktemp("bot"))


@pytest.fixture(scope="session")
def bot(trained: tuple[Path, list[dict[str, Any]]]) -> Iterator[Bot]:
    """A running bot."""
    model, _ = trained
    with running(model.parent, model) as running_bot:
        yield running_bot


@pytest.fixture
def conversation() -> str:
    """A conversation that nobody has had yet."""
    return secrets.token_hex(16)
