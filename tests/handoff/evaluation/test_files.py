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
from handoff.evaluation.lines import Line, read_lines, report
from handoff.evaluation.requests import read_requests
from handoff.evaluation.utterances import read_utterances

READERS = (
    lambda path: read_utterances(path, ["post"]),
    lambda path: read_conversations(path, ["post"]),
    read_requests,
    read_lines,
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


@pytest.mark.parametrize("read", READERS[:4])
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


def test_lines_of_a_table_and_of_norsid_are_read(tmp_path: Path) -> None:
    table = tmp_path / "lines.tsv"
    table.write_text("id\tvariety\tlabel\ttext\n1\tsms\tblunt\tNEI. 2 pakker\n", "utf-8")
    assert read_lines(table) == [Line("1", "sms", "blunt", "NEI. 2 pakker")]
    conll = tmp_path / "no.conll"
    conll.write_text(
        "# id = 300/8\n# text = Legg sangen te\n# dialect = V\n1\tLegg\tX\tO\n\n"
        "# id = 289/1\n# text =\n# dialect = N\n1\t\tX\tO\n\n"
        "# id = 289/2\n# text = spell låta\n# dialect = N\n1\tspell\tX\tO\n2\tlåta\tX\tO\n",
        "utf-8",
    )
    assert read_lines(conll) == [
        Line("300/8", "V", "neutral", "Legg sangen te"),
        Line("289/2", "N", "neutral", "spell låta"),
    ]


def test_a_sentence_without_an_id_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "no.conll"
    path.write_text("# text = hei\n1\thei\tX\tO\n\n", "utf-8")
    with pytest.raises(InputError, match=r":3: the sentence before has no id"):
        read_lines(path)


def test_lines_are_told_by_label_and_variety() -> None:
    results = [
        Line("1", "sms", "frustrated", "håpløst", "handed_over", "frustration"),
        Line("2", "sms", "frustrated", "niks", "offered", "stalled"),
        Line("3", "bergen", "blunt", "KOR E HAN"),
    ]
    found = report(results)
    group = found["by_label"]["frustrated"]
    assert (group["n"], group["handed_over"], group["offered"], group["flagged"]) == (
        2,
        0.5,
        0.5,
        0.5,
    )
    assert found["by_variety"]["bergen"]["flagged"] == 0
    console = Console(file=StringIO(), width=120)
    tables.show("lines", found, console)
    said = console.file.getvalue()  # type: ignore[attr-defined]
    assert "håpløst" in said
    assert "KOR E HAN" not in said
