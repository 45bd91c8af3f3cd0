"""Models are loaded only from archives that this installation signed.

``NAME.tar.gz.sha256`` stands beside the archive: the first line is what ``sha256sum`` prints, the
second an HMAC of it with the key in ``model.key`` beside it (made once, mode 0600). Several data
folders may so share their models; an archive from elsewhere is refused.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEY_FILE = "model.key"


class UnsignedModel(Exception):
    """The archive is not one that we signed. Says which, what is wrong and the cure."""


def signature_file(model: Path) -> Path:
    """Where the signature of an archive stands."""
    return model.with_name(model.name + ".sha256")


def sign(model: Path) -> str:
    """Sign an archive; returns its SHA-256. Raises OSError where the key cannot be kept."""
    digest = _sha256(model)
    mac = _hmac(model.name, digest, _key(model.parent, make=True))
    text = f"{digest}  {model.name}\nhmac-sha256 {mac}\n"
    signature_file(model).write_text(text, encoding="utf-8")
    return digest


def is_signed(model: Path) -> bool:
    """Whether `refuse_unsigned` would let the archive pass."""
    try:
        refuse_unsigned(model)
    except UnsignedModel:
        return False
    return True


def refuse_unsigned(model: Path) -> None:
    """Raises UnsignedModel unless the archive is exactly as we signed it."""
    if not model.is_file():
        raise UnsignedModel(f"there is no model {model}: run make train")
    try:
        stated, mac = signature_file(model).read_text(encoding="utf-8").splitlines()[:2]
        stated_digest, stated_mac = stated.split()[0], mac.split()[1]
    except (OSError, ValueError, IndexError):
        raise UnsignedModel(
            f"{model} has no readable signature beside it: run make train"
        ) from None
    digest = _sha256(model)
    expected = _hmac(model.name, digest, _key(model.parent, make=False))
    same = hmac.compare_digest(stated_digest, digest)
    if not (hmac.compare_digest(stated_mac, expected) and same):
        raise UnsignedModel(
            f"{model} is not the model that was signed here: delete it and run make train"
        )


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def _hmac(name: str, digest: str, key: bytes) -> str:
    return hmac.new(key, f"{name}:{digest}".encode(), hashlib.sha256).hexdigest()


def _key(folder: Path, make: bool) -> bytes:
    path = folder / KEY_FILE
    if make and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
    try:
        return bytes.fromhex(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        raise UnsignedModel(f"the key {path} cannot be read: run make train to sign anew") from None
