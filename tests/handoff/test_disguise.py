"""What points to a customer does not reach a designer's file; what teaches the bot does."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.disguise import Found, disguised
from handoff.launcher.plan import BOT_PYTHON
from handoff.validation.examples import read_examples
from handoff.validation.findings import Report
from handoff.validation.inside import read_exactly


def as_read(*lines: str) -> list[str]:
    """The lines disguised with what the bot's own reader finds in them."""
    return [
        disguised(line, [Found(one.entity, one.start, one.end) for one in found])
        for line, found in zip(lines, read_exactly(lines, BOT_PYTHON), strict=True)
    ]


def test_numbers_keep_their_shape_and_their_name() -> None:
    assert as_read(
        "kor e HB 1234 5678?",
        "hvor er RR123456785NO og 370712849930175522",
        "skade 24-123456 på V-1234567",
        "abonnement 123456, faktura 7001234.",
        "bor i 5003 Bergen, tlf 911 22 333",
    ) == [
        "kor e [HB 0000 0000](tracking_number)?",
        "hvor er [RR000000000NO](tracking_number) og [370000000000000000](tracking_number)",
        "skade [00-000000](claim_number) på [V-0000000](policy_number)",
        "abonnement [000000](subscription_number), faktura [0000000](invoice_number).",
        "bor i [0000](postcode) Bergen, tlf [20 00 00 00](phone)",
    ]


def test_days_and_sums_stay_unless_a_long_number_stands_in_them() -> None:
    assert as_read("kommer den i morgen, betalte 499 kr", "jeg er født 12.03.1985, betalte 1200 kr",
                   "kl 17:30 eller 17 og 21") == [
        "kommer den [i morgen](date), betalte [499 kr](amount)",
        "jeg er født 00.00.0000, betalte [0000 kr](amount)",
        "kl 17:30 eller 17 og 21",
    ]  # fmt: skip


def test_where_they_live_and_how_they_are_reached_goes() -> None:
    for line in as_read(
        "send til Kirkeveien 41B, 0368 Oslo", "mail ola.nordmann@firma.no", "Øvre storgate 3 B da",
        "hos Ole Bulls plass 7", "se https://x.no/sak?id=ab12 nå", "OLA@FIRMA.NO er min",
    ):  # fmt: skip
        for told in ("41B", "0368", "ola", "OLA", "firma", "FIRMA", "gate 3", "Bulls", "ab12"):
            assert told not in line


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("jeg heter kari nordmann og venter", "jeg heter Kim og venter"),
        ("æ heite Odd-Arne", "æ heite Kim"),
        ("Mitt navn er Åse Lid Moen", "Mitt navn er Kim"),
        ("my name is mary", "my name is Kim"),
        ("svar meg da, mvh Ola", "svar meg da, mvh Kim"),
        ("svar meg da, mvh turid", "svar meg da, mvh Kim"),
        ("Mvh. TURID HANSEN, 5 dager har gått", "Mvh. Kim, 5 dager har gått"),
        ("ring meg m.v.h turid på kveldstid", "ring meg m.v.h Kim på kveldstid"),
        ("vh/per olav", "vh/Kim"),
        ("når kommer den? hilsen per", "når kommer den? hilsen Kim"),
        ("tusen takk, klem fra anne!", "tusen takk, klem fra Kim!"),
        ("Med vennlig hilsen anne lise moe avdeling vest", "Med vennlig hilsen Kim avdeling vest"),
        ("venleg helsing frå turid i Voss", "venleg helsing frå Kim i Voss"),
        ("no parcel yet, kind regards mary ann", "no parcel yet, kind regards Kim"),
        ("hils anne fra meg", "hils Kim fra meg"),
        ("hilsen en sint kunde", "hilsen en sint kunde"),
        ("mvh frustrert kunde", "mvh frustrert kunde"),
        ("hilsen oss på hytta", "hilsen oss på hytta"),
        ("kortet med hilsen dere sendte var fint", "kortet med hilsen dere sendte var fint"),
        ("venter på svar mvh", "venter på svar mvh"),
        ("Hei Kari! Fra Oslo til Bergen", "Hei Kim! Fra Oslo til Bergen"),
        ("brevet til Per Vik kom ikke", "brevet til Kim kom ikke"),
        ("Kan Kari Vik hente den", "Kan Kim hente den"),
        ("hvor er pakken min fra Komplett", "hvor er pakken min fra Komplett"),
        ("Jeg vil si opp", "Jeg vil si opp"),
    ],
)
def test_names_that_are_introduced_or_whole_go(said: str, shown: str) -> None:
    assert disguised(said) == shown


def test_what_would_be_read_as_marks_or_commands_is_taken_apart() -> None:
    assert disguised('/restart {"a": 1} [x](y)') == 'restart ("a": 1) (x)(y)'
    assert disguised("- nei\n\tikke\u2028det\x07") == "nei ikke det"
    assert disguised("fnr [fødselsnummer skjult]") == "fnr (fødselsnummer skjult)"


def test_a_line_of_nothing_but_facts_teaches_nothing() -> None:
    assert as_read("HB12345678", "911 22 333!", "??", "5003") == ["", "", "", ""]


def test_places_that_do_not_fit_the_line_are_not_believed() -> None:
    assert disguised("hei på deg", [Found("phone", 4, 99), Found("email", 3, 3)]) == "hei på deg"
    assert disguised("ring 41414141 nå", [Found("number", 5, 13), Found("phone", 5, 13)]).count(
        "]("
    ) == 1  # fmt: skip


@given(st.text(max_size=80), st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80))))
def test_no_four_digits_in_a_row_survive_and_every_line_can_be_read(
    tmp_path_factory: pytest.TempPathFactory, text: str, spans: list[tuple[int, int]]
) -> None:
    line = disguised(text, [Found("number", start, end) for start, end in spans])
    for run in re.findall(r"\d{4,}", line):
        assert set(run.removeprefix("37")) == {"0"}
    assert "\n" not in line
    assert line == line.strip()
    root = tmp_path_factory.mktemp("nlu")
    (root / "review.yml").write_text(
        f"nlu:\n- intent: a\n  metadata: {{variety: sms}}\n  examples: |\n    - {line or 'x'}\n",
        "utf-8",
    )
    report = Report()
    blocks = read_examples(root, root, report)
    assert report.findings == []
    assert blocks is not None
    assert len(blocks[0].lines) == 1
