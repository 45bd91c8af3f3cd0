"""Numbers, dates and contacts in every spelling, with what they mean: made, never parsed.

Nothing of bot/ is used here: a wrong rule there must not be a wrong truth here too. The day is
Saturday 21 November 2026.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import NamedTuple

from tests.bot.spelled import Said
from tests.bot.spelled_days import (
    TODAY,
    across_months,
    between_weekdays,
    feast,
    full_date,
    length,
    month_day,
    numeric_date,
    offset,
    relative,
    stretch,
    told_month,
    told_week,
    told_weekday,
    week,
    weekday,
    whole_month,
    within_month,
)
from tests.bot.spelled_numbers import (
    amount,
    bare_number,
    claim,
    email,
    international_tracking,
    invoice,
    long_tracking,
    own_tracking,
    phone,
    policy,
    postcode,
    subscription,
    worded_amount,
)


class Case(NamedTuple):
    """A line, and the one thing in it."""

    text: str
    entity: str
    value: object
    start: int
    end: int


CARRIERS = (
    "{}", "{}.", "{}?", "{}!", "{} takk", "Hei, {}", "hei!! {} ?", "Hallo. {}", "({})", "«{}»",
    "Det gjelder {}.", "det gjeld {}, kan de hjelpe meg", "Jeg skriver om {}, og det haster",
    "e lure på {} ...", "ka med {}?", "æ treng svar om {} no", "Takk! {} var det visst", "ja, {}",
    "Beklager, jeg mente {}", "nei {} skal det være", "this is about {}, please help",
    "I wrote {} before", "Hei\n{}\nmvh Kari", "Snakker dere om {} 😊", "kan du sjekke {} for meg?",
)  # fmt: skip


def cases(count: int, seed: int = 1) -> list[Case]:
    """``count`` cases, each kind in turn."""
    dice = random.Random(seed)
    return [_case(KINDS[number % len(KINDS)](dice), dice) for number in range(count)]


def _case(said: Said, dice: random.Random) -> Case:
    before, after = dice.choice(CARRIERS).split("{}")
    start = len(before) + len(said.lead)
    text = before + said.lead + said.words + said.tail + after
    return Case(text, said.entity, said.value, start, start + len(said.words))


KINDS: tuple[Callable[[random.Random], Said], ...] = (
    own_tracking, international_tracking, long_tracking, policy, claim, subscription, invoice,
    postcode, bare_number, phone, email, amount, worded_amount, weekday, told_weekday, relative,
    offset, month_day, full_date, numeric_date, feast, within_month, across_months, week, told_week,
    whole_month, told_month, length, between_weekdays, stretch,
)  # fmt: skip

__all__ = ["KINDS", "TODAY", "Case", "cases"]
