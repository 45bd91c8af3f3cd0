"""The yardstick command on small files of the public data sets' forms."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bot.rasa_project import ROOT

ARTISTS = ("Grieg", "Kari", "Odd", "Sissel", "Anja", "Lars", "Bjørn", "Marit")
DAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag", "helga")


def block(number: str, dialect: str, words: str, intent: str, marked: str, name: str) -> str:
    rows = [
        f"{place}\t{word}\t{intent}\t{'B-' + name if word == marked else 'O'}"
        for place, word in enumerate(words.split(), 1)
    ]
    return "\n".join(
        (f"# id = {number}", f"# text = {words}", f"# intent = {intent}",
         f"# dialect = {dialect}", *rows)
    )  # fmt: skip


def conll() -> str:
    blocks = []
    for number, (artist, day) in enumerate(zip(ARTISTS, DAYS, strict=True)):
        for variety, hear, weather in (
            ("B", "jeg vil høre {}", "hva blir været {}"),
            ("V", "eg vil høyra {}", "ka blir været {}"),
        ):
            blocks.append(
                block(f"{number}/1", variety, hear.format(artist), "PlayMusic", artist, "artist")
            )
            blocks.append(
                block(f"{number + 50}/1", variety, weather.format(day), "weather/find", day, "day")
            )
    return "\n\n".join(blocks) + "\n"


def benchmark(task: str, data: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "handoff.cli", "benchmark", "nlu", task, "--data", str(data),
         "--encoder", "off", *more],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip


@pytest.fixture
def norsid(tmp_path: Path) -> Path:
    (tmp_path / "no.valid.conll").write_text(conll(), "utf-8")
    return tmp_path


def test_norsid_is_measured_with_and_without_dialect_lines(norsid: Path) -> None:
    done = benchmark("norsid", norsid, "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert {"accuracy", "bokmaal_only", "by_variety", "slots_f1", "ece", "oos_recall", "ms_p50",
            "ms_p95", "train_seconds"} <= report.keys()  # fmt: skip
    assert report["accuracy"] == report["bokmaal_only"] == 1.0
    assert set(report["by_variety"]) == {"B", "V"}
    assert report["slots_f1"] > 0.9
    # A content is never parted: its dialect line would give the answer away.
    assert report["lines"] == {"train": 24, "test": 8}


def test_rasas_own_pipeline_stands_beside(norsid: Path) -> None:
    done = benchmark("norsid", norsid, "--peers", "light")
    assert done.returncode == 0, done.stderr
    assert "light" in done.stdout.splitlines()[0]
    (accuracy,) = (line for line in done.stdout.splitlines() if line.startswith(" accuracy  "))
    assert len(accuracy.split()) == 3


def test_out_of_scope_is_told_at_a_price_in_scope_that_was_fixed(tmp_path: Path) -> None:
    said = {
        "balance": ["what is my balance", "how much money have i got", "tell me my balance",
                    "show the balance", "balance please", "my account balance now"],
        "card": ["my card is lost", "i lost my card", "the card was stolen", "block my card",
                 "card gone missing", "please stop my card"],
        "oos": ["who won the match", "is it raining", "tell me a joke", "what should i cook",
                "when was caesar born", "how far is the moon"],
    }  # fmt: skip
    pairs = [[text, intent] for intent, texts in said.items() for text in texts]
    inside = [pair for pair in pairs if pair[1] != "oos"]
    away = [pair for pair in pairs if pair[1] == "oos"]
    (tmp_path / "train_val.json").write_text(json.dumps({"train": inside, "oos_train": away}))
    test = tmp_path / "test.json"
    test.write_text(json.dumps({"test": inside, "oos_test": away}))
    done = benchmark("clinc150", tmp_path, "--test", str(test), "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["accuracy"] >= 0.9
    assert report["oos_recall"] >= 0.9
    assert report["lines"] == {"train": 18, "test": 18}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("banking77", "nothing,here\n", "train.csv: the first line must name the columns"),
        ("banking77", None, "train.csv cannot be read: No such file"),
        ("clinc150", "{", "train_val.json: line 1 is not JSON"),
        ("norsid", "# id = 1\n1\tHei\n", "no.valid.conll: a block lacks its text or a column"),
    ],
)
def test_what_cannot_be_read_is_named(
    tmp_path: Path, name: str, text: str | None, said: str
) -> None:
    file = {"banking77": "train.csv", "clinc150": "train_val.json", "norsid": "no.valid.conll"}
    if text is not None:
        (tmp_path / file[name]).write_text(text, "utf-8")
    done = benchmark(name, tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_the_products_own_lines_are_read_with_their_clients_skills(tmp_path: Path) -> None:
    lines = tmp_path / "lines.tsv"
    rows = ["1\theimbud\ttrack_parcel\tbergen\tkor e pakken min", "2\tboth\tthank\tsms\ttakk"]
    lines.write_text("\n".join(["id\tclient\tintent\tvariety\ttext", *rows]) + "\n", "utf-8")
    done = benchmark("product", ROOT, "--test", str(lines), "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["lines"]["test"] == 3  # one of them is said to each client
    assert report["accuracy"] == 1.0
    lines.write_text("id\tclient\tintent\tvariety\ttext\n1\tnobody\tthank\tsms\ttakk\n", "utf-8")
    done = benchmark("product", ROOT, "--test", str(lines))
    assert done.returncode == 2
    assert "line 2 must have a client" in done.stderr
    assert "--test" in benchmark("product", ROOT).stderr
