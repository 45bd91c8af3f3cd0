"""Files given to `stafett evaluate`, and what its tables say."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from handoff.errors import InputError
from handoff.evaluation import runs, tables
from handoff.evaluation.conversations import Golden, read_conversations
from handoff.evaluation.lines import Line, read_lines, report
from handoff.evaluation.requests import Asked, read_requests
from handoff.evaluation.requests import report as asked_report
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


TABLES: dict[str, tuple[Callable[[Path], object], str]] = {
    "utterances": (READERS[0], "id\tclient\tintent\tvariety\ttext"),
    "requests": (read_requests, "id\tvariety\tasks\ttext"),
    "lines": (read_lines, "id\tvariety\tlabel\ttext"),
}


@pytest.mark.parametrize(
    ("kind", "line", "says", "cure"),
    [
        ("requests", "1\tsms\t2\thei", "2: `2` is no value of `asks`.", "Use one of: 1, 0."),
        ("requests", "1\tsms\t1", "2: does not have 4 filled columns", "asks and text with"),
        ("requests", "", "2: does not have 4 filled columns", "with tabs between."),
        ("requests", "1\tsvensk\t1\thei", "2: `svensk` is no variety.", "bokmaal, nynorsk, "),
        ("lines", "1\tsvensk\tfine\thei", "2: `svensk` is no variety.", "sms, english."),
        ("lines", "1\tsms\t\thei", "2: does not have 4 filled columns.", "label"),
        ("utterances", "1\tpost\tgreet\tsvensk\thei", "2: `svensk` is no variety.", "bokmaal, "),
        ("utterances", "1\tbank\tgreet\tsms\thei", "2: `bank` is no client.", "post, both."),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_used_is_told_with_its_number_and_what_is_allowed(
    tmp_path: Path, kind: str, line: str, says: str, cure: str
) -> None:
    read, header = TABLES[kind]
    path = tmp_path / "lines.tsv"
    path.write_text(f"{header}\n{line}\n", "utf-8")
    with pytest.raises(InputError) as caught:
        read(path)
    assert f"{path}:{says}" in caught.value.message
    assert cure in caught.value.cure


@pytest.mark.parametrize("kind", list(TABLES))
def test_another_header_and_a_header_alone_are_told(tmp_path: Path, kind: str) -> None:
    read, header = TABLES[kind]
    path = tmp_path / "lines.tsv"
    path.write_text("id\ttext\n1\thei\n", "utf-8")
    with pytest.raises(InputError, match=r":1: this is not the header\."):
        read(path)
    path.write_text(f"{header}\n", "utf-8")
    with pytest.raises(InputError, match=r"lines\.tsv holds no line\."):
        read(path)


def test_a_table_that_a_spreadsheet_saved_with_its_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "requests.tsv"
    path.write_text("id\tvariety\tasks\ttext\r\n1\tsms\t1\tfolk?\r\n", "utf-8-sig")
    assert read_requests(path) == [Asked("1", "sms", "folk?", True)]


def conversation(**changed: object) -> str:
    whole = {"id": "1", "client": "post", "variety": "sms", "turns": ["hei", "nei"],
             "handoff": {"expected": False}}  # fmt: skip
    return json.dumps(whole | changed)


def test_a_conversation_needs_no_window_and_no_reason(tmp_path: Path) -> None:
    path = tmp_path / "conversations.jsonl"
    any_turn = conversation(handoff={"expected": True, "reason": "policy"}, kind="bereavement")
    path.write_text(f"{conversation()}\n{any_turn}\n", "utf-8")
    calm, needed = (script.handoff for script in read_conversations(path, ["post"]))
    assert calm == Golden(False, None, None, None)
    assert needed == Golden(True, None, None, "policy")


@pytest.mark.parametrize(
    ("changed", "says", "cure"),
    [
        ({"client": "bank"}, "`bank` is no client.", "Use one of: post."),
        ({"variety": "svensk"}, "`svensk` is no variety.", "bokmaal, nynorsk, bergen, "),
        ({"handoff": {"expected": True, "reason": "anger"}}, "`anger` is no reason for a person.",
         "Use one of: asked_human, frustration, uncertainty, policy, none."),
        ({"handoff": {"expected": False, "reason": "policy"}},
         "`policy` is no reason where no person is expected.", "Use one of: none."),
        ({"handoff": {"expected": True, "earliest": 2, "latest": 3}},
         "turns 2 to 3 are none of this conversation.", "from 1; here are 2."),
        ({"handoff": {"expected": True, "earliest": 2, "latest": 1}},
         "turns 2 to 1 are none of this conversation.", "Count the customer's lines"),
        ({"handoff": {"expected": True, "earliest": 0, "reason": "policy"}},
         "is no conversation: ", "docs/commands.md tells the keys."),
    ],
)  # fmt: skip
def test_a_conversation_that_cannot_be_used_is_told_with_its_number_and_what_is_allowed(
    tmp_path: Path, changed: dict[str, object], says: str, cure: str
) -> None:
    path = tmp_path / "conversations.jsonl"
    path.write_text(f"{conversation()}\n{conversation(**changed)}\n", "utf-8")
    with pytest.raises(InputError) as caught:
        read_conversations(path, ["post"])
    assert f"{path}:2: {says}" in caught.value.message
    assert cure in caught.value.cure


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


def shown(kind: str, found: dict[str, Any]) -> str:
    """What a terminal of 80 columns shows."""
    out = StringIO()
    tables.show(kind, found, Console(file=out, width=80))
    return out.getvalue()


def test_lines_are_told_by_label_and_variety() -> None:
    results = [
        Line("1", "sms", "frustrated", "håpløst", "handed_over", "frustration"),
        Line("2", "sms", "frustrated", "niks", "offered", "no_progress"),
        Line("3", "bergen", "blunt", "KOR E HAN"),
    ]
    found = report(results, "post", False)
    group = found["by_label"]["frustrated"]
    assert (group["n"], group["handed_over"], group["offered"], group["flagged"]) == (
        2,
        0.5,
        0.5,
        0.5,
    )
    assert found["by_variety"]["bergen"]["flagged"] == 0
    said = shown("lines", found)
    assert "håpløst" in said
    assert "KOR E HAN" not in said


def test_lines_tell_the_client_company_the_intervals_and_what_not_kept_means() -> None:
    line = Line("b001", "troendersk", "unsure_customer", "æ veit itj, kan dåkker si mæ ka æ ska",
                "offered", "repeated_failure")  # fmt: skip
    first = shown("lines", report([line], "post", False))
    assert "each the first of a conversation with post." in first
    assert "95 % Wilson intervals" in " ".join(first.split())
    assert "the lines after which a person came (handed over) or the bot" in first
    # At 80 columns every cell of a share is whole, and so are the words of a row.
    for whole in ("100% (21 to 100)", "unsure_customer", "repeated_failure", "dåkker si mæ"):
        assert whole in first
    third = shown("lines", report([replace(line, outcome="kept", reason=None)], "post", True))
    assert "third, after two calm lines, of a conversation with post." in " ".join(third.split())
    assert "The bot kept every line" in third


def test_requests_tell_the_client_company_and_the_intervals() -> None:
    asked = Asked("1", "sms", "folk?", True, True)
    said = " ".join(shown("requests", asked_report([asked], "post")).split())
    assert "each the first of a conversation with post. In brackets: 95 % Wilson intervals." in said
