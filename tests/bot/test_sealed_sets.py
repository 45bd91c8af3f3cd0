"""What the bot is measured on is never what it was trained on."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from handoff.settings import ROOT
from scripts.seal import NEAR, Seal, write

DATA = ROOT / "data"
OWN = DATA / "held_out" / "utterances.tsv"


def yaml_lines(path: Path) -> Iterator[str]:
    """Every list item of a training file, whether in a block of text or a list."""
    for line in path.read_text("utf-8").splitlines():
        text = line.strip()
        if text.startswith("- ") and not text.startswith("- intent:"):
            yield text.removeprefix("- ").removeprefix("text:").strip().strip("'\"")


def trained_on() -> Iterator[tuple[Path, str]]:
    for path in sorted([*(DATA / "nlu").glob("*.yml"), *(DATA / "judgement").rglob("*.yml")]):
        yield from ((path, text) for text in yaml_lines(path))
    for line in (DATA / "judgement" / "conversations.jsonl").read_text("utf-8").splitlines():
        for turn in json.loads(line)["turns"]:
            text = turn if isinstance(turn, str) else turn.get("text", "")
            yield DATA / "judgement" / "conversations.jsonl", text


def held_out() -> list[str]:
    with OWN.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row["text"] for row in reader]


def near_copies(seal: Seal) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}: {text}"
        for path, text in trained_on()
        if seal.likeness(text) >= NEAR
    ]


def test_no_training_line_is_a_near_copy_of_a_sealed_line() -> None:
    assert sum(1 for _ in trained_on()) > 5_000
    assert near_copies(Seal.read()) == []


def test_no_training_line_is_a_near_copy_of_our_own_held_out_lines(tmp_path: Path) -> None:
    sealed = tmp_path / "sealed.txt"
    assert write(held_out(), sealed) > 200
    assert near_copies(Seal.read(sealed)) == []


@pytest.mark.parametrize(
    ("text", "caught"),
    [
        ("Hvor er pakken jeg bestilte i forrige uke?", True),
        ("hvor er pakken jeg bestilte i forrige måned", True),
        ("kan dere si hvor pakken er, jeg har ventet siden i går", False),
        ("hvor er pakken", False),
    ],
)
def test_a_near_copy_is_noticed_and_the_same_matter_is_not(
    tmp_path: Path, text: str, *, caught: bool
) -> None:
    sealed = tmp_path / "sealed.txt"
    write(["hvor er pakken jeg bestilte i forrige uke"], sealed)
    assert "pakken" not in sealed.read_text("ascii")
    assert (Seal.read(sealed).likeness(text) >= NEAR) is caught


def test_training_files_are_read_by_the_test_as_rasa_reads_them() -> None:
    path = DATA / "nlu" / "common.yml"
    blocks = YAML(typ="safe").load(path)["nlu"]
    lines = [line for block in blocks for line in str(block["examples"]).splitlines()]
    expected = [line.removeprefix("- ").strip() for line in lines if line.startswith("- ")]
    found = list(yaml_lines(path))
    assert [text for text in expected if text.strip("'\"") not in found] == []
