"""What must never be stored is hidden in every spelling; what the errand needs stays."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from handoff.privacy import (
    ACCOUNT,
    CARD,
    IDENTITY,
    is_account_number,
    is_card_number,
    is_identity_number,
    mask,
)

COUNT = 10_000


def identity_number(rng: random.Random, *, day: int = 0, month: int = 0, from_2032: bool) -> str:
    """A valid number; `day` 40 makes a D-number, `month` 40 an H-number."""
    while True:
        stem = (
            f"{rng.randint(1, 28) + day:02d}{rng.randint(1, 12) + month:02d}"
            f"{rng.randint(0, 99):02d}{rng.randint(0, 999):03d}"
        )
        first = sum(w * int(x) for w, x in zip((3, 7, 6, 1, 8, 9, 4, 5, 2), stem, strict=True))
        left = rng.randint(0, 3) if from_2032 else 0
        k1 = (left - first) % 11
        if k1 == 10:
            continue
        digits = f"{stem}{k1}"
        k2 = -sum(w * int(x) for w, x in zip((5, 4, 3, 2, 7, 6, 5, 4, 3, 2), digits, strict=True))
        if k2 % 11 != 10:
            return f"{digits}{k2 % 11}"


def account_number(rng: random.Random) -> str:
    while True:
        stem = f"{rng.randint(1000, 9999)}{rng.randint(0, 999999):06d}"
        last = -sum(w * int(x) for w, x in zip((5, 4, 3, 2, 7, 6, 5, 4, 3, 2), stem, strict=True))
        if last % 11 != 10:
            return f"{stem}{last % 11}"


def card_number(rng: random.Random) -> str:
    prefix, length = rng.choice((("4", 16), ("52", 16), ("2230", 16), ("37", 15), ("4", 13)))
    stem = prefix + "".join(rng.choices("0123456789", k=length - len(prefix) - 1))
    return next(f"{stem}{d}" for d in range(10) if is_card_number(f"{stem}{d}"))


SPELLINGS: tuple[Callable[[str], str], ...] = (
    lambda n: n,
    lambda n: f"{n[:6]} {n[6:]}",
    lambda n: f"{n[:4]}.{n[4:6]}.{n[6:]}",
    lambda n: " ".join(n[i : i + 4] for i in range(0, len(n), 4)),
    lambda n: "-".join((n[:4], n[4:8], n[8:])),
    lambda n: " ".join(n),
    lambda n: "".join(chr(ord(d) + 0xFEE0) for d in n),
    lambda n: f"{n[:6]}\u00a0{n[6:]}",
    lambda n: f"{n[:6]}\u200b{n[6:]}",
)
FRAMES = ("{}", "nummeret mitt er {}", "hei {} takk", "{}.", "({})", "kunde:{}", "nr\n{}\n")


@pytest.mark.parametrize(
    ("kind", "make", "said"),
    [
        (IDENTITY, lambda r: identity_number(r, from_2032=False), "fnr"),
        (IDENTITY, lambda r: identity_number(r, day=40, from_2032=False), "d-nummer"),
        (IDENTITY, lambda r: identity_number(r, month=40, from_2032=False), "fnr"),
        (IDENTITY, lambda r: identity_number(r, from_2032=True), "fødselsnummer"),
        (ACCOUNT, account_number, "kontonr"),
        (CARD, card_number, "visakortet"),
    ],
)
def test_999_of_1000_valid_numbers_are_hidden_in_every_spelling(
    kind: str, make: Callable[[random.Random], str], said: str
) -> None:
    rng, missed = random.Random(1), []
    for _ in range(COUNT):
        number = make(rng)
        text = rng.choice((*FRAMES, said + " {}")).format(rng.choice(SPELLINGS)(number))
        found = mask(text)
        if not found.kinds or number in found.text:
            missed.append(text)
    assert len(missed) <= COUNT // 1000, missed[:5]


def digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choices("0123456789", k=count))


@pytest.mark.parametrize(
    "make",
    [
        lambda r: f"HB {digits(r, 8)}",
        lambda r: f"HB{digits(r, 9)}NO",
        lambda r: f"spor 37{digits(r, 16)}",
        lambda r: f"pakkenummer 37{digits(r, 16)} takk",
        lambda r: f"abonnement {digits(r, 7)}",
        lambda r: f"V-{digits(r, 7)}",
        lambda r: f"24-{digits(r, 6)}",
        lambda r: f"faktura {digits(r, 7)} på {digits(r, 4)} kr",
        lambda r: f"KID {digits(r, 11)}",
        lambda r: f"kid-nr: {digits(r, 16)}",
        lambda r: f"fakturaen har KID nummer {digits(r, r.randint(4, 19))}",
        lambda r: f"tlf {digits(r, 8)} eller {digits(r, 8)}",
    ],
)
def test_at_most_one_in_a_thousand_numbers_of_an_errand_is_hidden(
    make: Callable[[random.Random], str],
) -> None:
    rng = random.Random(2)
    hidden = [text for _ in range(COUNT) if mask(text := make(rng)).kinds]
    assert len(hidden) <= COUNT // 1000, hidden[:5]


def test_the_rest_of_the_text_is_left_as_it_was() -> None:
    found = mask("Eg heiter Åse, fnr 01010112377, og pakken HB12345678 er borte 😡")
    assert found.text == (
        "Eg heiter Åse, fnr [fødselsnummer skjult], og pakken HB12345678 er borte 😡"
    )
    assert found.kinds == (IDENTITY,)


def test_two_numbers_in_one_line_are_both_hidden() -> None:
    found = mask("konto 15034012345 kort 4111 1111 1111 1111 og fnr 010101 12377")
    assert found.kinds[1:] == (CARD, IDENTITY) or found.kinds == (CARD, IDENTITY)


@pytest.mark.parametrize("text", ["", "hei", "12345", "3. juli 2026 kl 14:30", "9470 Gratangen"])
def test_ordinary_text_is_untouched(text: str) -> None:
    assert mask(text).text == text


def test_the_rules_know_their_numbers() -> None:
    assert is_identity_number("01010112377")
    assert not is_identity_number("01010112378")
    assert not is_identity_number("31020112377")
    assert is_card_number("4111111111111111")
    assert not is_card_number("4111111111111112")
    assert not is_account_number("00000000000")


def test_a_long_run_of_digits_is_read_in_linear_time() -> None:
    mask("1 " * 2_000)
    mask("4" * 4_000)
