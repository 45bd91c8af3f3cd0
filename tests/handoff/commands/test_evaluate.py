"""`stafett evaluate`: what is told before anything is measured."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from handoff import settings
from handoff.cli import build
from handoff.errors import InputError


@pytest.mark.parametrize("kind", ["utterances", "conversations", "entities"])
def test_where_nothing_can_be_compared_with_nobody_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    file = tmp_path / "lines"
    file.write_text(
        '{"id": "1", "client": "heimbud", "variety": "sms", "turns": ["hei"], "handoff": '
        '{"expected": false, "earliest": null, "latest": null, "reason": ""}}\n'
        if kind == "conversations"
        else "id\tclient\tintent\tvariety\ttext\n1\theimbud\tgreet\tsms\thei\n",
        "utf-8",
    )
    (tmp_path / "clients").symlink_to(settings.ROOT / "clients")
    monkeypatch.setattr(settings, "ROOT", tmp_path)
    done = CliRunner().invoke(build(), ["evaluate", kind, str(file), "--against", "LAST"])
    assert isinstance(done.exception, InputError)
    assert f"There is no earlier run of {kind}" in str(done.exception)
    assert done.exception.cure == "Run once without --against."
