"""Tokens are for one use, of one age, under one key."""

from __future__ import annotations

import pytest
from itsdangerous import URLSafeTimedSerializer

from handoff.errors import Unauthenticated
from handoff.tokens import (
    RESUME_SECONDS,
    TICKET_SECONDS,
    Bearer,
    Tokens,
    Use,
    digest,
    new_session,
    visitor_of,
)

TOKENS = Tokens("k" * 32)
WHO = Bearer("customer", "heimbud", "c" * 32)


def test_a_token_says_whom_it_was_made_for_and_each_has_its_own_nonce() -> None:
    tokens = [TOKENS.read(Use.TICKET, TOKENS.issue(Use.TICKET, WHO)) for _ in range(2)]
    assert {(one.kind, one.client, one.conversation) for one in tokens} == {
        ("customer", "heimbud", "c" * 32)
    }
    assert tokens[0].nonce != tokens[1].nonce


@pytest.mark.parametrize("use", list(Use))
def test_a_token_of_another_use_key_or_content_is_refused(use: Use) -> None:
    token = TOKENS.issue(use, WHO)
    other = Use.RESUME if use is Use.TICKET else Use.TICKET
    bare = URLSafeTimedSerializer("k" * 32, salt=use)
    wrong = [
        (TOKENS, other, token),
        (Tokens("o" * 32), use, token),
        # Not the last letter: two of its bits mean nothing.
        (TOKENS, use, token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1]),
        (TOKENS, use, ""),
        (TOKENS, use, "a.b.c"),
        (TOKENS, use, str(bare.dumps({"k": "agent"}))),
        (TOKENS, use, str(bare.dumps(["agent"]))),
    ]
    for tokens, purpose, text in wrong:
        with pytest.raises(Unauthenticated):
            tokens.read(purpose, text)


@pytest.mark.parametrize(
    ("use", "age"), [(Use.TICKET, TICKET_SECONDS), (Use.RESUME, RESUME_SECONDS)]
)
def test_a_token_grows_old(use: Use, age: int, monkeypatch: pytest.MonkeyPatch) -> None:
    token = TOKENS.issue(use, WHO)
    import time

    now = time.time()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now + age - 2)
    assert TOKENS.read(use, token).kind == "customer"
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now + age + 2)
    with pytest.raises(Unauthenticated):
        TOKENS.read(use, token)


def test_the_same_secret_is_somebody_else_at_another_client() -> None:
    assert visitor_of("heimbud", "s") != visitor_of("varde", "s")
    assert visitor_of("heimbud", "s") == visitor_of("heimbud", "s")


def test_a_session_is_long_random_and_kept_as_a_digest() -> None:
    secret = new_session()
    assert len(secret) >= 43
    assert secret not in digest(secret)
    assert new_session() != secret
