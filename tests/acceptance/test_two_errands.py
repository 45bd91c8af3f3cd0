"""Two errands in one message and a correction, through everything: trained model to widget."""

from __future__ import annotations

import pytest

from tests.whole import Whole, customer

SUBSCRIPTION, PARCEL, INVOICE = "204511", "HB33019246", "4100231"


async def said(stafett: Whole, *lines: str) -> list[str]:
    """What the bot answers to each line, its bubbles joined."""
    async with customer(stafett, "heimbud") as one:
        answers = [await one.says(line) for line in lines]
    return [" ".join(line["text"] for line in answer) for answer in answers]


@pytest.mark.asyncio(loop_scope="module")
async def test_both_errands_are_done_one_after_the_other(stafett: Whole) -> None:
    both, number, invoice = await said(
        stafett,
        f"Hvor er pakken min {PARCEL}, og så lurer jeg på fakturaen min",
        INVOICE,
        "ok",
    )
    assert both.startswith("Først tar jeg dette: pakken. Etterpå: fakturaen.")
    assert PARCEL in both
    assert both.index(PARCEL) < both.index("Da tar vi fakturaen.")
    assert INVOICE in number
    assert invoice == "Fint. Er det noe mer jeg kan hjelpe med?"


@pytest.mark.asyncio(loop_scope="module")
async def test_the_second_waits_while_the_first_asks_in_english(stafett: Whole) -> None:
    answers = await said(
        stafett,
        "can I pause the paper next week? and where's my parcel",
        SUBSCRIPTION,
        "yes",
        PARCEL,
    )
    assert answers[0].startswith("First this: the newspaper pause. After that: the parcel.")
    assert "Now for" not in answers[1]
    assert "Now for the parcel." in answers[2]
    assert PARCEL in answers[3]


@pytest.mark.asyncio(loop_scope="module")
async def test_a_dialect_message_is_parted_and_the_second_may_be_dropped(stafett: Whole) -> None:
    both, dropped, found = await said(
        stafett,
        "ka tid kommer pakken å så vil eg ha flyttet avisen te ny adresse",
        "gløm adressen",
        PARCEL,
    )
    assert both.startswith("Først tar jeg dette: pakken. Etterpå: den nye adressen.")
    assert dropped.startswith("Greit, da lar vi den nye adressen ligge.")
    assert "Da tar vi" not in found


@pytest.mark.asyncio(loop_scope="module")
async def test_a_story_in_several_sentences_is_one_errand(stafett: Whole) -> None:
    [answer] = await said(
        stafett, "Pakken kom i går. Esken var knust. Vasen er i to deler. Hva gjør jeg?"
    )
    assert "Først tar jeg" not in answer


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("nei, jeg mente avisen, ikke pakken", "bonnementsnummer"),
        ("nei eg meinte avisa", "bonnementsnummer"),
        ("næi æ mente avisa", "bonnementsnummer"),
        ("no, I meant the newspaper", "ubscription number"),
        ("nei jeg mente fakturaen", "akturanummer"),
    ],
)
async def test_a_correction_changes_the_errand(stafett: Whole, line: str, answer: str) -> None:
    inside = await said(stafett, "hvor er pakken min?", line)
    assert answer in inside[1]
    outside = await said(stafett, f"hvor er pakken min {PARCEL}?", line)
    assert answer in outside[1]


@pytest.mark.asyncio(loop_scope="module")
async def test_a_handover_tells_the_agent_of_both(stafett: Whole) -> None:
    async with customer(stafett, "heimbud") as one:
        await one.says("hvor er pakken? Og så lurer jeg på fakturaen")
        await one.says("kan jeg få snakke med et menneske")
        assert one.mode == "waiting"
