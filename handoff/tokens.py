"""Signed tokens: single-use tickets for a socket, resume tokens, session secrets."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from enum import StrEnum

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from handoff.errors import Unauthenticated

TICKET_SECONDS = 60
RESUME_SECONDS = 24 * 3600
SESSION_SECONDS = 12 * 3600.0


class Use(StrEnum):
    TICKET = "ticket"
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a token stands for: a conversation of a client, or a desk session."""

    kind: str  # customer or agent
    client: str = ""
    conversation: str = ""
    session: str = ""  # digest of the desk session
    nonce: str = ""


class Tokens:
    """Makes and reads tokens under one secret key of at least 32 characters."""

    def __init__(self, secret_key: str) -> None:
        self._signers = {use: URLSafeTimedSerializer(secret_key, salt=use) for use in Use}

    def issue(self, use: Use, bearer: Bearer) -> str:
        body = {
            "k": bearer.kind,
            "c": bearer.client,
            "v": bearer.conversation,
            "s": bearer.session,
            "n": secrets.token_hex(16),
        }
        token = self._signers[use].dumps(body)
        return str(token)

    def read(self, use: Use, token: str) -> Bearer:
        """Raises Unauthenticated when forged, too old, or made for another use."""
        age = TICKET_SECONDS if use is Use.TICKET else RESUME_SECONDS
        try:
            body = self._signers[use].loads(token, max_age=age)
            return Bearer(body["k"], body["c"], body["v"], body["s"], body["n"])
        except SignatureExpired:
            raise Unauthenticated("The token is too old.", cure="Get a new ticket.") from None
        except (BadSignature, KeyError, TypeError):
            raise Unauthenticated("The token is not ours.", cure="Get a new ticket.") from None


def new_id() -> str:
    """128 random bits, in hexadecimal."""
    return secrets.token_hex(16)


def new_session() -> str:
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What the database keeps of a secret: it can be compared, never used."""
    return hashlib.sha256(secret.encode()).hexdigest()


def visitor_of(client: str, secret: str) -> str:
    """The visitor's id within one client company; the same secret elsewhere is somebody else."""
    return hashlib.sha256(f"{client}:{secret}".encode()).hexdigest()[:32]
