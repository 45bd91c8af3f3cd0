"""What an agent may tell the bot: all of the domain's facts and none of its bookkeeping."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.slots import INTERNAL_SLOTS
from handoff.bridge.wording import word
from handoff.facts import facts_for, is_fact

ROOT = Path(__file__).parents[2]
FORMS = facts_for(["billing", "parcel", "newspaper", "insurance"])
ASKED_BY = {
    "delivery_change": "change_delivery",
    "payment_change": "change_payment",
    "document": "insurance_documents",
}


def test_every_fact_of_the_domain_and_nothing_else() -> None:
    slots = set(YAML(typ="safe").load(ROOT / "domain.yml")["slots"])
    assert set(FORMS) == slots - INTERNAL_SLOTS - {"neighbours_checked"}
    assert not any(is_fact(slot) for slot in INTERNAL_SLOTS)


def test_a_choice_is_among_what_the_bots_buttons_offer_and_has_words() -> None:
    answers = "".join(path.read_text() for path in (ROOT / "data/responses").glob("*.yml"))
    assert {slot for slot, form in FORMS.items() if form.options} == set(ASKED_BY)
    for slot, intent in ASKED_BY.items():
        offered = set(re.findall(rf'/{intent}\{{\{{"choice": "(\w+)"', answers))
        assert set(FORMS[slot].options) == offered
        for option in offered:
            for language in ("nb", "nn"):
                told = word("handed_back", {"facts": {slot: option}}, language)
                assert f": {option}." not in told


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("nb", "HB12345678, ny leveringsdag, 4. desember 2026, 2026-12-05"),
        ("nn", "HB12345678, ny leveringsdag, 4. desember 2026, 2026-12-05"),
        ("en", "HB12345678, another delivery day, 4 December 2026, 2026-12-05"),
    ],
)
def test_the_customer_is_told_of_choices_and_days_as_people_write_them(
    language: str, told: str
) -> None:
    facts = {
        "tracking_number": "HB12345678",
        "delivery_change": "date",
        "delivery_date": "2026-12-04",
        "delivery_note": "2026-12-05",  # an agent's own words stay as they are
    }
    assert f": {told}." in word("handed_back", {"facts": facts}, language)
