"""Files given to `stafett evaluate`, and what its tables say."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from handoff.errors import InputError
from handoff.evaluation import runs, tables
from handoff.evaluation.conversations import read_conversations
from handoff.evaluation.requests import read_requests
from handoff.evaluation.utterances import read_utterances

READERS = (
    lambda path: read_utterances(path, ["post"]),
    lambda path: read_conversations(path, ["post"]),
    read_requests,
    lambda path: runs.earlier(path.parent, "utterances", str(path)),
)


@pytest.mark.parametrize("read", READERS)
def test_a_file_that_is_not_there_is_told_in_words(
    tmp_path: Path, read: Callable[[Path], object]
) -> None:
    path = tmp_path / "lines.tsv"
    with pytest.raises(InputError) as caught:
        read(path)
    said = str(caught.value)
    assert str(path) in said
    assert "There is no" in said
    assert "Errno" not in said
    assert caught.value.cure


@pytest.mark.parametrize("read", READERS[:3])
def test_a_folder_and_wrong_letters_are_told_in_words(
    tmp_path: Path, read: Callable[[Path], object]
) -> None:
    with pytest.raises(InputError, match="is a folder"):
        read(tmp_path)
    path = tmp_path / "lines"
    path.write_bytes(b"\xe6\xf8\xe5")
    with pytest.raises(InputError, match="is not UTF-8"):
        read(path)


@pytest.mark.parametrize(
    ("line", "says"),
    [('{"id": "1", "turns": [', "2: is not JSON"), ('{"id": "1"}', "2: is no conversation: ")],
)
def test_half_a_line_of_conversation_is_told_with_its_number(
    tmp_path: Path, line: str, says: str
) -> None:
    path = tmp_path / "conversations.jsonl"
    path.write_text(f"\n{line}\n", "utf-8")
    with pytest.raises(InputError, match=says) as caught:
        read_conversations(path, ["post"])
    assert "truncated" not in str(caught.value)
    assert caught.value.cure


def test_where_nothing_is_wrong_no_empty_table_is_shown() -> None:
    row = {"id": "1", "intent": "greet", "predicted": "greet", "confidence": 0.9, "text": "hei"}
    out = StringIO()
    tables.show(
        "utterances",
        {"n": 1, "accuracy": 1.0, "asked": 0.0, "asked_well": None,
         "unasked_accuracy": 1.0, "by_variety": {"sms": 1.0}, "by_intent": {"greet": 1.0},
         "rows": [row]},
        Console(file=out, width=80),
    )  # fmt: skip
    assert "taken for" not in out.getvalue()
    assert "Nothing is wrong." in out.getvalue()


@pytest.mark.parametrize("line", ["1\tsms\t2\thei", "1\tsms\t1", ""])
def test_a_line_that_is_no_request_is_told_with_its_number(tmp_path: Path, line: str) -> None:
    path = tmp_path / "requests.tsv"
    path.write_text(f"id\tvariety\tasks\ttext\n{line}\n", "utf-8")
    with pytest.raises(InputError, match="2: is no such line"):
        read_requests(path)
